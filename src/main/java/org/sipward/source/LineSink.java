package org.sipward.source;

/** Takes the lines of a source, one after the other. */
@FunctionalInterface
public interface LineSink {
    /**
     * Takes one line, which is valid only until this returns. A line of more than {@value LineSplitter#MAX_LINE_BYTES} bytes
     * comes in {@linkplain Line#part parts}, from which nothing is to be read by themselves. The last one may be missing.
     */
    void accept(Line line);
}

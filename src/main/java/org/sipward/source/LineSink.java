package org.sipward.source;

/** Takes the lines of a source, one at a time. */
@FunctionalInterface
public interface LineSink {
    /**
     * Takes one line, which is valid only until this method returns. A line of more than
     * {@value LineSplitter#MAX_LINE_BYTES} bytes comes in {@linkplain Line#part parts}; a part must not be matched as
     * if it were a line. The last part may be missing.
     */
    void accept(Line line);
}

package org.sipward.source;

/** Takes the lines of a source, one after the other. */
@FunctionalInterface
public interface LineSink {
    /** Takes one line, which is valid only until this returns. */
    void accept(Line line);
}

package org.sipward.source;

/** Takes the lines of a source, one after the other. */
@FunctionalInterface
public interface LineSink {
    /**
     * Takes one line, which is valid only until this returns. Of one that is too long it is the beginning, of 8,001 bytes:
     * nothing is to be read from it.
     */
    void accept(Line line);
}

package org.sipward.source;

import java.util.OptionalLong;

/** Reads the time stamp in front of a line: what a filter knows of its log, and a source needs to find a place by time. */
@FunctionalInterface
public interface StampReader {
    /** Returns the milliseconds since 1970 of the stamp at the line's start, or empty where none can be read. */
    OptionalLong stamp(Line line);
}

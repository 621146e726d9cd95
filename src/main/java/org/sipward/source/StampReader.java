package org.sipward.source;

import java.util.OptionalLong;

/**
 * Reads the time stamp at the start of a line. A filter knows its log's format; a source needs the times to find a
 * place.
 */
@FunctionalInterface
public interface StampReader {
    /** Returns the time stamp at the line's start in milliseconds since 1970, or empty if none can be read. */
    OptionalLong stamp(Line line);
}

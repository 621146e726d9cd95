package org.sipward.kernel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file that is mapped into memory. What the program writes there stays in its own memory.
 *
 * @param start its address
 * @param size in bytes
 */
record MappedFile(long start, long size) {
    /** A line of /proc/PID/maps: from, to, a private mapping, offset, device, inode, path. */
    private static final Pattern LINE = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) r..p \\S+ \\S+ [1-9][0-9]* +/.*");

    /** Reads a line of /proc/PID/maps. Returns empty if it is about other memory. */
    static Optional<MappedFile> of(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long start = Long.parseUnsignedLong(matcher.group(1), 16);
        return Optional.of(new MappedFile(start, Long.parseUnsignedLong(matcher.group(2), 16) - start));
    }
}

package org.sipward.source.file;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The other sources that hand lines to the same readers. What one of them has read or will read must not be read again
 * under another name: a copy of a log that lies under the same pattern, a second link to it, or a log renamed to a name
 * that is a log's as well.
 *
 * <p>Asked when a file is begun, never for a line. Not thread-safe: the thread that polls all of them owns it.
 */
final class Siblings {
    /** What {@link #known} says of a file that another source has open. */
    static final long HELD = -1;

    static final Siblings NONE = new Siblings(null, List::of);

    private final @Nullable FileSource asking;
    private final Supplier<? extends Collection<FileSource>> others;

    /** @param others may hold the one that asks */
    Siblings(@Nullable FileSource asking, Supplier<? extends Collection<FileSource>> others) {
        this.asking = asking;
        this.others = others;
    }

    /** Returns whether a source that has a cursor was not polled yet: it is to have its file first. */
    boolean areToGoFirst() {
        return others.get().stream().anyMatch(other -> other != asking && other.isToGoOn());
    }

    /**
     * Returns how many first bytes of a file that was just opened are read by another source, or were. {@link #HELD} if
     * that is reading this very file.
     */
    long known(OpenFile file) throws IOException {
        long known = 0;
        for (FileSource other : others.get()) {
            if (other != asking) {
                long here = other.known(file);
                if (here == HELD) {
                    return HELD;
                }
                known = Math.max(known, here);
            }
        }
        return known;
    }

    /**
     * Returns how many bytes two files begin with in common, where one of them is a copy of the other or of its beginning:
     * all bytes of the shorter one. Else 0, also for less than {@value Fingerprint#MAX_BYTES} bytes, which two logs may
     * share by chance. Gzipped files are not compared.
     */
    static long common(OpenFile one, OpenFile other) throws IOException {
        if (one.isGzip() || other.isGzip() || differ(one.cursor(), other.cursor())) {
            return 0;
        }
        long size = Math.min(one.bytes().size(), other.bytes().size());
        int end = Fingerprint.MAX_BYTES;
        return size >= end && areSame(one, other, 0) && areSame(one, other, size - end) ? size : 0;
    }

    /**
     * Returns the cursor's offset if the file holds the bytes before it, else 0; also for less than
     * {@value Fingerprint#MAX_BYTES} bytes.
     */
    static long common(FileCursor cursor, OpenFile file) throws IOException {
        if (file.isGzip() || cursor.offset() < Fingerprint.MAX_BYTES || differ(cursor, file.cursor())) {
            return 0;
        }
        return file.hasContentOf(cursor) ? cursor.offset() : 0;
    }

    /** Returns whether the first bytes, as far as they were learned, show that neither is a copy of the other. */
    private static boolean differ(FileCursor one, FileCursor other) {
        boolean known = one.length() == Fingerprint.MAX_BYTES && other.length() == Fingerprint.MAX_BYTES;
        return known && one.checksum() != other.checksum();
    }

    private static boolean areSame(OpenFile one, OpenFile other, long from) throws IOException {
        byte[] bytes = new byte[Fingerprint.MAX_BYTES];
        byte[] others = new byte[Fingerprint.MAX_BYTES];
        int count = one.bytes().read(from, bytes, bytes.length);
        return count == other.bytes().read(from, others, others.length) && Arrays.equals(bytes, others);
    }
}

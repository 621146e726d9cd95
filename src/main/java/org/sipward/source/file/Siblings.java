package org.sipward.source.file;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The other sources that hand lines to the same readers. A line that one of them has read or will read must not be
 * read again under another name: from a copy of a log that matches the same pattern, from a second link to it, or from
 * a log that was renamed to another log's name.
 *
 * <p>Used when a file is begun, never for each line. Not thread-safe: the thread that polls all the sources owns it.
 */
final class Siblings {
    /** The result of {@link #known} for a file that another source has open. */
    static final long HELD = -1;

    static final Siblings NONE = new Siblings(null, List::of);

    private final @Nullable FileSource asking;
    private final Supplier<? extends Collection<FileSource>> others;

    /** @param others all sources; may include the asking one */
    Siblings(@Nullable FileSource asking, Supplier<? extends Collection<FileSource>> others) {
        this.asking = asking;
        this.others = others;
    }

    /** Returns whether another source with a cursor was not polled yet; that source is to get its file first. */
    boolean areToGoFirst() {
        return others.get().stream().anyMatch(other -> other != asking && other.isToGoOn());
    }

    /**
     * Returns how many of the first bytes of a newly opened file another source has read or will read; {@link #HELD}
     * if the other source has this very file open.
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
     * Returns the size of the shorter file if it is a copy of the other file or of its beginning. Otherwise returns 0,
     * also for fewer than {@value Fingerprint#MAX_BYTES} bytes, which two logs may share by chance. Gzipped files are
     * not compared.
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
     * Returns the cursor's offset if the file contains the bytes before it; otherwise 0, also for fewer than
     * {@value Fingerprint#MAX_BYTES} bytes.
     */
    static long common(FileCursor cursor, OpenFile file) throws IOException {
        if (file.isGzip() || cursor.offset() < Fingerprint.MAX_BYTES || differ(cursor, file.cursor())) {
            return 0;
        }
        return file.hasContentOf(cursor) ? cursor.offset() : 0;
    }

    /** Returns whether the first bytes, as far as they are known, show that neither is a copy of the other. */
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

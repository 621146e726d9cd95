package org.sipward.source.file;

import java.io.IOException;
import java.util.Optional;

/**
 * A place in a log that can be found again after a restart, even if the log was rotated meanwhile.
 *
 * @param offset the offset after the last line that was handed out
 * @param length how many of the file's first bytes the checksum covers, at most 256
 * @param skipping whether the offset lies within a line that is dropped because it is too long
 * @param endLength how many of the bytes before the offset the end checksum covers, at most 256; 0 if unknown
 */
record FileCursor(
        long device,
        long inode,
        long offset,
        int length,
        long checksum,
        boolean skipping,
        int endLength,
        long endChecksum) {
    /** Cursors of version 1 lack the last two parts. */
    private static final int PARTS_OF_VERSION_1 = 7;

    private static final int PARTS = 9;
    private static final String VERSION = "2";

    /** Reads a text that {@link #text} wrote, also in an earlier version; empty for any other text. */
    static Optional<FileCursor> parse(String text) {
        String[] part = text.split(":", -1);
        boolean first = part.length == PARTS_OF_VERSION_1 && part[0].equals("1");
        if (!first && (part.length != PARTS || !part[0].equals(VERSION))) {
            return Optional.empty();
        }
        try {
            FileCursor cursor = new FileCursor(
                    Long.parseLong(part[1]),
                    Long.parseLong(part[2]),
                    Long.parseLong(part[3]),
                    Integer.parseInt(part[4]),
                    Long.parseLong(part[5]),
                    part[6].equals("skipping"),
                    first ? 0 : Integer.parseInt(part[7]),
                    first ? 0 : Long.parseLong(part[8]));
            return cursor.isSane() ? Optional.of(cursor) : Optional.empty();
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    /** Returns the cursor at the current end of a file; for a gzipped file, at the end of what was read. */
    static FileCursor behind(OpenFile file) throws IOException {
        if (file.isGzip()) {
            return file.cursor();
        }
        byte[] bytes = new byte[Fingerprint.MAX_BYTES];
        long size = file.bytes().size();
        int count = (int) Math.min(size, bytes.length);
        Fingerprint all = new Fingerprint();
        all.add(bytes, 0, file.bytes().read(0, bytes, count), 0);
        all.add(bytes, 0, file.bytes().read(size - count, bytes, count), size - count);
        return of(file.stat(), size, all, false);
    }

    static FileCursor of(FileStat file, long offset, Fingerprint read, boolean skipping) {
        return new FileCursor(
                file.device(),
                file.inode(),
                offset,
                read.length(),
                read.checksum(),
                skipping,
                read.endLength(),
                read.endChecksum());
    }

    /** Returns the cursor as text. */
    String text() {
        return String.join(
                ":",
                VERSION,
                Long.toString(device),
                Long.toString(inode),
                Long.toString(offset),
                Integer.toString(length),
                Long.toString(checksum),
                skipping ? "skipping" : "",
                Integer.toString(endLength),
                Long.toString(endChecksum));
    }

    private boolean isSane() {
        return offset >= 0
                && length >= 0
                && length <= Fingerprint.MAX_BYTES
                && endLength >= 0
                && endLength <= Math.min(offset, Fingerprint.MAX_BYTES);
    }
}

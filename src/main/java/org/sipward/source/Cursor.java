package org.sipward.source;

import java.util.Optional;

/**
 * A place in a log that can be found again after a restart, though the log was rotated meanwhile.
 *
 * @param offset the byte behind the last line that was handed out
 * @param length how many of the file's first bytes the checksum covers, at most 256
 * @param skipping whether the offset lies within a line that is dropped for its length
 */
record Cursor(long device, long inode, long offset, int length, long checksum, boolean skipping) {
    private static final String VERSION = "1";

    /** Reads what {@link #text} wrote. Empty if it is not that. */
    static Optional<Cursor> parse(String text) {
        String[] part = text.split(":", -1);
        if (part.length != 7 || !part[0].equals(VERSION)) {
            return Optional.empty();
        }
        try {
            Cursor cursor = new Cursor(
                    Long.parseLong(part[1]),
                    Long.parseLong(part[2]),
                    Long.parseLong(part[3]),
                    Integer.parseInt(part[4]),
                    Long.parseLong(part[5]),
                    part[6].equals("skipping"));
            boolean sane = cursor.length >= 0 && cursor.length <= Fingerprint.MAX_BYTES && cursor.offset >= 0;
            return sane ? Optional.of(cursor) : Optional.empty();
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
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
                skipping ? "skipping" : "");
    }
}

package org.sipward.source;

import java.util.zip.CRC32;

/**
 * Knows a log again by its first bytes, under whatever name or inode, or that its content was replaced under the same
 * inode. Covers the first {@value #MAX_BYTES} bytes; of a shorter log all that was there.
 *
 * <p>CRC-32 is enough: who could forge it would have to know, and to write, a log's first bytes.
 */
final class Fingerprint {
    static final int MAX_BYTES = 256;

    private final CRC32 crc = new CRC32();
    private int length;

    /**
     * Takes in bytes that follow those it has, as far as they are among the first ones. Bytes behind a gap are left out.
     *
     * @param offset the place in the file of the bytes from {@code from} on
     */
    void add(byte[] buffer, int from, int count, long offset) {
        if (offset < MAX_BYTES && offset <= length) {
            int known = length - (int) offset;
            int added = Math.min(count - known, MAX_BYTES - length);
            if (added > 0) {
                crc.update(buffer, from + known, added);
                length += added;
            }
        }
    }

    int length() {
        return length;
    }

    long checksum() {
        return crc.getValue();
    }

    /** Returns whether a file with these first bytes has this fingerprint. */
    static boolean agrees(byte[] first, int count, int length, long checksum) {
        if (count < length) {
            return false;
        }
        CRC32 crc = new CRC32();
        crc.update(first, 0, length);
        return crc.getValue() == checksum;
    }
}

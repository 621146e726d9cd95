package org.sipward.source.file;

import java.util.zip.CRC32;

/**
 * Knows a log again by its first bytes and by the bytes before the place that was reached, under whatever name or inode;
 * or that its content was replaced under the same inode. Covers {@value #MAX_BYTES} bytes at either end; of a shorter log
 * all that was there.
 *
 * <p>CRC-32 is enough: who could forge it would have to know, and to write, a log's first bytes.
 */
final class Fingerprint {
    static final int MAX_BYTES = 256;

    private final CRC32 crc = new CRC32();
    private final CRC32 end = new CRC32();
    private int length;
    private int endLength;
    private long endChecksum;

    /**
     * Takes in bytes that follow those it has: the first ones as far as they are among the file's first, the last ones as
     * those before the place. Bytes behind a gap are left out of the first ones.
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
        if (count > 0) {
            endLength = Math.min(count, MAX_BYTES);
            end.reset();
            end.update(buffer, from + count - endLength, endLength);
            endChecksum = end.getValue();
        }
    }

    /** Takes over what is known of the bytes before the place; nothing with the length 0. */
    void endWith(int bytes, long checksum) {
        endLength = bytes;
        endChecksum = checksum;
    }

    int length() {
        return length;
    }

    long checksum() {
        return crc.getValue();
    }

    /** Returns how many bytes before the place are known. */
    int endLength() {
        return endLength;
    }

    long endChecksum() {
        return endChecksum;
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

package org.sipward.source.file;

import java.util.zip.CRC32;

/**
 * Recognises a log by its first bytes and by the bytes before the place that was reached, whatever its name or inode.
 * Also shows that the content was replaced under the same inode. Covers {@value #MAX_BYTES} bytes at either end, or all
 * bytes of a shorter log.
 *
 * <p>CRC-32 is enough: to forge it, an attacker would have to know, and be able to write, a log's first bytes.
 */
final class Fingerprint {
    static final int MAX_BYTES = 256;

    private final CRC32 crc = new CRC32();
    private final CRC32 end = new CRC32();
    private int length;
    private int endLength;
    private long endChecksum;

    /**
     * Adds the next bytes of the file. Those among the file's first {@value #MAX_BYTES} bytes extend the first
     * checksum, except after a gap; the last {@value #MAX_BYTES} of them become the bytes before the place.
     *
     * @param offset the offset in the file of the byte at {@code from}
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

    /** Sets what is known of the bytes before the place; with 0 bytes, nothing is known. */
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

package org.sipward.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads messages that the kernel sends when nftables are changed (linux/netfilter/nf_tables.h): only how each begins,
 * to know which table it is about. A transaction is reported in one or more datagrams, of one or more messages each.
 */
final class TableMessages {
    /** In front of each message (linux/netlink.h): its length, type, flags, sequence number and port. */
    private static final int HEADER = 16;
    /** After the header (linux/netfilter/nfnetlink.h): family, version and resource. */
    private static final int START = HEADER + 4;

    private static final int ATTRIBUTE = 4;
    private static final int ATTRIBUTE_TYPE = 0x3fff;

    private static final int LOST = 4;
    private static final int NF_TABLES = 10;
    private static final int NEW_GENERATION = 15;
    private static final byte INET = 1;
    /** The name of the table has this number in messages about tables, chains, rules, sets, elements and objects. */
    private static final int TABLE = 1;

    private TableMessages() {}

    /**
     * Returns whether one of these messages is about the table, or may be, because it is not understood.
     *
     * @param received from its position to its limit
     * @param table its name, in the family {@code inet}
     */
    static boolean concern(ByteBuffer received, String table) {
        ByteBuffer messages = received.slice().order(ByteOrder.nativeOrder());
        byte[] name = (table + "\0").getBytes(StandardCharsets.US_ASCII);
        int from = 0;
        while (from < messages.limit()) {
            int left = messages.limit() - from;
            int length = left < HEADER ? 0 : messages.getInt(from);
            if (length < HEADER || length > left || isAbout(messages.slice(from, length), name)) {
                return true;
            }
            from += aligned(length);
        }
        return false;
    }

    private static boolean isAbout(ByteBuffer bytes, byte[] table) {
        ByteBuffer message = bytes.order(ByteOrder.nativeOrder());
        int type = message.getShort(4);
        if (type >> 8 != NF_TABLES) {
            return type == LOST;
        }
        if ((type & 0xff) == NEW_GENERATION) {
            return false;
        }
        if (message.limit() < START) {
            return true;
        }
        return message.get(HEADER) == INET && hasTable(message, table);
    }

    private static boolean hasTable(ByteBuffer message, byte[] table) {
        int from = START;
        while (from < message.limit()) {
            int left = message.limit() - from;
            int length = left < ATTRIBUTE ? 0 : Short.toUnsignedInt(message.getShort(from));
            if (length < ATTRIBUTE || length > left) {
                return true;
            }
            if ((message.getShort(from + 2) & ATTRIBUTE_TYPE) == TABLE) {
                return ByteBuffer.wrap(table).equals(message.slice(from + ATTRIBUTE, length - ATTRIBUTE));
            }
            from += aligned(length);
        }
        return true;
    }

    /** Each message and attribute begins at a multiple of four bytes. */
    private static int aligned(int length) {
        return (length + 3) & ~3;
    }
}

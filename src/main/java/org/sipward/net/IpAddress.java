package org.sipward.net;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address in 128 bits. An IPv4 address is held as IPv4-mapped, so that both spellings of it are equal.
 *
 * <p>Orders IPv4 addresses before most IPv6 addresses, each numerically.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    /** The longest literal: an IPv6 address that ends in a dotted quad. */
    public static final int MAX_CHARS = 45;

    private static final long V4_MAPPED = 0xffff_0000_0000L;

    /** Returns the IPv4 address of these 32 bits. */
    public static IpAddress v4(int bits) {
        return new IpAddress(0, V4_MAPPED | (bits & 0xffff_ffffL));
    }

    /**
     * Parses a literal address. Returns empty for anything else: a name, a number, an octet with a leading zero, an
     * address with a port, brackets, a zone or a prefix length.
     */
    public static Optional<IpAddress> parse(String text) {
        if (text.length() > MAX_CHARS) {
            return Optional.empty();
        }
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return parse(bytes, 0, bytes.length);
    }

    /** Parses a literal address in ASCII bytes; as strict as {@link #parse(String)}. */
    public static Optional<IpAddress> parse(byte[] ascii, int from, int to) {
        int length = to - from;
        if (length < 2 || length > MAX_CHARS) {
            return Optional.empty();
        }
        for (int i = from; i < to; i++) {
            if (ascii[i] == ':') {
                return parseV6(ascii, from, to);
            }
        }
        long v4 = parseV4(ascii, from, to);
        return v4 < 0 ? Optional.empty() : Optional.of(v4((int) v4));
    }

    /** Converts an address of Java's network classes. Drops its zone, if it has one. */
    public static IpAddress of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == 4 ? v4(bytes.getInt()) : new IpAddress(bytes.getLong(), bytes.getLong());
    }

    /** Returns whether this is an IPv4 address, in either spelling. */
    public boolean isV4() {
        return high == 0 && (low >>> 32) == 0xffff;
    }

    /** Returns the number of bits in an address of this family: 32 or 128. */
    public int bits() {
        return isV4() ? 32 : 128;
    }

    // Written out: the JVM links a record's generated equals and hashCode at run time, which costs each start 20 ms.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress that && high == that.high && low == that.low;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high) + Long.hashCode(low);
    }

    @Override
    public int compareTo(IpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Returns the text of RFC 5952: lower case, the longest run of zero groups as {@code ::}. */
    @Override
    public String toString() {
        return isV4() ? v4Text() : v6Text();
    }

    private String v4Text() {
        int bits = (int) low;
        return (bits >>> 24) + "." + ((bits >>> 16) & 0xff) + "." + ((bits >>> 8) & 0xff) + "." + (bits & 0xff);
    }

    private String v6Text() {
        int longest = 0;
        int start = -1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - i > longest && end - i > 1) {
                longest = end - i;
                start = i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder(MAX_CHARS);
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += longest - 1;
                continue;
            }
            if (i > 0 && i != start + longest) {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> ((3 - index % 4) * 16)) & 0xffff;
    }

    /** Returns the 32 bits of a dotted quad, or -1. */
    private static long parseV4(byte[] ascii, int from, int to) {
        long bits = 0;
        int at = from;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0 && (at >= to || ascii[at++] != '.')) {
                return -1;
            }
            int start = at;
            int value = 0;
            while (at < to && at - start < 3 && isDigit(ascii[at])) {
                value = value * 10 + ascii[at++] - '0';
            }
            int digits = at - start;
            // A leading zero means octal to some programs and decimal to others.
            if (digits == 0 || value > 255 || (digits > 1 && ascii[start] == '0')) {
                return -1;
            }
            bits = (bits << 8) | value;
        }
        return at == to ? bits : -1;
    }

    private static Optional<IpAddress> parseV6(byte[] ascii, int from, int to) {
        int[] groups = new int[8];
        int count = 0;
        int gap = -1;
        int at = from;
        if (ascii[at] == ':') {
            if (ascii[at + 1] != ':') {
                return Optional.empty();
            }
            gap = 0;
            at += 2;
        }
        boolean expectGroup = gap < 0;
        while (at < to) {
            int start = at;
            int value = 0;
            while (at < to && at - start < 4 && hex(ascii[at]) >= 0) {
                value = (value << 4) | hex(ascii[at++]);
            }
            if (at < to && ascii[at] == '.') {
                long v4 = count <= 6 ? parseV4(ascii, start, to) : -1;
                if (v4 < 0) {
                    return Optional.empty();
                }
                groups[count++] = (int) (v4 >>> 16);
                groups[count++] = (int) v4 & 0xffff;
                expectGroup = false;
                break;
            }
            if (at == start || count == 8) {
                return Optional.empty();
            }
            groups[count++] = value;
            expectGroup = false;
            if (at == to) {
                break;
            }
            if (ascii[at++] != ':') {
                return Optional.empty();
            }
            expectGroup = true;
            if (at < to && ascii[at] == ':') {
                if (gap >= 0) {
                    return Optional.empty();
                }
                gap = count;
                at++;
                expectGroup = false;
            }
        }
        if (expectGroup || (gap < 0 ? count != 8 : count > 7)) {
            return Optional.empty();
        }
        return Optional.of(join(groups, count, gap));
    }

    private static IpAddress join(int[] groups, int count, int gap) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            int value;
            if (gap < 0 || i < gap) {
                value = groups[i];
            } else {
                int fromEnd = i - (8 - count);
                value = fromEnd >= gap ? groups[fromEnd] : 0;
            }
            if (i < 4) {
                high = (high << 16) | value;
            } else {
                low = (low << 16) | value;
            }
        }
        return new IpAddress(high, low);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static int hex(byte b) {
        if (isDigit(b)) {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}

package org.sipward.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.Past;
import org.sipward.ban.Cause;
import org.sipward.ban.Origin;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Packs bans into the bytes of one row, each with the time of its early end if it has one. A ban of an IPv4 host takes
 * 20 bytes; origins and reasons are written once for all bans that share them.
 *
 * <pre>
 *   head     format (1 byte), number of bans (4), first and last beginning (8 each), number of causes (4)
 *   keys     of the networks, in ascending order (4 each)
 *   causes   length (1 to 5) and UTF-8 of the origin, then of the reason
 *   bans     prefix length, plus 64 for IPv6 (1); address (4 or 16); then five numbers (1 to 10 each): cause, beginning
 *            minus that of the ban before, end minus beginning, count, and 0 or the early end minus beginning plus 1
 *   sum      CRC-32 of all bytes before it (4)
 * </pre>
 *
 * Numbers of one to ten bytes have seven bits in each byte, the lowest first; those that may be negative are
 * zigzag-encoded. Times are milliseconds.
 */
final class Packing {
    private static final byte FORMAT = 1;
    private static final int HEAD = 1 + 4 + 8 + 8 + 4;
    private static final int SUM = 4;
    private static final int KEY = 4;
    private static final int V6 = 64;

    /** The most bytes that a ban takes without its cause: prefix, address, five numbers. */
    private static final int WIDEST = 1 + 16 + 5 * 10;

    private Packing() {}

    /** Returns a hash of the network. It must never change, since rows contain it. */
    static int key(Network network) {
        long hash = (network.address().high() ^ network.prefix()) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ (hash >>> 32) ^ network.address().low()) * 0xBF58476D1CE4E5B9L;
        return (int) (hash >>> 32);
    }

    static byte[] pack(List<Past> bans) {
        Map<Cause, Integer> causes = new LinkedHashMap<>();
        int[] keys = new int[bans.size()];
        int[] cause = new int[bans.size()];
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        int bytes = HEAD + SUM + bans.size() * (KEY + WIDEST);
        for (int i = 0; i < keys.length; i++) {
            Ban ban = bans.get(i).ban();
            keys[i] = key(ban.network());
            cause[i] = number(ban, causes);
            first = Math.min(first, ban.since().toEpochMilli());
            last = Math.max(last, ban.since().toEpochMilli());
        }
        List<byte[]> texts = new ArrayList<>();
        for (Cause one : causes.keySet()) {
            texts.add(one.origin().toString().getBytes(StandardCharsets.UTF_8));
            texts.add(one.reason().getBytes(StandardCharsets.UTF_8));
        }
        Arrays.sort(keys);
        ByteBuffer out = ByteBuffer.allocate(
                bytes + texts.stream().mapToInt(text -> text.length + 5).sum());
        out.put(FORMAT)
                .putInt(keys.length)
                .putLong(first)
                .putLong(last)
                .putInt(causes.size())
                .asIntBuffer()
                .put(keys);
        out.position(HEAD + KEY * keys.length);
        for (byte[] text : texts) {
            putNumber(out, text.length);
            out.put(text);
        }
        long before = first;
        for (int i = 0; i < keys.length; i++) {
            put(out, bans.get(i), cause[i], before);
            before = bans.get(i).ban().since().toEpochMilli();
        }
        out.putInt(sum(out.array(), out.position()));
        return Arrays.copyOf(out.array(), out.position());
    }

    private static int number(Ban ban, Map<Cause, Integer> causes) {
        Integer known = causes.putIfAbsent(new Cause(ban.origin(), ban.reason()), causes.size());
        return known == null ? causes.size() - 1 : known;
    }

    private static void put(ByteBuffer out, Past past, int cause, long before) {
        Ban ban = past.ban();
        IpAddress address = ban.network().address();
        long since = ban.since().toEpochMilli();
        if (address.isV4()) {
            out.put((byte) ban.network().prefix()).putInt((int) address.low());
        } else {
            out.put((byte) (V6 + ban.network().prefix()))
                    .putLong(address.high())
                    .putLong(address.low());
        }
        putNumber(out, cause);
        putNumber(out, zigzag(since - before));
        putNumber(out, zigzag(ban.until().toEpochMilli() - since));
        putNumber(out, zigzag(ban.count()));
        putNumber(
                out,
                past.ended()
                        .map(ended -> zigzag(ended.toEpochMilli() - since) + 1)
                        .orElse(0L));
    }

    /**
     * Reads the head of packed bans and checks that they are whole.
     *
     * @throws IllegalArgumentException if they are damaged
     */
    static Head head(byte[] packed) {
        if (packed.length < HEAD + SUM || packed[0] != FORMAT) {
            throw new IllegalArgumentException("a row of bans has " + packed.length + " bytes in an unknown format");
        }
        ByteBuffer in = ByteBuffer.wrap(packed);
        if (in.getInt(packed.length - SUM) != sum(packed, packed.length - SUM)) {
            throw new IllegalArgumentException("a row of bans is damaged");
        }
        int size = in.getInt(1);
        if (size < 0 || size > (packed.length - HEAD - SUM) / KEY) {
            throw new IllegalArgumentException("a row of bans claims to have " + size + " bans");
        }
        int[] keys = new int[size];
        in.position(HEAD).asIntBuffer().get(keys);
        return new Head(size, in.getLong(5), in.getLong(13), keys);
    }

    /**
     * Returns the bans in the order in which they were packed.
     *
     * @throws IllegalArgumentException if they are damaged
     */
    static List<Past> unpack(byte[] packed) {
        Head head = head(packed);
        ByteBuffer in = ByteBuffer.wrap(packed, 0, packed.length - SUM);
        int causes = in.getInt(HEAD - 4);
        in.position(HEAD + KEY * head.size());
        try {
            List<Cause> known = new ArrayList<>();
            for (int i = 0; i < causes; i++) {
                known.add(new Cause(Origin.parse(text(in)), text(in)));
            }
            List<Past> bans = new ArrayList<>(head.size());
            long before = head.first();
            for (int i = 0; i < head.size(); i++) {
                Past past = past(in, known, before);
                bans.add(past);
                before = past.ban().since().toEpochMilli();
            }
            return bans;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a row of bans is cut short", e);
        }
    }

    private static Past past(ByteBuffer in, List<Cause> causes, long before) {
        int prefix = in.get() & 0xff;
        Network network = prefix < V6
                ? new Network(IpAddress.v4(in.getInt()), prefix)
                : new Network(new IpAddress(in.getLong(), in.getLong()), prefix - V6);
        Cause cause = causes.get((int) number(in));
        long since = before + signed(number(in));
        long until = since + signed(number(in));
        int count = (int) signed(number(in));
        long ended = number(in);
        return new Past(
                new Ban(
                        network,
                        cause.origin(),
                        Instant.ofEpochMilli(since),
                        Instant.ofEpochMilli(until),
                        count,
                        cause.reason()),
                ended == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(since + signed(ended - 1))));
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[(int) Math.min(number(in), in.remaining())];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void putNumber(ByteBuffer out, long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte part = in.get();
            number |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a row of bans contains a number that is too long");
    }

    private static long zigzag(long number) {
        return number << 1 ^ number >> 63;
    }

    private static long signed(long zigzag) {
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    private static int sum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}

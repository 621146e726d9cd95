package org.sipward.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Alters lines of logs in the ways of attackers, full disks and cut messages. The same random numbers give the same
 * lines.
 */
final class Mutations {
    /** What a caller puts into a name, or a server before a message. */
    private static final List<String> PIECES = List.of(
            "\33",
            "\33[0m",
            "\33[1;31m",
            "#033[0m",
            "\"",
            "\\\"",
            "'",
            ",",
            "\r",
            "\0\0\0\0\0\0\0\0",
            "\",SessionID=\"",
            "' failed for '192.0.2.1:5060' (callid: 1) - ",
            "203.0.113.7",
            ") in new stack",
            "oteAddress=\"IPV4/UDP/192.0.2.1/5060\"",
            "] NOTICE[1] ",
            "] ERROR[1][C-0000000a]: ",
            "[7.5M blob data]");

    /** What stands before a message when another program writes the log. */
    private static final List<String> HEADS = List.of(
            "Dec  1 10:00:00 pbx asterisk[123]: ",
            "Dec  1 10:00:00 pbx kamailio: ",
            "Dec  1 10:00:00 nginx[7]: ",
            "2026-12-01T10:00:00.123456+00:00 pbx freepbx[9]: ",
            "2026-12-01T10:00:00Z pbx opensips 12 - - ",
            "2026-12-01T10:00:00Z pbx mysterious 12 ID47 [a b=\"c\"] ",
            "2026-12-01T10:00:00.123456789Z stdout F ",
            "2026-12-01 10:00:00.123456 ");

    private static final byte[] RUNS = {0, (byte) 0xff, 'A', ' ', '"'};
    private static final int LONGEST_RUN = 60;
    /** Rarely a run is so long that the line is too long to be read. */
    private static final int FAR_TOO_LONG = 20_000;

    private final Random random;
    private final List<byte[]> others;

    /** @param others the lines to take pieces from */
    Mutations(Random random, List<byte[]> others) {
        this.random = random;
        this.others = others;
    }

    /** Returns the line as it is, or altered once or several times. */
    byte[] of(byte[] line) {
        byte[] altered = line;
        for (int left = random.nextInt(4); left > 0; left--) {
            altered = alter(altered);
        }
        return altered;
    }

    private byte[] alter(byte[] line) {
        int place = random.nextInt(line.length + 1);
        byte[] other = others.get(random.nextInt(others.size()));
        return switch (random.nextInt(9)) {
            case 0 -> replace(line, place, line.length, Arrays.copyOfRange(other, cut(other), other.length));
            case 1 -> replace(line, place, place, bytes(pick(PIECES)));
            case 2 -> replace(line, place, place, other);
            case 3 -> replace(line, line.length, line.length, other);
            case 4 -> Arrays.copyOf(line, place);
            case 5 -> replace(line, place, Math.min(line.length, place + random.nextInt(LONGEST_RUN)), run());
            case 6 -> replace(line, place, Math.min(line.length, place + 1 + random.nextInt(20)), new byte[0]);
            case 7 -> replace(line, 0, 0, bytes(pick(HEADS)));
            default -> replace(line, place, Math.min(line.length, place + 1), new byte[] {(byte) random.nextInt()});
        };
    }

    private int cut(byte[] line) {
        return random.nextInt(line.length + 1);
    }

    private byte[] run() {
        byte[] run = new byte[random.nextInt(1_000) == 0 ? FAR_TOO_LONG : random.nextInt(LONGEST_RUN)];
        Arrays.fill(run, RUNS[random.nextInt(RUNS.length)]);
        return run;
    }

    private String pick(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the line with other bytes in place of those from one index to another. */
    private static byte[] replace(byte[] line, int from, int to, byte[] by) {
        ByteArrayOutputStream replaced = new ByteArrayOutputStream(line.length + by.length);
        replaced.write(line, 0, from);
        replaced.write(by, 0, by.length);
        replaced.write(line, to, line.length - to);
        return replaced.toByteArray();
    }
}

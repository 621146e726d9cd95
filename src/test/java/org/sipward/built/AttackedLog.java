package org.sipward.built;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the log of a busy Asterisk under attack, in one thread: 2,000 lines a second. Attackers fail exactly
 * {@link #ATTACKERS_FAIL} times, innocents {@link #INNOCENTS_FAIL} times, within {@link #SPAN}. Every few seconds the
 * log is rotated, by a new file or by copying and truncating, so that nothing is lost; old files are gzipped later.
 */
final class AttackedLog implements Callable<Boolean> {
    static final int ATTACKERS_FAIL = 5;
    static final int INNOCENTS_FAIL = 3;
    static final Duration SPAN = Duration.ofMillis(5_600);

    private static final int LINES_PER_MILLI = 2;
    private static final int BATCH_MILLIS = 10;
    private static final int MILLIS_PER_OFFENDER = 25;
    private static final int GZIPPED_FROM = 10;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private final Path log;
    private final Random random;
    private final Clock clock = Clock.systemUTC();
    private final Set<String> attackers = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Set<String> innocents = Collections.synchronizedSet(new LinkedHashSet<>());
    /** The future failures of offenders that have begun. */
    private final Queue<Failure> failures = new PriorityQueue<>(Comparator.comparing(Failure::time));

    private OutputStream out;
    private int files;
    private volatile boolean ending;
    // Read these counts only when the thread has ended.
    private long lines;
    private long failureLines;
    private int rotations;

    /** Makes an empty log. */
    AttackedLog(Path log, long seed) throws IOException {
        this.log = log;
        this.random = new Random(seed);
        this.out = open();
    }

    /** Writes until {@link #end}, and then the remaining failures of offenders that have begun. */
    @Override
    public Boolean call() throws IOException {
        Instant time = clock.instant();
        Instant rotation = time.plusMillis(1_500);
        while (!ending || !failures.isEmpty()) {
            awaitTime(time);
            write(time);
            time = time.plusMillis(BATCH_MILLIS);
            if (time.isAfter(rotation)) {
                rotate();
                rotation = time.plusMillis(1_500 + random.nextInt(2_000));
            }
        }
        writeTheLastAttacker(time);
        out.close();
        return true;
    }

    /** From now on, no new offender begins. */
    void end() {
        ending = true;
    }

    Set<String> attackers() {
        return Set.copyOf(attackers);
    }

    Set<String> innocents() {
        return Set.copyOf(innocents);
    }

    long lines() {
        return lines;
    }

    long failureLines() {
        return failureLines;
    }

    int rotations() {
        return rotations;
    }

    private void awaitTime(Instant time) {
        for (Duration left = Duration.between(clock.instant(), time);
                !left.isNegative();
                left = Duration.between(clock.instant(), time)) {
            LockSupport.parkNanos(Math.max(left.toNanos(), TimeUnit.MILLISECONDS.toNanos(1)));
        }
    }

    /**
     * Writes the lines of the next milliseconds. Offenders begin at fixed times, even if the lines are written late.
     */
    private void write(Instant time) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int milli = 0; milli < BATCH_MILLIS; milli++) {
            Instant now = time.plusMillis(milli);
            if (!ending && now.toEpochMilli() % MILLIS_PER_OFFENDER == 0) {
                begin(now);
            }
            for (int line = 0; line < LINES_PER_MILLI; line++) {
                boolean isFailure =
                        !failures.isEmpty() && !failures.element().time().isAfter(now);
                text.append(isFailure ? failure(now, failures.remove().address()) : noise(now));
            }
        }
        append(text);
        lines += (long) BATCH_MILLIS * LINES_PER_MILLI;
    }

    private void begin(Instant now) {
        boolean attacks = random.nextInt(5) < 2;
        Set<String> offenders = attacks ? attackers : innocents;
        String address = (attacks ? "45.10." : "45.20.") + offenders.size() / 250 + "." + (1 + offenders.size() % 250);
        offenders.add(address);
        int count = attacks ? ATTACKERS_FAIL : INNOCENTS_FAIL;
        Instant time = now;
        for (int i = 0; i < count; i++) {
            failures.add(new Failure(time, address));
            time = time.plusMillis(random.nextLong(SPAN.toMillis() / (count - 1)));
        }
    }

    /** If the agent bans this attacker, it has read the whole log. */
    private void writeTheLastAttacker(Instant time) throws IOException {
        String address = "45.30.0.1";
        attackers.add(address);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ATTACKERS_FAIL; i++) {
            text.append(failure(time, address));
        }
        append(text);
        lines += ATTACKERS_FAIL;
    }

    private String failure(Instant time, String address) {
        failureLines++;
        return "[" + STAMP.format(time) + "] NOTICE[30346] res_pjsip/pjsip_distributor.c: Request 'REGISTER' from"
                + " '\"1000\" <sip:1000@192.0.2.10>' failed for '" + address + ":5060' (callid: "
                + random.nextInt(1 << 30) + ") - No matching endpoint found\n";
    }

    private String noise(Instant time) {
        int call = random.nextInt(1 << 16);
        return "[" + STAMP.format(time) + "] VERBOSE[30346][C-" + String.format("%08x", call) + "] pbx.c: Executing ["
                + "1".repeat(1 + random.nextInt(40)) + "@from-internal:1] NoOp(\"PJSIP/100-" + call
                + "\", \"\") in new stack\n";
    }

    private void append(StringBuilder text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void rotate() throws IOException {
        files++;
        for (int i = files; i > 1; i--) {
            for (String ending : new String[] {"", ".gz"}) {
                Path older = older(i - 1, ending);
                if (Files.exists(older)) {
                    Files.move(older, older(i, ending));
                }
            }
        }
        if (random.nextBoolean()) {
            out.close();
            Files.move(log, older(1, ""));
            out = open();
        } else {
            Files.copy(log, older(1, ""));
            Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        }
        if (files >= GZIPPED_FROM) {
            gzip(older(GZIPPED_FROM, ""));
        }
        rotations++;
    }

    /** Compresses as gzip does: keeps the time of the last write and deletes the plain file. */
    private static void gzip(Path file) throws IOException {
        Path zipped = file.resolveSibling(file.getFileName() + ".gz");
        try (OutputStream to = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(file, to);
        }
        Files.setLastModifiedTime(zipped, Files.getLastModifiedTime(file));
        Files.delete(file);
    }

    private Path older(int number, String ending) {
        return log.resolveSibling(log.getFileName() + "." + number + ending);
    }

    private OutputStream open() throws IOException {
        return Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A failed login that is to be written at this time. */
    private record Failure(Instant time, String address) {}
}

package org.sipward.source.live;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journal from a child process {@code journalctl --follow}. The cursor is that of the last entry.
 *
 * <p>The first child process begins by time, a while before the cursor, and its entries up to the cursor are handed
 * out as repeated. A later child begins at the cursor's entry, which is skipped. {@code --after-cursor} is not used:
 * together with a match, systemd 252 skips one entry too many when the cursor's entry does not match.
 *
 * <p>Memory: one entry's JSON, {@value #MAX_JSON} bytes; longer entries are dropped and counted.
 */
final class JournalSession implements Session {
    private static final int MAX_JSON = 1 << 17;
    private static final int MAX_WORDS = 200;
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Pattern CURSOR =
            Pattern.compile("s=[0-9a-f]{32};i=[0-9a-f]+;b=[0-9a-f]{32};m=[0-9a-f]+;t=([0-9a-f]{1,15});x=[0-9a-f]+");
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin/journalctl"), Path.of("/bin/journalctl"));
    private static final String FIELDS = "MESSAGE,SYSLOG_IDENTIFIER,SYSLOG_PID,_COMM,_PID,_HOSTNAME,_SYSTEMD_UNIT";

    private final List<Path> programs;
    private final List<String> options;
    private final JournalNames names;
    private final Duration window;
    private final Clock clock;
    /** The cursor from before the program started: everything up to it was already handed out. */
    private final Optional<String> restored;

    private boolean repeating;
    private String last;
    private @Nullable Process process;
    private boolean closed;

    /** @param options further options for journalctl, such as another directory */
    JournalSession(
            List<Path> programs,
            List<String> options,
            List<String> matches,
            Optional<String> cursor,
            Duration window,
            Clock clock) {
        this.programs = programs;
        this.options = options;
        this.names = new JournalNames(matches);
        this.restored = cursor;
        this.repeating = cursor.isPresent();
        this.last = "";
        this.window = window;
        this.clock = clock;
    }

    static JournalSession of(
            List<String> units, List<String> identifiers, Optional<String> cursor, Duration window, Clock clock) {
        return new JournalSession(PROGRAMS, List.of(), JournalNames.matches(units, identifiers), cursor, window, clock);
    }

    /** Returns whether the text can be an entry's cursor. */
    static boolean isCursor(String text) {
        return CURSOR.matcher(text).matches();
    }

    @Override
    public void run(Inbox inbox, Ready ready) throws IOException, InterruptedException {
        Process child = begin();
        try (InputStream in = child.getInputStream()) {
            // If journalctl cannot do its work, it ends at once.
            if (!child.waitFor(FIRST.toMillis(), TimeUnit.MILLISECONDS)) {
                ready.with("following");
                names.look(program(), ready);
            }
            String words = read(in, inbox);
            throw new IOException("journalctl has ended" + (words.isEmpty() ? "" : ": " + Escape.shown(words)));
        } finally {
            child.destroyForcibly();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private synchronized Process begin() throws IOException {
        if (closed) {
            throw new IOException("this source is closed");
        }
        List<String> vector = new ArrayList<>(program());
        vector.addAll(List.of(
                "--output=json", "--follow", "--no-tail", "--no-pager", "--all", "--output-fields=" + FIELDS, place()));
        vector.addAll(names.selection());
        // Error messages arrive between the entries, as lines that are not JSON: a separate pipe would need another
        // thread.
        Process child = builder(vector).redirectErrorStream(true).start();
        child.getOutputStream().close();
        process = child;
        return child;
    }

    /** Returns a builder that starts journalctl without our own environment. */
    static ProcessBuilder builder(List<String> vector) {
        ProcessBuilder builder = new ProcessBuilder(vector);
        builder.environment().clear();
        builder.environment().putAll(Map.of("LC_ALL", "C", "PATH", "/usr/bin:/bin"));
        return builder;
    }

    /** Returns journalctl, with the options that select the journal. */
    private List<String> program() throws RefusedException {
        Path program = programs.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new RefusedException(
                                "journalctl is not installed: it comes with systemd; name the log file or listen for syslog instead"));
        List<String> vector = new ArrayList<>(List.of(program.toString()));
        vector.addAll(options);
        return vector;
    }

    /** Returns the option that sets where to begin. */
    private String place() {
        if (!last.isEmpty()) {
            return "--cursor=" + last;
        }
        long from = restored.map(JournalSession::seconds).orElse(clock.millis() / 1_000) - window.toSeconds();
        return "--since=@" + Math.max(0, from);
    }

    /** Returns the time of a cursor's entry in seconds since 1970. */
    private static long seconds(String cursor) {
        return micros(cursor) / 1_000_000;
    }

    private static long micros(String cursor) {
        Matcher matcher = CURSOR.matcher(cursor);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a cursor: " + cursor);
        }
        return Long.parseLong(matcher.group(1), 16);
    }

    /** Reads to the end, and returns the last line that was not an entry. */
    String read(InputStream in, Inbox inbox) throws IOException, InterruptedException {
        byte[] chunk = new byte[1 << 13];
        byte[] json = new byte[MAX_JSON];
        int length = 0;
        boolean skipping = false;
        String words = "";
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            for (int i = 0; i < count; i++) {
                if (chunk[i] != '\n') {
                    skipping |= length == MAX_JSON;
                    if (!skipping) {
                        json[length++] = chunk[i];
                    }
                } else {
                    if (skipping) {
                        inbox.drop();
                    } else if (length > 0 && json[0] == '{') {
                        take(json, length, inbox);
                    } else if (length > 0) {
                        words = new String(json, 0, Math.min(length, MAX_WORDS), StandardCharsets.ISO_8859_1);
                    }
                    length = 0;
                    skipping = false;
                }
            }
        }
        return words;
    }

    private void take(byte[] json, int length, Inbox inbox) throws InterruptedException {
        // Whatever one entry causes, it must not hide the entries after it.
        try {
            take(JournalEntry.parse(json, length), inbox);
        } catch (IOException damaged) {
            inbox.drop();
        } catch (RuntimeException | StackOverflowError bug) {
            inbox.passOver("journal", bug);
        }
    }

    private void take(JournalEntry entry, Inbox inbox) throws InterruptedException {
        String place = entry.cursor();
        if (place.equals(last) || !isCursor(place)) {
            return;
        }
        boolean isLater = entry.micros() > restored.map(JournalSession::micros).orElse(0L);
        boolean repeated = repeating && !isLater;
        repeating = repeated && !place.equals(restored.orElse(""));
        last = place;
        names.see(entry);
        hand(entry, repeated, inbox);
    }

    private void hand(JournalEntry entry, boolean repeated, Inbox inbox) throws InterruptedException {
        Optional<byte[]> line = entry.line();
        if (line.isPresent()) {
            // Not live: the journal stamps an entry by this machine's clock, so the stamp is right even if the entry is
            // old.
            inbox.put(new Inbox.Entry(line.get(), entry.cursor(), repeated, false, clock.millis()));
        }
    }
}

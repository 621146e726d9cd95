package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Allowlist;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.BanTime;
import org.sipward.ban.FakeStore;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.jail.Jail;
import org.sipward.source.Backfill;
import org.sipward.source.Line;
import org.sipward.source.LineSplitter;
import org.sipward.source.SourceState;
import org.sipward.source.file.FileSource;
import org.sipward.testing.MovableClock;

/** The order of effects. The log is on disk; the firewall notes at each call what is stored already. */
class PipelineTest {
    private static final String STAMP = "2026-11-22T10:00:00Z";
    private static final Clock CLOCK = Clock.fixed(Instant.parse(STAMP), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private final List<String> blocked = new ArrayList<>();
    private final FakeStore store = new FakeStore();
    private final MemoryCursors cursors = new MemoryCursors();
    private int calls;
    private Path log;
    private BanList bans;
    private Pipeline pipeline;

    @BeforeEach
    void open() throws Exception {
        log = Files.createFile(folder.resolve("messages"));
        Allowlist nobody = new Allowlist(List.of(), false);
        bans = new BanList(nobody, store, new WatchingFirewall(), CLOCK, () -> 0, any -> Optional.empty());
        bans.open();
        pipeline = pipeline();
        pipeline.drain();
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void storesAndBlocksBeforeItSavesTheCursor() throws Exception {
        String before = cursors.cursor(log.toString()).orElseThrow();
        append("failed 45.10.0.1\nfailed 45.10.0.1\nfailed 45.10.0.2\nfailed 45.10.0.2\n");

        pipeline.drain();
        pipeline.saveCursor();

        assertThat(blocked).containsExactly("45.10.0.1 stored, cursor " + before, "45.10.0.2 stored, cursor " + before);
        assertThat(cursors.cursor(log.toString())).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    void repeatsLinesAfterACrashAndSkipsNone() throws Exception {
        append("failed 45.10.0.1\n");
        pipeline.drain();
        // As after SIGKILL: what was read since the cursor was saved is read again, and counted once by a new jail.
        pipeline.close();
        pipeline = pipeline();
        append("failed 45.10.0.1\n");

        pipeline.drain();

        assertThat(blocked).hasSize(1);
        assertThat(pipeline.status().lines()).isEqualTo(2);
    }

    @Test
    void handsOnWhatWaitedThoughNothingIsWrittenAndSavesNoCursorBefore() throws Exception {
        pipeline.close();
        MovableClock clock = new MovableClock(Instant.parse(STAMP));
        pipeline = pipeline(clock);
        append(STAMP + " dump\nend\nfailed 45.10.0.1\nfailed 45.10.0.1\nnot finish");
        for (String rest : List.of("", "ed")) {
            append(rest);
            pipeline.drain();
            assertThat(blocked).isEmpty();
            assertThat(pipeline.isWaiting()).isTrue();
            clock.move(Pipeline.CURSOR_PAUSE);
        }
        append("\n");
        pipeline.saveCursor();
        String before = cursors.cursor(log.toString()).orElseThrow();
        pipeline.drain();
        assertThat(blocked).containsExactly("45.10.0.1 stored, cursor " + before);
        assertThat(pipeline.isWaiting()).isFalse();
        assertThat(cursors.cursor(log.toString())).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    void repeatsWhatWaitedAfterACrash() throws Exception {
        append(STAMP + " dump\nend\nfailed 45.10.0.1\n");
        pipeline.drain();
        pipeline.saveCursor();
        pipeline.close();
        MovableClock clock = new MovableClock(Instant.parse(STAMP));
        pipeline = pipeline(clock);

        append("failed 45.10.0.1\n");
        pipeline.drain();
        clock.move(Duration.ofSeconds(1));
        pipeline.drain();

        assertThat(blocked).hasSize(1);
    }

    @Test
    void savesNoCursorBeforeTheLastOneIsSomeSecondsOld() throws Exception {
        Optional<String> first = cursors.cursor(log.toString());
        append("nothing\n");
        pipeline.drain();

        assertThat(pipeline.hasUnsavedCursor()).isTrue();
        assertThat(cursors.cursor(log.toString())).isEqualTo(first);
    }

    @Test
    void readsAndBlocksOnWithAStoreThatFails() throws Exception {
        store.failing = true;
        cursors.failing = true;
        try (LogRecorder recorder = new LogRecorder(Pipeline.class)) {
            for (int i = 1; i <= 3; i++) {
                append(("failed 45.10.0." + i + "\n").repeat(2));
                pipeline.drain();
                pipeline.saveCursor();
            }

            assertThat(recorder.with("could not save how far")).hasSize(1);
        }
        assertThat(bans.bans()).hasSize(3);
        assertThat(blocked).hasSize(3);
        assertThat(bans.trouble()).singleElement().asString().startsWith("store: ");
        assertThat(pipeline.status().trouble()).isEmpty();
    }

    @Test
    void saysOnceThatALogCannotBeReadAndOnceThatItCan() throws Exception {
        Files.delete(log);
        Files.write(log, new byte[] {0x1f, (byte) 0x8b, 8, 0});
        pipeline.close();
        pipeline = pipeline();
        try (LogRecorder recorder = new LogRecorder(Pipeline.class)) {
            for (int i = 0; i < 3; i++) {
                pipeline.drain();
            }
            assertThat(pipeline.status().trouble()).isNotEmpty();
            Files.delete(log);
            append("failed 45.10.0.1\nfailed 45.10.0.1\n");
            pipeline.drain();

            assertThat(recorder.with("cannot be read; will retry")).hasSize(1);
            assertThat(recorder.with("can be read again")).hasSize(1);
        }
        assertThat(pipeline.status().trouble()).isEmpty();
        assertThat(blocked).hasSize(1);
    }

    @Test
    void saysInItsReportThatALogIsMissing() throws Exception {
        pipeline.close();
        Files.delete(log);
        pipeline = pipeline();

        pipeline.drain();

        assertThat(pipeline.status().state()).isEqualTo(SourceState.NOT_THERE);
        assertThat(pipeline.status().trouble()).isEmpty();
    }

    @Test
    void leavesTheRestOfAFloodForItsNextTurn() throws Exception {
        append("something else that is written a thousand times a second\n".repeat(60_000));

        assertThat(pipeline.drain()).isTrue();
        assertThat(pipeline.hasMore()).isTrue();

        while (pipeline.drain()) {}
        assertThat(pipeline.status().lines()).isEqualTo(60_000);
    }

    @Test
    void carriesOutTheBansOfSeveralChunksAtOnce() throws Exception {
        String filler = "something else\n".repeat(10_000);
        for (int i = 1; i <= 5; i++) {
            append(("failed 45.10.0." + i + "\n").repeat(2) + filler);
        }

        pipeline.drain();

        assertThat(pipeline.status().bytes()).isGreaterThan(10L * (1 << 16));
        assertThat(blocked).hasSize(5).allMatch(ban -> ban.contains(" stored, "));
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void bansAtTheEndOfItsShareThoughMoreIsThere() throws Exception {
        append("failed 45.10.0.1\nfailed 45.10.0.1\n" + "something else\n".repeat(200_000));

        assertThat(pipeline.drain()).isTrue();

        assertThat(blocked).hasSize(1);
    }

    @Test
    void bansForWhatWasReadBeforeAFailureAndThenSavesNoCursor() throws Exception {
        pipeline.close();
        HandedLines source = new HandedLines(1);
        Line failed = Line.of(STAMP + " failed 45.10.0.1", CLOCK.millis(), true);
        source.add(failed, failed);
        pipeline = new Pipeline(source, bans, cursors, CLOCK);
        pipeline.serve(List.of(jail()));

        pipeline.drain();

        assertThat(pipeline.status().trouble()).isEqualTo("broken");
        assertThat(blocked).hasSize(1);
        assertThat(cursors.cursor(source.name())).isEmpty();
    }

    private Pipeline pipeline() throws Exception {
        return pipeline(CLOCK);
    }

    private Pipeline pipeline(Clock clock) throws Exception {
        FileSource source =
                FileSource.open(log, cursors.cursor(log.toString()), Backfill.NONE, clock, new LineSplitter());
        Pipeline made = new Pipeline(source, bans, cursors, clock);
        made.serve(List.of(jail()));
        return made;
    }

    private static Jail jail() throws Exception {
        List<FilterSpec.Pattern> patterns =
                List.of(new FilterSpec.Pattern(Kind.FAILURE, "failed", "^failed <ADDR>$", 1, false));
        List<FilterSpec.Block> blocks = List.of(new FilterSpec.Block("dump", "^dump$", "^end$", 8192, false, false));
        Filter filter = Filter.compile(new FilterSpec("test", "", List.of("iso8601"), "", patterns, "", blocks, ""));
        BanTime bantime = new BanTime(Duration.ofHours(1), false, Duration.ofHours(1));
        return new Jail("test", filter, ZoneOffset.UTC, 2, Duration.ofMinutes(10), bantime);
    }

    private void append(String text) throws IOException {
        Files.writeString(
                log, text.replace("failed", STAMP + " failed"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Notes for each ban whether it was stored, and which cursor, when it was to be blocked. */
    private final class WatchingFirewall extends IdleFirewall {
        @Override
        public void block(Collection<Ban> added, Instant now) {
            calls++;
            for (Ban ban : added) {
                blocked.add(ban.network() + stored(ban));
            }
        }

        private String stored(Ban ban) {
            try {
                return (store.bans.containsValue(ban) ? " stored, cursor " : " not stored, cursor ")
                        + cursors.cursor(log.toString()).orElse("none");
            } catch (IOException failing) {
                return " not stored";
            }
        }
    }
}

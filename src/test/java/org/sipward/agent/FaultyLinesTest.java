package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Allowlist;
import org.sipward.ban.BanList;
import org.sipward.ban.BanTime;
import org.sipward.ban.FakeStore;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.firewall.DryRun;
import org.sipward.jail.Jail;
import org.sipward.source.Faults;
import org.sipward.source.Line;

/** Reads logs with a line that triggers a bug in Sipward. */
class FaultyLinesTest {
    private static final String STAMP = "2026-11-22T10:00:00Z";
    private static final Clock CLOCK = Clock.fixed(Instant.parse(STAMP), ZoneOffset.UTC);

    private final HandedLines log = new HandedLines();
    private final FakeStore store = new FakeStore();
    private final LogRecorder said = new LogRecorder(Faults.class);
    private BanList bans;

    @BeforeEach
    void open() throws IOException {
        bans = new BanList(
                new Allowlist(List.of(), false), store, DryRun.open(), CLOCK, () -> 0, address -> Optional.empty());
        bans.open();
    }

    @AfterEach
    void close() {
        said.close();
    }

    @Test
    void passesOverTheLineAndReadsTheOthers() throws Exception {
        Pipeline pipeline = pipeline(jail("a"), jail("b"));
        log.add(faulty());
        log.add(faulty());
        pipeline.drain();
        // Longer than any message of a server.
        log.add(line("x".repeat(6_000)));
        log.add(line("x".repeat(6_000)));
        log.add(line("failed 45.10.0.1"));
        log.add(line("failed 45.10.0.1"));

        pipeline.drain();

        assertThat(bans.bans()).hasSize(1);
        assertThat(pipeline.status().faults()).isEqualTo(4);
        assertThat(pipeline.status().trouble())
                .startsWith("4 skipped because of a bug in Sipward, please report it; the last: log, jail b, at ")
                .containsPattern("[a-z0-9]+\\.[A-Za-z]+:[0-9]+$");
    }

    @Test
    void saysEachPlaceOnceWithSourceAndJailAndNothingOfTheLine() throws Exception {
        Pipeline pipeline = pipeline(jail("a"));
        log.add(faulty());
        log.add(faulty());

        pipeline.drain();

        assertThat(said.with("skipped because of a bug")).hasSize(1);
        assertThat(said.with("out of bounds")).isEmpty();
    }

    @Test
    void believesNothingThatAMessageMayHoldWhichBeganOnSuchALine() throws Exception {
        Pipeline pipeline = pipeline(jail("a"));
        log.add(faulty());
        log.add(line("failed 45.10.0.1"));
        log.add(line("failed 45.10.0.1"));

        pipeline.drain();

        assertThat(bans.bans()).isEmpty();
    }

    @Test
    void aBanThatFailsKeepsNoOtherFromBeginning() throws Exception {
        // All together, then the first by itself.
        bans = new BanList(
                new Allowlist(List.of(), false),
                store,
                new MistakenFirewall(2),
                CLOCK,
                () -> 0,
                address -> Optional.empty());
        bans.open();
        Pipeline pipeline = pipeline(jail("a"));
        for (String address : List.of("45.10.0.1", "45.10.0.2")) {
            log.add(line("failed " + address));
            log.add(line("failed " + address));
        }

        pipeline.drain();

        assertThat(bans.bans()).extracting(ban -> ban.network().toString()).containsExactly("45.10.0.2");
        assertThat(pipeline.status().trouble()).contains("log, bans, at ");
    }

    private Pipeline pipeline(Jail... jails) {
        Pipeline pipeline = new Pipeline(log, bans, new MemoryCursors(), CLOCK);
        pipeline.serve(List.of(jails));
        return pipeline;
    }

    private static Jail jail(String name) throws Exception {
        List<FilterSpec.Pattern> patterns =
                List.of(new FilterSpec.Pattern(Kind.FAILURE, "failed", "^failed <ADDR>$", 1, false));
        List<FilterSpec.Block> blocks = List.of(new FilterSpec.Block("dump", "^dump$", "^end$", 8192, false, false));
        Filter filter = Filter.compile(new FilterSpec("test", "", List.of("iso8601"), "", patterns, "", blocks, ""));
        BanTime bantime = new BanTime(Duration.ofHours(1), false, Duration.ofHours(1));
        return new Jail(name, filter, ZoneOffset.UTC, 2, Duration.ofMinutes(10), bantime);
    }

    private static Line line(String text) {
        return Line.of(STAMP + " " + text, CLOCK.millis(), true);
    }

    /** Returns a line that reaches over the end of its buffer: reading it to its end throws an exception. */
    private static Line faulty() {
        byte[] bytes = (STAMP + " failed 45.10.0.9").getBytes(StandardCharsets.US_ASCII);
        Line line = new Line();
        line.set(bytes, 0, bytes.length + 1, CLOCK.millis(), true);
        return line;
    }

    /** A firewall with a bug, which its first calls trigger. */
    private static final class MistakenFirewall extends IdleFirewall {
        private int mistakes;

        MistakenFirewall(int mistakes) {
            this.mistakes = mistakes;
        }

        @Override
        public void expectBlock() {
            if (mistakes-- > 0) {
                throw new IllegalStateException("a mistake");
            }
        }
    }
}

package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Allowlist;
import org.sipward.ban.BanList;
import org.sipward.ban.BanTime;
import org.sipward.ban.Firewall;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.firewall.DryRun;
import org.sipward.jail.Jail;
import org.sipward.source.Counts;
import org.sipward.source.Faults;
import org.sipward.source.Line;
import org.sipward.source.LineSink;
import org.sipward.source.LogSource;
import org.sipward.store.HsqlStore;

/** What becomes of a log in which a line brings a mistake of this program to light. */
class FaultyLinesTest {
    private static final String STAMP = "2026-11-22T10:00:00Z";
    private static final Clock CLOCK = Clock.fixed(Instant.parse(STAMP), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private final List<Line> log = new ArrayList<>();
    private final LogRecorder said = new LogRecorder(Faults.class);
    private HsqlStore store;
    private BanList bans;

    @BeforeEach
    void open() throws IOException {
        store = HsqlStore.open(folder.resolve("store"), CLOCK);
        bans = new BanList(
                new Allowlist(List.of(), false), store, DryRun.open(), CLOCK, () -> 0, address -> Optional.empty());
        bans.open();
    }

    @AfterEach
    void close() throws IOException {
        said.close();
        store.close();
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
        assertThat(pipeline.report().faults()).isEqualTo(4);
        assertThat(pipeline.report().trouble())
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
                new Allowlist(List.of(), false), store, mistaken(2), CLOCK, () -> 0, address -> Optional.empty());
        bans.open();
        Pipeline pipeline = pipeline(jail("a"));
        for (String address : List.of("45.10.0.1", "45.10.0.2")) {
            log.add(line("failed " + address));
            log.add(line("failed " + address));
        }

        pipeline.drain();

        assertThat(bans.bans()).extracting(ban -> ban.network().toString()).containsExactly("45.10.0.2");
        assertThat(pipeline.report().trouble()).contains("log, bans, at ");
    }

    private Pipeline pipeline(Jail... jails) {
        Pipeline pipeline = new Pipeline(source(), bans, store, CLOCK);
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

    /** Returns a line that reaches over the end of its buffer: whatever reads it to its end makes an index mistake. */
    private static Line faulty() {
        byte[] bytes = (STAMP + " failed 45.10.0.9").getBytes(StandardCharsets.US_ASCII);
        Line line = new Line();
        line.set(bytes, 0, bytes.length + 1, CLOCK.millis(), true);
        return line;
    }

    /** Returns a source that hands out the lines of {@link #log}. */
    private LogSource source() {
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "poll" -> {
                log.forEach(((LineSink) arguments[0])::accept);
                log.clear();
                yield false;
            }
            case "name" -> "log";
            case "cursor", "state", "trouble" -> "";
            case "counts" -> new Counts(0, 0, 0);
            default -> method.getReturnType() == boolean.class ? false : null;
        };
        return (LogSource)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {LogSource.class}, handler);
    }

    /** Returns a firewall that has a mistake, which comes to light so often. */
    private Firewall mistaken(int times) {
        Firewall firewall = DryRun.open();
        AtomicInteger calls = new AtomicInteger();
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("expectBlock") && calls.getAndIncrement() < times) {
                throw new IllegalStateException("a mistake");
            }
            return method.invoke(firewall, arguments);
        };
        return (Firewall) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Firewall.class}, handler);
    }
}

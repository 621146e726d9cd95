package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads a shared list of 3,000 addresses, 250 a page, from a real HTTP server with APIBAN's rate limit. The agent needs
 * two minutes to read it; in the meantime, a small list is read from another server. The tests run in order: each goes
 * on where the one before ended.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FeedIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PORT = 8080;
    private static final String KEY = "7f3ab0c19d52e486a1f04bd2c7e95836";
    private static final long WEEK = Duration.ofDays(7).toSeconds();
    private static final int PAGE = 250;
    private static final String ALLOWED = "45.91.20.7";
    private static final List<String> REFUSED = List.of("10.1.2.3", ALLOWED, "example.net");
    /** The addresses of the first page expire after this time. */
    private static final Duration SHORT = Duration.ofSeconds(150);

    @TempDir
    private static Path folder;

    private final Clock clock = Clock.systemUTC();
    /** The addresses of the list that must be blocked, with the IDs of their pages. */
    private final Map<String, Long> pageOf = new HashMap<>();

    private final Set<String> firstPage = new LinkedHashSet<>();
    private Instant begun = Instant.EPOCH;
    private Host host;
    private Sipward sipward;
    private Process server;
    private Process agent;

    @BeforeAll
    void beginToReadTheWholeList() throws Exception {
        host = Host.open();
        begun = clock.instant();
        Files.write(folder.resolve("list"), wholeList());
        server = serve(host, folder, 2);
        sipward = new Sipward(folder, configuration(folder, "allowlist: [" + ALLOWED + "]\n"));
        agent = sipward.start(host, "-v");
    }

    @AfterAll
    void end() throws IOException {
        if (host != null) {
            host.close();
        }
    }

    @Test
    @Order(1)
    void blocksTheFirstPagesWhileItReadsOn() throws Exception {
        Sipward.await("ten pages", () -> KernelElements.of(host, "feed4").size() >= 9 * PAGE);

        assertThat(KernelElements.of(host, "feed4")).containsKeys(firstPage.toArray(String[]::new));
        assertThat(bannedByTheFeed()).containsAll(firstPage);
    }

    @Test
    @Order(2)
    void asksTheServerForOneAddressWithinTheRateLimit() throws Exception {
        assertThat(ask(sipward, 0, "feed", "check", anyListed(), "--json")).contains("\"answer\":\"listed\"");
        assertThat(ask(sipward, 69, "feed", "check", anyListed())).contains("limit is reached");
    }

    @Test
    @Order(3)
    void speaksTheFirstVersionAndReadsTheWholeListAgainOnCommand(@TempDir Path small) throws Exception {
        try (Host other = Host.open()) {
            long id = clock.instant().getEpochSecond() - 100;
            Files.writeString(small.resolve("list"), id + " 45.91.1.1\n" + (id + 1) + " 45.91.1.2\n");
            serve(other, small, 1);
            Sipward second = new Sipward(small, configuration(small, ""));
            second.start(other, "-v");
            awaitSet(other, Set.of("45.91.1.1", "45.91.1.2"));
            awaitState(second, "up to date");
            Files.writeString(small.resolve("list"), (id + 1) + " 45.91.1.2\n" + (id + 2) + " 45.91.1.3\n");

            assertThat(ask(second, 0, "feed", "sync")).contains("fetching 1 list;");

            awaitSet(other, Set.of("45.91.1.2", "45.91.1.3"));
            assertThat(ask(second, 0, "feed", "check", "45.91.1.3")).contains("listed");
            assertThat(ask(second, 1, "feed", "check", "45.91.1.1")).contains("not listed");
            assertThat(status(second).path("version").asInt()).isEqualTo(1);
        }
        assertThatNoFileHoldsTheKey(small);
    }

    @Test
    @Order(4)
    void blocksTheWholeListEachAddressUntilItsWeekIsOver() throws Exception {
        Duration patience = Duration.ofSeconds(170);
        Sipward.await(
                "the whole list",
                patience,
                () -> KernelElements.of(host, "feed4").keySet().containsAll(pageOf.keySet()));
        awaitState(sipward, "up to date");

        long before = clock.instant().getEpochSecond();
        Map<String, Long> elements = KernelElements.of(host, "feed4");
        long after = clock.instant().getEpochSecond();
        pageOf.forEach((address, id) ->
                assertThat(elements.get(address)).isBetween(id + WEEK - after - 2, id + WEEK - before + 1));
        assertThat(elements).doesNotContainKeys(REFUSED.toArray(String[]::new));
        assertThat(pageOf).hasSize(3_000);
        assertThat(requests()).noneMatch(line -> line.startsWith("429"));
    }

    @Test
    @Order(5)
    void countsTheEntriesThatItSkipped() throws Exception {
        JsonNode status = status(sipward);

        assertThat(status.path("local").asInt()).isEqualTo(1);
        assertThat(status.path("allowed").asInt()).isEqualTo(1);
        assertThat(status.path("malformed").asInt()).isEqualTo(1);
        assertThat(status.path("listed").asInt()).isEqualTo(pageOf.size() + firstPage.size() + 1);
        assertThat(status.path("version").asInt()).isEqualTo(2);
    }

    @Test
    @Order(6)
    void keepsTheWholeListOverARestartWithoutItsServer() throws Exception {
        server.destroyForcibly().waitFor();
        agent.destroy();
        agent.waitFor();
        assertThat(KernelElements.of(host, "feed4"))
                .containsKeys(pageOf.keySet().toArray(String[]::new));

        agent = sipward.start(host, "-v");

        assertThat(KernelElements.of(host, "feed4"))
                .containsKeys(pageOf.keySet().toArray(String[]::new));
        assertThat(bannedByTheFeed()).containsAll(pageOf.keySet());
    }

    @Test
    @Order(7)
    void blocksTheWholeListAgainAfterACrashAndALostRuleset() throws Exception {
        agent.destroyForcibly().waitFor();
        host.run("nft", "flush", "ruleset");

        agent = sipward.start(host, "-v");

        assertThat(KernelElements.of(host, "feed4"))
                .containsKeys(pageOf.keySet().toArray(String[]::new));
        assertThat(bannedByTheFeed()).containsAll(pageOf.keySet());
        assertThat(status(sipward).path("held").asInt()).isGreaterThanOrEqualTo(pageOf.size());
    }

    @Test
    @Order(8)
    void reportsThatTheServerDoesNotAnswer() throws Exception {
        awaitState(sipward, "failing");

        assertThat(ask(sipward, 1, "status")).containsPattern("feed apiban: failing: .*127\\.0\\.0\\.1");
        assertThat(status(sipward).path("healthy").asBoolean()).isFalse();
    }

    @Test
    @Order(9)
    void endsTheBansOfExpiredEntries() throws Exception {
        long left = Duration.between(clock.instant(), begun.plus(SHORT)).toSeconds();
        Sipward.await(
                "the end of the first page",
                Duration.ofSeconds(Math.max(0, left) + 20),
                () -> KernelElements.of(host, "feed4").keySet().equals(pageOf.keySet()));

        assertThat(bannedByTheFeed()).isEqualTo(pageOf.keySet());
    }

    @Test
    @Order(10)
    void showsTheKeyToNobody() throws Exception {
        assertThat(ask(sipward, 0, "feed", "status", "--json")).contains("apiban");
        assertThat(ask(sipward, 1, "status", "--json")).contains("apiban");
        assertThatNoFileHoldsTheKey(folder);
    }

    /** The first page is nearly a week old, the others are some days old. Three entries must be skipped. */
    private List<String> wholeList() {
        List<String> addresses = new ArrayList<>(addresses(PAGE + 3_000));
        firstPage.addAll(addresses.subList(0, PAGE));
        addresses.add(300, REFUSED.get(0));
        addresses.add(1_700, REFUSED.get(1));
        addresses.add(3_200, REFUSED.get(2));
        long now = begun.getEpochSecond();
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < addresses.size(); from += PAGE) {
            List<String> page = addresses.subList(from, Math.min(from + PAGE, addresses.size()));
            long last = from == 0
                    ? now - WEEK + SHORT.toSeconds()
                    : now - Duration.ofDays(6).toSeconds() + 30L * from;
            for (String address : page) {
                lines.add((last - page.size() + 1 + page.indexOf(address)) + " " + address);
                if (from > 0 && !REFUSED.contains(address)) {
                    pageOf.put(address, last);
                }
            }
        }
        return lines;
    }

    private static List<String> addresses(int count) {
        Random random = new Random(20261122);
        Set<String> addresses = new LinkedHashSet<>();
        while (addresses.size() < count) {
            addresses.add((46 + random.nextInt(50)) + "." + random.nextInt(256) + "." + random.nextInt(256) + "."
                    + random.nextInt(256));
        }
        return List.copyOf(addresses);
    }

    static String configuration(Path place, String more) {
        return more + "feeds: {apiban: {url: 'http://127.0.0.1:" + PORT + "/', keyfile: " + place.resolve("key")
                + ", every: 1m}}\n"
                + "jails: {asterisk: {filter: asterisk, source: {file: " + place.resolve("messages") + "}}}";
    }

    /** Serves the list of this folder; by TLS if a key store and its password are given. */
    static Process serve(Host host, Path place, int version, String... secure) throws Exception {
        Path output = place.resolve("server.out");
        Files.writeString(place.resolve("key"), KEY + "\n");
        List<String> arguments = new ArrayList<>(List.of("" + PORT, "" + version));
        arguments.addAll(
                List.of(place.resolve("key").toString(), place.resolve("list").toString()));
        arguments.addAll(List.of(secure));
        Process server = host.startJava(
                ProcessBuilder.Redirect.to(output.toFile()), ApibanServer.class, arguments.toArray(String[]::new));
        Sipward.await("the server", () -> Files.readString(output).contains("serves"));
        return server;
    }

    private List<String> requests() throws IOException {
        return Files.readAllLines(folder.resolve("server.out"));
    }

    private String anyListed() {
        return pageOf.keySet().iterator().next();
    }

    private Set<String> bannedByTheFeed() throws Exception {
        Set<String> banned = new LinkedHashSet<>();
        for (String line : ask(sipward, 0, "bans", "--json").lines().toList()) {
            JsonNode ban = JSON.readTree(line);
            assertThat(ban.path("origin").asText()).isEqualTo("feed:apiban");
            banned.add(ban.path("address").asText());
        }
        return banned;
    }

    static JsonNode status(Sipward agent) throws Exception {
        return JSON.readTree(ask(agent, 0, "feed", "status", "--json"));
    }

    static void awaitState(Sipward agent, String state) throws Exception {
        Sipward.await(state, () -> status(agent).path("state").asText().startsWith(state));
    }

    static void awaitSet(Host host, Set<String> addresses) throws Exception {
        Sipward.await(
                "" + addresses, () -> KernelElements.of(host, "feed4").keySet().equals(addresses));
    }

    /** Runs a command, which must end with this exit code and not show the key, and returns what it printed. */
    static String ask(Sipward agent, int exit, String... command) throws Exception {
        Sipward.Answer answer = agent.command(command);
        assertThat(answer.exit()).describedAs(answer.text()).isEqualTo(exit);
        assertThat(answer.text()).doesNotContain(KEY);
        return answer.text();
    }

    private static void assertThatNoFileHoldsTheKey(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            List<Path> holding = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(KEY)) {
                    holding.add(file);
                }
            }
            assertThat(holding).containsExactly(place.resolve("key"));
        }
    }
}

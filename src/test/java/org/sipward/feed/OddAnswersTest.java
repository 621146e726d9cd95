package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every answer that APIBAN is known to give, and what else may come from where APIBAN should be. */
class OddAnswersTest extends FeedFixture {
    private static final String PAGE = "{\"ipaddress\":[\"203.0.113.7\",\"203.0.113.8\"], \"ID\":\"1000\"}";

    record Answered(String name, int status, String body, String outcome) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Answered> pages() {
        return Stream.of(
                new Answered("documented", 200, PAGE, ""),
                new Answered("ID first", 200, "{\"ID\":\"1000\",\"ipaddress\":[\"203.0.113.7\",\"203.0.113.8\"]}", ""),
                new Answered(
                        "pretty printed",
                        200,
                        "{\n\t\"ipaddress\": [\n\"203.0.113.7\",\n\"203.0.113.8\"],\"ID\": \"1000\"\n}\n",
                        ""),
                new Answered("ID a number", 200, PAGE.replace("\"1000\"", "1000"), ""),
                new Answered(
                        "unknown fields",
                        200,
                        PAGE.replace("{", "{\"note\":{\"a\":[1,{}]},\"count\":2,\"x\":null,"),
                        ""),
                new Answered("duplicates", 200, PAGE.replace("[", "[\"203.0.113.8\",\"::ffff:203.0.113.7\","), ""),
                new Answered(
                        "malformed among the rest",
                        200,
                        PAGE.replace(
                                "[",
                                "[\"\",\"evil.example\",\"1.2.3\",\"01.2.3.4\",\"1.2.3.4:5\",7,null,{},[\"9.9.9.9\"],"),
                        ""),
                new Answered("last page with ID none", 200, PAGE.replace("1000", "none"), ""));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void takesAPage(Answered answered) {
        field.server.first(ListServer.json(answered.status(), answered.body()));
        Feed feed = field.feed();

        field.run(feed);

        assertThat(field.target.bans.keySet())
                .map(Object::toString)
                .containsExactlyInAnyOrder("203.0.113.7", "203.0.113.8");
        assertThat(feed.status().state()).isEqualTo("up to date");
        assertThat(feed.status().lastProblem()).isEmpty();
    }

    @Test
    void takesASingleAddressAsAString() {
        field.server.first(ListServer.json(200, "{\"ipaddress\":\"203.0.113.7\",\"ID\":\"1000\"}"));

        field.run(field.feed());

        assertThat(field.target.bans).hasSize(1);
    }

    static Stream<Answered> ends() {
        return Stream.of(
                new Answered("documented", 400, "{\"ipaddress\":[\"no new bans\"], \"ID\":\"none\"}", ""),
                new Answered("as a string", 400, "{\"ipaddress\":\"no new bans\", \"ID\":\"none\"}", ""),
                new Answered("as 404", 404, "{\"ipaddress\":[\"no new bans\"], \"ID\":\"none\"}", ""),
                new Answered("as 200", 200, "{\"ipaddress\":[\"no new bans\"], \"ID\":\"none\"}", ""),
                new Answered("without addresses", 200, "{\"ID\":\"none\"}", ""),
                new Answered("without addresses, as 400", 400, "{\"ID\":\"none\"}", ""),
                new Answered("with null addresses", 200, "{\"ipaddress\":null,\"ID\":\"none\"}", ""),
                new Answered("with an empty array", 200, "{\"ipaddress\":[],\"ID\":\"none\"}", ""),
                new Answered("with the word none", 400, "{\"ipaddress\":\"none\",\"ID\":\"none\"}", ""),
                new Answered("a place and no addresses", 200, "{\"ID\":\"2000\"}", ""));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void takesTheEndForNoErrorAndKeepsItsPlace(Answered answered) {
        field.server.first(ListServer.json(200, PAGE), ListServer.json(answered.status(), answered.body()));
        Feed feed = field.feed();

        Duration wait = field.run(feed);

        assertThat(feed.status().state()).isEqualTo("up to date");
        assertThat(feed.status().lastProblem()).isEmpty();
        assertThat(feed.status().cursor()).isEqualTo("1000");
        assertThat(wait).isBetween(Duration.ofSeconds(216), Duration.ofSeconds(264));
        assertThat(field.target.bans).hasSize(2);
    }

    static Stream<Answered> failures() {
        String many = IntStream.range(0, 10_001)
                .mapToObj(i -> "\"203.0.113.7\"")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        return Stream.of(
                new Answered(
                        "bad key", 403, "{\"ipaddress\":\"none\", \"ID\":\"unauthorized\"}", "does not accept the key"),
                new Answered(
                        "bad key as 401",
                        401,
                        "{\"ipaddress\":\"none\", \"ID\":\"unauthorized\"}",
                        "not accept the key"),
                new Answered(
                        "bad key as 200",
                        200,
                        "{\"ipaddress\":[\"none\"], \"ID\":\"unauthorized\"}",
                        "not accept the key"),
                new Answered("401 without body", 401, "", "does not accept the key"),
                new Answered("403 in HTML", 403, "<html>", "does not accept the key"),
                new Answered(
                        "rate", 429, "{\"ipaddress\":\"rate limit exceeded\", \"ID\":\"unauthorized\"}", "too many"),
                new Answered(
                        "rate as 403",
                        403,
                        "{\"ipaddress\":[\"rate limit exceeded\"],\"ID\":\"unauthorized\"}",
                        "too many"),
                new Answered("429 in HTML", 429, "<html>", "too many"),
                new Answered("500", 500, "", "HTTP 500"),
                new Answered("502 in HTML", 502, "<html>bad gateway</html>", "HTTP 502"),
                new Answered("503", 503, "", "HTTP 503"),
                new Answered("500 with a page", 500, PAGE, "HTTP 500"),
                new Answered("400 with a page", 400, PAGE, "HTTP 400"),
                new Answered("400 without body", 400, "", "HTTP 400"),
                new Answered("empty body", 200, "", "not a valid APIBAN answer"),
                new Answered(
                        "HTML with 200",
                        200,
                        "<html><body>log in to the hotel</body></html>",
                        "not a valid APIBAN answer"),
                new Answered("truncated JSON", 200, PAGE.substring(0, 30), "not a valid APIBAN answer"),
                new Answered("two objects", 200, PAGE + PAGE, "not a valid APIBAN answer"),
                new Answered("an array", 200, "[" + PAGE + "]", "not a valid APIBAN answer"),
                new Answered("other JSON", 200, "{\"error\":\"x\"}", "not a valid APIBAN answer"),
                new Answered("binary", 200, "\u0000\u0001\ufffd", "not a valid APIBAN answer"),
                new Answered("deep JSON", 200, "{\"a\":" + "[".repeat(100_000), "not a valid APIBAN answer"),
                new Answered("ID missing", 200, "{\"ipaddress\":[\"203.0.113.7\"]}", "a page without ID"),
                new Answered("ID no number", 200, PAGE.replace("1000", "../../x"), "an ID that is not a number"),
                new Answered("ID negative", 200, PAGE.replace("1000", "-1"), "an ID that is not a number"),
                new Answered("ID too long", 200, PAGE.replace("1000", "9".repeat(19)), "an ID that is not a number"),
                new Answered("ID an object", 200, PAGE.replace("\"1000\"", "{}"), "an ID that is not a number"),
                new Answered(
                        "no address at all", 200, "{\"ipaddress\":[\"a\",\"b\"],\"ID\":\"1000\"}", "holds no address"),
                new Answered(
                        "page too long", 200, "{\"ipaddress\":[" + many + "],\"ID\":\"1000\"}", "more than 10000"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void keepsTheListAndThePlaceAtAnythingElse(Answered answered) {
        field.server.list.put(500L, "198.51.100.1");
        Feed feed = field.feed();
        Duration wait = field.run(feed);
        field.server.first(ListServer.json(answered.status(), answered.body()));

        field.next(feed, wait);

        assertThat(feed.status().state()).startsWith("failing: ").contains(answered.outcome());
        assertThat(feed.status().healthy()).isFalse();
        assertThat(feed.status().cursor()).isEqualTo("500");
        assertThat(field.target.held()).hasSize(1);
    }

    @Test
    void doesNotBelieveAPageThatRepeatsForEver() {
        field.server.add(300, 1000).pageSize = 250;
        Feed feed = field.feed();
        feed.step();
        String same = "{\"ipaddress\":[" + "\"203.0.113.7\",".repeat(249) + "\"203.0.113.7\"],\"ID\":\"1249\"}";
        field.server.first(ListServer.json(200, same));

        feed.step();

        assertThat(feed.status().state()).contains("its list does not advance");
    }

    @Test
    void doesNotFollowAListThatGoesBack() {
        field.server.first(ListServer.json(200, PAGE), ListServer.json(200, PAGE.replace("1000", "999")));
        Feed feed = field.feed();

        field.run(feed);

        assertThat(feed.status().state()).contains("does not advance: the page after ID 1000 has ID 999");
    }

    @Test
    void takesAServerThatAlwaysRepeatsTheLastEntryForOneAtItsEnd() {
        field.server.first(ListServer.json(200, PAGE), ListServer.json(200, PAGE));
        Feed feed = field.feed();

        field.run(feed);

        assertThat(feed.status().state()).isEqualTo("up to date");
        assertThat(field.server.requests).hasSize(2);
    }

    @Test
    void goesOnAfterTroubleInTheMiddleOfTheList() {
        field.server.add(600, 1000);
        Feed feed = field.feed();
        feed.step();
        field.server.first(ListServer.json(500, ""));
        Duration wait = feed.step();

        field.next(feed, wait);

        assertThat(field.target.bans).hasSize(600);
        assertThat(field.server.requests).hasSize(5);
    }

    @Test
    void endsASlowBodyByTheTimeOfTheCall() {
        MockResponse slow = new MockResponse.Builder()
                .body(PAGE)
                .throttleBody(1, 100, java.util.concurrent.TimeUnit.MILLISECONDS)
                .build();
        field.server.first(slow);
        Feed feed = field.feed();

        field.run(feed);

        assertThat(feed.status().state()).contains("did not answer in time");
    }

    @Test
    void readsNoMoreThanAMegabyteOfAnEndlessBody() {
        field.server.first(new MockResponse.Builder()
                .chunkedBody(new Buffer().writeUtf8("{\"note\":\"" + "x".repeat(3 << 20)), 8192)
                .build());
        Feed feed = field.feed();

        field.run(feed);

        assertThat(feed.status().state()).contains("more than 1048576 bytes");
    }

    @Test
    void readsNoMoreThanAMegabyteOutOfASmallCompressedBody() throws IOException {
        Buffer small = new Buffer();
        try (okio.BufferedSink sink = Okio.buffer(new GzipSink(small))) {
            for (int i = 0; i < 64; i++) {
                sink.writeUtf8(" ".repeat(1 << 20));
            }
        }
        assertThat(small.size()).isLessThan(100_000);
        field.server.first(new MockResponse.Builder()
                .addHeader("Content-Encoding", "gzip")
                .body(small)
                .build());
        Feed feed = field.feed();

        field.run(feed);

        assertThat(feed.status().state()).contains("more than 1048576 bytes");
    }

    @Test
    void refusesABodyThatIsShorterThanItWasToldToBe() {
        field.server.first(new MockResponse.Builder()
                .body(PAGE)
                .setHeader("Content-Length", PAGE.getBytes(StandardCharsets.UTF_8).length + 10)
                .build());
        Feed feed = field.feed();

        field.run(feed);

        assertThat(feed.status().healthy()).isFalse();
        assertThat(field.target.bans).isEmpty();
    }
}

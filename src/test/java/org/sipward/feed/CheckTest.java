package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipward.feed.ListCheck.Verdict;
import org.sipward.net.IpAddress;

class CheckTest extends FeedFixture {
    private static final IpAddress ADDRESS = IpAddress.parse("203.0.113.7").orElseThrow();

    record Answered(String name, int status, String body, Verdict verdict) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Answered> answers() {
        return Stream.of(
                new Answered("blocked", 200, "{\"ipaddress\":[\"203.0.113.7\"], \"ID\":\"987654321\"}", Verdict.LISTED),
                new Answered(
                        "blocked, string", 200, "{\"ipaddress\":\"203.0.113.7\",\"ID\":987654321}", Verdict.LISTED),
                new Answered(
                        "blocked, first docs",
                        200,
                        "{\"ipaddress\":\"blocked\", \"ID\":\"987654321\"}",
                        Verdict.LISTED),
                new Answered("clean", 400, "{\"ipaddress\":[\"not blocked\"], \"ID\":\"none\"}", Verdict.NOT_LISTED),
                new Answered(
                        "clean as 404", 404, "{\"ipaddress\":\"not blocked\", \"ID\":\"none\"}", Verdict.NOT_LISTED),
                new Answered("clean, first docs", 404, "{\"ipaddress\":\"ok\", \"ID\":\"0\"}", Verdict.NOT_LISTED),
                new Answered("bad key", 403, "{\"ipaddress\":\"none\", \"ID\":\"unauthorized\"}", Verdict.UNKNOWN),
                new Answered(
                        "bad key, old mock",
                        401,
                        "{\"ipaddress\":[\"not blocked\"],\"ID\":\"unauthorized\"}",
                        Verdict.UNKNOWN),
                new Answered(
                        "clean with 403", 403, "{\"ipaddress\":[\"not blocked\"],\"ID\":\"none\"}", Verdict.UNKNOWN),
                new Answered(
                        "rate",
                        429,
                        "{\"ipaddress\":\"rate limit exceeded\", \"ID\":\"unauthorized\"}",
                        Verdict.UNKNOWN),
                new Answered("invalid", 400, "{\"ipaddress\":[\"invalid address\"], \"ID\":\"none\"}", Verdict.UNKNOWN),
                new Answered(
                        "other address", 200, "{\"ipaddress\":[\"203.0.113.8\"], \"ID\":\"1000\"}", Verdict.UNKNOWN),
                new Answered("no ID", 200, "{\"ipaddress\":[\"203.0.113.7\"]}", Verdict.UNKNOWN),
                new Answered(
                        "blocked with 500", 500, "{\"ipaddress\":[\"203.0.113.7\"],\"ID\":\"1000\"}", Verdict.UNKNOWN),
                new Answered("empty", 200, "", Verdict.UNKNOWN),
                new Answered("HTML", 200, "<html>not blocked</html>", Verdict.UNKNOWN),
                new Answered("500", 500, "", Verdict.UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void believesOnlyAClearAnswer(Answered answered) {
        field.server.first(ListServer.json(answered.status(), answered.body()));

        assertThat(field.feed().check(ADDRESS).verdict()).isEqualTo(answered.verdict());
    }

    @Test
    void asksByThePresentProtocol() throws InterruptedException {
        field.server.first(ListServer.json(400, "{\"ipaddress\":[\"not blocked\"], \"ID\":\"none\"}"));

        field.feed().check(ADDRESS);

        RecordedRequest request = field.server.http.takeRequest();
        assertThat(request.getTarget()).isEqualTo("/api/check");
        assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer " + ListServer.KEY);
        assertThat(request.getHeaders().get("User-Agent")).startsWith("sipward/");
        assertThat(String.valueOf(request.getBody()))
                .isEqualTo("[text={\"set\":\"sip\",\"ipaddress\":\"203.0.113.7\"}]");
    }

    @Test
    void asksByTheOldProtocolWhereTheServerKnowsNoOther() {
        field.server.first(
                ListServer.json(404, "<html>"),
                ListServer.json(200, "{\"ipaddress\":[\"203.0.113.7\"], \"ID\":\"987654321\"}"));

        assertThat(field.feed().check(ADDRESS).verdict()).isEqualTo(Verdict.LISTED);
        assertThat(field.server.requests).endsWith("GET /api/" + ListServer.KEY + "/check/203.0.113.7");
    }

    @Test
    void doesNotTellTheServerLocalAddresses() {
        assertThat(field.feed()
                        .check(IpAddress.parse("192.168.1.5").orElseThrow())
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(field.server.requests).isEmpty();
    }

    @Test
    void keepsToTheLimitOfTheKeyAndSaysSo() {
        Feed feed = field.feed();
        for (int i = 0; i < 11; i++) {
            field.server.first(ListServer.json(400, "{\"ipaddress\":[\"not blocked\"], \"ID\":\"none\"}"));
            assertThat(feed.check(ADDRESS).verdict()).isEqualTo(Verdict.NOT_LISTED);
        }

        ListCheck twelfth = feed.check(ADDRESS);

        assertThat(twelfth.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(twelfth.reason()).contains("limit is reached for another 121 s");
        assertThat(field.server.requests).hasSize(11);
    }

    @Test
    void saysWhyWhenTheServerIsDown() {
        field.server.close();

        assertThat(field.feed().check(ADDRESS).reason()).contains("cannot connect to");
    }
}

package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipward.config.Config.FeedConfig;
import org.sipward.feed.FeedStatus;
import org.sipward.feed.ListCheck;
import org.sipward.net.IpAddress;
import org.sipward.status.ListedAddress;

/** Feeds on a real server, which lists an address that is banned here, and one that is allowed. */
@Timeout(60)
class FeedsTest extends AgentFixture {
    private static final IpAddress LISTED = IpAddress.parse("45.91.0.1").orElseThrow();

    private final MockWebServer server = new MockWebServer();
    private final AtomicInteger wholeLists = new AtomicInteger();
    private FeedConfig config;

    @BeforeEach
    void open() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request.getTarget(), String.valueOf(request.getBody()));
            }
        });
        server.start();
        Files.writeString(folder.at("key"), "0123456789abcdef0123456789abcdef");
        Files.setPosixFilePermissions(folder.at("key"), PosixFilePermissions.fromString("rw-------"));
        config = config("apiban");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void bansWhatAFeedListsAndKeepsItsPlace() throws Exception {
        feeds.configure(List.of(config));
        awaitList();

        assertThat(banned()).containsExactly("45.91.0.1");
        assertThat(cursors.cursor("feed:apiban").orElseThrow()).contains("1000");
        FeedStatus status = feeds.status().get(0);
        assertThat(status.name()).isEqualTo("apiban");
        assertThat(status.healthy()).isTrue();
        assertThat(status.held()).isEqualTo(1);
    }

    @Test
    void remembersWhatAFeedListsThatIsAllowedHere() throws Exception {
        feeds.configure(List.of(config));
        awaitList();

        assertThat(spared.of(IpAddress.parse(ALLOWED).orElseThrow()))
                .singleElement()
                .extracting(ListedAddress::reason, ListedAddress::comesBack)
                .containsExactly("allowlist " + ALLOWED, false);
    }

    @Test
    void goesOnWithAFeedWhoseConfigurationIsUnchanged() throws Exception {
        feeds.configure(List.of(config));
        awaitList();

        feeds.configure(List.of(config("apiban"), config("other")));

        assertThat(feeds.status()).extracting(FeedStatus::name).containsExactly("apiban", "other");
        assertThat(feeds.status().get(0).word()).isEqualTo("up to date");
    }

    @Test
    void fetchesItsListsAtOnceWhenTold() throws Exception {
        feeds.configure(List.of(config));
        awaitList();

        assertThat(feeds.sync(true)).containsExactly("apiban");

        while (wholeLists.get() < 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void asksTheServerAboutAnAddress() {
        feeds.configure(List.of(config));

        assertThat(feeds.check(LISTED)).singleElement().satisfies(check -> {
            assertThat(check.feed()).isEqualTo("apiban");
            assertThat(check.address()).isEqualTo(LISTED);
            assertThat(check.answer().verdict()).isEqualTo(ListCheck.Verdict.LISTED);
        });
    }

    @Test
    void knowsNothingOfAFeedThatIsNotConfiguredAnyMore() throws Exception {
        feeds.configure(List.of(config));
        awaitList();

        feeds.configure(List.of());

        assertThat(feeds.status()).isEmpty();
        assertThat(feeds.sync(true)).isEmpty();
        assertThat(feeds.check(LISTED)).isEmpty();
        assertThat(banned()).containsExactly("45.91.0.1");
    }

    private FeedConfig config(String name) {
        return new FeedConfig(
                name, server.url("/").toString(), folder.at("key"), "sip", Duration.ofMinutes(4), Duration.ofDays(7));
    }

    private void awaitList() throws IOException {
        while (!feeds.status().get(0).word().equals("up to date")
                || cursors.cursor("feed:apiban").isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private MockResponse answer(String target, String body) {
        if (target.equals("/api/check")) {
            return json(200, "{\"ipaddress\":[\"45.91.0.1\"], \"ID\":\"987654321\"}");
        }
        if (body.contains("\"id\":\"1000\"")) {
            return json(400, "{\"ipaddress\":[\"no new bans\"], \"ID\":\"none\"}");
        }
        wholeLists.incrementAndGet();
        return json(200, "{\"ipaddress\":[\"45.91.0.1\",\"" + ALLOWED + "\"], \"ID\":\"1000\"}");
    }

    private static MockResponse json(int status, String body) {
        return new MockResponse.Builder().code(status).body(body).build();
    }
}

package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.apiban.KeyFile;
import org.sipward.net.IpAddress;

class KeyTest extends FeedFixture {
    private static final String KEY = ListServer.KEY;
    private static final IpAddress ADDRESS = IpAddress.parse("203.0.113.7").orElseThrow();

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Logger root = Logger.getLogger("");
    private final Level level = root.getLevel();
    private final Handler ear = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(record.getLevel() + " " + record.getMessage() + " " + Arrays.toString(record.getParameters())
                    + " " + trace(record.getThrown()) + " "
                    + Thread.currentThread().getName());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        ear.setLevel(Level.ALL);
        root.addHandler(ear);
    }

    @AfterEach
    void listenNoMore() {
        root.removeHandler(ear);
        root.setLevel(level);
    }

    @Test
    void isInNoLogLineStatusOrExceptionWhateverGoesWrong() throws IOException {
        root.setLevel(Level.ALL);
        Arrays.stream(root.getHandlers())
                .filter(handler -> handler != ear)
                .forEach(handler -> handler.setLevel(Level.INFO));
        List<String> shown = new ArrayList<>();
        for (boolean v2 : new boolean[] {true, false}) {
            field.server.speaksV2 = v2;
            field.server.add(10, 1000);
            Feed feed = field.feed();
            Duration wait = field.run(feed);
            for (MockResponse trouble : troubles()) {
                field.server.first(trouble);
                field.next(feed, wait.plus(Backoff.LONGEST_ASKED));
                shown.add(feed.status().toString());
                field.server.first(trouble);
                shown.add(feed.check(ADDRESS).toString());
                field.server.odd.clear();
                wait = Duration.ofHours(2);
            }
            shown.add(field.target.saved + " " + field.target.bans.values());
        }
        field.server.close();
        Feed feed = field.feed();
        field.run(feed);
        shown.add(feed.status().toString());
        shown.add(new KeyFile(field.keyFile).read().toString());

        assertThat(String.join("\n", shown))
                .contains("does not accept the key", "cannot connect")
                .doesNotContain(KEY);
        // The server's own lines tell what was asked of it; they are no part of the agent.
        assertThat(logged)
                .filteredOn(line -> !line.contains("MockWebServer"))
                .isNotEmpty()
                .noneMatch(line -> line.contains(KEY));
        assertThat(field.server.requests).anyMatch(request -> request.contains(KEY));
    }

    private List<MockResponse> troubles() {
        return List.of(
                ListServer.json(403, "{\"ipaddress\":\"none\", \"ID\":\"unauthorized\"}"),
                ListServer.json(429, "{\"ipaddress\":\"rate limit exceeded\", \"ID\":\"unauthorized\"}"),
                ListServer.json(200, "bad key " + KEY),
                ListServer.json(200, "{\"ipaddress\":[\"" + KEY + "\"],\"ID\":\"" + KEY + "\"}"),
                ListServer.json(500, KEY),
                new MockResponse.Builder().status("NONSENSE " + KEY).build(),
                new MockResponse.Builder().status("HTTP/1.1 2000000 " + KEY).build(),
                new MockResponse.Builder().setHeader("Content-Length", KEY).build(),
                new MockResponse.Builder()
                        .code(302)
                        .addHeader("Location", "http://" + KEY + ".example/api/" + KEY)
                        .build(),
                new MockResponse.Builder()
                        .code(302)
                        .addHeader("Location", "/api/" + KEY + "/moved")
                        .build(),
                new MockResponse.Builder()
                        .code(401)
                        .addHeader("WWW-Authenticate", KEY)
                        .build(),
                new MockResponse.Builder()
                        .addHeader("Content-Encoding", "gzip")
                        .body(KEY)
                        .build(),
                new MockResponse.Builder()
                        .onResponseStart(new SocketEffect.CloseSocket())
                        .build(),
                new MockResponse.Builder()
                        .headersDelay(2, java.util.concurrent.TimeUnit.SECONDS)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "MY API KEY",
                "my api key\n",
                "two words",
                "a\nb",
                "a\tb",
                "a\u0000b",
                "\u00e9",
                "\u0007"
            })
    void isRefusedWithTheNameOfItsFileWhenItCannotBeOne(String text) throws IOException {
        field.key(text);

        assertThatThrownBy(() -> new KeyFile(field.keyFile).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(field.keyFile.toString());
    }

    @Test
    void isRefusedWhenItIsTooLong() throws IOException {
        field.key("x".repeat(300));

        assertThatThrownBy(() -> new KeyFile(field.keyFile).read())
                .hasMessageContaining("more than 256 characters")
                .hasMessageNotContaining("xxx");
    }

    @Test
    void isSaidToBeMissingAndThenFound() throws IOException {
        Files.delete(field.keyFile);
        Feed feed = field.feed();

        Duration wait = field.run(feed);

        assertThat(feed.status().state()).contains("key file is missing: " + field.keyFile);
        assertThat(field.server.requests).isEmpty();
        field.key(KEY);
        field.next(feed, wait);
        assertThat(feed.status().state()).isEqualTo("up to date");
    }

    @Test
    void isSaidOnceToBeReadableByEverybody() throws IOException {
        Files.setPosixFilePermissions(field.keyFile, PosixFilePermissions.fromString("rw-r--r--"));
        Feed feed = field.feed();
        Duration wait = field.run(feed);

        field.next(feed, wait);

        assertThat(logged)
                .filteredOn(line -> line.contains("every user of this machine"))
                .hasSize(1);
    }

    @Test
    void isTriedAgainAfterAnHourWhenItWasNotAccepted() throws IOException {
        field.key("wrong");
        Feed feed = field.feed();
        field.run(feed);

        for (int i = 0; i < 14; i++) {
            field.next(feed, Field.EVERY);
        }
        assertThat(field.server.requests).hasSize(1);
        field.next(feed, Field.EVERY);

        assertThat(field.server.requests).hasSize(2);
        assertThat(logged).filteredOn(line -> line.startsWith("SEVERE")).hasSize(1);
    }

    @Test
    void isSaidAgainEveryDayWhenItIsNotAccepted() throws IOException {
        field.key("wrong");
        Feed feed = field.feed();
        field.run(feed);

        for (int hour = 0; hour < 50; hour++) {
            field.next(feed, Duration.ofHours(1));
        }

        assertThat(logged).filteredOn(line -> line.startsWith("SEVERE")).hasSize(3);
    }

    @Test
    void isUsedSoonWhenItIsNew() throws IOException {
        field.key("wrong");
        Feed feed = field.feed();
        Duration wait = field.run(feed);
        field.key(KEY);

        field.next(feed, wait);

        assertThat(feed.status().state()).isEqualTo("up to date");
    }

    @Test
    void isEscapedInThePathOfTheOldProtocol() throws IOException {
        field.key("a/../b?c#d%");
        field.server.speaksV2 = false;

        field.run(field.feed());

        assertThat(field.server.requests).contains("GET /api/a%2F..%2Fb%3Fc%23d%25/banned");
    }

    @Test
    void saysTheFirstFailureOfARowAndTheRecoveryOnly() {
        Feed feed = field.feed();
        Duration wait = Duration.ZERO;
        for (int i = 0; i < 3; i++) {
            field.server.first(ListServer.json(500, ""));
            wait = field.next(feed, wait);
        }

        field.next(feed, wait);

        assertThat(logged)
                .filteredOn(line -> line.startsWith("WARNING"))
                .hasSize(1)
                .first()
                .asString()
                .contains("keeping the previous list");
        assertThat(logged).filteredOn(line -> line.contains("works again")).hasSize(1);
    }

    private static String trace(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            text.append(cause).append(Arrays.toString(cause.getStackTrace()));
        }
        return text.toString();
    }
}

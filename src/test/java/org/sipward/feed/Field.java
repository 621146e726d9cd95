package org.sipward.feed;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import okhttp3.OkHttpClient;
import org.sipward.apiban.Wire;
import org.sipward.testing.MovableClock;

/** A feed with everything around it: a server, a key file, a list of bans, and a clock that the test moves. */
final class Field implements Closeable {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final long NOW_ID = NOW.getEpochSecond();
    static final Duration EVERY = Duration.ofMinutes(4);

    final MovableClock clock = new MovableClock(NOW);
    final FakeTarget target = new FakeTarget(clock);
    final ListServer server = new ListServer();
    final Path keyFile;
    String set = "sip";
    Duration bantime = Duration.ofDays(7);

    Field(Path dir) throws IOException {
        keyFile = dir.resolve("apiban.key");
        key(ListServer.KEY + "\n");
        server.http.start();
    }

    void key(String text) throws IOException {
        Files.writeString(keyFile, text);
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    }

    /** A new feed, as after a restart: with what the target has kept. */
    Feed feed() {
        return feed(server.http.url("/").toString());
    }

    Feed feed(String url) {
        return feed(url, quick().build());
    }

    Feed feed(String url, OkHttpClient client) {
        FeedSettings settings = new FeedSettings("apiban", url, keyFile, set, EVERY, bantime);
        // A generator of zeros: waits are the shortest that chance allows.
        return new Feed(settings, target, clock, () -> 0L, client);
    }

    /** The client of the feeds, but for its patience. */
    static OkHttpClient.Builder quick() {
        return Wire.client()
                .connectTimeout(Duration.ofSeconds(2))
                .readTimeout(Duration.ofMillis(400))
                .callTimeout(Duration.ofMillis(800));
    }

    /** Steps until the list is done or something failed, moving the clock as the feed asks. Returns the last wait. */
    Duration run(Feed feed) {
        Duration wait = feed.step();
        for (int i = 0; i < 100 && feed.status().state().matches("reading.*|not asked yet"); i++) {
            clock.move(wait);
            wait = feed.step();
        }
        return wait;
    }

    /** Lets the time of the next poll come, and runs it. */
    Duration next(Feed feed, Duration later) {
        clock.move(later);
        return run(feed);
    }

    @Override
    public void close() {
        server.close();
    }
}

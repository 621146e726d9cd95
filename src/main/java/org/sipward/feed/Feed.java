package org.sipward.feed;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.sipward.apiban.ApiKey;
import org.sipward.apiban.KeyFile;
import org.sipward.apiban.PageAnswer;
import org.sipward.apiban.Reply;
import org.sipward.apiban.Wire;
import org.sipward.net.IpAddress;
import org.sipward.time.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one shared list, APIBAN's or that of a hub that speaks the same protocol, and keeps this machine's bans equal
 * to it.
 *
 * <p>A server can take a ban away only by a list that was read whole, is believable, and no longer holds the address.
 * Every ban ends by itself, at most seven days after the address was listed. Bans in force when the process ends are in
 * force again as soon as the stored bans are restored, before the first poll: see {@link FeedTarget}.
 *
 * <p>Threads: one thread at a time calls {@link #step}; any thread may call {@link #sync}, {@link #check},
 * {@link #status} and {@link #close}. No thread of its own, and no connection between polls. Memory: see {@link Round}.
 */
public final class Feed implements Closeable {
    static final Duration KEY_RETRY = Duration.ofHours(1);
    static final Duration START_SPREAD = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Feed.class);

    private final FeedSettings settings;
    private final FeedTarget target;
    private final Clock clock;
    private final RandomGenerator random;
    private final Wire wire;
    private final KeyFile keyFile;
    private final Intake intake;
    private final Health health;
    private final RateLimit rateLimit = new RateLimit();
    private final Backoff trouble;
    private final Backoff tooMany;
    private final AtomicReference<Wish> wish = new AtomicReference<>(Wish.NOTHING);

    private boolean begun;
    private @Nullable ApiKey refusedKey;
    private Due refusedKeyRetry = Due.NOW;
    private Due nextStep = Due.NOW;
    private volatile int version = 2;
    private volatile boolean closed;
    private volatile FeedStatus status;

    private enum Wish {
        NOTHING,
        SYNC,
        FORCED_SYNC
    }

    /**
     * @param random spreads the polls of many machines
     * @throws IllegalArgumentException if a key must not be sent to the URL; with a message for the operator
     */
    public Feed(FeedSettings settings, FeedTarget target, Clock clock, RandomGenerator random) {
        this(settings, target, clock, random, Wire.client().build());
    }

    Feed(FeedSettings settings, FeedTarget target, Clock clock, RandomGenerator random, OkHttpClient client) {
        this.settings = settings;
        this.target = target;
        this.clock = clock;
        this.random = random;
        this.wire = new Wire(client, Wire.api(settings.name(), settings.url()), settings.set(), clock);
        this.keyFile = new KeyFile(settings.keyFile());
        this.health = new Health(settings.name());
        this.intake = new Intake(settings, wire.host(), target, health);
        this.trouble = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(30), random);
        this.tooMany = new Backoff(Duration.ofMinutes(2), Duration.ofHours(1), random);
        this.status = snapshot(clock.instant());
    }

    /**
     * Sends at most one request and acts on its answer. May block for 30 seconds, the longest time of a request. Never
     * throws because of a server, the network, the key file or the store.
     *
     * @return how long to wait before the next call; an earlier call sends nothing, unless {@link #sync} was called
     */
    public Duration step() {
        Duration wait = advance(clock.instant());
        Instant now = clock.instant();
        nextStep = new Due(now, wait);
        if (!wait.isZero()) {
            wire.rest();
        }
        status = snapshot(now.plus(wait));
        return wait;
    }

    /**
     * Makes the next {@link #step} read the whole list without waiting until it is due, but never faster than the key's
     * rate limit.
     *
     * @param force accept the list however much it grew or shrank
     */
    public void sync(boolean force) {
        wish.set(force ? Wish.FORCED_SYNC : Wish.SYNC);
    }

    /** Asks the server now whether its list holds the address. Like {@link #step}, it may block and never throws. */
    public ListCheck check(IpAddress address) {
        return new AddressQuery(wire, keyFile, rateLimit, clock).ask(address, version);
    }

    /** Returns the state of the feed. Does not wait for a running request. */
    public FeedStatus status() {
        return status.withHeld(target.held().size());
    }

    /** Aborts a running request, and closes connections. Bans in force stay. */
    @Override
    public void close() {
        closed = true;
        wire.close();
    }

    private Duration advance(Instant now) {
        Wish wanted = wish.getAndSet(Wish.NOTHING);
        if (closed) {
            return KEY_RETRY;
        }
        if (wanted == Wish.NOTHING && !nextStep.hasCome(now)) {
            return nextStep.left(now);
        }
        try {
            if (!begun) {
                boolean held = intake.begin();
                begun = true;
                if (held && wanted == Wish.NOTHING) {
                    // Machines that restart together should not ask in the same second; their last list is in force.
                    return part(START_SPREAD, random.nextDouble());
                }
            }
            if (wanted != Wish.NOTHING) {
                refusedKey = null;
                version = 2;
                intake.again(wanted == Wish.FORCED_SYNC, now);
            }
            Duration paced = rateLimit.wait(now, RateLimit.POLLS);
            return paced.isZero() ? ask(now) : paced;
        } catch (IOException e) {
            return failed(Health.Kind.STORE, "cannot store: " + e.getMessage(), now, trouble.next(Optional.empty()));
        } catch (RuntimeException bug) {
            // Do not retry every second: the page that triggers the bug comes again each time.
            String words = "an answer of " + wire.host() + " triggers a bug in Sipward, please report it: "
                    + bug.getClass().getSimpleName()
                    + Stream.of(bug.getStackTrace())
                            .findFirst()
                            .map(frame -> " at " + frame)
                            .orElse("");
            return failed(Health.Kind.SERVER, words, now, trouble.next(Optional.empty()));
        }
    }

    private Duration ask(Instant now) throws IOException {
        ApiKey key;
        try {
            key = keyFile.read();
        } catch (IOException e) {
            return failed(Health.Kind.KEY, String.valueOf(e.getMessage()), now, poll());
        }
        if (refusedKey != null && refusedKey.isSame(key) && !refusedKeyRetry.hasCome(now)) {
            // Only read the file again, so that a new key works soon.
            return settings.every();
        }
        if (intake.resume(now)) {
            version = 2;
        }
        if (!rateLimit.take(now, RateLimit.POLLS)) {
            return rateLimit.wait(now, RateLimit.POLLS);
        }
        Reply reply;
        try {
            reply = wire.page(version, key, intake.place());
        } catch (IOException e) {
            return failed(Health.Kind.SERVER, String.valueOf(e.getMessage()), now, trouble.next(Optional.empty()));
        }
        return act(PageAnswer.of(reply), key, clock.instant());
    }

    private Duration act(PageAnswer answer, ApiKey key, Instant now) throws IOException {
        if (answer instanceof PageAnswer.Page page) {
            return page(page, now);
        }
        if (answer instanceof PageAnswer.End) {
            spoke();
            return complete(now);
        }
        if (answer instanceof PageAnswer.BadKey refusal) {
            refusedKey = key;
            refusedKeyRetry = new Due(now, KEY_RETRY);
            String words =
                    wire.host() + " does not accept the key (HTTP " + refusal.status() + ") in " + settings.keyFile();
            return failed(Health.Kind.KEY, words, now, poll());
        }
        if (answer instanceof PageAnswer.TooMany request) {
            Duration wait = tooMany.next(request.retryAfter());
            rateLimit.hold(now, wait);
            String words = wire.host() + " reports too many requests with this key (does another machine use it?)";
            return failed(Health.Kind.RATE, words, now, wait);
        }
        if (answer instanceof PageAnswer.NotSpoken unknown) {
            if (version == 2) {
                version = 1;
                return rateLimit.wait(now, RateLimit.POLLS);
            }
            version = 2;
            String words = wire.host() + " speaks neither version of APIBAN's protocol; check url (HTTP "
                    + unknown.status() + ")";
            return failed(Health.Kind.SERVER, words, now, trouble.next(Optional.empty()));
        }
        PageAnswer.Trouble other = (PageAnswer.Trouble) answer;
        return failed(Health.Kind.SERVER, wire.host() + " " + other.words(), now, trouble.next(other.retryAfter()));
    }

    private Duration page(PageAnswer.Page page, Instant now) throws IOException {
        spoke();
        Optional<String> doubt = intake.page(page, now);
        if (doubt.isPresent()) {
            return refused(doubt.get(), now);
        }
        if (intake.isAtEnd()) {
            return complete(now);
        }
        health.worked(now, "reading, page " + (intake.pages() + 1));
        trouble.reset();
        tooMany.reset();
        return rateLimit.wait(now, RateLimit.POLLS);
    }

    private Duration complete(Instant now) throws IOException {
        intake.end(now);
        health.complete(now);
        trouble.reset();
        tooMany.reset();
        return poll();
    }

    private Duration refused(String doubt, Instant now) throws IOException {
        if (intake.giveUp(now)) {
            health.refused(doubt + "; keeping the previous list", now);
            return poll();
        }
        return failed(
                Health.Kind.LIST, wire.host() + " is not believed: " + doubt, now, trouble.next(Optional.empty()));
    }

    private Duration failed(Health.Kind kind, String words, Instant now, Duration wait) {
        // When the agent stops, an aborted request is not worth a message.
        if (!closed && !Thread.currentThread().isInterrupted()) {
            health.failed(kind, words, now);
        }
        return wait;
    }

    private void spoke() {
        if (intake.cursor().version() == version) {
            return;
        }
        intake.spoke(version);
        log.info("feed {} uses version {} of APIBAN's protocol with {}", settings.name(), version, wire.host());
        if (version == 1 && !settings.set().equals("sip")) {
            log.warn(
                    "feed {} gets the set sip: version 1 of the protocol does not know the set {}",
                    settings.name(),
                    settings.set());
        }
    }

    /** Returns the time to the next poll: the configured time, up to a tenth more or less. */
    private Duration poll() {
        return part(settings.every(), 0.9 + 0.2 * random.nextDouble());
    }

    private static Duration part(Duration whole, double share) {
        return Duration.ofMillis((long) (whole.toMillis() * share));
    }

    private FeedStatus snapshot(Instant next) {
        FeedCursor cursor = intake.cursor();
        return new FeedStatus(
                settings.name(),
                wire.host(),
                settings.set(),
                health.state(),
                health.isHealthy(),
                health.lastSuccess(),
                health.lastProblem(),
                cursor.id(),
                cursor.full(),
                cursor.listed(),
                intake.lasts() ? cursor.taken() : 0,
                0,
                intake.refused(),
                next,
                cursor.version());
    }
}

package org.sipward.ban;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ends of bans and of what was allowed by command right when somebody sets the clock.
 *
 * <p>A ban lasts as long as it was measured, in time that really passed, as in the kernel, whose time-outs no clock moves:
 * <ul>
 *   <li>A clock that is set ahead moves all ends with it, so a step ahead ends nothing: neither one by mistake, nor that
 *       of a machine without a clock of its own, which starts at an old date. Bans that were made under a later clock
 *       than the one before the step stay as they are.
 *   <li>A clock that is set back takes that back, and bans that began under the later clock last for their time from now
 *       on. The same is done at the start for bans that begin in the future, so none lasts for a year because the clock
 *       was a year ahead.
 *   <li>Before 2026 no clock is right: nothing is moved by it until it is set.
 * </ul>
 * A machine that slept looks like a step ahead: a ban lasts longer by the time that it slept, in the kernel, too.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor.
 */
final class ClockSteps {
    /** A smaller step harms nothing, and a slow thread looks like one. */
    static final Duration TOLERANCE = Duration.ofMinutes(2);

    /** A log's stamp may be so much later than now, and some time that its writer's clock may be off. */
    private static final Duration FUTURE = Duration.ofMinutes(10);

    private static final Instant PLAUSIBLE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Logger log = LoggerFactory.getLogger(ClockSteps.class);

    private final LongSupplier nanos;
    private Instant lastTime = Instant.MIN;
    private long lastNanos;
    private Duration ahead = Duration.ZERO;

    /** @param nanos a time that nobody sets, such as {@link System#nanoTime} */
    ClockSteps(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Returns by how much the clock was set ahead since the start, and not set back. */
    Duration ahead() {
        return ahead;
    }

    /** Begins to watch the clock, and brings bans that begin in the future to now. */
    void begin(Instant now, BansInForce bans, StoredBans stored) {
        lastTime = now;
        lastNanos = nanos.getAsLong();
        bringBack(now, Duration.ZERO, bans, stored);
    }

    /** Moves ends if the clock was set since the last call. Returns whether it was. */
    boolean follow(Instant now, BansInForce bans, StoredBans stored, Allowlist allowlist) {
        long nanosNow = nanos.getAsLong();
        Instant before = lastTime.equals(Instant.MIN) ? now : lastTime.plusNanos(nanosNow - lastNanos);
        Duration step = Duration.between(before, now);
        lastTime = now;
        lastNanos = nanosNow;
        if (step.abs().compareTo(TOLERANCE) <= 0) {
            return false;
        }
        Duration move = step;
        if (step.isNegative()) {
            move = step.negated().compareTo(ahead) < 0 ? step : ahead.negated();
            bringBack(now, move, bans, stored);
        } else {
            bans.change(ban -> isAfter(ban.since(), before) ? ban : ending(ban, move(ban.until(), step)), stored::add);
        }
        ahead = ahead.plus(move);
        moveAllowed(move, stored, allowlist);
        log.warn(
                "the clock was set {} by {} s; bans last as long as before",
                step.isNegative() ? "back" : "ahead",
                step.abs().toSeconds());
        return true;
    }

    private static void moveAllowed(Duration move, StoredBans stored, Allowlist allowlist) {
        Map<Network, Instant> moved = new HashMap<>();
        if (!move.isZero()) {
            allowlist.allowedByCommand().forEach((network, until) -> moved.put(network, move(until, move)));
        }
        moved.forEach(allowlist::allow);
        stored.allow(moved);
    }

    private static void bringBack(Instant now, Duration move, BansInForce bans, StoredBans stored) {
        if (now.isBefore(PLAUSIBLE)) {
            return;
        }
        // The history first: what it holds of a ban is then that ban with another end.
        stored.bringBack(now, now.plus(FUTURE));
        bans.change(
                ban -> isAfter(ban.since(), now) ? ban.beginningAt(now) : ending(ban, move(ban.until(), move)),
                stored::add);
    }

    private static boolean isAfter(Instant time, Instant now) {
        return time.isAfter(now.plus(FUTURE));
    }

    private static Instant move(Instant until, Duration by) {
        return until.equals(Ban.FOREVER) ? until : until.plus(by);
    }

    private static Ban ending(Ban ban, Instant until) {
        return new Ban(ban.network(), ban.origin(), ban.since(), until, ban.count(), ban.reason());
    }
}

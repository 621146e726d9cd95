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
 * Corrects the ends of bans, and of networks allowed by command, when somebody sets the clock.
 *
 * <p>A ban lasts its time as real time passes, just as in the kernel, whose timeouts do not move when the clock is set:
 * <ul>
 *   <li>If the clock is set ahead, all ends move with it, so that no ban ends early: neither after a wrong step,
 *       nor on a machine without a hardware clock, which starts at an old date. A ban whose beginning lies after the
 *       time before the step stays as it is.
 *   <li>If the clock is set back, that move is undone, and bans that began under the later clock begin now and last
 *       their full time. At the start, bans that begin in the future are treated the same way, so that no ban lasts for
 *       a year because the clock was a year ahead.
 *   <li>A clock that shows a time before 2026 is wrong: nothing is moved until the clock is set.
 * </ul>
 * A machine that slept looks like a clock that was set ahead: each ban lasts longer by the time of the sleep. The
 * kernel does the same.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor.
 */
final class ClockSteps {
    /** Smaller steps are ignored: they do no harm, and a slow thread looks like one. */
    static final Duration TOLERANCE = Duration.ofMinutes(2);

    /** How far a log's stamp may lie in the future, including some error of the writer's clock. */
    private static final Duration FUTURE = Duration.ofMinutes(10);

    private static final Instant PLAUSIBLE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Logger log = LoggerFactory.getLogger(ClockSteps.class);

    private final LongSupplier nanos;
    private Instant lastTime = Instant.MIN;
    private long lastNanos;
    private Duration ahead = Duration.ZERO;

    /** @param nanos a monotonic time, such as {@link System#nanoTime} */
    ClockSteps(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Returns by how much the clock was set ahead since the start and has not been set back. */
    Duration ahead() {
        return ahead;
    }

    /** Begins to watch the clock. Bans that begin in the future begin now instead. */
    void begin(Instant now, BansInForce bans, StoredBans stored) {
        lastTime = now;
        lastNanos = nanos.getAsLong();
        bringBack(now, Duration.ZERO, bans, stored);
    }

    /** Moves the ends of bans if the clock was set since the last call. Returns whether it was set. */
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
        // The history comes first: the bans in force then update their rows there.
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

package org.sipward.ban;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sipward.time.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room for the bans of one kind of origin. Logs an error once when the room is full, and again only if it has had
 * room in between; logs at most once a minute how many bans have given way. Not thread-safe.
 */
final class Room {
    /** The most bans of one kind. */
    static final int BANS = 100_000;

    /** A full room counts as full until a tenth of it is free: otherwise a flood would fill the log. */
    private static final int FREE_AGAIN = BANS / 10 * 9;

    private static final Duration SAY_AGAIN = Duration.ofMinutes(1);
    private static final Logger log = LoggerFactory.getLogger(Room.class);

    private final Origin.Kind kind;
    private boolean full;
    private long gaveWay;
    private Due nextReport = Due.NOW;

    Room(Origin.Kind kind) {
        this.kind = kind;
    }

    /** Logs that not all wanted bans have room. */
    void isTooSmall() {
        if (!full) {
            full = true;
            log.error("ban list: {}", words());
        }
    }

    /** Counts bans that gave way. There may be thousands a second, too many for a log line each. */
    void gaveWay(List<Ban> bans, Instant now) {
        gaveWay += bans.size();
        if (gaveWay > 0 && nextReport.hasCome(now)) {
            log.warn(
                    "ban list: {} bans by {} gave way to newer ones{}",
                    gaveWay,
                    name(),
                    bans.isEmpty()
                            ? ""
                            : ", such as " + bans.get(bans.size() - 1).network());
            gaveWay = 0;
            nextReport = new Due(now, SAY_AGAIN);
        }
    }

    /** Checks whether there is room again, now that there are {@code count} bans. */
    void holds(int count) {
        if (full && count < FREE_AGAIN) {
            full = false;
            log.info("ban list: there is room for bans by {} again", name());
        }
    }

    /** Returns why a ban that has no room is refused. */
    String refusal() {
        return "there is no room: " + BANS + " bans by " + name() + " are in force, end some of them first";
    }

    /** Returns a message while the room is full. */
    Optional<String> trouble() {
        return full ? Optional.of(words()) : Optional.empty();
    }

    private String words() {
        return "no room for more than " + BANS + " bans by " + name()
                + switch (kind) {
                    case JAIL ->
                        ": the oldest unproven bans give way to new ones, then the oldest of all;"
                                + " bans of the operator and of feeds stay; forged senders can cause this";
                    case OPERATOR -> ": new ones are refused, end some with 'sipward unban'";
                    case FEED -> ": further entries of feeds are left out, poll fewer or shorter lists";
                };
    }

    private String name() {
        return switch (kind) {
            case JAIL -> "jails";
            case OPERATOR -> "the operator";
            case FEED -> "feeds";
        };
    }
}

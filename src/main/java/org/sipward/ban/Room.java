package org.sipward.ban;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sipward.time.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room for the bans of one kind of origin, and what is said of it: once, loudly, that it is full, and again when it
 * was not for a while and is again; and at most once a minute how many bans have given way. Not thread-safe.
 */
final class Room {
    /** The most bans of one kind. */
    static final int BANS = 100_000;

    /** Once it is full, it stays so in words until a tenth is free: else a flood would have it said again and again. */
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

    /** Says that not all that was wanted has room. */
    void isTooSmall() {
        if (!full) {
            full = true;
            log.error("ban list: {}", words());
        }
    }

    /** Counts bans that gave way. There may be thousands a second, so that nobody could read a line for each. */
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

    /** Takes note of how many bans there are now. */
    void holds(int count) {
        if (full && count < FREE_AGAIN) {
            full = false;
            log.info("ban list: there is room for bans by {} again", name());
        }
    }

    /** Returns what a ban is refused for that has no room. */
    String refusal() {
        return "there is no room: " + BANS + " bans by " + name() + " are in force, end some of them first";
    }

    /** Returns what there is to say while it is full. */
    Optional<String> trouble() {
        return full ? Optional.of(words()) : Optional.empty();
    }

    private String words() {
        return "no room for more than " + BANS + " bans by " + name()
                + switch (kind) {
                    case JAIL ->
                        ", the oldest that prove nothing give way to new ones, then the oldest of all:"
                                + " packets with made-up senders can do this, bans of the operator and of feeds are not touched";
                    case OPERATOR -> ", new ones are refused: end some with 'sipward unban'";
                    case FEED -> ", what feeds list beyond them is left out: poll fewer or shorter lists";
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

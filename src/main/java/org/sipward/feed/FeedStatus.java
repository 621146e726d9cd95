package org.sipward.feed;

import java.time.Instant;
import java.util.Optional;

/**
 * What {@code sipward feed status} tells of one feed. Nothing in it shows the key.
 *
 * @param name the feed's name
 * @param host the host of its URL
 * @param set the data set asked for
 * @param state in words, such as {@code up to date}, or what is wrong
 * @param healthy whether the last request, if there was one, had a right answer
 * @param lastSuccess when the list was last known to be up to date, by this process
 * @param lastProblem the last failure or warning since the start, with its time
 * @param cursor the place in the list: APIBAN's ID
 * @param lastFull when the whole list was last read, by this or an earlier process
 * @param listed how many networks it held then
 * @param held how many networks this feed's bans hold now
 * @param refused what was not taken from the list since the start
 * @param next when the next request is due
 * @param version of the protocol that the server last spoke: 1 or 2; 0 if it never answered
 */
public record FeedStatus(
        String name,
        String host,
        String set,
        String state,
        boolean healthy,
        Optional<Instant> lastSuccess,
        Optional<Problem> lastProblem,
        String cursor,
        Optional<Instant> lastFull,
        int listed,
        int held,
        Refused refused,
        Instant next,
        int version) {

    FeedStatus withHeld(int networks) {
        return new FeedStatus(
                name,
                host,
                set,
                state,
                healthy,
                lastSuccess,
                lastProblem,
                cursor,
                lastFull,
                listed,
                networks,
                refused,
                next,
                version);
    }

    /** Something that went wrong, in words. */
    public record Problem(Instant time, String words) {}

    /**
     * Counters of entries that were not taken, since the start. An entry that the list shows again counts again.
     *
     * @param malformed no address
     * @param local private, loopback, multicast and other addresses that do not come from the internet
     * @param wide prefixes of more addresses than a list may name
     * @param allowed on the allowlist, or this machine's own
     * @param expired listed so long ago that they are over
     */
    public record Refused(long malformed, long local, long wide, long allowed, long expired) {}
}

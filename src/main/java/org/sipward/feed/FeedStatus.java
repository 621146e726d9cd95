package org.sipward.feed;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The status of one feed, for {@code sipward feed status}. It never shows the key.
 *
 * @param name the feed's name
 * @param host the host of its URL
 * @param set the data set asked for
 * @param state in words, such as {@code up to date}, or a word, a colon and what is wrong
 * @param healthy whether the last request, if there was one, had a valid answer, and about as many addresses are in
 *     force as were taken from the list
 * @param lastSuccess when the list was last known to be up to date, by this process
 * @param lastProblem the current problem, with the time when it was seen; empty if there is none
 * @param cursor the place in the list: APIBAN's ID
 * @param lastFull when the whole list was last read, by this or an earlier process
 * @param listed how many networks it held then
 * @param taken how many of them were in force then; 0 if that is unknown, or shrinks by itself before the list is
 *     read again
 * @param held how many networks this feed's bans hold now
 * @param refused the entries that were skipped since the last reading of the whole list began
 * @param next when the next request is due
 * @param version the version of the protocol that the server last spoke: 1 or 2; 0 if it never answered
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
        int taken,
        int held,
        Refused refused,
        Instant next,
        int version) {

    /**
     * Returns the status with the number of networks held now. The whole list is read once a day, and half of it does
     * not expire between two readings: then somebody ended the bans, or the store lost them.
     */
    FeedStatus withHeld(int networks) {
        boolean far = (long) networks * 2 < taken;
        String words = "holds only " + networks + " of the " + taken + " addresses that it took from its list";
        return new FeedStatus(
                name,
                host,
                set,
                far && state.equals(Health.UP_TO_DATE) ? "incomplete: " + words : state,
                healthy && !far,
                lastSuccess,
                far && healthy
                        ? Optional.of(new Problem(next, words + "; 'sipward feed sync' reads it again"))
                        : lastProblem,
                cursor,
                lastFull,
                listed,
                taken,
                networks,
                refused,
                next,
                version);
    }

    /**
     * Returns the state as one of these words: {@code not asked yet}, {@code reading}, {@code up to date},
     * {@code failing}, {@code keeps its old list}, {@code incomplete}.
     */
    public String word() {
        int end = Stream.of(state.indexOf(':'), state.indexOf(','))
                .filter(at -> at > 0)
                .min(Integer::compare)
                .orElse(state.length());
        return state.substring(0, end);
    }

    /** Something that went wrong, in words. */
    public record Problem(Instant time, String words) {}

    /**
     * Counts of the entries that were skipped since the last reading of the whole list began.
     *
     * @param malformed not an address
     * @param local private, loopback, multicast and other addresses that do not come from the internet
     * @param wide prefixes of more addresses than a list may name
     * @param allowed on the allowlist, or this machine's own
     * @param expired listed so long ago that their ban would be over
     */
    public record Refused(long malformed, long local, long wide, long allowed, long expired) {}
}

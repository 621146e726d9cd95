package org.sipward.feed;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sipward.apiban.PageId;

/**
 * A feed's position in its list. It is kept over a restart as one line of text, such as
 * {@code id=1698425647 full=2026-11-22T10:00:00Z listed=3000 taken=2990 api=2}.
 *
 * @param id APIBAN's cursor: digits
 * @param full when the whole list was last read, or refused
 * @param listed how many networks the list held when it was last read whole; 0 if never
 * @param taken how many of them were in force then: the others are allowed, trusted or expired; 0 if unknown
 * @param version the version of the protocol that the server last spoke; 0 if it never answered
 */
record FeedCursor(String id, Optional<Instant> full, int listed, int taken, int version) {
    static final FeedCursor NONE = new FeedCursor(PageId.START, Optional.empty(), 0, 0, 0);

    /**
     * Returns the cursor that was saved. If the text makes no sense, returns {@link #NONE}: the list is then read from
     * its start.
     */
    static FeedCursor parse(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split(" ", 8)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        try {
            String id = values.getOrDefault("id", PageId.START);
            Optional<Instant> full = Optional.ofNullable(values.get("full")).map(Instant::parse);
            int listed = Integer.parseInt(values.getOrDefault("listed", "0"));
            int taken = Integer.parseInt(values.getOrDefault("taken", "0"));
            int version = Integer.parseInt(values.getOrDefault("api", "0"));
            return PageId.isId(id) ? new FeedCursor(id, full, listed, taken, version) : NONE;
        } catch (DateTimeException | NumberFormatException notOurs) {
            return NONE;
        }
    }

    FeedCursor withId(String newId) {
        return new FeedCursor(newId, full, listed, taken, version);
    }

    FeedCursor withFull(Instant time) {
        return new FeedCursor(id, Optional.of(time), listed, taken, version);
    }

    FeedCursor withListed(int size, int inForce) {
        return new FeedCursor(id, full, size, inForce, version);
    }

    FeedCursor withVersion(int spoken) {
        return new FeedCursor(id, full, listed, taken, spoken);
    }

    /** Returns this cursor at the start of the list again, as if nothing had been read. */
    FeedCursor restarted() {
        return new FeedCursor(PageId.START, Optional.empty(), listed, taken, version);
    }

    /** Returns the text for {@link #parse}. */
    String text() {
        return "id=" + id + full.map(time -> " full=" + time).orElse("") + " listed=" + listed + " taken=" + taken
                + " api=" + version;
    }
}

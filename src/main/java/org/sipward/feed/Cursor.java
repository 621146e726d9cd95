package org.sipward.feed;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a feed has read its list; kept over a restart as one line of text, such as
 * {@code id=1698425647 full=2026-11-22T10:00:00Z listed=3000 taken=2990 api=2}.
 *
 * @param id APIBAN's cursor: digits
 * @param full when the whole list was last read, or refused
 * @param listed how many networks the list held when it was last read whole; 0 if never
 * @param taken how many of them were in force then: the others are allowed, trusted or over; 0 if unknown
 * @param version of the protocol that the server last spoke; 0 if it never answered
 */
record Cursor(String id, Optional<Instant> full, int listed, int taken, int version) {
    /** Where a list begins, by APIBAN's convention. */
    static final String START = "100";

    static final Cursor NONE = new Cursor(START, Optional.empty(), 0, 0, 0);

    private static final int MAX_DIGITS = 19;

    /** Returns the cursor that was saved. One that makes no sense is none: the list is then read from its start. */
    static Cursor parse(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split(" ", 8)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        try {
            String id = values.getOrDefault("id", START);
            Optional<Instant> full = Optional.ofNullable(values.get("full")).map(Instant::parse);
            int listed = Integer.parseInt(values.getOrDefault("listed", "0"));
            int taken = Integer.parseInt(values.getOrDefault("taken", "0"));
            int version = Integer.parseInt(values.getOrDefault("api", "0"));
            return isId(id) ? new Cursor(id, full, listed, taken, version) : NONE;
        } catch (DateTimeException | NumberFormatException notOurs) {
            return NONE;
        }
    }

    /** Returns whether this is a place that we would ask for: a number of at most 63 bits. */
    static boolean isId(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        return text.length() < MAX_DIGITS || text.compareTo(Long.toString(Long.MAX_VALUE)) <= 0;
    }

    Cursor withId(String newId) {
        return new Cursor(newId, full, listed, taken, version);
    }

    Cursor withFull(Instant time) {
        return new Cursor(id, Optional.of(time), listed, taken, version);
    }

    Cursor withListed(int size, int inForce) {
        return new Cursor(id, full, size, inForce, version);
    }

    Cursor withVersion(int spoken) {
        return new Cursor(id, full, listed, taken, spoken);
    }

    /** Returns this cursor at the start of the list again, as when nothing had ever been read. */
    Cursor restarted() {
        return new Cursor(START, Optional.empty(), listed, taken, version);
    }

    /** Returns the text for {@link #parse}. */
    String text() {
        return "id=" + id + full.map(time -> " full=" + time).orElse("") + " listed=" + listed + " taken=" + taken
                + " api=" + version;
    }
}

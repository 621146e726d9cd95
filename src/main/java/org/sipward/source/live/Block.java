package org.sipward.source.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A group of {@code Name: value} lines that an empty line ends.
 *
 * <p>Memory: at most {@value #MAX_FIELDS} lines; if there are more, those in the middle are dropped. Not thread-safe.
 */
final class Block {
    static final int MAX_FIELDS = 128;
    static final int MAX_LINES = 10_000;
    /** More lines than a server writes before the first value that a caller chose. */
    static final int FIRST_FIELDS = 16;

    private final List<String> fields = new ArrayList<>();
    private int lines;

    /**
     * Adds a line.
     *
     * @return whether the line was the empty line at the end
     */
    boolean endsWith(String line) throws IOException {
        if (line.isEmpty()) {
            return !isEmpty();
        }
        if (++lines > MAX_LINES) {
            throw new IOException("the server sent a message of more than " + MAX_LINES + " lines");
        }
        if (fields.size() == MAX_FIELDS) {
            // Dropped from the middle: an attacker who writes many lines must not push the server's lines out.
            fields.remove(FIRST_FIELDS);
        }
        fields.add(line);
        return false;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Returns the lines in order, without the empty line at the end. */
    List<String> lines() {
        return Collections.unmodifiableList(fields);
    }

    /** Returns the name of the first field, which says what kind of block this is. */
    String kind() {
        String first = fields.get(0);
        return first.substring(0, Math.max(0, first.indexOf(':')));
    }

    /** Returns the value of the first field of this name, without its leading blank. */
    Optional<String> first(String name) {
        String start = name + ":";
        return fields.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .map(value -> value.startsWith(" ") ? value.substring(1) : value)
                .findFirst();
    }
}

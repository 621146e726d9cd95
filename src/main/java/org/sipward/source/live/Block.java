package org.sipward.source.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Lines {@code Name: value} that belong together, up to an empty one.
 *
 * <p>Memory: of more than {@value #MAX_FIELDS} lines, those in the middle are forgotten. Not thread-safe.
 */
final class Block {
    static final int MAX_FIELDS = 128;
    static final int MAX_LINES = 10_000;
    /** More than a server writes before the first value that is a stranger's. */
    static final int FIRST_FIELDS = 16;

    private final List<String> fields = new ArrayList<>();
    private int lines;

    /**
     * Adds a line.
     *
     * @return whether the line was the empty one at the end
     */
    boolean endsWith(String line) throws IOException {
        if (line.isEmpty()) {
            return !isEmpty();
        }
        if (++lines > MAX_LINES) {
            throw new IOException("sends a message of more than " + MAX_LINES + " lines");
        }
        if (fields.size() == MAX_FIELDS) {
            // Out of the middle: a stranger who writes many lines must not push the server's out.
            fields.remove(FIRST_FIELDS);
        }
        fields.add(line);
        return false;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Returns the lines as they came, without the empty one. */
    List<String> lines() {
        return Collections.unmodifiableList(fields);
    }

    /** Returns the name of the first field, which says what this is. */
    String kind() {
        String first = fields.get(0);
        return first.substring(0, Math.max(0, first.indexOf(':')));
    }

    /** Returns what stands behind the name where it comes first, without the blank before it. */
    Optional<String> first(String name) {
        String start = name + ":";
        return fields.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .map(value -> value.startsWith(" ") ? value.substring(1) : value)
                .findFirst();
    }
}

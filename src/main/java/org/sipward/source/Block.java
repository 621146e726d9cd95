package org.sipward.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lines {@code Name: value} that belong together, up to an empty one. A name can stand there several times: a stranger who
 * smuggled a line break into a value has written more of them. So what the server wrote before such a value is asked for
 * by {@link #first}, what it wrote behind it by {@link #last}.
 *
 * <p>Memory: of more than {@value #MAX_FIELDS} lines, those in the middle are forgotten. Not thread-safe.
 */
final class Block {
    static final int MAX_FIELDS = 128;
    static final int MAX_LINES = 10_000;
    /** More than a server writes before the first value that is a stranger's. */
    private static final int FIRST_FIELDS = 16;

    private final List<Field> fields = new ArrayList<>();
    private int lines;
    private boolean torn;

    /**
     * Adds a line.
     *
     * @return whether the line was the empty one at the end
     */
    boolean endsWith(String line) throws IOException {
        if (line.isEmpty()) {
            return !fields.isEmpty() && !isTorn();
        }
        if (torn && (line.startsWith("Event: ") || line.startsWith("Response: "))) {
            fields.clear();
            torn = false;
        }
        if (++lines > MAX_LINES) {
            throw new IOException("sends a message of more than " + MAX_LINES + " lines");
        }
        if (fields.size() == MAX_FIELDS) {
            // Out of the middle: a stranger who writes many lines must not push the server's out.
            fields.remove(FIRST_FIELDS);
        }
        int colon = line.indexOf(':');
        boolean hasValue = colon >= 0 && colon + 1 < line.length();
        boolean blank = hasValue && line.charAt(colon + 1) == ' ';
        fields.add(new Field(
                colon < 0 ? "" : line.substring(0, colon), hasValue ? line.substring(colon + (blank ? 2 : 1)) : ""));
        return false;
    }

    /** Returns the name of the first field, which says what this is. */
    String kind() {
        return fields.get(0).name();
    }

    Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .findFirst();
    }

    Optional<String> last(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .reduce((one, next) -> next);
    }

    /**
     * A security event always names an address, behind the account. One that seems to end before has an empty line in the
     * account's name, and goes on.
     */
    private boolean isTorn() {
        torn = kind().equals("Event")
                && first("EventTV").isPresent()
                && last("RemoteAddress").isEmpty();
        return torn;
    }

    private record Field(String name, String value) {}
}

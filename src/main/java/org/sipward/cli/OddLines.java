package org.sipward.cli;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lines that deserve a look: their number, and one example of each kind, the most frequent kinds first. Two lines are
 * of the same kind if they differ only in numbers and in quoted text.
 *
 * <p>Memory is bounded: an attacker can cause any number of kinds, so beyond {@link #MAX_KINDS} kinds lines are only
 * counted.
 */
final class OddLines {
    static final int MAX_KINDS = 200;
    private static final int MAX_SHOWN = 10;
    private static final int KIND_CHARS = 120;

    /** Matches quoted text, host names, Call-IDs and numbers of any kind. */
    private static final Pattern VARIABLE = Pattern.compile("'[^']*'?|\"[^\"]*\"?|[^ ]*[0-9@][^ ]*|[^A-Za-z ]+");

    private final int maxChars;
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private long count;

    /** Creates an empty listing that shows at most {@code maxChars} characters of a line. */
    OddLines(int maxChars) {
        this.maxChars = maxChars;
    }

    /** Adds a line, with words to show before it. */
    void add(Path path, long number, String words, CharSequence line) {
        count++;
        String kind = words + VARIABLE.matcher(Text.shown(line, KIND_CHARS)).replaceAll("#");
        Kind known = kinds.get(kind);
        if (known != null) {
            known.count++;
        } else if (kinds.size() < MAX_KINDS) {
            kinds.put(kind, new Kind(path + ":" + number + ": " + words + Text.shown(line, maxChars)));
        }
    }

    /**
     * Prints the listing under a line that begins with the number of lines, or nothing if there are none.
     *
     * @param one the text after the number 1
     * @param several the text after any other number
     */
    void print(String one, String several) {
        if (count == 0) {
            return;
        }
        String shown = kinds.size() > MAX_SHOWN ? "; one of each of the " + MAX_SHOWN + " most frequent kinds:" : ":";
        System.out.println(count + " " + (count == 1 ? one : several) + shown);
        kinds.values().stream()
                .sorted(Comparator.comparingLong((Kind kind) -> -kind.count))
                .limit(MAX_SHOWN)
                .forEach(kind -> System.out.printf("%8d  %s%n", kind.count, kind.example));
    }

    private static final class Kind {
        private final String example;
        private long count = 1;

        Kind(String example) {
            this.example = example;
        }
    }
}

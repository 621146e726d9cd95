package org.sipward.cli;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lines that deserve a look: how many there are, and one of each kind, the most frequent kinds first. Two lines are of a
 * kind if they differ only in numbers and in what stands in quotes.
 *
 * <p>Memory is bounded: beyond {@link #MAX_KINDS} kinds, which an attacker can bring about, lines are only counted.
 */
final class OddLines {
    static final int MAX_KINDS = 200;
    private static final int MAX_SHOWN = 10;
    private static final int KIND_CHARS = 120;

    /** Quoted text, the names of hosts and Call-IDs, numbers of any kind. */
    private static final Pattern VARIABLE = Pattern.compile("'[^']*'?|\"[^\"]*\"?|[^ ]*[0-9@][^ ]*|[^A-Za-z ]+");

    private final int maxChars;
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private long count;

    /** Returns an empty listing that shows at most so many characters of a line. */
    OddLines(int maxChars) {
        this.maxChars = maxChars;
    }

    /** Takes in a line, with words to be shown before it. */
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
     * @param one what is said of one line
     * @param several what is said of several
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

package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.source.Line;

class LiteralTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "Registration from '.*' failed for ';Registration from '*' failed for '",
                "ab(?:longer text)cd ef;cd ef",
                "abc|abcd;''",
                "abcd*xyz;abc*xyz",
                "abcd{0,3}xyz;abc*xyz",
                "a\\.b\\.c;a.b.c",
                "[]abc]defg;defg",
                "[[:alpha:]x]defg;defg",
                "\\x41\\d\\pLword;word",
                "(?i)word;''",
                "\\Qa.b.c\\E;''",
                "ab;''",
            })
    void isTheTextThatEveryMatchHolds(String regex, String literal) {
        assertThat(Literal.of(regex))
                .hasToString("''".equals(literal) ? "" : literal.strip().isEmpty() ? "" : literal);
    }

    @Test
    void takesNoTagForText() throws Exception {
        Filter filter = FilterTest.filter(FilterTest.failure("test", "^a <ADDR>:[0-9]+ <F-USER>b</F-USER>$"));

        assertThat(filter.reader(ZoneOffset.UTC).match(Line.of("2026-11-22 10:00:00 app: a 203.0.113.7:1 b", 0, false)))
                .isPresent();
    }

    @Test
    void isInALineOnlyInItsOrder() {
        Literal literal = Literal.of("one.*two.*one");

        assertThat(literal.isIn(Line.of("one two one", 0, false))).isTrue();
        assertThat(literal.isIn(Line.of("one two", 0, false))).isFalse();
        assertThat(literal.isIn(Line.of("one one two", 0, false))).isFalse();
    }

    @Test
    void isInALineOnlyAsAWhole() {
        Literal literal = Literal.of("aab");

        assertThat(literal.isIn(Line.of("aaab", 0, false))).isTrue();
        assertThat(literal.isIn(Line.of("aab", 0, false))).isTrue();
        assertThat(literal.isIn(Line.of("aaa", 0, false))).isFalse();
        assertThat(literal.isIn(Line.of("", 0, false))).isFalse();
    }

    @Test
    void isNeverMissingFromALineThatMatches() {
        Random random = new Random(20261122);
        int matched = 0;
        for (int i = 0; i < 200_000; i++) {
            String regex = regex(random, 3);
            Pattern pattern;
            try {
                pattern = Pattern.compile(regex, Pattern.DOTALL);
            } catch (PatternSyntaxException notOne) {
                continue;
            }
            String text = text(random, regex);
            if (pattern.matcher(text).find()) {
                matched++;
                assertThat(Literal.of(regex).isIn(Line.of(text, 0, false)))
                        .as("%s in %s", regex, text)
                        .isTrue();
            }
        }
        assertThat(matched).isGreaterThan(10_000);
    }

    /** Returns a pattern made at random of everything that has a meaning in one. */
    private static String regex(Random random, int depth) {
        String[] atoms = {
            "a",
            "b",
            "ab",
            "abc",
            "cab",
            ".",
            "[ab]",
            "[^a]",
            "[]a]",
            "[[:alpha:]b]",
            "[\\]a]",
            "\\.",
            "\\x61",
            "\\x{62}",
            "\\141",
            "\\d",
            "\\pL",
            "\\p{Lu}",
            "^",
            "$",
            "\\b",
            "|",
            "-",
            " ",
            "#",
            "\\Qa.\\E",
            "(?i)"
        };
        String[] repeats = {"*", "+", "?", "{0,2}", "{2}", "{1,}", "*?", "+?", "??"};
        StringBuilder regex = new StringBuilder();
        int parts = 1 + random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            if (depth > 0 && random.nextInt(5) == 0) {
                String open = random.nextBoolean() ? "(" : "(?:";
                regex.append(open).append(regex(random, depth - 1)).append(')');
            } else {
                regex.append(atoms[random.nextInt(atoms.length)]);
            }
            if (random.nextInt(4) == 0) {
                regex.append(repeats[random.nextInt(repeats.length)]);
            }
        }
        return regex.toString();
    }

    /** Returns a line in which a pattern has a fair chance to match: of its letters, or of the pattern itself. */
    private static String text(Random random, String regex) {
        StringBuilder text = new StringBuilder();
        String letters = random.nextBoolean() ? "abc.A1- #" : "abc" + regex;
        int length = random.nextInt(10);
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return random.nextInt(4) == 0 ? text + regex.replaceAll("[^a-c]", "") : text.toString();
    }
}

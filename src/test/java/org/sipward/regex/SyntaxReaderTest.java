package org.sipward.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntaxReaderTest {
    private static final long SEED = Long.getLong("sipward.seed", 20261128);
    private static final int ROUNDS = Integer.getInteger("sipward.regexes", 300_000);

    /** Pieces that are put into expressions to spoil them. */
    private static final String[] PARTS = {
        "",
        "(",
        ")",
        "(?",
        "(?:",
        "(?P<",
        "(?P<a>",
        "(?<a>",
        ">",
        "(?i)",
        "(?i",
        "-",
        "(?s-U:",
        "U",
        "[",
        "]",
        "[^",
        "[:alpha:]",
        "[[:word:]",
        "\\",
        "\\x",
        "\\x{",
        "{",
        "}",
        "{2",
        "{2}",
        "{,2}",
        "{2,1}",
        "{1001}",
        "{3,}",
        ",",
        "*",
        "+",
        "?",
        "??",
        "|",
        "^",
        "$",
        ".",
        ":",
        "a",
        "d",
        "z",
        "Q",
        "E",
        "p",
        "0",
        "1",
        "9",
        "_",
        "&",
        " ",
        "\n",
        "~"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a|",
                "(?i)a(?-i:b)",
                "(?s-i:.)",
                "(?U)a*",
                "(?P<g>a)(?<h>b)",
                "a{2}{",
                "{,3}",
                "a{2,}?",
                "[]a]",
                "[a-]",
                "[[:^alpha:]_]",
                "\\x41\\x{ff}\\.\\-",
                "\\A\\b\\B\\z$",
                "[\\d\\S]"
            })
    void readsTheSameSyntaxAsRe2j(String regex) {
        assertThat(Pattern.compile(regex, Pattern.DOTALL)).isNotNull();
        assertThat(SyntaxReader.read(regex)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\Qa.b\\E",
                "\\pL",
                "\\p{Greek}",
                "[\\p{Lu}]",
                "(?m)^a$",
                "\\012",
                "(?i)\\xe4",
                "(?i)[\\x80-\\xff]",
                "(?i)\\x{212a}",
                "(?i)[\\x{2129}-\\x{212b}]",
                "[[:punct:]]",
                "a(?i)*",
                "a(?i){2}"
            })
    void leavesUnknownSyntaxToRe2j(String regex) {
        assertThat(Pattern.compile(regex, Pattern.DOTALL)).isNotNull();
        assertThat(SyntaxReader.read(regex)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?P<>a)",
                "(?P<a-b>a)",
                "(?P<a>a)(?P<a>b)",
                "{2}",
                "a|{2}",
                "(?:{2,}a)",
                "(?i-)a",
                "(?--i)a",
                "(?i--s:a)",
                "\\x{110000}",
                "(",
                ")",
                "a)",
                "*",
                "a|*",
                "a**",
                "a{2}{2}",
                "[a",
                "[b-a]",
                "a{1001}",
                "a{2,1}",
                "\\",
                "(?P<a",
                "[\\d-"
            })
    void refusesUnfinishedExpressions(String regex) {
        assertThat(SyntaxReader.read(regex)).isEmpty();
    }

    @Test
    void acceptsNothingThatRe2jRefuses() {
        SplittableRandom random = new SplittableRandom(SEED);
        RandomRegex made = new RandomRegex(random);
        int taken = 0;
        int refused = 0;

        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder regex = new StringBuilder(made.regex());
            for (int i = random.nextInt(4); i >= 0; i--) {
                String part = PARTS[random.nextInt(PARTS.length)];
                int at = random.nextInt(regex.length() + 1);
                regex.replace(at, Math.min(regex.length(), at + random.nextInt(3)), part);
            }
            if (SyntaxReader.read(regex.toString()).isPresent()) {
                taken++;
                assertThatCode(() -> Pattern.compile(regex.toString(), Pattern.DOTALL))
                        .as("seed %d: %s", SEED, regex)
                        .doesNotThrowAnyException();
            } else {
                refused++;
            }
        }

        assertThat(taken).isGreaterThan(ROUNDS / 10);
        assertThat(refused).isGreaterThan(ROUNDS / 10);
    }

    @Test
    void refusesATreeThatIsTooDeep() {
        assertThat(SyntaxReader.read("(?:a".repeat(100) + ")*".repeat(100))).isPresent();
        assertThat(SyntaxReader.read("(?:a".repeat(5_000) + ")*".repeat(5_000))).isEmpty();
        assertThat(SyntaxReader.read("a" + "*".repeat(5_000))).isEmpty();
    }

    @Test
    void compilesTheDeepestTreeOnAnOrdinaryStack() {
        String deep = "(?:a|(?P<g>b))?" + "(?:a|b(?:c".repeat(95) + ")*)?".repeat(95);
        Expression expression = Expression.of(deep).orElseThrow();

        PatternSet set = PatternSet.of(List.of(new PatternSet.Pattern(expression, expression, List.of("g"), true)))
                .orElseThrow();

        assertThat(set.match(new byte[] {'a'}, 0, 1)).containsExactly(0);
    }

    @Test
    void knowsTheBytesThatAMatchMustEndIn() {
        Expression quote = Expression.of("a.*(?:'|\")?$").orElseThrow();
        Expression number = Expression.of("a\\d{0}[0-9]\\b$").orElseThrow();

        assertThat(quote.canEndIn((byte) 'x')).isTrue();
        assertThat(number.canEndIn((byte) '7')).isTrue();
        assertThat(number.canEndIn((byte) 'a')).isFalse();
        assertThat(Expression.of("a*$").orElseThrow().canEndIn((byte) 'x')).isTrue();
    }
}

package org.sipward.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CostTest {
    /** A program begins, fails and matches, whatever the expression; and a group that is searched for has marks. */
    private static final int FRAME = 20;

    private static final int STACK_BYTES = 512 * 1024;

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '@', textBlock = """
            abc                  @ 3     @ 0
            [^]a-z[:alpha:]]x    @ 2     @ 0
            a\\(b\\x{41}?          @ 5     @ 1
            (a|bc)               @ 6     @ 1
            a{3}                 @ 6     @ 0
            a{0,3}               @ 6     @ 3
            a{2,}                @ 6     @ 1
            a{b                  @ 3     @ 0
            \\Qa{9}(\\E            @ 6     @ 0
            ((a{10}){10}){10}    @ 2330  @ 2
            """)
    void countsTheStepsOfTheWrittenOutExpression(String regex, long steps, int depth) {
        assertThat(Cost.of(regex)).isEqualTo(new Cost(steps, depth));
    }

    @Test
    void isNeverLessThanTheProgramsSize() {
        RandomRegex random = new RandomRegex(new SplittableRandom(20261201));
        for (int i = 0; i < 20_000; i++) {
            String regex = random.regex();
            long steps = Cost.of(regex).steps();
            try {
                assertThat((long) Pattern.compile(regex, Pattern.DOTALL).programSize())
                        .describedAs("re2j: %s", regex)
                        .isLessThanOrEqualTo(steps + FRAME);
            } catch (com.google.re2j.PatternSyntaxException refused) {
                continue;
            }
            Expression.of(regex)
                    .flatMap(expression -> Program.of(List.of(
                            new PatternSet.Pattern(Expression.of("").orElseThrow(), expression, List.of(), false))))
                    .ifPresent(program -> assertThat((long) program.size())
                            .describedAs("ours: %s", regex)
                            .isLessThanOrEqualTo(steps + FRAME));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^((((a{1,100}){1,100}){1,100}){1,100}) x$",
                "^(((a{1,1000}){1,10}){1,10}) x$",
                "^(?:x{1000}y{1000}){30} x$",
                "a{1000}{1000}{1000}{1000}{1000}{1000}{1000}{1000}{1000}{1000}"
            })
    void seesThatAnExpressionIsTooLargeForAnyMachine(String regex) {
        Cost cost = Cost.of(regex);

        assertThat(cost.steps() > 50_000 || cost.depth() > Cost.MAX_DEPTH).isTrue();
    }

    @Test
    void readsAnyTextOfAnyLength() {
        for (String part :
                List.of("(", ")", "(?:", "[", "\\", "\\Q", "{", "a{", "{1000}", "|", "[:", "\\p", "*", "(a+)+")) {
            assertThatCode(() -> Cost.of(part.repeat(100_000)))
                    .describedAs(part)
                    .doesNotThrowAnyException();
        }
        assertThat(Cost.of("(".repeat(100_000)).depth()).isEqualTo(Cost.MAX_DEPTH + 1);
    }

    @Test
    void allowsNothingThatOverflowsAThreadsStack() throws InterruptedException {
        int deep = Cost.MAX_DEPTH;
        List<String> deepest = List.of(
                "(?:a|bc){0," + (deep - 1) + "}x",
                "(?:".repeat(deep / 2) + "xy|b" + ")?".repeat(deep / 2),
                "(".repeat(deep) + "x" + ")".repeat(deep),
                "(?:(?:a|b{0," + (deep - 52) + "})*c)+");
        deepest.forEach(
                regex -> assertThat(Cost.of(regex).depth()).describedAs(regex).isLessThanOrEqualTo(deep));
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(
                null,
                () -> deepest.forEach(regex -> {
                    Pattern.compile(regex, Pattern.DOTALL);
                    Expression.of(regex)
                            .ifPresent(expression -> PatternSet.of(List.of(new PatternSet.Pattern(
                                    Expression.of("").orElseThrow(), expression, List.of(), true))));
                }),
                "small",
                STACK_BYTES);
        thread.setUncaughtExceptionHandler((any, e) -> thrown[0] = e);

        thread.start();
        thread.join();

        assertThat(thrown[0]).isNull();
    }
}

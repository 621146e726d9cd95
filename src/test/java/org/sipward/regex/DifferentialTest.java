package org.sipward.regex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.PatternSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares the automata with re2j: random expressions on random bytes. */
class DifferentialTest {
    private static final long SEED = Long.getLong("sipward.seed", 20261127);
    private static final int ROUNDS = Integer.getInteger("sipward.regexes", 60_000);
    private static final int LINES = 170;

    @Test
    void matchesTheSameBytesAsRe2j() {
        System.out.println("regexes: -Dsipward.seed=" + SEED + " -Dsipward.regexes=" + ROUNDS);
        SplittableRandom random = new SplittableRandom(SEED);
        RandomRegex made = new RandomRegex(random);
        int taken = 0;
        Lead lead = new Lead();
        int matched = 0;
        int placed = 0;
        int open = 0;
        Optional<Places> any = Optional.empty();
        Optional<Places> certain = Optional.empty();

        for (int round = 0; round < ROUNDS; round++) {
            String regex = made.regex();
            List<String> groups = IntStream.range(0, made.groups())
                    .mapToObj(i -> String.valueOf((char) ('a' + i)))
                    .toList();
            final com.google.re2j.Pattern greedy;
            com.google.re2j.Pattern lazy;
            try {
                greedy = com.google.re2j.Pattern.compile(regex, com.google.re2j.Pattern.DOTALL);
                lazy = com.google.re2j.Pattern.compile("(?U)" + regex, com.google.re2j.Pattern.DOTALL);
            } catch (PatternSyntaxException notOne) {
                continue;
            }
            Optional<Expression> expression = Expression.of(regex);
            assertThat(expression).as(regex).isPresent();
            if (groups.stream().anyMatch(group -> !greedy.namedGroups().containsKey(group))) {
                // re2j forgets the names if the whole expression is a repetition.
                continue;
            }
            taken++;
            Expression none = Expression.of("").orElseThrow();
            PatternSet set = PatternSet.of(List.of(new PatternSet.Pattern(none, expression.get(), groups, false)))
                    .orElseThrow();
            for (int line = 0; line < LINES; line++) {
                byte[] bytes = made.bytes(16);
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                Matcher first = greedy.matcher(text);
                boolean expected = first.lookingAt();
                matched += expected ? 1 : 0;
                assertThat(set.match(bytes, 0, bytes.length, lead))
                        .as("%s on %s", regex, text)
                        .hasSize(expected ? 1 : 0);
                if (line == 0) {
                    any = set.places(0, 0, false);
                    certain = set.places(0, groups.size(), false);
                }
                boolean isPlaced = agrees(any, bytes, groups, expected, List.of(first));
                placed += isPlaced ? 1 : 0;
                open += expected && !isPlaced ? 1 : 0;
                Matcher second = lazy.matcher(text);
                assertThat(second.lookingAt()).isEqualTo(expected);
                agrees(certain, bytes, groups, expected, List.of(first, second));
            }
        }
        System.out.println(taken + " regexes, " + (long) taken * LINES + " lines, " + matched + " matched, " + placed
                + " read, " + open + " not");
        assertThat(new ArrayList<>(Arrays.asList(matched, placed))).doesNotContain(0);
    }

    /** Returns whether all groups were found; they must then be where each of re2j's readings has them. */
    private static boolean agrees(
            Optional<Places> places, byte[] bytes, List<String> groups, boolean expected, List<Matcher> readings) {
        int[] found = new int[2 * groups.size() + 1];
        Places.Answer answer = places.map(one -> one.find(bytes, 0, bytes.length, new Lead(), found))
                .orElse(Places.Answer.OPEN);
        assertThat(answer).isNotEqualTo(expected ? Places.Answer.UNMATCHED : Places.Answer.PLACED);
        if (answer != Places.Answer.PLACED) {
            return false;
        }
        for (Matcher reading : readings) {
            int[] real = new int[found.length];
            for (int i = 0; i < groups.size(); i++) {
                real[2 * i] = reading.start(groups.get(i));
                real[2 * i + 1] = reading.end(groups.get(i));
            }
            real[real.length - 1] = found[found.length - 1] < 0 ? -1 : reading.end();
            assertThat(found)
                    .as("%s on %s", reading.pattern(), new String(bytes, StandardCharsets.ISO_8859_1))
                    .isEqualTo(real);
        }
        return true;
    }
}

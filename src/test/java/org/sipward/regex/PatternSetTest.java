package org.sipward.regex;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sipward.regex.Places.Answer;

class PatternSetTest {
    private static final int SMALLEST = 1;

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void returnsAllMatchingPatternsInTheOrderOfTheList() {
        PatternSet set = set(
                List.of(pattern("x: ", "ab.*"), pattern("y: ", "a"), pattern("x: ", "a$"), pattern("x: ", "a(?:b|c)c")),
                PatternSet.MAX_ENTRIES);

        assertThat(match(set, "x: abc")).containsExactly(0, 3);
        assertThat(match(set, "x: a")).containsExactly(2);
        assertThat(match(set, "y: abc")).containsExactly(1);
        assertThat(match(set, "x: b")).isEmpty();
        assertThat(match(set, "")).isEmpty();
    }

    @Test
    void readsOnlyTheBytesThatItIsGiven() {
        PatternSet set = set(List.of(pattern("", "ab$"), pattern("", "\\bab")), PatternSet.MAX_ENTRIES);

        assertThat(set.match(bytes("xabx"), 1, 3)).containsExactly(0, 1);
    }

    @Test
    void takesAnEarlyPatternForMatchingOnceNoOtherIsLeft() {
        Expression none = expression("");
        PatternSet set = set(
                List.of(
                        new PatternSet.Pattern(none, expression("a=b:(?P<g>c+)$"), List.of("g"), true),
                        pattern("", "ax")),
                PatternSet.MAX_ENTRIES);
        Lead lead = new Lead();

        int[] hits = set.match(bytes("a=d"), 0, 3, lead);

        assertThat(hits).containsExactly(0);
        assertThat(lead.isSet()).isTrue();
        assertThat(lead.place()).isEqualTo(2);
        int[] places = new int[3];
        Places found = set.places(0, 1, false).orElseThrow();
        assertThat(found.find(bytes("a=d"), 0, 3, lead, places)).isEqualTo(Answer.UNMATCHED);
        assertThat(found.find(bytes("a=b:cc"), 0, 6, lead, places)).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(4, 6);
    }

    @Test
    void matchesLikeRe2jEvenIfTheTableIsClearedAllTheTime() {
        List<String> messages = List.of("a[ab]{2}c", ".{0,3}b\\b", "(?:ab|c)*c$", "[^c]*c");
        PatternSet set =
                set(messages.stream().map(message -> pattern("z*", message)).toList(), SMALLEST);
        List<com.google.re2j.Pattern> authority = messages.stream()
                .map(message ->
                        com.google.re2j.Pattern.compile("z*(?:" + message + ")", com.google.re2j.Pattern.DOTALL))
                .toList();

        for (int i = 0; i < 2_000; i++) {
            // Long enough for a new table to be worth it.
            StringBuilder line = new StringBuilder("z".repeat(2_000));
            for (int length = random.nextInt(8); length > 0; length--) {
                line.append("abc :".charAt(random.nextInt(5)));
            }

            assertThat(match(set, line.toString()))
                    .as(line.toString())
                    .isEqualTo(IntStream.range(0, messages.size())
                            .filter(one -> authority.get(one).matcher(line).lookingAt())
                            .toArray());
        }
    }

    @Test
    void restsAfterATableServedFewBytesAndComesBack() {
        PatternSet set = set(List.of(pattern("", "abcdefgh")), SMALLEST);

        assertThat(match(set, "abcdefgh")).isNull();
        for (int i = 0; i < PatternSet.REST; i++) {
            assertThat(match(set, "a")).isNull();
        }
        assertThat(match(set, "x")).isEmpty();
    }

    @Test
    void givesUpOnBytesThatLeadToEverNewStates() {
        PatternSet set = set(List.of(pattern("", ".*a.{14}b")), PatternSet.MAX_ENTRIES);
        String line = random.ints(8_000, 0, 2).mapToObj(i -> i == 0 ? "a" : "c").reduce("", String::concat);

        assertThat(match(set, line)).isNull();
        assertThat(match(set, "a".repeat(15) + "b")).containsExactly(0);
    }

    @Test
    void findsTheSamePlacesWithAndWithoutALead() {
        RandomRegex made = new RandomRegex(random);
        Lead lead = new Lead();
        int led = 0;

        for (int round = 0; round < 3_000; round++) {
            List<PatternSet.Pattern> patterns =
                    List.of(early("[ab]", made), early("[ab]", made), pattern("b", "[b:].?:"));
            PatternSet set = set(patterns, PatternSet.MAX_ENTRIES);
            for (int pattern = 0; pattern < 2; pattern++) {
                Optional<Places> with = set.places(pattern, 0, true);
                Optional<Places> without = set.places(pattern, 0, true);
                for (int i = 0; i < 20 && with.isPresent(); i++) {
                    byte[] bytes = made.bytes(12);
                    int[] hits = set.match(bytes, 0, bytes.length, lead);
                    int[] places = new int[2 * patterns.get(pattern).groups().size() + 1];
                    int[] other = places.clone();

                    Answer answer = without.orElseThrow().find(bytes, 0, bytes.length, new Lead(), places);

                    String what = patterns + " on " + new String(bytes, StandardCharsets.ISO_8859_1);
                    if (answer != Answer.UNMATCHED) {
                        assertThat(hits).as(what).contains(pattern);
                    }
                    assertThat(with.get().find(bytes, 0, bytes.length, lead, other))
                            .as(what)
                            .isEqualTo(answer);
                    if (answer == Answer.PLACED) {
                        led += lead.isSet() && lead.place() > 1 ? 1 : 0;
                        assertThat(other).as(what).isEqualTo(places);
                    }
                }
            }
        }

        assertThat(led).isGreaterThan(100);
    }

    @Test
    void findsAGroupOfTheSharedBeginningThatEndsBehindTheLead() {
        PatternSet set = set(
                List.of(
                        new PatternSet.Pattern(
                                expression("(?P<h>[ab=]+:)?"), expression("a=(?P<g>b+)$"), List.of("g", "h"), true),
                        pattern("", "a=[ab:=]*x")),
                PatternSet.MAX_ENTRIES);
        Places found = set.places(0, 1, false).orElseThrow();
        Lead lead = new Lead();
        int[] places = new int[5];

        assertThat(set.match(bytes("a=bb"), 0, 4, lead)).containsExactly(0);
        assertThat(lead.place()).isEqualTo(1);
        assertThat(found.find(bytes("a=bb"), 0, 4, lead, places)).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(2, 4, -1, -1);

        assertThat(set.match(bytes("a=b:a=bb"), 0, 8, lead)).containsExactly(0);
        assertThat(lead.place()).isEqualTo(1);
        assertThat(found.find(bytes("a=b:a=bb"), 0, 8, lead, places)).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(6, 8, 0, 4);

        assertThat(set.match(bytes("b:a=bb"), 0, 6, lead)).containsExactly(0);
        assertThat(lead.isSet()).isFalse();
        assertThat(found.find(bytes("b:a=bb"), 0, 6, lead, places)).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(4, 6, 0, 2);
    }

    @Test
    void findsAGroupOfTheSharedBeginningThatBeginsAtTheFirstByte() {
        PatternSet set = set(
                List.of(
                        new PatternSet.Pattern(
                                expression("b*?(?P<h>[a-z]+:)"), expression("(?P<g>c)"), List.of("g", "h"), true),
                        new PatternSet.Pattern(expression(""), expression("b(?P<g>x)"), List.of("g"), true)),
                PatternSet.MAX_ENTRIES);
        Places found = set.places(0, 1, false).orElseThrow();
        Lead lead = new Lead();
        int[] places = new int[5];

        // The second pattern's group may begin behind the first byte. Group h may begin at each b: re2j must choose.
        assertThat(set.match(bytes("bb:c"), 0, 4, lead)).containsExactly(0);
        assertThat(found.find(bytes("bb:c"), 0, 4, lead, places)).isEqualTo(Answer.OPEN);
        assertThat(found.find(bytes("bb:c"), 0, 4, new Lead(), places)).isEqualTo(Answer.OPEN);
    }

    @Test
    void givesTheSameLeadEvenIfTheTableIsClearedAllTheTime() {
        List<PatternSet.Pattern> patterns = List.of(
                new PatternSet.Pattern(expression("z*"), expression("[a-c]{2}=(?P<g>d+)$"), List.of("g"), true),
                pattern("z*", "[a-c]{2}=[de]*x"));
        PatternSet large = set(patterns, PatternSet.MAX_ENTRIES);
        PatternSet small = set(patterns, SMALLEST);
        Lead expected = new Lead();
        Lead lead = new Lead();
        int led = 0;

        for (int i = 0; i < 2_000; i++) {
            StringBuilder line = new StringBuilder("z".repeat(2_000));
            for (int length = random.nextInt(8); length > 0; length--) {
                line.append("abc==ddx".charAt(random.nextInt(8)));
            }
            byte[] bytes = bytes(line.toString());

            assertThat(small.match(bytes, 0, bytes.length, lead))
                    .as(line.toString())
                    .isEqualTo(large.match(bytes, 0, bytes.length, expected));
            assertThat(lead.isSet()).isEqualTo(expected.isSet());
            assertThat(lead.place()).isEqualTo(expected.place());
            assertThat(lead.key()).isEqualTo(expected.key());
            led += lead.isSet() ? 1 : 0;
        }

        assertThat(led).isGreaterThan(20);
    }

    private static PatternSet.Pattern early(String prefix, RandomRegex made) {
        Expression message = expression("(?:" + made.regex() + ")");
        List<String> names = IntStream.range(0, made.groups())
                .mapToObj(i -> String.valueOf((char) ('a' + i)))
                .toList();
        return new PatternSet.Pattern(expression(prefix), message, names, true);
    }

    private static PatternSet set(List<PatternSet.Pattern> patterns, int maxEntries) {
        return PatternSet.of(patterns, maxEntries).orElseThrow();
    }

    private static PatternSet.Pattern pattern(String prefix, String message) {
        return new PatternSet.Pattern(expression(prefix), expression("(?:" + message + ")"), List.of(), false);
    }

    private static Expression expression(String regex) {
        return Expression.of(regex).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int @Nullable [] match(PatternSet set, String text) {
        int[] hits = set.match(bytes(text), 0, text.length());
        return hits == null ? null : Arrays.copyOf(hits, hits.length);
    }
}

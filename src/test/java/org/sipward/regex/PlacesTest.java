package org.sipward.regex;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sipward.regex.Places.Answer;

class PlacesTest {
    private final int[] places = new int[5];

    @Test
    void findsAnOptionalGroup() {
        Places optional = places("a(?P<x>b)?c", 2);

        assertThat(find(optional, "abc")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(1, 2);
        assertThat(find(optional, "ac")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(-1, -1);
    }

    @Test
    void findsTheGroupsOfTheBranchThatMatches() {
        Places branches = places("(?:a(?P<x>\\d+)|b(?P<y>\\d*));", 2);

        assertThat(find(branches, "a12;")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(1, 3, -1, -1);
        assertThat(find(branches, "b;")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(-1, -1, 1, 1);
    }

    @Test
    void hasNoPlaceForAGroupThatThePatternLacks() {
        assertThat(find(places("ab", 2), "ab")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(-1, -1, -1, -1);
    }

    @Test
    void saysThatBytesDoNotMatch() {
        assertThat(find(places("a(?P<x>b)$", 2), "abc")).isEqualTo(Answer.UNMATCHED);
        assertThat(find(places("a(?P<x>b)", 2), "")).isEqualTo(Answer.UNMATCHED);
    }

    @Test
    void isOpenIfAGroupMustBeCertainAndIsNot() {
        assertThat(find(places(".*(?P<x>a).*", 1), "-a-a")).isEqualTo(Answer.OPEN);
        assertThat(find(places(".*(?P<x>a).*", 1), "-a--")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(1, 2);
    }

    @Test
    void followsTheReadingOfRe2jIfAGroupNeedNotBeCertain() {
        assertThat(find(places("-(?P<x>a*).*$", 0), "-aab")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(1, 3);
        assertThat(find(places("-(?P<x>a*?).*$", 0), "-aab")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(1, 1);
        assertThat(find(places("-(?:(?P<x>a)|a).*$", 0), "-aab")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(1, 2);
        assertThat(find(places("-(?:a|(?P<x>a)).*$", 0), "-aab")).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(-1, -1);
    }

    @Test
    void isOpenIfTheReadingOfAGroupCouldBeginAtSeveralPlaces() {
        assertThat(find(places(".*(?P<x>a).*", 0), "-a-a")).isEqualTo(Answer.OPEN);
    }

    @Test
    void returnsTheEndOfTheMatchIfThereIsOnlyOne() {
        assertThat(find(ending("a+b"), "aabb")).isEqualTo(Answer.PLACED);
        assertThat(places[4]).isEqualTo(3);
        assertThat(find(ending("a+"), "aabb")).isEqualTo(Answer.OPEN);
    }

    @Test
    void countsFromTheFirstByte() {
        byte[] bytes = "--abc--".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(places("a(?P<x>b)c$", 2).find(bytes, 2, 5, new Lead(), places))
                .isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(1, 2);
    }

    @Test
    void isOpenForTooManyBytes() {
        Places any = places("(?P<x>a*)$", 2);

        assertThat(find(any, "a".repeat(Places.MAX_BYTES))).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(0, Places.MAX_BYTES);
        assertThat(find(any, "a".repeat(Places.MAX_BYTES + 1))).isEqualTo(Answer.OPEN);
    }

    @Test
    void findsNoGroupsWithinRepetitions() {
        assertThat(set("(?:(?P<x>a),)*").places(0, 2, false)).isEmpty();
    }

    @Test
    void restsAfterATableServedFewBytesAndComesBack() {
        Places tiny = set("(?P<x>abcdefgh)").places(0, 2, false, 1).orElseThrow();

        assertThat(find(tiny, "abcdefgh")).isEqualTo(Answer.OPEN);
        for (int i = 0; i < PatternSet.REST; i++) {
            assertThat(find(tiny, "x")).isEqualTo(Answer.OPEN);
        }
        assertThat(find(tiny, "x")).isEqualTo(Answer.UNMATCHED);
    }

    @Test
    void beginsAtNoPositionWhereAMarkMayApply() {
        Expression none = Expression.of("").orElseThrow();
        Expression condition = Expression.of("ab\\b(?P<x>)-").orElseThrow();
        Expression other = Expression.of("ac").orElseThrow();
        PatternSet set = PatternSet.of(List.of(
                        new PatternSet.Pattern(none, condition, List.of("x"), true),
                        new PatternSet.Pattern(none, other, List.of(), true)))
                .orElseThrow();
        Lead lead = new Lead();
        byte[] bytes = "ab-".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(set.match(bytes, 0, bytes.length, lead)).containsExactly(0);

        Places led = set.places(0, 1, false).orElseThrow();
        assertThat(led.find(bytes, 0, bytes.length, lead, places)).isEqualTo(Answer.PLACED);
        assertThat(places).startsWith(2, 2);
    }

    private static Places places(String regex, int certain) {
        return set(regex).places(0, certain, false).orElseThrow();
    }

    private static Places ending(String regex) {
        return set(regex).places(0, 2, true).orElseThrow();
    }

    private static PatternSet set(String regex) {
        Expression none = Expression.of("").orElseThrow();
        Optional<Expression> expression = Expression.of(regex);
        return PatternSet.of(List.of(new PatternSet.Pattern(none, expression.orElseThrow(), List.of("x", "y"), false)))
                .orElseThrow();
    }

    private Answer find(Places finder, String text) {
        return finder.find(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length(), new Lead(), places);
    }
}

package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.filter.FilterSpec.Pattern;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

class FilterTest {
    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final long ARRIVAL = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
    private static final Pattern REFUSED = failure("refused", "^refused <F-USER>[^ ]*</F-USER> from <ADDR>$");

    @Test
    void readsAddressTimeAndAccountOfAFailure() throws Exception {
        Match match = match(filter(REFUSED), "2026-11-22 10:00:00 app: refused bob from 203.0.113.7")
                .orElseThrow();

        assertThat(match)
                .isEqualTo(new Match(
                        Match.Kind.FAILURE,
                        "refused",
                        1,
                        true,
                        Match.Excuse.NONE,
                        IpAddress.parse("203.0.113.7"),
                        Optional.of(Instant.parse("2026-11-22T10:00:00Z")),
                        new Claims(Optional.of("bob"), Optional.empty(), Optional.empty(), Optional.empty()),
                        ARRIVAL,
                        false));
    }

    @Test
    void carriesTheWeightOfThePattern() throws Exception {
        Filter filter = filter(new Pattern(Kind.FAILURE, "refused", REFUSED.regex(), 3, false));

        assertThat(match(filter, "2026-11-22 10:00:00 app: refused bob from 203.0.113.7"))
                .hasValueSatisfying(match -> assertThat(match.weight()).isEqualTo(3));
    }

    @Test
    void readsASuccessWithoutWeight() throws Exception {
        Filter filter = filter(new Pattern(Kind.SUCCESS, "welcome", "^welcome <ADDR>$", 1, false));

        assertThat(match(filter, "2026-11-22 10:00:00 app: welcome 203.0.113.7"))
                .hasValueSatisfying(match -> assertThat(match.kind()).isEqualTo(Match.Kind.SUCCESS))
                .hasValueSatisfying(match -> assertThat(match.weight()).isZero());
    }

    @Test
    void knowsNoRecordThatDoesNotStandAtTheStart() throws Exception {
        assertThat(match(filter(REFUSED), "x 2026-11-22 10:00:00 app: refused bob from 203.0.113.7"))
                .isEmpty();
        assertThat(match(filter(REFUSED), "2026-11-22 10:00:00 said app: refused bob from 203.0.113.7"))
                .isEmpty();
        assertThat(match(filter(REFUSED), "app: refused bob from 203.0.113.7")).isEmpty();
    }

    @Test
    void seesTheEndOfTheLineOnlyAtItsVeryEnd() throws Exception {
        for (String end : List.of("\r", "\n", "\u0085", " ", "\0")) {
            assertThat(match(filter(REFUSED), "2026-11-22 10:00:00 app: refused bob from 203.0.113.7" + end))
                    .isEmpty();
        }
    }

    @Test
    void ignoresWhatAnIgnoreregexMatchesWhateverElseDoes() throws Exception {
        Filter filter = filter(REFUSED, new Pattern(Kind.IGNORE, "monitor", "^refused monitor ", 1, false));

        assertThat(match(filter, "2026-11-22 10:00:00 app: refused monitor from 203.0.113.7"))
                .isEmpty();
        assertThat(match(filter, "2026-11-22 10:00:00 app: refused bob from 203.0.113.7"))
                .isPresent();
    }

    @Test
    void accusesNobodyWhereADoubtregexMatchesWhateverElseDoes() throws Exception {
        Filter filter = filter(REFUSED, new Pattern(Kind.DOUBT, "quoted", "^.*app: refused \"", 1, false));

        assertThat(match(filter, "2026-11-22 10:00:00 app: refused \"bob from 203.0.113.7"))
                .hasValueSatisfying(match -> assertThat(match.pattern()).isEqualTo("quoted"))
                .hasValueSatisfying(match -> assertThat(match.kind()).isEqualTo(Match.Kind.SUSPICIOUS))
                .hasValueSatisfying(match -> assertThat(match.address()).isEmpty());
        assertThat(match(filter, "2026-11-22 10:00:00 app: refused bob from 203.0.113.7"))
                .hasValueSatisfying(match -> assertThat(match.kind()).isEqualTo(Match.Kind.FAILURE));
    }

    @Test
    void accusesNobodyWhenTwoPatternsReadDifferentAddresses() throws Exception {
        Filter filter =
                filter(failure("first", "^refused <ADDR> via [^ ]+$"), failure("last", "^refused [^ ]+ via <ADDR>$"));

        Match match = match(filter, "2026-11-22 10:00:00 app: refused 192.0.2.1 via 203.0.113.7")
                .orElseThrow();

        assertThat(match.kind()).isEqualTo(Match.Kind.SUSPICIOUS);
        assertThat(match.address()).isEmpty();
        assertThat(match.weight()).isZero();
    }

    @Test
    void accusesWhenTwoPatternsReadTheSameAddress() throws Exception {
        Filter filter =
                filter(failure("first", "^refused <ADDR> via [^ ]+$"), failure("last", "^refused [^ ]+ via <ADDR>$"));

        assertThat(match(filter, "2026-11-22 10:00:00 app: refused 203.0.113.7 via 203.0.113.7"))
                .hasValueSatisfying(match -> assertThat(match.kind()).isEqualTo(Match.Kind.FAILURE));
        assertThat(filter.reader(ZONE).patternsOf(line("2026-11-22 10:00:00 app: refused 203.0.113.7 via 203.0.113.7")))
                .containsExactly("first", "last");
    }

    @Test
    void accusesNobodyWhenSuccessAndFailureAreReadFromOneLine() throws Exception {
        Filter filter = filter(REFUSED, new Pattern(Kind.SUCCESS, "odd", "^refused .* from <ADDR>$", 1, false));

        assertThat(match(filter, "2026-11-22 10:00:00 app: refused bob from 203.0.113.7"))
                .hasValueSatisfying(match -> assertThat(match.kind()).isEqualTo(Match.Kind.SUSPICIOUS));
    }

    @Test
    void saysNothingOfALineThatMayHoldTwoRecords() throws Exception {
        String record = "2026-11-22 10:00:00 app: refused %s from 203.0.113.7";
        String name = "x".repeat(Filter.MAX_LINE_BYTES - record.length() + 2);

        assertThat(match(filter(REFUSED), record.formatted(name))).isPresent();
        assertThat(match(filter(REFUSED), record.formatted(name + "x"))).isEmpty();
    }

    @Test
    void tellsTheStampOfALineThatSaysNothing() throws Exception {
        Filter filter = filter(REFUSED);

        assertThat(filter.reader(ZONE).stamp(line("2026-11-22 10:00:00 anything")))
                .hasValue(Instant.parse("2026-11-22T10:00:00Z").toEpochMilli());
        assertThat(filter.reader(ZONE).stamp(line("anything"))).isEmpty();
    }

    @Test
    void readsNoTimeFromALineThatNeedsNone() throws Exception {
        Filter filter = Filter.compile(new FilterSpec("test", "", List.of("none"), "", List.of(REFUSED)));

        assertThat(match(filter, "refused bob from 203.0.113.7"))
                .hasValueSatisfying(match -> assertThat(match.time()).isEmpty());
        assertThat(filter.reader(ZONE).stamp(line("refused bob from 203.0.113.7")))
                .isEmpty();
    }

    @Test
    void takesABlockWhoseEndAndRemainsNameTheirGroupsAlike() throws Exception {
        FilterSpec.Block block =
                new FilterSpec.Block("dump", "^dump:", "^(?P<x>end)$", 200, false, false, true, "^(?P<x>nd)$");
        Filter filter = Filter.compile(
                new FilterSpec("test", "", List.of("iso8601"), "^app: ", List.of(REFUSED), "", List.of(block), ""));

        assertThat(match(filter, "2026-11-22 10:00:00 app: refused bob from 203.0.113.7"))
                .isPresent();
    }

    static Pattern failure(String name, String regex) {
        return new Pattern(Kind.FAILURE, name, regex, 1, false);
    }

    static Filter filter(Pattern... patterns) throws FilterException {
        return Filter.compile(new FilterSpec("test", "", List.of("iso8601"), "^app: ", List.of(patterns)));
    }

    private static Optional<Match> match(Filter filter, String line) {
        return filter.reader(ZONE).match(line(line));
    }

    private static Line line(String text) {
        return Line.of(text, ARRIVAL, false);
    }
}

package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.filter.FilterException.Problem;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.filter.FilterSpec.Pattern;
import org.sipward.source.Line;

class CompiledPatternTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "[203.0.113.7], 203.0.113.7",
        "2001:db8::7, 2001:db8::7",
        "[2001:db8::7], 2001:db8::7",
        "2001:DB8:0:0:0:0:0:7, 2001:db8::7",
        "::ffff:203.0.113.7, 203.0.113.7",
    })
    void readsAnAddressInEverySpelling(String written, String address) throws Exception {
        assertThat(address("^from <ADDR>$", "from " + written)).contains(address);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7:5060, 203.0.113.7",
        "[2001:db8::7]:5060, 2001:db8::7",
        "2001:db8:bad::5:47011, 2001:db8:bad::5",
    })
    void takesThePortForNoPartOfTheAddress(String written, String address) throws Exception {
        assertThat(address("^from <ADDR>:[0-9]+$", "from " + written)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3.4.5", "256.1.1.1", "1.2.3", "::1::", "01.2.3.4", "1:2", "host"})
    void readsNoAddressFromWhatIsNone(String written) throws Exception {
        assertThat(address("^from <ADDR>.*$", "from " + written)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x1.2.3.4", "1.2.3.4x", "1.2.3.4.example.net", "a.1.2.3.4"})
    void readsNoAddressFromAPieceOfAName(String written) throws Exception {
        assertThat(address("^from .*?<ADDR>.*$", "from " + written)).isEmpty();
    }

    @Test
    void readsNoAddressWhereTheFirstAndTheLastDiffer() throws Exception {
        assertThat(address("^from .*<ADDR>.*$", "from 192.0.2.1 and 203.0.113.7"))
                .isEmpty();
        assertThat(address("^from .*?<ADDR>.*$", "from 192.0.2.1 and 203.0.113.7"))
                .isEmpty();
    }

    @Test
    void readsTheAddressThatCanStandInOnePlaceOnly() throws Exception {
        assertThat(address("^from .* <ADDR>$", "from 192.0.2.1 and 203.0.113.7"))
                .contains("203.0.113.7");
        assertThat(address("^from <ADDR> .*$", "from 192.0.2.1 and 203.0.113.7"))
                .contains("192.0.2.1");
    }

    @Test
    void readsNoAddressThatASenderWroteOnBothSidesOfTheServers() throws Exception {
        assertThat(address("^.*from <ADDR>.*$", "from 192.0.2.1 and from 203.0.113.7 and from 192.0.2.1"))
                .isEmpty();
    }

    @Test
    void isNotLedAstrayByBytesThatAreNoText() throws Exception {
        assertThat(address("^from .* at <ADDR>$", "from \u00ff\u0085\r\n\0\u001b[0m at 203.0.113.7"))
                .contains("203.0.113.7");
    }

    @Test
    void refusesAPatternThatBeginsAnywhere() {
        assertThat(problemsOf("from <ADDR>$"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).isEqualTo("failregex.test"))
                .satisfies(problem -> assertThat(problem.value()).isEqualTo("from <ADDR>$"))
                .satisfies(problem -> assertThat(problem.what()).isEqualTo("is not anchored"))
                .satisfies(problem -> assertThat(problem.mend()).startsWith("begin it with ^"));
    }

    @Test
    void refusesAPatternThatAccusesNobodyOrTwo() {
        assertThat(problemsOf("^from nobody$")).extracting(Problem::what).containsExactly("has no <ADDR>");
        assertThat(problemsOf("^from <ADDR> or <HOST>$"))
                .extracting(Problem::what)
                .containsExactly("has more than one <ADDR>");
    }

    @Test
    void wantsNoAddressInAnIgnoreregex() throws Exception {
        Filter filter = FilterTest.filter(
                FilterTest.failure("test", "^from <ADDR>$"),
                new Pattern(Kind.IGNORE, "quiet", "^from 10\\.", 1, false));

        assertThat(filter.reader(ZoneOffset.UTC)
                        .patternsOf(Line.of("2026-11-22 10:00:00 app: from 10.0.0.1", 0, false)))
                .containsExactly("test", "quiet");
    }

    @Test
    void refusesARepetitionThatMeansItsOwnCharacters() {
        assertThat(problemsOf("^from x{,3} <ADDR>$"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.mend()).isEqualTo("write {0,n}"));
    }

    @Test
    void refusesCharactersThatAreSeveralBytesInALog() {
        assertThat(problemsOf("^from caf\u00e9 <ADDR>$"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("not printable ASCII"))
                .satisfies(problem -> assertThat(problem.mend()).contains("\\xHH"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(?!x)from <ADDR>$",
                "^(?=x)from <ADDR>$",
                "^(a)\\1 <ADDR>$",
                "^(?<=x)from <ADDR>$",
                "^a++ <ADDR>$"
            })
    void refusesWhatNeedsMoreThanLinearTime(String regex) {
        assertThat(problemsOf(regex))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("RE2"))
                .satisfies(problem -> assertThat(problem.mend()).contains("ignoreregex"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"^.*<ADDR>.*$", "^.+<HOST>$", "^.*?<ADDR>", "^(?:.*)<ADDR>$", "^.{0,}<ADDR>$"})
    void refusesAnAddressBehindAnythingAtAll(String regex) {
        assertThat(problemsOf(regex))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("behind any text"))
                .satisfies(problem -> assertThat(problem.mend()).startsWith("write what the server writes"));
    }

    @ParameterizedTest
    @CsvSource({
        "^(from <ADDR>$, close the (",
        "^(?:a|b from <ADDR>$, close the (",
        "^[a from <ADDR>$, close each ( and [",
        "^a) from <ADDR>$, write \\( \\)",
        "^* from <ADDR>$, write what is repeated"
    })
    void saysHowToMendWhatIsNotClosed(String regex, String mend) {
        assertThat(problemsOf(regex))
                .singleElement()
                .satisfies(problem -> assertThat(problem.mend()).contains(mend));
    }

    @Test
    void refusesAWeightBelowOne() {
        assertThat(problemsOf(new Pattern(Kind.FAILURE, "test", "^from <ADDR>$", 0, false)))
                .extracting(Problem::what)
                .containsExactly("weight is 0");
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        FilterSpec spec = new FilterSpec(
                "test",
                "",
                List.of("iso8601", "rfc9999"),
                "^<ADDR> ",
                List.of(FilterTest.failure("a", "x"), FilterTest.failure("b", "^(<ADDR>")));

        FilterException error = catchThrowableOfType(FilterException.class, () -> Filter.compile(spec));

        assertThat(error.problems())
                .extracting(Problem::path)
                .containsExactly("time", "prefix", "failregex.a", "failregex.a", "failregex.b");
        assertThat(error).hasMessageStartingWith("filter test: time: is not a time stamp; ");
    }

    @Test
    void namesTheTimeStampsThatThereAre() {
        FilterSpec spec = new FilterSpec("test", "", List.of(), "", List.of());

        FilterException error = catchThrowableOfType(FilterException.class, () -> Filter.compile(spec));

        assertThat(error.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.mend()).contains("asterisk", "syslog", "rfc5424", "none"));
    }

    private static List<Problem> problemsOf(String regex) {
        return problemsOf(FilterTest.failure("test", regex));
    }

    private static List<Problem> problemsOf(Pattern pattern) {
        return catchThrowableOfType(FilterException.class, () -> FilterTest.filter(pattern))
                .problems();
    }

    private static Optional<String> address(String regex, String line) throws FilterException {
        Line whole = Line.of("2026-11-22 10:00:00 app: " + line, 0, false);
        return FilterTest.filter(FilterTest.failure("test", regex))
                .reader(ZoneOffset.UTC)
                .match(whole)
                .flatMap(Match::address)
                .map(Object::toString);
    }
}

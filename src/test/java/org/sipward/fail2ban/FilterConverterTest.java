package org.sipward.fail2ban;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.fail2ban.FilterConverter.Converted;
import org.sipward.filter.Filter;
import org.sipward.filter.Match;
import org.sipward.source.Line;

/** What a pattern in fail2ban's words means in ours. */
class FilterConverterTest {
    private static final long ARRIVAL = Instant.parse("2026-11-22T10:00:00Z").toEpochMilli();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '@', textBlock = """
            ^bad login from <HOST>$                           @ bad login from 203.0.113.7
            from <HOST>$                                      @ somebody from 203.0.113.7
            ^ bad login from <HOST>$                          @ bad login from 203.0.113.7
            ^\\[\\] bad login from <HOST>$                    @ [Nov 22 09:00:00] bad login from 203.0.113.7
            ^<HOST> - \\[\\] "GET                             @ 203.0.113.7 - [22/Nov/2026:09:00:00 +0000] "GET /
            ^(?:a <HOST>|b <HOST> c)$                         @ b 203.0.113.7 c
            ^(?i)BAD (?P<what>login|call) from \\[?<ADDR>\\]?  @ bad CALL from [2001:db8::7]
            ^x{,3}(?!ab)\\w+ from <HOST>                      @ xxac from 203.0.113.7
            ^(['"])bad\\1 from <HOST>                         @ 'bad' from 203.0.113.7
            ^(?P<q>")?bad(?(q)"|;) from <HOST>$               @ "bad" from 203.0.113.7
            ^(?P<q>")?bad(?(q)"|;) from <HOST>$               @ bad; from 203.0.113.7
            ^user (?:(?! from ).)* from <HOST>$               @ user x y from 203.0.113.7
            ^.*\\nbad login from <HOST>                       @ bad login from 203.0.113.7
            ^caf\u00e9 from <SUBNET>                          @ caf\u00c3\u00a9 from 203.0.113.7/32
            """)
    void accusesWhomFail2banAccuses(String regex, String line) throws Exception {
        String address = line.contains("2001:") ? "2001:db8::7" : "203.0.113.7";

        assertThat(accused(convert("failregex = " + regex), line)).contains(address);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '@', textBlock = """
            ^(?!ab)\\w+ from <HOST>              @ abc from 203.0.113.7
            ^failed:(?! lost) \\w+ from <HOST>   @ failed: lost from 203.0.113.7
            ^(['"])bad\\1 from <HOST>            @ 'bad" from 203.0.113.7
            ^(?P<q>")?bad(?(q)"|;) from <HOST>$  @ "bad; from 203.0.113.7
            ^user (?:(?! from ).)* from <HOST>   @ user x from 203.0.113.8 from 203.0.113.7
            ^bad login from <HOST>$              @ bad login from host.example.net
            ^bad login from <HOST>$              @ x bad login from 203.0.113.7
            """)
    void accusesNobodyElse(String regex, String line) throws Exception {
        assertThat(accused(convert("failregex = " + regex), line)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^bad (?=x)login from <HOST>",
                "^(?<!x)bad login from <HOST>",
                "^bad login$",
                "^bad <F-ID>\\S+</F-ID>$",
                "^bad from <HOST><SKIPLINES>end",
                "^bad from <HOST>\\nend",
                "^bad++ from <HOST>",
                "^bad (from <HOST>",
                "^bad a** from <HOST>",
                "^bad from <HOST> for <HOST>"
            })
    void saysWhichPatternItCannotTurn(String regex) throws Exception {
        Converted converted = convert("failregex = " + regex + "\n            ^other from <HOST>$");

        assertThat(converted.losses()).hasSize(1);
        assertThat(converted.losses().get(0).where()).isEqualTo("filter own: failregex 1");
        assertThat(accused(converted, "other from 203.0.113.7")).contains("203.0.113.7");
    }

    static Stream<String> patternsThatAskForMoreThanThereIs() {
        return Stream.of(
                "^((((a{1,100}){1,100}){1,100}){1,100}) <HOST>$",
                "^(?:x{1000}y{1000}){30} <HOST>$",
                "^a{,1000} <HOST>$",
                "^" + "(?:".repeat(5000) + "a" + ")".repeat(5000) + " <HOST>$");
    }

    @ParameterizedTest
    @MethodSource("patternsThatAskForMoreThanThereIs")
    void saysWhichPatternIsTooLarge(String regex) throws Exception {
        Converted converted = convert("failregex = " + regex + "\n            ^other from <HOST>$");

        assertThat(converted.losses())
                .singleElement()
                .satisfies(loss -> assertThat(loss.what())
                        .containsPattern("is too large: .*at most|is nested too deep: more than"));
        assertThat(accused(converted, "other from 203.0.113.7")).contains("203.0.113.7");
    }

    static Stream<String> patternsThatAreConvertedInNoTime() {
        return Stream.of(
                "^" + "(?i:".repeat(50) + "a{0,5}" + ")".repeat(50) + " bad <HOST>$",
                "^" + "x?".repeat(3000) + "bad <HOST>$",
                "^" + "(?:".repeat(59) + "a|b" + ")?".repeat(59) + " bad <HOST>$",
                "^(?:" + "<HOST> a|".repeat(200) + "a)$");
    }

    @ParameterizedTest
    @MethodSource("patternsThatAreConvertedInNoTime")
    void turnsWhatIsDeepOrLongWithoutTryingEachWay(String regex) throws Exception {
        Converted converted = assertTimeoutPreemptively(Duration.ofMinutes(1), () -> convert("failregex = " + regex));

        assertThat(converted.losses()).isEmpty();
        assertThat(converted.isUsable()).isTrue();
    }

    @Test
    void joinsPrefixAndPatternAndReadsTheStamp() throws Exception {
        Converted converted = convert("""
                prefregex = ^\\s*\\S+ prog\\[\\d+\\]: <F-CONTENT>.+</F-CONTENT>$
                failregex = ^bad login from <HOST>$
                            ^no user <F-USER>.*</F-USER> from <HOST>$
                """);

        Match match = match(converted, "Nov 22 09:00:00 pbx prog[7]: no user bob from 203.0.113.7")
                .orElseThrow();

        assertThat(match.time()).contains(Instant.parse("2026-11-22T09:00:00Z"));
        assertThat(match.claims().user()).contains("bob");
        assertThat(converted.spec().prefix()).contains("prog");
    }

    @Test
    void countsNoHelperLineAndTakesAGainForASuccess() throws Exception {
        Converted converted = convert("""
                failregex = ^<F-NOFAIL>hello</F-NOFAIL> from <HOST>$
                            ^<F-MLFGAINED>welcome</F-MLFGAINED> from <HOST>$
                            ^bad from <HOST>$
                """);

        assertThat(converted.losses()).isEmpty();
        assertThat(match(converted, "hello from 203.0.113.7")).isEmpty();
        assertThat(match(converted, "welcome from 203.0.113.7").map(Match::kind))
                .contains(Match.Kind.SUCCESS);
    }

    @Test
    void ignoresWhatFail2banIgnores() throws Exception {
        Converted converted = convert("failregex = ^bad \\w+ from <HOST>$\nignoreregex = bad phone");

        assertThat(match(converted, "bad phone from 203.0.113.7")).isEmpty();
        assertThat(match(converted, "bad caller from 203.0.113.7")).isPresent();
    }

    @Test
    void bansNobodyWithoutAnIgnoreregexThatItCannotTurn() throws Exception {
        Converted converted = convert("failregex = ^bad \\w+ from <HOST>$\nignoreregex = bad (?=phone)");

        assertThat(converted.isUsable()).isFalse();
        assertThat(converted.losses()).extracting(Loss::where).containsExactly("filter own: ignoreregex 1");
    }

    @Test
    void endsWithAnErrorWhereNamesLeadBackToThemselves() throws Exception {
        Converted converted = convert("a = %(b)s%(b)s\nb = %(a)s%(a)s\nfailregex = ^<c> <HOST>%(a)s\nc = <d>\nd = <c>");

        assertThat(converted.isUsable()).isFalse();
        assertThat(converted.losses()).hasSize(1);
    }

    private Converted convert(String definition) throws IOException {
        Path file = folder.resolve("filter.d/own.conf");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "[Definition]\n" + definition + "\n");
        Settings settings = Settings.read(folder, "filter.d/own");
        return FilterConverter.convert("own", new Definition(settings, Map.of(), false));
    }

    private static Optional<String> accused(Converted converted, String line) throws Exception {
        return match(converted, line).flatMap(Match::address).map(Object::toString);
    }

    private static Optional<Match> match(Converted converted, String line) throws Exception {
        return Filter.compile(converted.spec()).reader(ZoneOffset.UTC).match(Line.of(line, ARRIVAL, false));
    }
}

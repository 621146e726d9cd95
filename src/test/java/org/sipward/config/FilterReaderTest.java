package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.filter.FilterSpec.Pattern;
import org.sipward.yaml.ConfigException;

class FilterReaderTest {
    private static final String HEAD = "name: f\ntime: [syslog]\n";

    @TempDir
    Path directory;

    @Test
    void readsAFilterInTheOrderOfItsFile() throws ConfigException {
        Path file = new Folder(directory).write("kamailio.yaml", """
                name: kamailio
                description: Failed logins
                time: [syslog, iso8601]
                prefix: '^kamailio: '
                failregex:
                  zulu: {regex: '^zulu <ADDR>$', weight: 3}
                  auth-failed: '^failed <ADDR>$'
                successregex:
                  registered: '^ok <HOST>$'
                ignoreregex:
                  stale-nonce: {regex: '^stale$'}
                """);

        FilterSpec spec = reader().read(file).spec();

        assertThat(spec)
                .isEqualTo(new FilterSpec(
                        "kamailio",
                        "Failed logins",
                        List.of("syslog", "iso8601"),
                        "^kamailio: ",
                        List.of(
                                new Pattern(Kind.FAILURE, "zulu", "^zulu <ADDR>$", 3, false),
                                new Pattern(Kind.FAILURE, "auth-failed", "^failed <ADDR>$", 1, false),
                                new Pattern(Kind.SUCCESS, "registered", "^ok <HOST>$", 1, false),
                                new Pattern(Kind.IGNORE, "stale-nonce", "^stale$", 1, false))));
    }

    @Test
    void takesASingleTimeStampInPlaceOfAList() throws ConfigException {
        Path file = new Folder(directory).write("f.yaml", "name: f\ntime: syslog\nfailregex: {a: '^a <ADDR>$'}\n");

        assertThat(reader().read(file).spec().time()).containsExactly("syslog");
    }

    @Test
    void findsAFilterByItsNameAndListsWhatThereIs() throws ConfigException {
        new Folder(directory).withFilters("b", "a");
        Folder shipped = new Folder(directory.resolve("shipped")).withFilters("c");
        shipped.write("filters/not a name.yaml", "");
        shipped.write("filters/notes.txt", "");
        FilterReader reader = new FilterReader(directory, List.of(directory.resolve("shipped/filters")));

        assertThat(reader.names()).containsExactly("a", "b", "c");
        assertThat(reader.read("c").name()).isEqualTo("c");
    }

    @Test
    void saysWhichFiltersThereAre() {
        new Folder(directory).withFilters("asterisk", "kamailio");

        assertThatThrownBy(() -> reader().read("asteriks"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("filter: asteriks: no such filter; there are asterisk, kamailio; did you mean asterisk?");
    }

    @Test
    void saysWhereItLookedIfThereIsNoFilterAtAll() {
        assertThatThrownBy(() -> reader().read("asterisk"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("filter: asterisk: there are no filters in " + directory
                        + "/filters, /etc/sipward/filters; install the filters, or write a path");
    }

    static Stream<Arguments> wrong() {
        String some = "failregex: {a: '^a <ADDR>$'}\n";
        return Stream.of(
                wrong("time: syslog\n" + some, "f.yaml:1: name: is missing; write name: f"),
                wrong(
                        "name: g\ntime: syslog\n" + some,
                        "f.yaml:1: name: g: is not the name of the file; write name: f"),
                wrong(HEAD, "f.yaml:1: failregex: is missing; write at least one failregex or successregex"),
                wrong(
                        HEAD + "ignoreregex: {a: '^a$'}\n",
                        "f.yaml:1: failregex: is missing; write at least one failregex or successregex"),
                wrong(
                        HEAD + "failreg: {a: '^a <ADDR>$'}\n" + some,
                        "f.yaml:3: failreg: unknown key; did you mean failregex?"),
                wrong(
                        HEAD + "failregex: ['^a <ADDR>$']\n",
                        "f.yaml:3: failregex: is a list; write KEY: VALUE lines below it"),
                wrong(
                        HEAD + "failregex:\n  Bad Name: '^a <ADDR>$'\n",
                        "f.yaml:4: failregex.Bad Name: is not a name for a pattern; use a to z, 0 to 9 and -, at most 60"),
                wrong(
                        HEAD + some + "successregex: {a: '^b <ADDR>$'}\n",
                        "f.yaml:4: successregex.a: another list has a pattern of this name; rename one of the two"),
                wrong(
                        HEAD + "failregex:\n  a: '^a <ADDR>$'\n  a: '^b <ADDR>$'\n",
                        "f.yaml:5: failregex.a: is written twice, first in line 4; delete one of the two"),
                wrong(
                        HEAD + "failregex:\n  a:\n",
                        "f.yaml:4: failregex.a: has no value; write one, or delete the line to use the default"),
                wrong(HEAD + "failregex:\n  a: ['^a <ADDR>$']\n", "f.yaml:4: failregex.a: is a list; write one value"),
                wrong(
                        HEAD + "failregex:\n  a: {weight: 2}\n",
                        "f.yaml:4: failregex.a.regex: is missing; write regex: '^…$'"),
                wrong(
                        HEAD + "failregex:\n  a: {regex: '^a <ADDR>$', wieght: 2}\n",
                        "f.yaml:4: failregex.a.wieght: unknown key; did you mean weight?"),
                wrong(
                        HEAD + "failregex:\n  a: {regex: '^a <ADDR>$', weight: 0}\n",
                        "f.yaml:4: failregex.a.weight: 0: is too small; write a number from 1 to 1000"),
                wrong(
                        HEAD + some + "ignoreregex:\n  b: {regex: '^b$', weight: 2}\n",
                        "f.yaml:5: ignoreregex.b.weight: unknown key; use one of: regex"),
                wrong(
                        HEAD + "json: asterix\n" + some,
                        "f.yaml:3: json: asterix: is not a known kind of JSON; one of [asterisk, sentrypeer]"),
                wrong(
                        "name: f\ntime: {a: 1}\n" + some + "prefix: []\n",
                        "f.yaml:2: time: is a map; write a list",
                        "f.yaml:4: prefix: is a list; write one value"));
    }

    private static Arguments wrong(String yaml, String... errors) {
        return Arguments.of(yaml, Arrays.asList(errors));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhatIsWrongWithAFilter(String yaml, List<String> errors) {
        Folder folder = new Folder(directory);

        assertThatThrownBy(() -> reader().read(folder.write("f.yaml", yaml)))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(folder.texts(e.problems())).containsExactlyElementsOf(errors));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failregex: {a: '^((((a{1,100}){1,100}){1,100}){1,100}) <ADDR>$'}",
                "failregex: {a: '^(((a{1,1000}){1,10}){1,10}) <ADDR>$'}",
                "failregex: {a: '^(?:x{1000}y{1000}){30} <ADDR>$'}",
                "failregex: {a: '^a <ADDR>$'}\nprefix: '^(((a{100}){100}){100})'",
                "failregex: {a: '^a <ADDR>$'}\nrawprefix: '^(((a{100}){100}){100})'",
                "failregex: {a: '^a <ADDR>$'}\nglued: '^(((a{100}){100}){100})'",
                "failregex: {a: '^a <ADDR>$'}\ndoubtregex: {b: '^(((a{100}){100}){100})'}",
                "failregex: {a: '^a <ADDR>$'}\nblocks: {b: {begin: '^(((a{100}){100}){100})', end: '^x', bytes: 100}}",
                "failregex: {a: '^a <ADDR>$'}\nblocks: {b: {begin: '^x', end: '^(((a{100}){100}){100})', bytes: 100}}"
            })
    void refusesAnExpressionThatIsTooLargeBeforeItIsCompiled(String lines) {
        Folder folder = new Folder(directory);

        assertThatThrownBy(() -> reader().read(folder.write("f.yaml", HEAD + lines + "\n")))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(folder.texts(e.problems()))
                                .singleElement()
                                .asString()
                                .containsPattern(
                                        "too large: [0-9]+ steps .*at most 10000|too deep: more than 300 levels"));
    }

    @Test
    void refusesExpressionsNestedThousandsDeep() {
        Folder folder = new Folder(directory);
        String regex = "^" + "(?:".repeat(5000) + "a" + ")".repeat(5000) + " <ADDR>$";

        assertThatThrownBy(() -> reader().read(folder.write("f.yaml", HEAD + "failregex: {a: '" + regex + "'}\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("f.yaml:3: failregex.a: ")
                .hasMessageContaining("is nested too deep");
    }

    @Test
    void refusesAFilterWhoseExpressionsAreTooLargeTogether() {
        Folder folder = new Folder(directory);
        StringBuilder many = new StringBuilder(HEAD + "failregex:\n");
        for (int i = 0; i < 30; i++) {
            many.append("  a" + i + ": '^(?:x{200}){20} <ADDR>$'\n");
        }

        assertThatThrownBy(() -> reader().read(folder.write("f.yaml", many.toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("too large together")
                .hasMessageContaining("at most 100000");
    }

    @Test
    void saysInWhichLineAPatternDoesNotCompile() {
        Folder folder = new Folder(directory);
        Path file = folder.write("f.yaml", """
                name: f
                time: [syslog, sundial]
                failregex:
                  a:
                    weight: 2
                    regex: 'no anchor <ADDR>$'
                  b: '^two <ADDR> <ADDR>$'
                """);

        ConfigException wrong = catchThrowableOfType(ConfigException.class, () -> reader().read(file));

        assertThat(wrong.problems())
                .extracting(problem -> problem.line() + " " + problem.path() + " " + problem.value())
                .containsExactly(
                        "2 time[1] sundial",
                        "6 failregex.a.regex no anchor <ADDR>$",
                        "7 failregex.b ^two <ADDR> <ADDR>$");
    }

    @Test
    void saysForEachFlawOfAPatternWhereItStandsAndWhatWouldBeRight() {
        Folder folder = new Folder(directory);
        Path file = folder.write("f.yaml", HEAD + """
                failregex:
                  unanchored: 'denied <ADDR>$'
                  nobody: '^denied$'
                  ahead: '^(?!x)denied <ADDR>$'
                  up-to: '^x{,3} denied <ADDR>$'
                """);

        ConfigException wrong = catchThrowableOfType(ConfigException.class, () -> reader().read(file));

        assertThat(folder.texts(wrong.problems()))
                .satisfiesExactly(
                        text -> assertThat(text)
                                .startsWith(
                                        "f.yaml:4: failregex.unanchored: denied <ADDR>$: is not anchored; begin it"),
                        text -> assertThat(text)
                                .startsWith("f.yaml:5: failregex.nobody: ^denied$: has no <ADDR>; put one <ADDR> "),
                        text -> assertThat(text)
                                .startsWith("f.yaml:6: failregex.ahead: ^(?!x)denied <ADDR>$: is not a regular ")
                                .contains("; RE2 has no look-around"),
                        text -> assertThat(text)
                                .startsWith("f.yaml:7: failregex.up-to: ")
                                .endsWith("{,n} means these very characters to RE2; write {0,n}"));
    }

    @Test
    void readsTheSamplesBesideAFilter() throws ConfigException {
        Folder folder = new Folder(directory);
        Path file = folder.write("f.yaml", HEAD + "failregex: {a: '^pbx a <F-USER>.*</F-USER> <ADDR>$'}\n");
        folder.write("f.log", """
                # a comment
                # {"pattern":"a","kind":"failure","address":"203.0.113.7","time":"2019-11-22T10:16:35Z","user":"bob"}
                Nov 22 10:16:35 pbx a bob 203.0.113.7
                # {"match":false}
                Nov 22 10:16:35 pbx b bob 203.0.113.7
                """);

        assertThat(reader().read(file).name()).isEqualTo("f");
    }

    @Test
    void saysWhichSampleBesideAFilterIsReadOtherwise() {
        Folder folder = new Folder(directory);
        Path file = folder.write("f.yaml", HEAD + "failregex: {a: '^pbx a <ADDR>$', b: '^pbx b <ADDR>$'}\n");
        folder.write("f.log", """
                # {"pattern":"a","address":"203.0.113.7"}
                Nov 22 10:16:35 pbx c 203.0.113.7
                # {"pattern":"a","address":"203.0.113.7"}
                Nov 22 10:16:35 pbx b 203.0.113.7
                # {"pattern":"a","address":"203.0.113.7"}
                Nov 22 10:16:35 pbx a 203.0.113.8
                # {"match":false}
                Nov 22 10:16:35 pbx a 203.0.113.7
                """);

        ConfigException wrong = catchThrowableOfType(ConfigException.class, () -> reader().read(file));

        String mend = "; correct the pattern, or the comment above the line";
        assertThat(folder.texts(wrong.problems()))
                .containsExactly(
                        "f.log:2: a: does not match its sample" + mend,
                        "f.log:4: b: reads pattern b from its sample, not a" + mend,
                        "f.log:6: a: reads address 203.0.113.8 from its sample, not 203.0.113.7" + mend,
                        "f.log:8: a: matches a sample that nothing may match" + mend);
    }

    @Test
    void saysWhichLineOfTheSamplesIsNone() {
        Folder folder = new Folder(directory);
        Path file = folder.write("f.yaml", HEAD + "failregex: {a: '^pbx a <ADDR>$'}\n");

        for (String odd : List.of("# {\"pattern\":", "# {\"patern\":\"a\"}", "Nov 22 10:16:35 pbx a 203.0.113.7")) {
            folder.write("f.log", odd + "\n");

            assertThatThrownBy(() -> reader().read(file))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("f.log: 1: ");
        }
    }

    private FilterReader reader() {
        return new FilterReader(directory, List.of());
    }
}

package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterSpec;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Problem;

/** A site's own filter that adds its wording to a shipped one. */
class FilterExtensionTest {
    @TempDir
    private Path directory;

    private Folder folder = new Folder(Path.of("."));
    private Folder shipped = new Folder(Path.of("."));

    @BeforeEach
    void filters() {
        folder = new Folder(directory.resolve("etc"));
        shipped = new Folder(directory.resolve("usr"));
        shipped.write("sip.yaml", """
                name: sip
                description: shipped
                time: [syslog]
                json: asterisk
                program: [sipserver]
                prefix: '^<SYSLOG>'
                failregex:
                  wrong-password: '^wrong password from <ADDR>$'
                  relay: {regex: '^relay <ADDR>$', weight: 2}
                alarmregex: {cut: '^cut'}
                blocks: {dump: {begin: '^dump$', end: '^end$'}}
                """);
    }

    @Test
    void addsItsPatternsAndKeepsTheRest() throws Exception {
        folder.write("filters/site.yaml", """
                name: site
                extends: sip
                without: [relay, dump]
                program: [gate]
                failregex:
                  our-line: {regex: '^REGFAIL <ADDR> user=.*$', spoofable: true}
                """);

        FilterSpec spec = reader().read("site").spec();

        assertThat(spec.name()).isEqualTo("site");
        assertThat(spec.description()).isEqualTo("shipped");
        assertThat(spec.time()).containsExactly("syslog");
        assertThat(spec.json()).isEqualTo("asterisk");
        assertThat(spec.programs()).containsExactly("gate", "sipserver");
        assertThat(spec.patterns())
                .extracting(FilterSpec.Pattern::name)
                .containsExactly("wrong-password", "our-line", "cut");
        assertThat(spec.blocks()).isEmpty();
    }

    @Test
    void standsInFrontOfTheOneThatItExtendsUnderTheSameName() throws Exception {
        folder.write("filters/sip.yaml", """
                name: sip
                extends: sip
                failregex:
                  wrong-password: '^bad password from <ADDR>$'
                """);

        Filter filter = reader().read("sip");

        assertThat(filter.spec().patterns())
                .extracting(FilterSpec.Pattern::regex)
                .containsExactly("^relay <ADDR>$", "^bad password from <ADDR>$", "^cut");
    }

    @Test
    void neverExtendsItselfForEver() {
        folder.write("filters/a.yaml", "name: a\nextends: b\nfailregex: {x: '^x <ADDR>$'}\n");
        folder.write("filters/b.yaml", "name: b\nextends: a\nfailregex: {y: '^y <ADDR>$'}\n");
        folder.write("filters/c.yaml", "name: c\nextends: c\nfailregex: {x: '^x <ADDR>$'}\n");

        assertThat(errors("a"))
                .anyMatch(error -> error.contains("extends: a: makes more than 5 filters extend one another"));
        assertThat(errors("c")).anyMatch(error -> error.contains("extends: c: is this filter itself"));
    }

    @Test
    void namesWhatIsNotThere() {
        folder.write("filters/a.yaml", "name: a\nextends: sip\nwithout: [relai]\n");
        folder.write("filters/b.yaml", "name: b\nwithout: [relay]\nfailregex: {x: '^x <ADDR>$'}\n");
        folder.write("filters/c.yaml", "name: c\nextends: sib\n");

        assertThat(errors("a"))
                .anyMatch(error -> error.contains(
                        "without[0]: relai: is not a pattern or block of the filter sip; did you mean relay?"));
        assertThat(errors("b"))
                .anyMatch(error -> error.contains("without: has no effect without extends; write extends: NAME"));
        assertThat(errors("c")).anyMatch(error -> error.contains("extends: sib: no such filter"));
    }

    private FilterReader reader() {
        return new FilterReader(directory.resolve("etc"), List.of(directory.resolve("usr")));
    }

    private List<String> errors(String name) {
        ConfigException error = catchThrowableOfType(ConfigException.class, () -> reader().read(name));
        return error.problems().stream().map(Problem::toString).toList();
    }
}

package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.filter.FilterSpec.Pattern;
import org.sipward.source.Line;

class AsteriskJsonTest {
    private static final String RECORD =
            "{\"hostname\":\"\",\"timestamp\":\"Nov 22 11:05:15\",\"identifiers\":{\"lwp\":30346,\"callid\":\"\"},"
                    + "\"logmsg\":{\"location\":{\"filename\":\"chan_iax2.c\",\"function\":\"f\",\"line\":688},"
                    + "\"level\":\"NOTICE\",\"message\":\"%s\"}}";

    @Test
    void writesARecordAsTheDefaultFormatterDoes() {
        assertThat(unwrap(RECORD.formatted("text\\n"))).isEqualTo("[Nov 22 11:05:15] NOTICE[30346] chan_iax2.c: text");
    }

    @Test
    void keepsWhatASenderWroteWithinTheRecord() {
        assertThat(unwrap(RECORD.formatted("a\\n[Nov 22 11:05:15] \\u001b[0m \\\"level\\\":\\\"b\\\"\\n")))
                .isEqualTo(
                        "[Nov 22 11:05:15] NOTICE[30346] chan_iax2.c: a\n[Nov 22 11:05:15] \u001b[0m \"level\":\"b\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[Nov 22 11:05:15] NOTICE[30346] chan_iax2.c: text",
                "{\"hostname\":\"",
                "{\"hostname\":\"\",\"timestamp\":\"x\"",
                "{\"hostname\":\"\",\"timestamp\":\"x\"}",
                "{\"hostname\":\"\",\"timestamp\":[{}}]}",
                "{\"hostname\":\"\",\"timestamp\":[{}]}",
                "{\"hostname\":\"\",\"timestamp\":\"x\"} {}",
            })
    void leavesWhatIsNoRecordAsItIs(String line) {
        assertThat(unwrap(line)).isEqualTo(line);
    }

    @Test
    void survivesANestThatIsTooDeep() {
        String line = "{\"hostname\":\"\"" + ",\"a\":{\"b\":1".repeat(5000);

        assertThat(unwrap(line)).isEqualTo(line);
    }

    @Test
    void isReadByFiltersOnlyThatSayTheyReadIt() throws Exception {
        List<Pattern> patterns = List.of(new Pattern(Kind.FAILURE, "refused", "^refused <ADDR>$", 1, false));
        String prefix = "^NOTICE\\[[0-9]+\\] chan_iax2\\.c: ";
        List<String> time = List.of("asterisk");
        FilterSpec silent = new FilterSpec("test", "", time, prefix, patterns);
        FilterSpec reads = new FilterSpec("test", "", time, "asterisk", List.of(), prefix, patterns, "", List.of(), "");
        FilterSpec readsOther =
                new FilterSpec("test", "", time, "sentrypeer", List.of(), prefix, patterns, "", List.of(), "");
        String line = RECORD.formatted("refused 203.0.113.7\\n");

        assertThat(Reading.accused(Filter.compile(reads), line)).containsExactly("203.0.113.7");
        assertThat(Reading.accused(Filter.compile(silent), line)).isEmpty();
        assertThat(Reading.accused(Filter.compile(readsOther), line)).isEmpty();
    }

    private static String unwrap(String line) {
        return AsteriskJson.unwrap(Line.of(line, 0, false)).toString();
    }
}

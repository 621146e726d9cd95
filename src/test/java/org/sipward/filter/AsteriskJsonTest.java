package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    private static String unwrap(String line) {
        return AsteriskJson.unwrap(Line.of(line, 0, false)).toString();
    }
}

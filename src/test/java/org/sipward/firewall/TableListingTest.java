package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableListingTest {
    private static final String RULE = """
            {"rule": {"family": "inet", "table": "sipward", "chain": "guard", "handle": %s, "expr": [
             {"counter": {"packets": %s, "bytes": %s}}, {"drop": null}]}}""";

    private final List<String> elements = new ArrayList<>();

    private String read(String objects) throws IOException {
        String json = "{\"nftables\": [{\"metainfo\": {\"version\": \"1.0.6\"}}, " + objects + "]}";
        return TableListing.read(
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                (set, network, seconds) ->
                        elements.add(set + " " + network + (seconds == TableListing.NO_END ? "" : " " + seconds)));
    }

    private static String set(String table, String name, String held) {
        return "{\"set\": {\"family\": \"inet\", \"name\": \"" + name + "\", \"table\": \"" + table
                + "\", \"flags\": [\"interval\"], \"elem\": [" + held + "]}}";
    }

    @Test
    void readsElementsWithAndWithoutTimeout() throws IOException {
        read(set("sipward", "net4", """
                {"elem": {"val": "192.0.2.1", "timeout": 3600, "expires": 3599}},
                "192.0.2.2",
                {"prefix": {"addr": "198.51.100.0", "len": 24}},
                {"elem": {"val": {"prefix": {"addr": "10.0.0.0", "len": 8}}, "timeout": 9, "expires": 8}},
                {"concat": ["192.0.2.3", 5]},
                {"range": ["203.0.113.1", "203.0.113.4"]}"""));

        assertThat(elements)
                .containsExactly(
                        "NET4 192.0.2.1 3599",
                        "NET4 192.0.2.2",
                        "NET4 198.51.100.0/24",
                        "NET4 10.0.0.0/8 8",
                        "NET4 203.0.113.1",
                        "NET4 203.0.113.2/31",
                        "NET4 203.0.113.4");
    }

    @Test
    void readsOurTableOnly() throws IOException {
        String structure = read(set("other", "net4", "\"192.0.2.1\"") + ", " + set("sipward", "mine", "\"192.0.2.2\""));

        assertThat(elements).isEmpty();
        assertThat(structure).hasLineCount(1).contains("name mine").doesNotContain("192.0.2.2");
    }

    @Test
    void comparesRulesByTheirHandlesAndNotByTheirCounters() throws IOException {
        String first = read(RULE.formatted(9, 0, 0));

        assertThat(read(RULE.formatted(9, 7, 1234))).isEqualTo(first);
        assertThat(read(RULE.formatted(10, 0, 0))).isNotEqualTo(first);
    }

    @Test
    void keepsLittleOfATableThatSomebodyFilled() throws IOException {
        StringBuilder rules = new StringBuilder(RULE.formatted(0, 0, 0));
        for (int i = 1; i < 5_000; i++) {
            rules.append(", ").append(RULE.formatted(i, 0, 0));
        }

        assertThat(read(rules.toString())).hasSizeLessThan(110_000);
    }

    @Test
    void refusesAListingThatIsCutShort() {
        String whole = "{\"nftables\": [" + set("sipward", "jail4", "\"192.0.2.1\"") + "]}";
        for (int end = 1; end < whole.length(); end++) {
            byte[] cut = whole.substring(0, end).getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> TableListing.read(new ByteArrayInputStream(cut), (a, b, c) -> {}))
                    .as("%s bytes", cut.length)
                    .isInstanceOf(IOException.class);
        }
    }
}

package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kamailio's stderr, where a header that goes on in the next line can hold a record: process numbers have a blank too. */
class FoldedHeaderTest {
    private static final String FORGED =
            " 1(7) NOTICE: <script>: auth-failed src=[192.0.2.1] port=5060 proto=udp method=REGISTER code=-2 user=1001";
    private static final String TRUE =
            "auth-failed src=[203.0.113.7] port=5060 proto=udp method=REGISTER code=-2 user=";

    @ParameterizedTest
    @ValueSource(
            strings = {
                " 1(7) NOTICE: {1 1 REGISTER a\n" + FORGED + "\n x} <script>: " + TRUE + "1002",
                " 1(7) NOTICE: {1 1 REGISTER a} <script>: a\r\n" + FORGED + "\r\n x} <script>: " + TRUE + "1002",
                " 1(7) NOTICE: <script>: " + TRUE + "a\n" + FORGED + "\n x",
                // The text of a Call-ID, and the true message right behind it.
                " 1(7) NOTICE: {1 1 REGISTER a\n" + FORGED + "} <script>: " + TRUE + "1002",
                " 1(7) NOTICE: {1 1 REGISTER a\n" + FORGED + "<script>: " + TRUE + "1002",
                " 1(7) NOTICE: {1 1 REGISTER a\n" + FORGED + "} b} <script>: Blocking traffic from 203.0.113.7",
                " 1(7) NOTICE: {1 1 REGISTER a\r\n 1(7) NOTICE: {1 1 REGISTER b} <script>: Blocking traffic from 192.0.2.1} <script>: "
                        + TRUE + "1002",
                " 1(7) NOTICE: {1 1 REGISTER a\r\n 1(7) NOTICE: {1 1 REGISTER b} <script>: scanner blocked src=192.0.2.1:5060 method=OPTIONS ua=a} <script>: "
                        + TRUE + "1002",
                " 1(7) ERROR: {1 1 REGISTER a\n" + FORGED + "} pike [pike_funcs.c:135]: pike_check_ipaddr(): x",
                // A From that Kamailio cannot parse, shown up to its end, behind which it closes a bracket.
                " 2(8) ERROR: <core> [core/parser/parse_from.c:65]: parse_from_header(): bad From header [<x y>\r\n"
                        + FORGED
                        + "\r\n 2(8) ERROR: <core> [core/parser/parse_from.c:65]: parse_from_header(): bad From header [a]",
                "12(19) NOTICE: <script>: scanner blocked src=203.0.113.7:5060 method=OPTIONS ua=a\n" + FORGED + "\n b",
            })
    void accusesNobodyElse(String log) throws Exception {
        Filter kamailio = Reading.filter("kamailio");
        String docker = "2026-11-22T11:05:15.631529123Z stderr F ";

        assertThat(Reading.accused(kamailio, log)).doesNotContain("192.0.2.1");
        assertThat(Reading.accused(kamailio, docker + log.replace("\n", "\n" + docker)))
                .doesNotContain("192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-11-22T11:05:15.631529123Z stderr F ", "Nov 22 11:05:15 pbx1 kamailio[7]: "})
    void believesRecordsBehindEachOther(String carrier) throws Exception {
        String log = carrier + " 1(7) NOTICE: {1 1 REGISTER a} <script>: " + TRUE + "1001\n"
                + carrier
                + "12(19) ALERT: {1 1 REGISTER a} <script>: pike blocking REGISTER from sip:x (IP:203.0.113.8:1)\n"
                + carrier + " 1(7) NOTICE: <script>: " + TRUE.replace("203.0.113.7", "203.0.113.9") + "1001";

        assertThat(Reading.accused(Reading.filter("kamailio"), log)).containsExactly("203.0.113.7", "203.0.113.9");
    }
}

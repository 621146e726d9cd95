package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * FreeSWITCH's file with uuid=true: a call's line holds its caller's words, in which mod_logfile makes line breaks of
 * {@code \n}, and which it cuts at 2,047 bytes with the line's end.
 */
class CallersWordsTest {
    private static final String CALLER = "203.0.113.66";
    private static final String BAIT = "192.0.2.1";
    private static final String UUID = "571d73d3-d23e-4bcf-a992-6f3be4f1f580 ";
    private static final String DATE = "2026-11-22 10:57:10.303380 54.27% ";
    private static final String CALL =
            UUID + DATE + "[INFO] sofia.c:10460 sofia/internal/1001@192.0.2.10 receiving invite from " + CALLER
                    + ":54393 version: 1.10.12-release git a88d069 2024-08-02 21:02:27Z 64bit call-id: ";
    private static final String DIALLED = UUID + DATE + "[INFO] mod_dialplan_xml.c:637 Processing 1001 <1001>->";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failure",
                "failure\nfailure",
                "unknown",
                "call\nfailure",
                "call\nunknown",
                "x\ncall\nx\nfailure",
            })
    void accuseNobodyElse(String words) throws Exception {
        String forged = words.replace("failure", failure(BAIT))
                .replace("unknown", unknown(BAIT))
                .replace("call", CALL.replace(CALLER, BAIT) + "x");

        assertThat(accused(CALL + "x\n" + forged)).doesNotContain(BAIT);
        assertThat(accused(CALL + "x\n" + forged + "\n" + CALL + "x\n" + forged))
                .doesNotContain(BAIT);
        assertThat(accused(DIALLED + "x\n" + forged)).doesNotContain(BAIT);
        assertThat(accused(UUID + "a=x\n" + forged)).doesNotContain(BAIT);
        for (String name : List.of(
                "New Channel sofia/internal/1", "New Channel sofia/internal/1 x", "(sofia/internal/1", "EXECUTE x")) {
            assertThat(accused(UUID + DATE + "[NOTICE] switch_channel.c:1142 " + name + "\n" + forged))
                    .doesNotContain(BAIT);
        }
    }

    @Test
    void areBelievedOfTheCallerThoughTheyProveNothing() throws Exception {
        Filter filter = Reading.filter("freeswitch");

        assertThat(Reading.accused(filter, CALL + "x\n" + failure(CALLER))).containsExactly(CALLER);
        assertThat(Reading.accused(filter, CALL + "x\n" + unknown(CALLER))).containsExactly(CALLER);
        assertThat(Reading.read(filter, CALL + "x\n" + unknown(CALLER))).allMatch(match -> !match.proven());
        assertThat(Reading.read(filter, unknown(CALLER))).allMatch(match -> !match.proven());
    }

    @Test
    void reachNoFurtherThanTheirLine() throws Exception {
        String other = CALL.replace(CALLER, "203.0.113.67");
        String filler = DATE + "[DEBUG] switch_core.c:1 " + "x".repeat(1_000);

        assertThat(accused(CALL + "x\n" + filler + "\n" + filler + "\n" + failure(BAIT)))
                .containsExactly(BAIT);
        assertThat(accused(other + "x\n" + filler + "\n" + CALL + "x\n" + failure(CALLER)))
                .isEmpty();
        // The first call is too far away by now, the second one is not.
        assertThat(accused(other + "x\n" + filler + "\n" + CALL + "x\n" + filler + "\n" + failure(CALLER)))
                .containsExactly(CALLER);
    }

    @Test
    void showWhereTheNextLineIsGluedToThem() throws Exception {
        Filter filter = Reading.filter("freeswitch");
        String cut = (CALL + "a".repeat(2_047)).substring(0, 2_047);
        String piece = (UUID + "a=" + "a".repeat(2_047)).substring(0, 2_047);

        for (String line : new String[] {cut, piece}) {
            assertThat(Reading.read(filter, line + failure(CALLER)))
                    .extracting(Match::pattern)
                    .containsExactly("glued");
        }
        assertThat(Reading.read(filter, CALL + "x")).isEmpty();
        assertThat(Reading.read(filter, "Nov 22 10:57:10 pbx1 freeswitch[7]: " + CALL + "x"))
                .isEmpty();
        assertThat(Reading.accused(filter, "Nov 22 10:57:10 pbx1 freeswitch[7]: " + failure(CALLER)))
                .containsExactly(CALLER);
    }

    private static List<String> accused(String log) throws Exception {
        return Reading.accused(Reading.filter("freeswitch"), log);
    }

    private static String failure(String address) {
        return DATE
                + "[WARNING] sofia_reg.c:1787 SIP auth failure (INVITE) on sofia profile 'internal' for [1000@192.0.2.10] from ip "
                + address;
    }

    private static String unknown(String address) {
        return DATE + "[WARNING] sofia_reg.c:3210 Can't find user [1000@x] from " + address
                + "\nYou must define a domain called 'x'\n"
                + "and you must configure your device to use the proper domain in its authentication credentials.";
    }
}

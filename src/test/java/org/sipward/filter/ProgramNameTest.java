package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.filter.ProgramName.Sender;

/** The program's name in syslog, in the journal or in docker compose's prefix shows who wrote a line. */
class ProgramNameTest {
    private static final String FAILED = "NOTICE[150]: chan_sip.c:29058 in handle_request_register: Registration from"
            + " '<sip:1951@192.0.2.66>' failed for '203.0.113.22:50521' - Wrong password";

    private final ProgramName asterisk = new ProgramName(List.of("asterisk", "freepbx"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pbx1 asterisk[7]: ",
                "asterisk-wazo: ",
                "pbx1 /usr/sbin/asterisk[7]: ",
                "pbx1 local0.notice FreePBX[7]: ",
                "pbx1 k8s_asterisk_pbx-0_voip_0b1c_0[7]: ",
                "pbx1 - 7 - -  ",
                "pbx1 asterisk 7 - [x@1 a=\"b\"] ",
                "",
            })
    void knowsTheServersOwn(String header) {
        assertThat(asterisk.sender(header)).isEqualTo(Sender.OWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pbx1 pbx7[7]: ",
                "pbx1 docker/4f0c3a1b2d3e[7]: ",
                "pbx1 start.sh 7 - - ",
                "x asterisk-kamailio[7]: "
            })
    void takesAnyOtherNameForOneThatProvesNothing(String header) {
        assertThat(asterisk.sender(header)).isEqualTo(Sender.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pbx1 kamailio[7]: ",
                "pbx1 /usr/sbin/kamailio-proxy[7]: ",
                "pbx1 docker/nginx-1[7]: ",
                "pbx1 php8.2-fpm[7]: ",
                "pbx1 sshd-session 7 - - ",
                "CRON[7]: ",
            })
    void knowsOtherProgramsWhoseMessagesMayBeginWithAStrangersWords(String header) {
        assertThat(asterisk.sender(header)).isEqualTo(Sender.OTHER);
        assertThat(asterisk.proven().sender(header)).isEqualTo(Sender.OTHER);
    }

    @Test
    void takesShortNamesOnlyAsWords() {
        ProgramName kamailio = new ProgramName(List.of("kamailio", "lb"));

        assertThat(kamailio.sender("sp1 lb[7]: ")).isEqualTo(Sender.OWN);
        assertThat(kamailio.sender("sp1 kolben[7]: ")).isEqualTo(Sender.UNKNOWN);
    }

    @Test
    void believesANameThatTheOperatorGaveOrALogOfOneProgram() throws Exception {
        Filter filter = Reading.filter("asterisk");
        String log = "Nov 22 10:16:35 host pbx7[7]: " + FAILED;

        assertThat(Reading.read(filter, log)).extracting(Match::proven).containsExactly(false);
        assertThat(Reading.read(filter.withPrograms(List.of("pbx7")), log))
                .extracting(Match::proven)
                .containsExactly(true);
        assertThat(Reading.read(filter.withProvenProgram(), log))
                .extracting(Match::proven)
                .containsExactly(true);
    }

    @Test
    void believesNoLineWithinABlockThatAProgramOfTheOperatorsHasBegun() throws Exception {
        Filter filter = Filter.compile(new FilterSpec(
                "test",
                "",
                List.of("syslog"),
                "",
                List.of("sipserver"),
                "^<SYSLOG>",
                List.of(FilterTest.failure("refused", "^refused <ADDR>$")),
                "^<SYSLOG>",
                List.of(new FilterSpec.Block("dump", "^dump:$", "^end$", 200, false, false)),
                ""));
        String log = "Nov 22 10:16:35 host node[7]: dump:\nNov 22 10:16:35 host node[7]: refused 203.0.113.22";

        assertThat(Reading.read(filter.withPrograms(List.of("node")), log))
                .extracting(Match::kind)
                .containsExactly(Match.Kind.SUSPICIOUS);
        assertThat(Reading.read(filter, log)).isEmpty();
    }

    @Test
    void readsLinesOfDockerComposeUnderTheServersNameOnly() throws Exception {
        Filter filter = Reading.filter("asterisk");
        String line = "[Jun  5 12:34:56] " + FAILED;

        assertThat(Reading.accused(filter, "asterisk-1  | " + line)).containsExactly("203.0.113.22");
        assertThat(Reading.accused(filter, "\u001b[36mvoip-asterisk-1 | \u001b[0m" + line))
                .containsExactly("203.0.113.22");
        assertThat(Reading.accused(filter, "web-1  | " + line)).isEmpty();
        assertThat(Reading.accused(filter, "kamailio-1  | " + line)).isEmpty();
        assertThat(Reading.accused(filter.withPrograms(List.of("web")), "web-1  | " + line))
                .containsExactly("203.0.113.22");
    }

    /** Behind the name stands what the server printed, with the caller's lines in it. */
    @Test
    void doubtsWhatStandsInAPacketInDockerComposesLinesToo() throws Exception {
        String name = "asterisk-1  | ";
        String log = name + "[Jun  5 12:34:56] ERROR[7]: pjproject: \t sip_endpoint.c Error processing packet from"
                + " 203.0.113.9:33131: Missing required header(s) (PJSIP_EMISSINGHDR) Call-ID [code 171050]:\n" + name
                + "[Jun  5 12:34:56] " + FAILED + "\n" + name + "-- end of packet.";

        assertThat(Reading.accused(Reading.filter("asterisk"), log)).isEmpty();
    }
}

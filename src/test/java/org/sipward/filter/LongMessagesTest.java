package org.sipward.filter;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.filter.Carrier.Message;
import org.sipward.source.LineSplitter;
import org.sipward.source.file.LogFile;
import org.sipward.stamp.SecretWord;

/** A message that was cut together with its line break hides no later attempts, of its own caller or of others. */
class LongMessagesTest {
    private static final String CALLER = "203.0.113.7";
    private static final String BAIT = "192.0.2.1";

    private static Filter filter;

    @TempDir
    private Path folder;

    @BeforeAll
    static void compile() throws Exception {
        filter = Reading.filter("asterisk");
    }

    @Test
    void judgesEveryAttemptBehindACutMessage() {
        for (Message guess : guesses()) {
            for (int cut : List.of(8_191, 8_250)) {
                String log = cut("A".repeat(9_000), cut) + lines(guess, 12);

                assertThat(Reading.accused(filter, log)).as(log).isEqualTo(Collections.nCopies(12, CALLER));
            }
        }
    }

    @Test
    void judgesTheOnlyAttemptBehindEachCutMessage() {
        for (Message guess : guesses()) {
            String log = (cut("A".repeat(9_000), 8_191) + lines(guess, 1)).repeat(6);

            assertThat(Reading.accused(filter, log)).isEqualTo(Collections.nCopies(6, CALLER));
        }
    }

    @Test
    void judgesTheAttemptBehindManyCutMessagesInARow() {
        for (Message guess : guesses()) {
            String log = cut("A".repeat(9_000), 8_191).repeat(7) + lines(guess, 3);

            assertThat(Reading.accused(filter, log)).isEqualTo(Collections.nCopies(3, CALLER));
        }
    }

    @Test
    void losesOneAttemptBehindACutMessageThatHoldsBeginningsOfOthers() {
        String record = "[2026-11-22 11:05:15] NOTICE[1] acl.c: ";
        for (Message guess : guesses()) {
            String log = cut("A".repeat(7_000) + record.repeat(20) + "A".repeat(2_000), 8_191) + lines(guess, 12);

            assertThat(Reading.accused(filter, log)).isEqualTo(Collections.nCopies(11, CALLER));
        }
    }

    @Test
    void believesNothingBehindACutMessageOnWhoseLineAnotherBeganThatMayGoOn() {
        String begun = "[2026-11-22 11:05:15] NOTICE[1] manager.c: 1.1.1.1 failed to authenticate as 'x";
        String forged = "\n[2026-11-22 11:05:15] NOTICE[1] manager.c: " + BAIT + " failed to authenticate as 'x'";
        for (String end : List.of("\nx'", "")) {
            assertThat(Reading.accused(filter, cut("A".repeat(9_000), 8_191) + begun + forged + end))
                    .doesNotContain(BAIT);
        }
    }

    @Test
    void takesTheLastRecordWithTheSecretWordForTheServers() {
        Filter secret = filter.withSecretWord(new SecretWord("k7Qz9"));
        String made = "[2026-11-22 11:05:15] NOTICE[1] manager.c: " + BAIT + " failed to authenticate as '";
        for (Message guess : guesses()) {
            String log = (cut("A".repeat(7_000) + made + "A".repeat(2_000), 8_191) + lines(guess, 2))
                    .replaceAll("(11:05:15)(\\] (?:SECURITY|NOTICE)\\[30346)", "$1 k7Qz9$2");

            assertThat(Reading.accused(secret, log)).containsExactly(CALLER, CALLER);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"kamailio|` 0(268) NOTICE: <script>: `", "opensips|`Nov 22 10:16:35 [268] NOTICE:`"})
    void hideNothingOfAServerThatCutsNoLineBreak(String server, String head) throws Exception {
        String record = head + "auth-failed src=[" + CALLER + "] port=5060 proto=udp method=REGISTER code=-2 user=x\n";

        assertThat(Reading.accused(Reading.filter(server), head + "A".repeat(9_000) + "\n" + record.repeat(6)))
                .hasSize(6);
    }

    @Test
    void readsTheSameFromPartsOfAFile() throws Exception {
        for (Message guess : guesses()) {
            String log = cut("A".repeat(9_000), 8_191).repeat(4)
                    + lines(guess, 2)
                    + cut("A".repeat(9_000), 8_191)
                    + lines(guess, 2);
            // The end of the file's first chunk lies in each part of the line in turn.
            for (int before : List.of(100, 32_000, 36_000, 60_000, 65_000, 65_530)) {
                List<Match> found = new ArrayList<>();
                readFile("x".repeat(99).concat("\n").repeat(before / 100) + log, filter.reader(UTC), found);

                assertThat(found)
                        .as("behind %d bytes", before)
                        .filteredOn(match -> match.kind() == Match.Kind.FAILURE)
                        .hasSize(4);
            }
        }
    }

    @Test
    void forgetsALineWhoseEndNeverCame() throws Exception {
        List<Match> found = new ArrayList<>();
        LogReader reader = filter.reader(UTC);
        String guess = lines(guesses().get(0), 1).strip();
        readFile("x".repeat(8_000), reader, found);
        reader.read(Reading.line(guess), found::add);
        reader.settle(Reading.ARRIVAL + Window.PAUSE_MILLIS);
        reader.read(Reading.line(guess), found::add);

        assertThat(found).extracting(Match::kind).containsExactly(Match.Kind.SUSPICIOUS, Match.Kind.FAILURE);
    }

    private void readFile(String text, LogReader reader, List<Match> found) throws Exception {
        Path path = Files.writeString(folder.resolve("log"), text, StandardCharsets.ISO_8859_1);
        try (LogFile log = LogFile.open(path, new LineSplitter())) {
            while (log.poll(line -> reader.read(line, found::add))) {}
        }
    }

    private static List<Message> guesses() {
        return List.of(
                SecurityEvents.message("InvalidAccountID", "PJSIP", "1001", "call", "UDP", CALLER, ""),
                Message.asterisk(
                        "NOTICE",
                        "res_pjsip/pjsip_distributor.c",
                        "Request 'REGISTER' from '<sip:1001@192.0.2.10>' failed for '" + CALLER
                                + ":5060' (callid: c1) - Failed to authenticate"),
                Message.asterisk(
                        "NOTICE",
                        "chan_sip.c",
                        "Registration from '<sip:1001@192.0.2.10>' failed for '" + CALLER + ":5060' - Wrong password"));
    }

    private static String lines(Message message, int count) {
        return (Carrier.FILE.write(message) + "\n").repeat(count);
    }

    /** Returns a message with a long Call-ID, of so many bytes and without its line break. */
    private static String cut(String callId, int bytes) {
        Message message = SecurityEvents.message("InvalidAccountID", "PJSIP", "x", callId, "TCP", CALLER, "");
        return Carrier.FILE.write(message).substring(0, bytes);
    }
}

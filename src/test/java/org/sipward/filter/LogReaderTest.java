package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipward.filter.FilterSpec.Block;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.filter.FilterSpec.Pattern;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;
import org.sipward.stamp.SecretWord;

class LogReaderTest {
    private static final long NOW = Reading.ARRIVAL;

    private final List<String> said = new ArrayList<>();
    private LogReader reader;

    @BeforeEach
    void open() throws Exception {
        reader = filter().reader(ZoneOffset.UTC);
    }

    @Test
    void handsOnAtOnceWhereNoBlockIsOpen() {
        read("failed 203.0.113.7");

        assertThat(said).containsExactly("203.0.113.7");
        assertThat(reader.isWaiting()).isFalse();
    }

    @Test
    void accusesNobodyWithinABlock() {
        read("dump:", "failed 192.0.2.1", "end of dump");
        reader.end();

        assertThat(said).containsExactly("suspicious refused");
    }

    @Test
    void holdsBackWhatComesBehindAnEndUntilAMessageMustHaveEnded() {
        read("dump:", "end of dump", "failed 203.0.113.7");

        assertThat(said).isEmpty();
        reader.settle(NOW + Window.PAUSE_MILLIS - 1);
        assertThat(said).isEmpty();
        reader.settle(NOW + Window.PAUSE_MILLIS);
        assertThat(said).containsExactly("203.0.113.7");
        assertThat(reader.isWaiting()).isFalse();
    }

    @Test
    void handsOnByTheStampsOfAnOldLog() {
        reader.settleByStamps();
        read("dump:", "end of dump", "failed 203.0.113.7");
        readRaw("2026-11-22 10:00:01 app: x");
        assertThat(said).isEmpty();

        readRaw("2026-11-22 10:00:02 app: x");

        assertThat(said).containsExactly("203.0.113.7");
    }

    @Test
    void handsOnNothingOfAnOldLogForAStampThatIsEarlier() {
        reader.settleByStamps();
        read("dump:", "end of dump", "failed 192.0.2.1");
        readRaw("2026-11-22 09:00:00 app: x");
        read("end of dump");

        assertThat(said).containsExactly("suspicious refused");
    }

    @Test
    void believesThreeLinesOfTheSenderWhomABeginNames() {
        read("packet of 203.0.113.7:", "failed 192.0.2.1");
        for (int i = 0; i < 9; i++) {
            read("failed 203.0.113.7");
        }

        assertThat(said).filteredOn("203.0.113.7"::equals).hasSize(3);
        assertThat(said).filteredOn("suspicious refused"::equals).hasSize(7);
    }

    @Test
    void handsOnWhenTheClockWasSetBack() {
        read("dump:", "end of dump", "failed 203.0.113.7");

        reader.settle(NOW - 5000);

        assertThat(said).containsExactly("203.0.113.7");
    }

    @Test
    void handsOnWhenMoreHasComeThanTheBlockCanHave() {
        read("dump:", "end of dump", "failed 203.0.113.7");
        for (int i = 0; i < 10; i++) {
            read("x".repeat(30));
        }

        assertThat(said).containsExactly("203.0.113.7");
    }

    @Test
    void givesUpWhatAnotherEndShowsToBeForged() {
        read("dump:", "end of dump", "failed 192.0.2.1", "end of dump");
        reader.end();

        assertThat(said).containsExactly("suspicious refused");
    }

    @Test
    void believesNoTimeStampBetweenTwoEnds() {
        read("dump:", "end of dump", "failed 192.0.2.1");
        reader.read(Line.of("2027-01-01 00:00:00 app: failed 192.0.2.1", NOW, true), this::say);
        read("end of dump");
        reader.end();

        assertThat(said).containsExactly("suspicious refused", "suspicious refused");
    }

    @Test
    void believesNoCountThatStandsWithinABlock() {
        read("dump:", "dump of 1 bytes:", "end of dump", "failed 192.0.2.1", "x".repeat(9), "end of dump");
        reader.end();

        assertThat(said).containsExactly("suspicious refused");
    }

    @Test
    void believesWhatComesBehindTheBytesThatTheServerHasCounted() {
        read(
                "dump of 5 bytes:",
                "12345",
                "end of dump",
                "failed 203.0.113.7",
                "failed 203.0.113.8",
                "failed 203.0.113.9");

        assertThat(said).contains("203.0.113.9");
    }

    @Test
    void closesABlockWithoutAnEnd() {
        read("dump:", "failed 192.0.2.1");
        reader.settle(NOW + Window.PAUSE_MILLIS);
        read("failed 203.0.113.7");

        assertThat(said).containsExactly("suspicious refused", "203.0.113.7");
    }

    @Test
    void waitsNotForWhatAccusesTheOneWhoBeganTheBlock() {
        read("call from 203.0.113.7 to 1 rejected", "call from 203.0.113.7 to 2 rejected");

        assertThat(said).containsExactly("203.0.113.7", "203.0.113.7");
    }

    @Test
    void accusesTheCallerOfANumberWithALineBreakAndNobodyElse() {
        read("call from 203.0.113.7 to 1");
        readRaw("2026-11-22 10:00:00 app: failed 192.0.2.1");
        readRaw("x rejected");
        reader.end();

        assertThat(said).containsExactly("203.0.113.7", "suspicious refused");
    }

    @Test
    void readsASplitRecordAsOne() {
        read("event user=a");
        readRaw("failed 192.0.2.1");
        readRaw("b address=203.0.113.7");
        reader.end();

        assertThat(said).containsExactly("203.0.113.7");
    }

    @Test
    void joinsNoRecordOfSomebodyElse() {
        read("event user=a");
        read("event user=b address=203.0.113.7");
        reader.end();

        assertThat(said).containsExactly("suspicious event", "203.0.113.7");
    }

    @Test
    void seesTheEndOfABlockWithinARecordThatIsJoined() {
        read("dump:", "end of dump", "failed 192.0.2.1", "event user=a");
        readRaw("end of dump");
        readRaw("b address=192.0.2.1");
        reader.end();

        assertThat(said).doesNotContain("192.0.2.1");
    }

    @Test
    void givesUpARecordWithoutItsEnd() {
        read("event user=a");
        for (int i = 0; i < 300; i++) {
            readRaw("x".repeat(40));
        }
        read("failed 203.0.113.7");

        assertThat(said).containsExactly("suspicious event", "203.0.113.7");
    }

    @Test
    void givesUpTheOldestWhenTooMuchWaits() {
        read("long dump:", "end of long dump");
        for (int i = 0; i <= HeldMatches.MAX; i++) {
            read("failed 203.0.113.7");
        }

        assertThat(said).containsExactly("suspicious refused");
    }

    @Test
    void needsNoBlocksWhereASecretWordTells() throws Exception {
        Filter filter = Reading.filter("asterisk").withSecretWord(new SecretWord("k7Qz9"));
        String record = "[2026-11-22 11:05:15%s] %s[1] %s";
        String notice =
                "res_pjsip/pjsip_distributor.c: Request 'R' from '<sip:1@x>' failed for '%s:5060' (callid: x) - y";
        String log = record.formatted(
                        " k7Qz9",
                        "ERROR",
                        "pjproject: \tsip_endpoint.c Error processing packet from 203.0.113.9:1: Missing:")
                + "\n"
                + record.formatted("", "NOTICE", notice.formatted("192.0.2.1")) + "\n"
                + record.formatted(" k7Qz8", "NOTICE", notice.formatted("192.0.2.1")) + "\n-- end of packet.\n"
                + record.formatted(" k7Qz9", "NOTICE", notice.formatted("203.0.113.7"));

        assertThat(Reading.accused(filter, log)).containsExactly("203.0.113.7");
    }

    @Test
    void passesOverAShortBlockOnlyWhereItEndsOnItsLine() {
        for (String begin : List.of("one ", "two ")) {
            said.clear();
            read(begin + "x", "failed 192.0.2.1");
            assertThat(said).as(begin).containsExactly("suspicious refused");
            reader.end();

            for (String end : List.of("whole", "done")) {
                said.clear();
                read(begin + end, "failed 203.0.113.7");
                assertThat(said).as(begin + end).containsExactly("203.0.113.7");
            }
        }
    }

    @Test
    void neverTellsTheSecretWord() {
        assertThat(new SecretWord("k7Qz9")).asString().doesNotContain("k7Qz9");
        assertThat(List.of("k7Qz", "k7 Qz9", "k7Qz]9", "", "x".repeat(33))).noneMatch(SecretWord::isWord);
    }

    private void read(String... messages) {
        for (String message : messages) {
            readRaw(message.startsWith("end") ? message : "2026-11-22 10:00:00 app: " + message);
        }
    }

    private void readRaw(String line) {
        reader.read(Line.of(line, NOW, true), this::say);
    }

    private void say(Match match) {
        said.add(match.address().map(IpAddress::toString).orElse("suspicious " + match.pattern()));
    }

    private static Filter filter() throws FilterException {
        List<Pattern> patterns = List.of(
                new Pattern(Kind.FAILURE, "refused", "^failed <ADDR>$", 1, false),
                new Pattern(Kind.FAILURE, "call", "^call from <ADDR> to .*$", 1, false),
                new Pattern(Kind.FAILURE, "event", "^event user=.* address=<ADDR>$", 1, false));
        List<Block> blocks = List.of(
                new Block(
                        "dump", "^dump(?: of <F-BYTES>[0-9]+</F-BYTES> bytes)?:$", "^end of dump$", 200, false, false),
                new Block("packet", "^packet of <ADDR>:$", "^end of packet$", 9_000, false, false),
                new Block("long", "^long dump:$", "^end of long dump$", 100_000, false, false),
                new Block("number", "^call from [^ ]+ to ", "^.* ?rejected$", 8192, false, false),
                new Block("event", "^event user=", "^.* address=[^ ]+$", 8192, true, false),
                new Block("either", "^one |two ", "^.*whole|done$", 200, false, false, true, ""));
        return Filter.compile(new FilterSpec("test", "", List.of("iso8601"), "^app: ", patterns, "^app: ", blocks, ""));
    }
}

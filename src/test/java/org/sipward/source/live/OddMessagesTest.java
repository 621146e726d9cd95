package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cut, mixed and altered messages that no server writes: no reader of live sources throws anything on them. */
class OddMessagesTest {
    private static final int ODD = 20_000;
    private static final List<String> SYSLOG = List.of(
            "<133>2026-11-22T11:03:37.588158+00:00 pbxyz1 ",
            "<13>Nov 22 10:16:35 pbx1 asterisk[17]: a\nb",
            "<133>1 2026-11-22T10:10:55.985907+00:00 pbx1 kamailio 1 - -  msg",
            "27 <133>1 - - - - - - hello all 12 <1>Nov  2 ",
            "<1",
            "<>",
            "9999999 x");
    private static final String ENTRY =
            "{\"__CURSOR\":\"s=6a;i=1;b=2;m=3;t=4;x=5\",\"__REALTIME_TIMESTAMP\":\"1795348800000000\",\"_PID\":\"1\","
                    + "\"_COMM\":[\"a\",[1,2,300,-1]],\"MESSAGE\":[104,105,[1]],\"SYSLOG_IDENTIFIER\":null,\"_X\":1e99}";
    private static final List<String> AMI = List.of(
            "Event: InvalidPassword",
            "Privilege: security,all",
            "EventTV: 2026-11-22T10:16:35.563+0000",
            "Severity: Error",
            "Service: SIP",
            "EventVersion: 2",
            "AccountID: 1001",
            "SessionID: 0x7f6454038048",
            "LocalAddress: IPV4/UDP/192.0.2.10/5060",
            "RemoteAddress: IPV4/UDP/203.0.113.7/5061",
            "Challenge: 4a065aff",
            "ReceivedChallenge: 4a065aff",
            "ReceivedHash: 0",
            "Event: FailedACL");
    private static final String ESL = "Event-Subclass: sofia%3A%3Aregister_failure\nEvent-Date-Timestamp: "
            + "1795348800000000\nnetwork-ip: 203.0.113.7\nnetwork-port: 5060\nto-user: 10%\nuser-agent: %2\ncall-id: %\n\n";

    @Test
    void noSyslogMessageMakesTheReaderFail() {
        Random random = new Random(1);
        SyslogStream stream = new SyslogStream();
        for (int i = 0; i < ODD; i++) {
            byte[] bytes = bytes(odd(SYSLOG.get(random.nextInt(SYSLOG.size())), random));

            Optional<byte[]> line = SyslogLine.of(bytes, 0, bytes.length);
            stream.read(ByteBuffer.wrap(bytes), whole -> assertThat(whole).isNotEmpty(), () -> {});

            line.ifPresent(whole -> assertThat(whole).doesNotContain((byte) '\n'));
        }
    }

    @Test
    void noJournalEntryMakesTheReaderFail() throws Exception {
        Random random = new Random(2);
        Inbox inbox = new Inbox(() -> {});
        JournalSession session = new JournalSession(
                List.of(Path.of("none")), List.of(), List.of(), Optional.empty(), Duration.ZERO, Live.CLOCK);
        for (int i = 0; i < ODD; i++) {
            byte[] bytes = bytes(odd(ENTRY, random));
            try {
                JournalEntry.parse(bytes, bytes.length).line();
            } catch (IOException damaged) {
                assertThat(damaged).hasMessageNotContaining("\n{");
            }
            session.read(new ByteArrayInputStream(bytes), inbox);
            inbox.take(Integer.MAX_VALUE);
        }

        assertThat(inbox.trouble()).isEmpty();
    }

    @Test
    void noManagersBlockMakesTheReaderFail() throws Exception {
        Random random = new Random(3);
        AmiMessages messages = new AmiMessages();
        for (int i = 0; i < ODD; i++) {
            List<String> lines = new ArrayList<>(AMI.subList(random.nextInt(3), 3 + random.nextInt(AMI.size() - 2)));
            for (int j = random.nextInt(3); j > 0; j--) {
                lines.set(random.nextInt(lines.size()), odd(AMI.get(random.nextInt(AMI.size())), random));
            }
            Block block = new Block();
            for (String line : lines) {
                if (block.endsWith(line.replace("\n", ""))) {
                    break;
                }
            }

            messages.next(block);
            if (random.nextInt(4) == 0) {
                messages.end();
            }
        }
        assertThat(messages.end()).isNotNull();
    }

    @Test
    void noEventOfTheEventSocketMakesTheReaderFail() throws Exception {
        Random random = new Random(4);
        EslSession session = new EslSession("127.0.0.1", 1, Path.of("none"), Timeouts.USUAL, Live.CLOCK);
        for (int i = 0; i < ODD; i++) {
            session.line(odd(ESL, random)).ifPresent(line -> assertThat(line).doesNotContain((byte) '\n'));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String odd(String text, Random random) {
        String odd = text;
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(odd.length() + 1);
            int to = at + random.nextInt(Math.min(20, odd.length() - at) + 1);
            odd = switch (random.nextInt(6)) {
                case 0 -> odd.substring(0, at);
                case 1 -> odd.substring(0, at) + odd.substring(to);
                case 2 -> odd.substring(0, at) + (char) random.nextInt(256) + odd.substring(at);
                case 3 -> odd.substring(0, to) + odd.substring(at);
                case 4 -> odd.substring(0, at) + "9".repeat(random.nextInt(25)) + odd.substring(to);
                default -> odd.substring(at);
            };
        }
        return odd;
    }
}

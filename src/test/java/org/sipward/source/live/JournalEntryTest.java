package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalEntryTest {
    private static final String CURSOR =
            "s=11e43714a2274bd088aef06deb9cb7c5;i=15b;b=17cd8f8e26914edbafeea66a623312e1;m=3f108bf3d;t=660e4d2690e26;x=cf";
    private static final String HEAD =
            "{\"__CURSOR\":\"" + CURSOR + "\",\"__REALTIME_TIMESTAMP\":\"1795385759174182\",\"_HOSTNAME\":\"pbx\",";
    private static final String STAMP = "2026-11-22T22:15:59.174182+00:00 pbx ";

    @Test
    void writesTheNameAndProcessOfTheProgram() throws IOException {
        assertThat(line("\"MESSAGE\":\"hi\",\"SYSLOG_IDENTIFIER\":\"asterisk\",\"_PID\":\"8365\"}"))
                .contains(STAMP + "asterisk[8365]: hi");
    }

    @Test
    void letsNoProgramForgeAHeaderByItsName() throws IOException {
        assertThat(line("\"MESSAGE\":\"hi\",\"SYSLOG_IDENTIFIER\":\"a: b\\n[1]\",\"_PID\":\"x\"}"))
                .contains(STAMP + "a__b__1_: hi");
    }

    @Test
    void readsBytesAndTakesTheFirstOfSeveralMessages() throws IOException {
        assertThat(line("\"MESSAGE\":[97,255,10,98,10],\"_COMM\":\"x\"}")).contains(STAMP + "x: a\u00ff#012b");
        assertThat(line("\"MESSAGE\":[\"one\",\"two\"],\"_COMM\":\"x\"}")).contains(STAMP + "x: one");
    }

    @Test
    void makesNoLineWithoutAMessage() throws IOException {
        assertThat(line("\"MESSAGE\":null}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"MESSAGE\":\"x\"}", "{\"a\":{}}", "{\"a\":[{}]}", "{\"a\":1e9}"})
    void refusesTextThatIsNotAnEntry(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> JournalEntry.parse(bytes, bytes.length)).isInstanceOf(IOException.class);
    }

    @Test
    void continuesAfterDamagedAndEndlessEntries() throws Exception {
        Inbox inbox = new Inbox(() -> {});
        JournalSession session = new JournalSession(
                List.of(Path.of("none")), List.of(), List.of(), Optional.empty(), Duration.ZERO, Live.CLOCK);
        String json = "{\"\n" + HEAD + "\"MESSAGE\":\"" + "x".repeat(300_000) + "\"}\nwords\n" + HEAD
                + "\"MESSAGE\":\"hi\",\"_COMM\":\"x\"}\n";

        String words = session.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), inbox);

        assertThat(words).isEqualTo("words");
        assertThat(inbox.dropped()).isEqualTo(2);
        assertThat(inbox.take(1)).hasSize(1);
    }

    @Test
    void knowsItsCursors() {
        assertThat(JournalSession.isCursor(CURSOR)).isTrue();
        assertThat(JournalSession.isCursor("--since=0")).isFalse();
    }

    private static Optional<String> line(String json) throws IOException {
        byte[] bytes = (HEAD + json).getBytes(StandardCharsets.UTF_8);
        return JournalEntry.parse(bytes, bytes.length)
                .line()
                .map(line -> new String(line, StandardCharsets.ISO_8859_1));
    }
}

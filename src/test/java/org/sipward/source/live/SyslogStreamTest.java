package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyslogStreamTest {
    @Test
    void readsTheSameMessagesHoweverTheBytesAreCut() {
        byte[] bytes = "9 <13>t\nwo\n<13>one\n0 zero\n12345678 long\n3 a b\n\n".getBytes(StandardCharsets.US_ASCII);
        for (int size = 1; size <= bytes.length; size++) {
            SyslogStream stream = new SyslogStream();
            List<String> lines = new ArrayList<>();
            for (int from = 0; from < bytes.length; from += size) {
                stream.read(
                        ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)),
                        line -> lines.add(new String(line, StandardCharsets.US_ASCII)),
                        () -> lines.add("dropped"));
            }

            assertThat(lines).containsExactly("t#012wo", "one", "0 zero", "12345678 long", "a b");
            assertThat(stream.isWithinMessage()).isFalse();
        }
    }

    @Test
    void dropsACountedMessageThatIsTooLong() {
        SyslogStream stream = new SyslogStream();
        List<String> lines = new ArrayList<>();

        stream.read(
                ByteBuffer.wrap(("20000 " + "x\n".repeat(10_000) + "<13>next\n").getBytes(StandardCharsets.US_ASCII)),
                line -> lines.add(new String(line, StandardCharsets.US_ASCII)),
                () -> lines.add("dropped"));

        assertThat(lines).containsExactly("dropped", "next");
    }
}

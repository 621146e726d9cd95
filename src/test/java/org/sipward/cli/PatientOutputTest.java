package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatientOutputTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int LINES = 40_000;

    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CountDownLatch reader = new CountDownLatch(1);

    @AfterEach
    void letTheWriterGo() {
        reader.countDown();
    }

    @Test
    void writesAllInOrder() {
        PatientOutput out = new PatientOutput(read, count -> "dropped " + count + "\n");
        List<String> lines = print(out, LINES);

        assertThat(out.drain(LONG)).isTrue();

        assertThat(text()).isEqualTo(String.join("", lines));
    }

    @Test
    void holdsNobodyUpWhenNobodyReadsAndSaysWhatIsMissingWhereItIsMissing() {
        PatientOutput out = new PatientOutput(awaiting(), count -> "dropped " + count + "\n");
        long begin = System.nanoTime();
        print(out, LINES);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(out.drain(Duration.ofMillis(50))).isFalse();

        reader.countDown();
        assertThat(out.drain(LONG)).isTrue();
        out.write("later\n".getBytes(StandardCharsets.US_ASCII), 0, 6);
        assertThat(out.drain(LONG)).isTrue();

        List<String> lines = text().lines().toList();
        int kept = lines.size() - 2;
        assertThat(lines.get(kept)).isEqualTo("dropped " + (LINES - kept));
        assertThat(lines.get(kept - 1)).startsWith("line " + (kept - 1) + " ");
        assertThat(lines.get(kept + 1)).isEqualTo("later");
    }

    @Test
    void boundsWhatWaits() {
        PatientOutput out = new PatientOutput(awaiting(), count -> "dropped " + count + "\n");
        print(out, LINES);

        reader.countDown();
        out.drain(LONG);

        assertThat(read.size()).isLessThan(PatientOutput.CAPACITY + 10_000);
    }

    @Test
    void outlivesAnOutputThatIsGone() throws Exception {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        PatientOutput out = new PatientOutput(gone, count -> "dropped " + count + "\n");

        print(out, LINES);

        assertThat(out.drain(LONG)).isTrue();
    }

    @Test
    void drainsWhatAStreamPrintsAndLeavesOtherStreamsAlone() {
        PatientOutput.drain(new PrintStream(read), LONG);

        assertThat(read.size()).isZero();
    }

    private static List<String> print(PatientOutput out, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String line = "line " + i + " " + "x".repeat(80) + "\n";
            byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
            out.write(bytes, 0, bytes.length);
            lines.add(line);
        }
        return lines;
    }

    /** Returns a pipe that nobody reads before {@link #reader} does. */
    private OutputStream awaiting() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                try {
                    reader.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                read.write(bytes, from, length);
            }
        };
    }

    private String text() {
        return read.toString(StandardCharsets.US_ASCII);
    }
}

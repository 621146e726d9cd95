package org.sipward.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final LineSplitter splitter = new LineSplitter();
    private final LineCounter counter = new LineCounter();
    private final List<String> lines = new ArrayList<>();

    @Test
    void handsOutALineOf7000Bytes() {
        String line = "x".repeat(7_000);

        assertThat(split(line + "\n")).isEqualTo(7_001);
        assertThat(lines).containsExactly(line);
        assertThat(counter.dropped).isZero();
    }

    @Test
    void handsOutALineOf8002BytesInTwoParts() {
        assertThat(split("x".repeat(8_002) + "\nnext\n")).isEqualTo(8_008);
        assertThat(lines).containsExactly("BEGIN " + "x".repeat(7_001), "END " + "x".repeat(1_001), "next");
        assertThat(counter.dropped).isEqualTo(1);
    }

    @Test
    void leavesAnUnfinishedLineOf7000Bytes() {
        assertThat(split("one\n" + "x".repeat(7_000))).isEqualTo(4);
        assertThat(splitter.isSkipping()).isFalse();
    }

    @Test
    void handsOutALineOf64MegabytesInPartsAsTheyAreRead() {
        String piece = "x".repeat(LineSplitter.BUFFER_BYTES);
        for (int i = 0; i < 1_024; i++) {
            assertThat(split(piece)).isEqualTo(piece.length());
            assertThat(lines.stream().mapToInt(String::length).max().orElse(0)).isLessThan(1 << 17);
            lines.replaceAll(line -> line.substring(0, Math.min(8, line.length())));
        }
        split("tail\nafter\n");

        assertThat(lines.subList(0, 3)).containsExactly("BEGIN xx", "MIDDLE x", "MIDDLE x");
        assertThat(lines.subList(lines.size() - 2, lines.size())).containsExactly("END tail", "after");
        assertThat(counter.dropped).isEqualTo(1);
    }

    @Test
    void findsAnLfAtEachPlaceAndTakesNoOtherByteForOne() {
        byte[] buffer = splitter.buffer();
        for (int other = 0; other < 256; other++) {
            Arrays.fill(buffer, 0, 40, (byte) other);
            for (int lf = 0; lf < 32; lf++) {
                int before = other == '\n' ? 0 : lf;
                buffer[lf] = '\n';
                assertThat(splitter.indexOfLf(0, 40)).isEqualTo(before);
                assertThat(splitter.indexOfLf(3, 32)).isEqualTo(other == '\n' ? 3 : lf < 3 ? -1 : lf);
                assertThat(splitter.indexOfLf(lf, lf + 1)).isEqualTo(lf);
                buffer[lf] = (byte) other;
            }
            assertThat(splitter.indexOfLf(5, 5)).isEqualTo(-1);
        }
    }

    private int split(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, splitter.buffer(), 0, bytes.length);
        splitter.begin(splitter.isSkipping(), 0, true);
        return splitter.split(
                0,
                bytes.length,
                counter,
                line -> lines.add((line.part() == Line.Part.WHOLE ? "" : line.part() + " ") + line));
    }
}

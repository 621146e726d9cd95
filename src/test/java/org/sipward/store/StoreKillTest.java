package org.sipward.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.store.Samples.JAIL;
import static org.sipward.store.Samples.loaded;
import static org.sipward.store.Samples.numbered;
import static org.sipward.store.Samples.open;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/** Stored data survives a SIGKILL of the process at any moment. */
class StoreKillTest {
    private static final int ROUNDS = 9;

    @TempDir
    Path temp;

    @Test
    void keepsEveryAcknowledgedBanAndCursorWhenKilled() throws Exception {
        Random random = new Random(20261122);
        Path folder = temp.resolve("store");
        int from = 0;
        for (int round = 0; round < ROUNDS; round++) {
            // Every third process dies while it opens the store of the process before.
            Said said = killAfter(round % 3 == 2 ? 1 : 1 + random.nextInt(60), folder, from, random.nextLong());

            from = checked(folder, from, said, round);
        }
        assertThat(from).isPositive();
    }

    /** The numbers that a process printed before it died; -1 if it printed none. */
    private record Said(int storing, int stored, int cursor) {}

    private static Said killAfter(int lines, Path folder, int from, long seed) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreWriter.class.getName(),
                        folder.toString(),
                        "" + from,
                        "" + seed)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int storing = -1;
        int stored = -1;
        int cursor = -1;
        try (BufferedReader out = process.inputReader(StandardCharsets.US_ASCII)) {
            int count = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ", 2);
                switch (words[0]) {
                    case "storing" -> storing = Integer.parseInt(words[1]);
                    case "stored" -> stored = Integer.parseInt(words[1]);
                    case "cursor" -> cursor = Integer.parseInt(words[1]);
                    default -> assertThat(line).isEqualTo("opening");
                }
                if (++count == lines) {
                    // SIGKILL on Linux. Process.destroyForcibly would close the pipe and lose the output.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return new Said(storing, stored, cursor);
    }

    /**
     * Opens a copy, so that the next process finds the files as this one left them. Returns how many bans are stored.
     */
    private int checked(Path folder, int before, Said said, int round) throws IOException {
        Path copy = temp.resolve("copy" + round);
        FileUtils.copyDirectory(folder.toFile(), copy.toFile());
        try (HsqlStore store = open(copy)) {
            int stored = loaded(store).size();
            int acknowledged = Math.max(before, said.stored());
            int begun = Math.max(acknowledged, said.storing());
            assertThat(stored).as("round " + round).isIn(acknowledged, begun);
            assertThat(Set.copyOf(loaded(store))).isEqualTo(Set.copyOf(numbered(0, stored, JAIL)));
            List<Network> latest = numbered(Math.max(0, stored - 4_000), stored, JAIL).stream()
                    .map(Ban::network)
                    .toList();
            assertThat(store.history(latest)).hasSameSizeAs(latest);
            if (said.cursor() >= 0) {
                assertThat(store.cursor("log").map(Integer::parseInt).orElseThrow())
                        .isIn(said.cursor(), stored);
            }
            try (Stream<Path> files = Files.list(copy)) {
                assertThat(files).noneMatch(path -> path.toString().contains("corrupt"));
            }
            return stored;
        } finally {
            FileUtils.deleteDirectory(copy.toFile());
        }
    }
}

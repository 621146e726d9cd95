package org.sipward.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.sipward.store.Samples.JAIL;
import static org.sipward.store.Samples.START;
import static org.sipward.store.Samples.loaded;
import static org.sipward.store.Samples.numbered;
import static org.sipward.store.Samples.open;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Ban;

/** The store's files stay small, and stored data survives when they cannot grow. */
class StoreSizeTest {
    @TempDir
    Path temp;

    /** Stores 1,500 bans a day for two months. Each lasts a day; the history is kept for a week. */
    @Test
    void staysSmallOverMonths() throws IOException {
        int daily = 1_500;
        Path data = temp.resolve("db/store.data");
        try (HsqlStore store = open(temp)) {
            for (int day = 0; day < 62; day++) {
                if (day > 0) {
                    store.remove(numbered((day - 1) * daily, day * daily, JAIL), START.plusSeconds((long) day * daily));
                }
                store.add(numbered(day * daily, (day + 1) * daily, JAIL));
                store.purge(START.plusSeconds((day - 6L) * daily));
                assertThat(Files.size(data)).isLessThan(8 << 20);
            }

            assertThat(loaded(store)).hasSize(daily);
        }

        assertThat(Files.size(data)).isLessThan(5 << 20);
    }

    @Test
    void staysSmallAfterManyFloods() throws IOException {
        try (HsqlStore store = open(temp)) {
            List<Ban> flood = numbered(0, 30_000, Samples.FEED);
            for (int day = 0; day < 10; day++) {
                store.add(flood);
                store.remove(flood, START);
            }

            assertThat(loaded(store)).isEmpty();
        }

        assertThat(FileUtils.sizeOfDirectory(temp.toFile())).isLessThan(8 << 20);
    }

    @Test
    void losesNothingOnAFullDiskAndKeepsNoFileOpen() throws Exception {
        Path disk = Files.createDirectory(temp.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString()))
                .as("a file system of our own can be mounted")
                .isTrue();
        try {
            storeOnFullDisk(disk);

            assertThat(openFilesIn(disk)).isEmpty();
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void storeOnFullDisk(Path disk) throws IOException {
        try (HsqlStore store = open(disk.resolve("store"))) {
            int stored = 100;
            store.add(numbered(0, stored, JAIL));
            fill(disk.resolve("filler"));

            for (int failures = 0; failures < 5; ) {
                try {
                    store.add(numbered(stored, stored + 10, JAIL));
                    stored += 10;
                } catch (IOException fullDisk) {
                    assertThat(fullDisk).hasMessageContaining(disk.toString());
                    failures++;
                }
            }
            Files.delete(disk.resolve("filler"));

            assertThat(Set.copyOf(loaded(store))).isEqualTo(Set.copyOf(numbered(0, stored, JAIL)));
            store.add(numbered(stored, stored + 10, JAIL));
        }
    }

    /** Returns the files in this folder that this process has open, including deleted ones. */
    private static List<String> openFilesIn(Path folder) throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                open.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        open.removeIf(path -> !path.startsWith(folder.toString()));
        return open;
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream filler = Files.newOutputStream(file)) {
            for (byte[] block = new byte[4096]; ; ) {
                filler.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}

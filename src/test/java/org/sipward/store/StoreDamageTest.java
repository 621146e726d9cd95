package org.sipward.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.store.Samples.JAIL;
import static org.sipward.store.Samples.loaded;
import static org.sipward.store.Samples.numbered;
import static org.sipward.store.Samples.open;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.ban.Ban;

/**
 * Opens stores whose files were cut or removed, by a power cut, a full disk or somebody: each opens and reports its
 * losses.
 */
class StoreDamageTest {
    private static final int FOLDED = 200;
    private static final int ALL = 230;

    @TempDir
    Path temp;

    private Path folder;
    private Path original;

    /** Leaves the files of a store that was killed, with bans in its tables and more in its log. */
    @BeforeEach
    void fill() throws IOException {
        folder = temp.resolve("store");
        original = temp.resolve("original");
        try (HsqlStore store = open(folder)) {
            store.add(numbered(0, FOLDED, JAIL));
            store.saveCursor("a", "1");
        }
        try (HsqlStore store = open(folder)) {
            for (int i = FOLDED; i < ALL; i++) {
                store.add(List.of(numbered(i, JAIL)));
            }
            FileUtils.copyDirectory(folder.resolve("db").toFile(), original.toFile());
        }
    }

    private Path damaged(String file) throws IOException {
        FileUtils.deleteDirectory(folder.toFile());
        FileUtils.copyDirectory(original.toFile(), folder.resolve("db").toFile());
        return folder.resolve("db").resolve(file);
    }

    private static void cut(Path file, long length) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(length);
        }
    }

    /** Returns the bans that are left. If some are lost, the store must have reported it and kept the files. */
    private int left(String what) throws IOException {
        try (HsqlStore store = open(folder)) {
            List<Ban> bans = loaded(store);
            assertThat(numbered(0, ALL, JAIL)).as(what).containsAll(bans);
            if (bans.size() < ALL || store.cursor("a").isEmpty()) {
                assertThat(store.losses()).as(what).isNotEmpty();
                try (Stream<Path> files = Files.list(folder)) {
                    assertThat(files).as(what).anyMatch(path -> path.toString().contains("db.corrupt-"));
                }
            } else {
                assertThat(store.losses()).as(what).isEmpty();
            }
            return bans.size();
        }
    }

    private List<Integer> lengths(String file, int steps) throws IOException {
        int size = (int) Files.size(original.resolve(file));
        TreeSet<Integer> lengths = new TreeSet<>(List.of(0, 1, size - 1));
        Random random = new Random(size);
        for (int i = 0; i < steps; i++) {
            lengths.add(random.nextInt(size));
        }
        return new ArrayList<>(lengths);
    }

    @ParameterizedTest
    @ValueSource(strings = {"store.script", "store.data", "store.properties", "store.log", "acknowledged"})
    void opensWithAFileOfAnyLengthAndReportsLosses(String file) throws IOException {
        for (int length : lengths(file, 12)) {
            cut(damaged(file), length);
            left(file + " cut to " + length);
        }
        Files.delete(damaged(file));
        left(file + " removed");
    }

    @Test
    void losesNothingIfTheStateOfTheFilesIsMissing() throws IOException {
        for (int length : lengths("store.properties", 5)) {
            cut(damaged("store.properties"), length);
            assertThat(left("cut to " + length)).isEqualTo(ALL);
        }
    }

    @Test
    void keepsTheTablesIfTheLogIsEmptyOrGone() throws IOException {
        cut(damaged("store.log"), 0);
        assertThat(left("empty")).isEqualTo(FOLDED);

        Files.delete(damaged("store.log"));
        assertThat(left("removed")).isEqualTo(FOLDED);
    }

    @Test
    void keepsTheRestOfALogThatWasCut() throws IOException {
        cut(damaged("store.log"), Files.size(original.resolve("store.log")) / 2);
        assertThat(left("half")).isBetween(FOLDED + 5, ALL - 5);
    }

    @Test
    void reportsNoLossIfTheLogIsWhole() throws IOException {
        Path log = damaged("store.log");
        cut(log, Files.size(log) + 100_000);
        assertThat(left("zeros at its end")).isEqualTo(ALL);

        damaged("store.log");
        assertThat(left("whole")).isEqualTo(ALL);
        assertThat(left("closed")).isEqualTo(ALL);
    }

    @Test
    void opensAStoreWithoutAVersion() throws IOException {
        Path script = damaged("store.script");
        List<String> lines = Files.readAllLines(script);
        lines.removeIf(line -> line.startsWith("INSERT INTO META"));
        Files.write(script, lines);

        left("no version");
    }
}

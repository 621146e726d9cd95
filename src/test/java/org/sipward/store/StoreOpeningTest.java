package org.sipward.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipward.store.Samples.JAIL;
import static org.sipward.store.Samples.START;
import static org.sipward.store.Samples.ban;
import static org.sipward.store.Samples.loaded;
import static org.sipward.store.Samples.network;
import static org.sipward.store.Samples.numbered;
import static org.sipward.store.Samples.open;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.ban.Ban;

class StoreOpeningTest {
    private static final String ASIDE = "db.corrupt-20261122T101500Z";

    @TempDir
    Path temp;

    @Test
    void createsAFolderThatNobodyElseMayRead() throws IOException {
        try (HsqlStore store = open(temp.resolve("lib/Sip ward"))) {
            assertThat(loaded(store)).isEmpty();
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("lib/Sip ward"))))
                .isEqualTo("rwx------");
    }

    @Test
    void refusesAStoreThatAnotherAgentHasOpen() throws IOException {
        try (HsqlStore store = open(temp)) {
            assertThatThrownBy(() -> open(temp))
                    .isInstanceOf(IOException.class)
                    .hasMessage("store " + temp + " is in use by another agent");
            store.saveCursor("a", "1");
        }

        open(temp).close();
    }

    @Test
    void reportsThatTheFolderCannotBeCreated() {
        Path folder = Path.of("/proc/sipward");

        assertThatThrownBy(() -> open(folder)).isInstanceOf(IOException.class).hasMessageContaining("/proc/sipward");
    }

    @Test
    void refusesAPathThatTheDatabaseWouldMisread() {
        assertThatThrownBy(() -> open(temp.resolve("a;shutdown=true")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot hold a store");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void upgradesAnOlderStoreAndKeepsItsContents() throws IOException {
        try (HsqlStore store = open(temp)) {
            store.add(List.of(ban("203.0.113.7", JAIL)));
        }
        Schema second = with("ALTER TABLE cursors ADD COLUMN note VARCHAR(10) DEFAULT 'new' NOT NULL");

        try (HsqlStore store = HsqlStore.open(temp, Samples.CLOCK, second, 100)) {
            assertThat(loaded(store)).containsExactly(ban("203.0.113.7", JAIL));
        }

        assertThatThrownBy(() -> open(temp))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has version " + second.newest() + ", but this program knows only versions up to "
                        + Schema.CURRENT.newest());
        assertThat(aside()).isEmpty();
    }

    @Test
    void leavesAStoreAsItIsWhenItsMigrationFails() throws IOException {
        try (HsqlStore store = open(temp)) {
            store.add(List.of(ban("203.0.113.7", JAIL)));
        }
        Schema broken = with("DROP TABLE batches", "NO SUCH STATEMENT");

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> HsqlStore.open(temp, Samples.CLOCK, broken, 100))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot create the tables of version " + broken.newest())
                    .hasMessageContaining("NO");
        }

        try (HsqlStore store = open(temp)) {
            assertThat(store.past(network("203.0.113.7"), 1)).hasSize(1);
        }
    }

    @Test
    void usesTheOldDatabaseAfterACrashDuringAnUpgrade() throws IOException {
        try (HsqlStore store = open(temp)) {
            store.add(List.of(ban("203.0.113.7", JAIL)));
        }
        Files.move(temp.resolve("db"), temp.resolve("db.old"));
        Files.createDirectory(temp.resolve("db.new"));

        try (HsqlStore store = open(temp)) {
            assertThat(loaded(store)).containsExactly(ban("203.0.113.7", JAIL));
        }
    }

    private static Schema with(String... sql) {
        List<Schema.Step> steps = new ArrayList<>(Schema.CURRENT.steps());
        steps.add(Schema.sql(sql));
        return new Schema(steps);
    }

    @ParameterizedTest
    @ValueSource(strings = {"store.script", "store.data"})
    void movesAStoreWithGarbageAsideAndStartsEmpty(String file) throws IOException {
        fill(500);
        byte[] garbage = new byte[(int) Files.size(temp.resolve("db").resolve(file))];
        new Random(1).nextBytes(garbage);
        Files.write(temp.resolve("db").resolve(file), garbage);

        startsEmpty();

        assertThat(temp.resolve(ASIDE).resolve(file)).hasBinaryContent(garbage);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void opensAfterACrashWhileTheDatabaseWroteItsState(boolean empty) throws IOException {
        List<Ban> before = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            int first = 500 * round;
            before.addAll(numbered(first, first + 500, JAIL));
            try (HsqlStore store = open(temp)) {
                store.add(numbered(first, first + 500, JAIL));
            }
            losesItsState(empty);
            try (HsqlStore store = open(temp)) {
                assertThat(loaded(store)).containsExactlyInAnyOrderElementsOf(before);
            }
        }
        unclean(3, log -> {});
        losesItsState(empty);
        try (HsqlStore store = open(temp)) {
            assertThat(loaded(store)).hasSizeGreaterThanOrEqualTo(1_500);
        }
        assertThat(aside()).isEmpty();
    }

    private void losesItsState(boolean empty) throws IOException {
        Path state = temp.resolve("db/store.properties");
        Files.delete(state);
        if (empty) {
            Files.createFile(state);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"store.script", "store.data"})
    void movesAStoreWithAMissingFileAside(String file) throws IOException {
        fill(500);
        Files.delete(temp.resolve("db").resolve(file));

        startsEmpty();

        assertThat(temp.resolve(ASIDE)).exists();
    }

    @Test
    void movesAStoreAsideWhoseLogIsDamagedInTheMiddle() throws IOException {
        unclean(500, log -> {
            log.seek(log.length() / 2);
            log.write("garbage".getBytes(StandardCharsets.US_ASCII));
        });

        startsEmpty();

        assertThat(temp.resolve(ASIDE)).exists();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 7, 8, 30, 150})
    void dropsOnlyTheTransactionThatACrashInterrupted(int cut) throws IOException {
        unclean(3, log -> log.setLength(log.length() - cut));
        Path log = temp.resolve("db/store.log");
        int second = Files.readString(log).lastIndexOf("COMMIT\n") + "COMMIT\n".length();
        Files.writeString(temp.resolve("db/acknowledged"), second + "\n");

        try (HsqlStore store = open(temp)) {
            assertThat(loaded(store)).containsExactlyInAnyOrderElementsOf(numbered(0, 2, JAIL));
            assertThat(store.past(network("0.0.0.0/0"), 10)).hasSize(2);
        }
        assertThat(aside()).isEmpty();
    }

    @Test
    void dropsTheZerosThatAPowerCutLeaves() throws IOException {
        unclean(3, log -> log.setLength(log.length() + 200_000));

        try (HsqlStore store = open(temp)) {
            assertThat(loaded(store)).hasSize(3);
        }
        assertThat(aside()).isEmpty();
    }

    @Test
    void keepsTheLastThreeDamagedStores() throws IOException {
        for (int i = 1; i <= 5; i++) {
            fill(i);
            Files.write(temp.resolve("db/store.script"), new byte[] {1, 2, 3});
            startsEmpty();
        }

        assertThat(aside()).hasSize(StoreFolder.KEPT);
    }

    @Test
    void skipsADamagedRowAndKeepsTheRest() throws Exception {
        fill(2_500);
        try (Database database = Database.open(temp.resolve("db"))) {
            PreparedStatement select = database.prepare("SELECT packed FROM batches WHERE series = ? AND id = 1");
            PreparedStatement update = database.prepare("UPDATE batches SET packed = ? WHERE series = ? AND id = 1");
            for (int series : new int[] {BanTable.OWN, HistoryTable.SERIES}) {
                select.setInt(1, series);
                byte[] packed;
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    packed = row.getBytes(1);
                }
                packed[packed.length / 2] ^= 1;
                update.setBytes(1, packed);
                update.setInt(2, series);
                update.executeUpdate();
            }
            database.commit();
        }

        try (HsqlStore store = open(temp)) {
            assertThat(loaded(store)).containsExactlyInAnyOrderElementsOf(numbered(1_000, 2_500, JAIL));
            assertThat(store.past(network("0.0.0.0/0"), 3_000)).hasSize(1_500);
            store.add(numbered(0, 1_000, JAIL));
            store.remove(numbered(0, 1, JAIL), START);
            assertThat(loaded(store)).containsExactlyInAnyOrderElementsOf(numbered(1, 2_500, JAIL));
        }
    }

    /** The store opens with any contents of its files, and never returns bans that nobody stored. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void opensWithAnyContentsOfItsFiles(long seed) throws IOException {
        Random random = new Random(seed);
        fill(300);
        Path original = temp.resolve("original");
        FileUtils.copyDirectory(temp.resolve("db").toFile(), original.toFile());
        for (int round = 0; round < 5; round++) {
            FileUtils.deleteDirectory(temp.resolve("db").toFile());
            FileUtils.copyDirectory(original.toFile(), temp.resolve("db").toFile());
            damage(random);

            try (HsqlStore store = open(temp)) {
                store.add(List.of(ban("198.51.100.1", JAIL)));
                assertThat(loaded(store)).contains(ban("198.51.100.1", JAIL));
            }
        }
    }

    private void damage(Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(temp.resolve("db"))) {
            files = list.filter(Files::isRegularFile).sorted().toList();
        }
        Path file = files.get(random.nextInt(files.size()));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] noise = new byte[1 + random.nextInt(4_000)];
            random.nextBytes(noise);
            bytes.seek((long) (random.nextDouble() * Math.min(bytes.length(), 60_000)));
            bytes.write(noise);
            if (random.nextInt(3) == 0) {
                bytes.setLength(bytes.getFilePointer());
            }
        }
    }

    private void fill(int bans) throws IOException {
        try (HsqlStore store = open(temp)) {
            store.add(numbered(0, bans, JAIL));
            store.saveCursor("a", "1");
        }
    }

    /** Leaves the files of an unclosed store with {@code bans} bans in its log, and then changes that log. */
    private void unclean(int bans, LogChange change) throws IOException {
        Path copy = temp.resolve("copy");
        try (HsqlStore store = open(temp)) {
            for (int i = 0; i < bans; i++) {
                store.add(List.of(numbered(i, JAIL)));
            }
            FileUtils.copyDirectory(temp.resolve("db").toFile(), copy.toFile());
        }
        FileUtils.deleteDirectory(temp.resolve("db").toFile());
        Files.move(copy, temp.resolve("db"));
        try (RandomAccessFile log =
                new RandomAccessFile(temp.resolve("db/store.log").toFile(), "rw")) {
            change.to(log);
        }
    }

    private void startsEmpty() throws IOException {
        try (HsqlStore store = open(temp)) {
            List<Ban> bans = loaded(store);
            assertThat(bans).isEmpty();
            assertThat(store.cursors()).isEmpty();
            store.add(List.of(ban("203.0.113.7", JAIL, START)));
        }
    }

    private List<Path> aside() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.filter(path -> path.getFileName().toString().startsWith("db.corrupt-"))
                    .toList();
        }
    }

    private interface LogChange {
        void to(RandomAccessFile log) throws IOException;
    }
}

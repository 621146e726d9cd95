package org.sipward.store;

import static java.time.temporal.ChronoUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.store.Samples.FEED;
import static org.sipward.store.Samples.JAIL;
import static org.sipward.store.Samples.START;
import static org.sipward.store.Samples.ban;
import static org.sipward.store.Samples.loaded;
import static org.sipward.store.Samples.network;
import static org.sipward.store.Samples.numbered;
import static org.sipward.store.Samples.open;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.History;
import org.sipward.ban.BanStore.Past;
import org.sipward.ban.Origin;
import org.sipward.ban.Trusted;

/** Opens stores of older programs with all their contents. The test writes the old tables as the old programs did. */
class UpgradeTest {
    @TempDir
    Path folder;

    @Test
    void upgradesAStoreOfVersionTwo() throws Exception {
        List<Ban> inForce = new ArrayList<>(numbered(0, 12_000, FEED));
        inForce.addAll(numbered(0, 300, JAIL));
        Ban forever = new Ban(network("2001:db8::/48"), Origin.OPERATOR, START, Ban.FOREVER, 1, "");
        inForce.add(forever);
        Ban again = ban("203.0.113.7", JAIL, START.plus(1, DAYS));
        inForce.add(again);
        Past ended = new Past(ban("203.0.113.7", JAIL), Optional.of(START.plusSeconds(9)));
        old(database -> {
            for (Ban ban : inForce) {
                insertBan(database, ban);
                if (!ban.origin().isFeed()) {
                    insertPast(database, new Past(ban, Optional.empty()));
                }
            }
            insertPast(database, ended);
            execute(
                    database,
                    "UPDATE bans SET origin = 'nobody' WHERE feed AND times = 1 AND began = "
                            + START.plusSeconds(1).toEpochMilli());
            execute(database, "INSERT INTO cursors VALUES ('a', '1')");
            execute(database, "INSERT INTO trusted VALUES (X'00000000000000000000ffffcb00710720', 1, 99999999999999)");
        });
        inForce.remove(numbered(1, FEED));

        for (int opening = 0; opening < 2; opening++) {
            try (HsqlStore store = open(folder)) {
                assertThat(loaded(store)).containsExactlyInAnyOrderElementsOf(inForce);
                assertThat(store.past(network("203.0.113.0/24"), 10))
                        .containsExactly(new Past(again, Optional.empty()), ended);
                assertThat(store.past(network("2001:db8::1"), 10)).containsExactly(new Past(forever, Optional.empty()));
                assertThat(store.history(List.of(again.network(), forever.network())))
                        .isEqualTo(Map.of(again.network(), new History(2, again.since())));
                assertThat(store.past(network("0.0.0.0/0"), 1_000)).hasSize(302);
                assertThat(store.cursor("a")).contains("1");
                assertThat(store.trusted(START, 10))
                        .extracting(Trusted::network)
                        .containsExactly(network("203.0.113.7"));
            }
        }
    }

    @Test
    void upgradesAnEmptyStoreOfVersionOne() throws Exception {
        try (Database database = Database.open(Files.createDirectories(folder.resolve("db")))) {
            new Schema(Schema.CURRENT.steps().subList(0, 1)).migrate(database, 0);
        }

        try (HsqlStore store = open(folder)) {
            store.add(List.of(ban("203.0.113.7", JAIL)));
            assertThat(loaded(store)).containsExactly(ban("203.0.113.7", JAIL));
        }
    }

    @Test
    void upgradesAStoreOfVersionThreeToOneThatKeepsNames() throws Exception {
        try (Database database = Database.open(Files.createDirectories(folder.resolve("db")))) {
            new Schema(Schema.CURRENT.steps().subList(0, 3)).migrate(database, 0);
            Tables.of(database).bans().put(List.of(ban("203.0.113.7", JAIL)));
            database.commit();
        }

        for (int opening = 0; opening < 2; opening++) {
            try (HsqlStore store = open(folder)) {
                assertThat(loaded(store)).containsExactly(ban("203.0.113.7", JAIL));
                assertThat(store.names()).hasSize(opening);
                store.saveName(
                        "trunk.example.net", List.of(network("203.0.113.8").address()));
            }
        }
    }

    private void old(Filling filling) throws IOException, SQLException {
        try (Database database = Database.open(Files.createDirectories(folder.resolve("db")))) {
            new Schema(Schema.CURRENT.steps().subList(0, 2)).migrate(database, 0);
            filling.fill(database);
            database.commit();
        }
    }

    private static void insertBan(Database database, Ban ban) throws SQLException {
        PreparedStatement insert = database.prepare(
                "INSERT INTO bans (origin, began, ends, times, reason, feed, network) VALUES (?, ?, ?, ?, ?, ?, ?)");
        set(insert, ban);
        insert.setBoolean(6, ban.origin().isFeed());
        insert.setBytes(7, NetworkKey.of(ban.network()));
        insert.executeUpdate();
    }

    private static void insertPast(Database database, Past past) throws SQLException {
        PreparedStatement insert = database.prepare(
                "INSERT INTO history (origin, began, ends, times, reason, network, ended) VALUES (?, ?, ?, ?, ?, ?, ?)");
        set(insert, past.ban());
        insert.setBytes(6, NetworkKey.of(past.ban().network()));
        insert.setObject(7, past.ended().map(Instant::toEpochMilli).orElse(null), Types.BIGINT);
        insert.executeUpdate();
    }

    private static void set(PreparedStatement insert, Ban ban) throws SQLException {
        insert.setString(1, ban.origin().toString());
        insert.setLong(2, ban.since().toEpochMilli());
        insert.setLong(3, ban.until().toEpochMilli());
        insert.setInt(4, ban.count());
        insert.setString(5, ban.reason());
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (Statement statement = database.statement()) {
            statement.execute(sql);
        }
    }

    private interface Filling {
        void fill(Database database) throws SQLException;
    }
}

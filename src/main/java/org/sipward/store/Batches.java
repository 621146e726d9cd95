package org.sipward.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.sipward.ban.BanStore.Past;
import org.sipward.net.Network;

/**
 * Bans in the order in which they were written, packed, some hundreds in one row of the table: a row costs the database
 * as much as a thousand bans in it.
 *
 * <p>New bans are appended as a new row, or are merged with the last rows into one row, so that all but a few rows have
 * several hundred bans. For example, if bans come one at a time, each is written some ten times in the end.
 *
 * <p>Memory: 60 bytes for a row, and 4 for each ban if keys are kept. Not thread-safe. This object and the table agree
 * until a method throws or the transaction is rolled back.
 */
final class Batches {
    /** The most bans in a row. */
    static final int SIZE = 1_000;

    /** Rows are not merged beyond so many bytes, and a new row gets no more than so many characters of causes. */
    private static final int BYTES = 50_000;

    /** The summary of a row of the table, which needs no unpacking. A damaged row has an empty head. */
    record Batch(long id, int bytes, Head head) {
        int size() {
            return head.size();
        }

        boolean isDamaged() {
            return size() == 0;
        }
    }

    private final Database database;
    private final int series;
    private final boolean keepsKeys;
    private final Function<Past, Object> identity;
    private final List<Batch> batches = new ArrayList<>();
    private long lastId;
    private int size;

    /**
     * @param series the number of the series in the table
     * @param keepsKeys whether rows can be found by network
     * @param identity returns the identity of a record: of several records with one identity, only the latest is
     *     needed
     */
    Batches(Database database, int series, boolean keepsKeys, Function<Past, Object> identity) {
        this.database = database;
        this.series = series;
        this.keepsKeys = keepsKeys;
        this.identity = identity;
    }

    /** Reads and checks every row of the series, and keeps its head. Returns the number of rows. */
    int open() throws SQLException {
        PreparedStatement select = database.prepare(
                "SELECT id, packed FROM batches WHERE series = ? AND id > ? ORDER BY series, id LIMIT 1");
        // We read one row at a time: the database would keep a whole result in memory.
        boolean more = true;
        while (more) {
            select.setInt(1, series);
            select.setLong(2, lastId);
            try (ResultSet row = select.executeQuery()) {
                more = row.next();
                if (more) {
                    lastId = row.getLong(1);
                    learn(batches.size(), lastId, row.getBytes(2));
                }
            }
        }
        return batches.size();
    }

    /** Returns the number of bans in all rows. */
    int size() {
        return size;
    }

    /** Returns a copy of the list of rows, the oldest first. */
    List<Batch> rows() {
        return List.copyOf(batches);
    }

    /** Writes these bans as the latest. Takes them from the iterator one by one. */
    void append(Iterator<Past> bans) throws SQLException {
        List<Past> part = new ArrayList<>();
        int chars = 0;
        String reason = "";
        while (bans.hasNext()) {
            Past past = bans.next();
            // Only a reason that differs from the one before is counted: a repeated reason is stored once.
            if (!past.ban().reason().equals(reason)) {
                reason = past.ban().reason();
                chars += reason.length() + past.ban().origin().name().length();
            }
            part.add(past);
            if (part.size() == SIZE || chars > BYTES) {
                appendRow(part);
                part.clear();
                chars = 0;
                reason = "";
            }
        }
        if (!part.isEmpty()) {
            appendRow(part);
        }
    }

    private void appendRow(List<Past> bans) throws SQLException {
        int from = batches.size();
        int count = bans.size();
        int bytes = 0;
        while (from > 0 && isSmallBeside(batches.get(from - 1), count, bytes)) {
            from--;
            count += batches.get(from).size();
            bytes += batches.get(from).bytes();
        }
        List<Past> all = new ArrayList<>(count);
        for (Batch batch : List.copyOf(batches.subList(from, batches.size()))) {
            read(batch).ifPresent(all::addAll);
            delete(batch);
        }
        all.addAll(bans);
        add(latest(all));
    }

    private List<Past> latest(List<Past> all) {
        Map<Object, Past> latest = new LinkedHashMap<>();
        all.forEach(past -> latest.put(identity.apply(past), past));
        return List.copyOf(latest.values());
    }

    private static boolean isSmallBeside(Batch batch, int count, int bytes) {
        return !batch.isDamaged()
                && batch.size() < 2 * count
                && batch.size() + count <= SIZE
                && batch.bytes() + bytes <= BYTES;
    }

    /** Writes these bans as the latest, in one row. */
    void add(List<Past> bans) throws SQLException {
        byte[] packed = Packing.pack(bans);
        PreparedStatement insert = database.prepare("INSERT INTO batches (series, id, packed) VALUES (?, ?, ?)");
        insert.setInt(1, series);
        insert.setLong(2, ++lastId);
        insert.setBytes(3, packed);
        insert.executeUpdate();
        learn(batches.size(), lastId, packed);
    }

    /** Replaces the contents of a row by these bans. */
    void replace(Batch batch, List<Past> bans) throws SQLException {
        if (bans.isEmpty()) {
            delete(batch);
            return;
        }
        byte[] packed = Packing.pack(bans);
        PreparedStatement update = database.prepare("UPDATE batches SET packed = ? WHERE series = ? AND id = ?");
        update.setBytes(1, packed);
        update.setInt(2, series);
        update.setLong(3, batch.id());
        update.executeUpdate();
        int at = indexOf(batch);
        forget(at);
        learn(at, batch.id(), packed);
    }

    void delete(Batch batch) throws SQLException {
        PreparedStatement delete = database.prepare("DELETE FROM batches WHERE series = ? AND id = ?");
        delete.setInt(1, series);
        delete.setLong(2, batch.id());
        delete.executeUpdate();
        forget(indexOf(batch));
    }

    /** Returns the contents of a row, or empty if the row cannot be read. */
    Optional<List<Past>> read(Batch batch) throws SQLException {
        return read(batch, reason -> {});
    }

    /** Returns the contents of a row; or, if it cannot be read, passes on the reason and returns empty. */
    Optional<List<Past>> read(Batch batch, Consumer<String> unreadable) throws SQLException {
        try {
            return Optional.of(Packing.unpack(packed(batch)));
        } catch (IllegalArgumentException e) {
            unreadable.accept(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private byte[] packed(Batch batch) throws SQLException {
        PreparedStatement select = database.prepare("SELECT packed FROM batches WHERE series = ? AND id = ?");
        select.setInt(1, series);
        select.setLong(2, batch.id());
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("row " + batch.id() + " of series " + series + " is missing");
            }
            return row.getBytes(1);
        }
    }

    /** Returns the keys that more than one ban here has, in ascending order. Reads all rows. */
    int[] repeatedKeys() throws SQLException {
        int[] all = new int[size];
        int count = 0;
        for (Batch batch : batches) {
            if (!batch.isDamaged()) {
                int[] keys = Packing.head(packed(batch)).keys();
                System.arraycopy(keys, 0, all, count, keys.length);
                count += keys.length;
            }
        }
        Arrays.sort(all);
        int repeated = 0;
        for (int i = 1; i < count; i++) {
            if (all[i] == all[i - 1]) {
                all[repeated++] = all[i];
            }
        }
        return Arrays.copyOf(all, repeated);
    }

    /** Returns the keys of these networks. */
    static int[] keys(Collection<Network> networks) {
        return networks.stream().mapToInt(Packing::key).toArray();
    }

    /** Returns the index of a row. Searches from the end, where it mostly is. */
    private int indexOf(Batch batch) {
        int at = batches.size() - 1;
        while (at >= 0 && batches.get(at).id() != batch.id()) {
            at--;
        }
        return at;
    }

    private void learn(int at, long id, byte[] packed) {
        Head head;
        try {
            head = keepsKeys ? Packing.head(packed) : Packing.head(packed).withoutKeys();
        } catch (IllegalArgumentException damaged) {
            head = Head.UNKNOWN;
        }
        size += head.size();
        batches.add(at, new Batch(id, packed.length, head));
    }

    private void forget(int at) {
        size -= batches.remove(at).size();
    }
}

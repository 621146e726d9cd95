package org.sipward.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.Past;
import org.sipward.net.Network;
import org.sipward.net.NetworkSet;

/**
 * The bans in force, one for a network and kind of origin (feed or not), as a journal of additions and removals. The
 * latest entry about a network counts. Outdated entries are deleted when there are about as many of them as of the
 * others.
 *
 * <p>Memory: while bans are read, 4 bytes for each entry, and some 40 for each network with more than one entry. Not
 * thread-safe.
 */
final class BanTable {
    static final int OWN = 0;
    static final int LISTED = 1;

    /** How many outdated entries are tolerated: 1 MB, and 0.1 s at the start. So a new list is not written twice. */
    private static final int SLACK = 50_000;

    private final Journal own;
    private final Journal listed;

    BanTable(Database database) {
        this.own =
                new Journal(new Batches(database, OWN, false, past -> past.ban().network()));
        this.listed = new Journal(
                new Batches(database, LISTED, false, past -> past.ban().network()));
    }

    /** Reads and checks every row. Returns their number. */
    int open() throws SQLException {
        return own.rows.open() + listed.rows.open();
    }

    /** Adds these bans. Each replaces the ban with the same network and kind. */
    void put(Collection<Ban> bans) throws SQLException {
        write(bans, Optional.empty());
    }

    /** Removes the bans of these networks and kinds. */
    void remove(Collection<Ban> bans, Instant end) throws SQLException {
        write(bans, Optional.of(end));
    }

    private void write(Collection<Ban> bans, Optional<Instant> end) throws SQLException {
        own.write(bans, false, end);
        listed.write(bans, true, end);
    }

    /**
     * Passes all bans to a consumer.
     *
     * @param unreadable receives the reason for each row that cannot be read
     */
    void load(Consumer<Ban> bans, Consumer<String> unreadable) throws SQLException {
        own.load(bans, unreadable);
        listed.load(bans, unreadable);
    }

    /** The bans of one kind. */
    private static final class Journal {
        private final Batches rows;
        private int live;

        Journal(Batches rows) {
            this.rows = rows;
        }

        /** Writes those of the bans that are of one kind. */
        void write(Collection<Ban> some, boolean ofFeeds, Optional<Instant> end) throws SQLException {
            Stream<Ban> ofKind = some.stream().filter(ban -> ban.origin().isFeed() == ofFeeds);
            Iterator<Past> changes = ofKind.map(ban -> new Past(ban, end)).iterator();
            if (!changes.hasNext()) {
                return;
            }
            rows.append(changes);
            if (rows.size() > 2 * live + SLACK) {
                renew();
            }
        }

        void load(Consumer<Ban> bans, Consumer<String> unreadable) throws SQLException {
            live(past -> bans.accept(past.ban()), unreadable);
        }

        /** Copies the entries that count into new rows, and deletes the old rows. */
        private void renew() throws SQLException {
            List<Batches.Batch> old = rows.rows();
            List<Past> kept = new ArrayList<>();
            live(
                    past -> {
                        kept.add(past);
                        if (kept.size() == Batches.SIZE) {
                            rows.add(kept);
                            kept.clear();
                        }
                    },
                    any -> {});
            if (!kept.isEmpty()) {
                rows.add(kept);
            }
            for (Batches.Batch batch : old) {
                rows.delete(batch);
            }
        }

        /** Visits the bans that count, and counts them. */
        private void live(Visitor visitor, Consumer<String> unreadable) throws SQLException {
            int[] repeated = rows.repeatedKeys();
            Set<Network> seen = new NetworkSet();
            List<Batches.Batch> batches = rows.rows();
            int count = 0;
            for (int i = batches.size() - 1; i >= 0; i--) {
                for (Past past : rows.read(batches.get(i), unreadable).orElse(List.of())) {
                    if (counts(past, repeated, seen)) {
                        visitor.see(past);
                        count++;
                    }
                }
            }
            live = count;
        }

        /** Entries are read from the latest to the oldest: if a network has several, only the first one read counts. */
        private static boolean counts(Past past, int[] repeated, Set<Network> seen) {
            Network network = past.ban().network();
            boolean isLatest = Arrays.binarySearch(repeated, Packing.key(network)) < 0 || seen.add(network);
            return isLatest && past.ended().isEmpty();
        }

        private interface Visitor {
            void see(Past past) throws SQLException;
        }
    }
}

package org.sipward.ban;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store as the ban list needs it: one that never stops the defence. Where it fails (a full disk, say, which a flood
 * of log lines can bring about), what was to be stored is kept and stored later, and the failure is said once.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor.
 */
final class StoredBans {
    private static final Logger log = LoggerFactory.getLogger(StoredBans.class);
    /** A transaction costs memory for each of its bans; a whole list is stored in several. */
    private static final int CHUNK = 2_000;

    private final BanStore store;
    private final Map<Key, Ban> unstored = new LinkedHashMap<>();
    private final Map<Key, Ban> unremoved = new LinkedHashMap<>();
    private Optional<String> trouble = Optional.empty();

    StoredBans(BanStore store) {
        this.store = store;
    }

    void add(List<Ban> bans) {
        bans.forEach(ban -> unremoved.remove(Key.of(ban)));
        try {
            addChunks(bans);
        } catch (IOException e) {
            // Storing one twice does no harm.
            bans.forEach(ban -> unstored.put(Key.of(ban), ban));
            failed(e);
        }
    }

    void remove(Collection<Ban> bans, Instant end) {
        bans.forEach(ban -> unstored.remove(Key.of(ban), ban));
        try {
            store.remove(bans, end);
        } catch (IOException e) {
            bans.forEach(ban -> unremoved.put(Key.of(ban), ban));
            failed(e);
        }
    }

    /** Forgets what was allowed by command; what cannot be forgotten now is over all the same. */
    void disallow(List<Network> networks) {
        for (Network network : networks) {
            try {
                store.disallow(network);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    /** Returns the history; where it cannot be read, none, so that an address is taken for a first offender. */
    Map<Network, BanStore.History> history(Collection<Network> networks) {
        try {
            return store.history(networks);
        } catch (IOException e) {
            failed(e);
            return Map.of();
        }
    }

    /** Does what could not be done before, if the store works again. */
    void tryAgain(Instant now) {
        if (trouble.isEmpty()) {
            return;
        }
        try {
            store.allowed();
            addChunks(new ArrayList<>(unstored.values()));
            unstored.clear();
            store.remove(unremoved.values(), now);
            unremoved.clear();
            trouble = Optional.empty();
            log.info("store works again");
        } catch (IOException e) {
            failed(e);
        }
    }

    Optional<String> trouble() {
        return trouble;
    }

    private void addChunks(List<Ban> bans) throws IOException {
        for (int from = 0; from < bans.size(); from += CHUNK) {
            store.add(bans.subList(from, Math.min(from + CHUNK, bans.size())));
        }
    }

    private void failed(IOException e) {
        if (trouble.isEmpty()) {
            log.error("store failed, bans stay in force and are stored later: {}", e.getMessage());
        }
        trouble = Optional.of(String.valueOf(e.getMessage()));
    }

    /** What tells one ban from another: the network, and whether a feed lists it. */
    private record Key(Network network, boolean listed) {
        static Key of(Ban ban) {
            return new Key(ban.network(), ban.origin().isFeed());
        }
    }
}

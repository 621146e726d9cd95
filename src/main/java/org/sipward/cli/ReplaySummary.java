package org.sipward.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/**
 * The table of the addresses that would be banned, one per line, those with the most bans first. Not thread-safe.
 * Memory: about 150 bytes per address, and at most one address for each ban that the logs lead to.
 */
final class ReplaySummary {
    private static final int MAX_SHOWN = 20;

    private final Map<Network, Offender> offenders = new LinkedHashMap<>();
    private int bans;

    /** Adds a ban. */
    void add(Ban ban, int failures) {
        bans++;
        offenders.computeIfAbsent(ban.network(), network -> new Offender(ban)).add(ban, failures);
    }

    int bans() {
        return bans;
    }

    /** Prints the table, or nothing if nobody would be banned. */
    void print(PrintStream out) {
        if (offenders.isEmpty()) {
            return;
        }
        List<Offender> sorted = new ArrayList<>(offenders.values());
        sorted.sort(Comparator.comparingInt((Offender offender) -> offender.bans)
                .thenComparingInt(offender -> offender.failures)
                .reversed());
        TextTable table = new TextTable("address", "bans", "failures", "first", "last", "jail", "reason");
        sorted.stream().limit(MAX_SHOWN).forEach(offender -> table.add(offender.row()));
        out.println();
        table.print(out);
        int more = sorted.size() - MAX_SHOWN;
        if (more > 0) {
            out.println("and " + more + (more == 1 ? " more address" : " more addresses"));
        }
        out.println();
    }

    private static final class Offender {
        private final Ban first;
        private Instant last;
        private String reason;
        private int bans;
        private int failures;

        Offender(Ban ban) {
            this.first = ban;
            this.last = ban.since();
            this.reason = ban.reason();
        }

        void add(Ban ban, int more) {
            bans++;
            failures += more;
            last = ban.since();
            reason = ban.reason();
        }

        Map<String, Object> row() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("address", first.network());
            row.put("bans", bans);
            row.put("failures", failures);
            row.put("first", first.since());
            row.put("last", last);
            row.put("jail", first.origin().name());
            row.put("reason", reason);
            return row;
        }
    }
}

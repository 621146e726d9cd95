package org.sipward.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sipward.ban.Allowlist;
import org.sipward.ban.Ban;
import org.sipward.ban.BanRequest;
import org.sipward.filter.LogReader;
import org.sipward.jail.Jail;
import org.sipward.net.Network;
import org.sipward.source.Line;

/**
 * Judges old lines as the agent would have judged them when they were written: the same jails, the same allowlist, bans
 * that end and grow. Touches nothing. Not thread-safe.
 */
final class Replay {
    private final List<Jail> jails;
    private final Allowlist allowlist;
    private final Consumer<Outcome> outcomes;
    private final Map<Network, Ban> last = new HashMap<>();
    private final Map<Network, Integer> counts = new HashMap<>();
    private final Map<Jail, LogReader> readers = new LinkedHashMap<>();
    private Path current = Path.of("");

    Replay(List<Jail> jails, Allowlist allowlist, Consumer<Outcome> outcomes) {
        this.jails = jails;
        jails.forEach(Jail::trustStamps);
        this.allowlist = allowlist;
        this.outcomes = outcomes;
    }

    /** Judges the next line of a log. The lines of one log come together. */
    void judge(Path log, Line line) {
        if (!log.equals(current)) {
            end();
            current = log;
            for (Jail jail : jails) {
                LogReader reader = jail.open();
                reader.settleByStamps();
                readers.put(jail, reader);
            }
        }
        readers.forEach(
                (jail, reader) -> reader.read(line, match -> jail.judge(match).ifPresent(this::judge)));
    }

    /** Judges what still waits at the end of the last log. */
    void end() {
        readers.values().forEach(LogReader::end);
        readers.clear();
        current = Path.of("");
    }

    private void judge(Jail.Verdict verdict) {
        BanRequest request = allowlist.narrowed(verdict.request());
        Network network = request.network();
        Optional<String> refused = allowlist.reason(request);
        if (refused.isPresent()) {
            outcomes.accept(new Outcome(verdict, Optional.empty(), refused.get()));
            return;
        }
        Ban before = last.get(network);
        if (before != null && request.isMetBy(before, request.time())) {
            return;
        }
        Ban ban = request.ban(counts.getOrDefault(network, 0));
        if (request.isFull()) {
            counts.put(network, ban.count());
        }
        last.put(network, ban);
        outcomes.accept(new Outcome(verdict, Optional.of(ban), ""));
    }

    /**
     * What would have come of a verdict.
     *
     * @param ban the ban, or empty if it would have been refused
     * @param refused why it would have been refused
     */
    record Outcome(Jail.Verdict verdict, Optional<Ban> ban, String refused) {}
}

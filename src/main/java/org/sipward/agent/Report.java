package org.sipward.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.control.Answer;
import org.sipward.control.ExitCode;
import org.sipward.net.Network;

/** Collects the results of an order, as rows for programs and lines for people. Not thread-safe. */
final class Report {
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private int failed;
    private int done;

    /** Notes that this was done. */
    void yes(Network network, String result, String line) {
        done++;
        row(network, result);
        lines.add(line);
    }

    /** Notes that this was not done, or that there was nothing to do. */
    void no(Network network, String result, String reason, String line) {
        failed++;
        row(network, result).put("reason", reason);
        lines.add(line);
    }

    void banned(Ban ban) {
        done++;
        Map<String, Object> row = row(ban.network(), "banned");
        row.put("until", Wording.until(ban.until()));
        row.put("reason", ban.reason());
        lines.add("banned " + ban.network() + " " + Wording.untilWords(ban.until()));
    }

    /** Notes that this ban stays as it is, because it ends later than the operator asked for. */
    void kept(Ban ban) {
        done++;
        Map<String, Object> row = row(ban.network(), "already banned");
        row.put("origin", ban.origin());
        row.put("until", Wording.until(ban.until()));
        row.put("reason", ban.reason());
        lines.add(ban.network() + " is already banned " + Wording.untilWords(ban.until()) + " by " + Wording.of(ban)
                + ", and stays so; to shorten that, unban it first");
    }

    /** Notes that one command for all bans has ended these. */
    void ended(List<Ban> ended) {
        ended.forEach(ban -> row(ban.network(), "unbanned").put("origin", ban.origin()));
        done += ended.size();
        failed += ended.isEmpty() ? 1 : 0;
    }

    void summary(String line) {
        lines.add(line);
    }

    /**
     * Notes that these bans of a network were ended.
     *
     * @param around another ban that still blocks the network
     */
    void unbanned(Network network, List<Ban> ended, Optional<Ban> around) {
        String still = around.map(ban ->
                        "; still banned with " + ban.network() + " by " + ban.origin() + ": unban " + ban.network())
                .orElse("");
        if (ended.isEmpty()) {
            failed++;
            Map<String, Object> row = row(network, "not banned");
            around.ifPresent(ban -> row.put("still", ban.network()));
            lines.add(network + " is not banned" + (around.isEmpty() ? "" : " by itself" + still));
            return;
        }
        done++;
        for (Ban ban : ended) {
            Map<String, Object> row = row(ban.network(), "unbanned");
            row.put("origin", ban.origin());
            around.ifPresent(other -> row.put("still", other.network()));
        }
        String names =
                ended.stream().map(ban -> ban.network().toString()).distinct().collect(Collectors.joining(", "));
        Set<String> feeds = ended.stream()
                .filter(ban -> ban.origin().isFeed())
                .map(ban -> ban.origin().toString())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        String back = feeds.isEmpty()
                ? ""
                : "; " + String.join(", ", feeds) + " still lists it and bans it again within a day; 'sipward allow "
                        + network + "' prevents that";
        lines.add("unbanned " + names + still + back);
    }

    void allowed(Network network, Instant until, int ended) {
        done++;
        Map<String, Object> row = row(network, "allowed");
        row.put("until", Wording.until(until));
        row.put("ended", ended);
        lines.add("allowed " + network + " " + Wording.untilWords(until)
                + (ended == 0 ? "" : ", " + Wording.count(ended, "ban") + " ended"));
    }

    /**
     * Returns the answer, with everything that does not work now. The exit code is 0 if everything was done and the
     * kernel knows of it, and 1 if not.
     */
    Answer answer(BanList bans) {
        if (done > 0 && !bans.isEnforced()) {
            failed++;
            rows.forEach(row -> row.put("enforced", false));
            lines.add("NOT YET IN THE KERNEL; will retry every few seconds");
        }
        List<String> trouble = bans.trouble();
        if (!trouble.isEmpty() && done > 0) {
            rows.forEach(row -> row.put("trouble", trouble));
            lines.addAll(trouble);
        }
        return new Answer(failed == 0 ? ExitCode.YES : ExitCode.NO, rows, String.join("\n", lines));
    }

    private Map<String, Object> row(Network network, String result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", network);
        row.put("result", result);
        rows.add(row);
        return row;
    }
}

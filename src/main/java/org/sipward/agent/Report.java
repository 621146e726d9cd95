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
import org.sipward.net.Network;

/** Gathers what came of an order, as rows for programs and lines for people. Not thread-safe. */
final class Report {
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private int failed;
    private int done;

    /** This was done. */
    void yes(Network network, String result, String line) {
        done++;
        row(network, result);
        lines.add(line);
    }

    /** This was not done, or there was nothing to do. */
    void no(Network network, String result, String reason, String line) {
        failed++;
        row(network, result).put("reason", reason);
        lines.add(line);
    }

    void banned(Ban ban) {
        done++;
        Map<String, Object> row = row(ban.network(), "banned");
        row.put("until", JsonRows.until(ban.until()));
        row.put("reason", ban.reason());
        lines.add("banned " + ban.network() + " " + JsonRows.untilWords(ban.until()));
    }

    /** This ban ends later than was asked for. */
    void kept(Ban ban) {
        done++;
        Map<String, Object> row = row(ban.network(), "already banned");
        row.put("origin", ban.origin());
        row.put("until", JsonRows.until(ban.until()));
        row.put("reason", ban.reason());
        lines.add(ban.network() + " is already banned " + JsonRows.untilWords(ban.until()) + " by "
                + JsonRows.words(ban) + ", and stays so; to shorten that, unban it first");
    }

    /** These bans were ended by one command for all. */
    void ended(List<Ban> ended) {
        ended.forEach(ban -> row(ban.network(), "unbanned").put("origin", ban.origin()));
        done += ended.size();
        failed += ended.isEmpty() ? 1 : 0;
    }

    void summary(String line) {
        lines.add(line);
    }

    /**
     * These bans were ended for a network.
     *
     * @param around a ban that blocks it all the same
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
        row.put("until", JsonRows.until(until));
        row.put("ended", ended);
        lines.add("allowed " + network + " " + JsonRows.untilWords(until)
                + (ended == 0 ? "" : ", " + JsonRows.count(ended, "ban") + " ended"));
    }

    /**
     * Returns the answer: 0 if everything was done and the kernel knows of it, else 1. What does not work now is told with
     * it.
     */
    Answer answer(BanList bans) {
        if (done > 0 && !bans.isEnforced()) {
            failed++;
            rows.forEach(row -> row.put("enforced", false));
            lines.add("NOT YET IN THE KERNEL, which is tried again every few seconds");
        }
        List<String> trouble = bans.trouble();
        if (!trouble.isEmpty() && done > 0) {
            rows.forEach(row -> row.put("trouble", trouble));
            lines.addAll(trouble);
        }
        return new Answer(failed == 0 ? 0 : 1, rows, String.join("\n", lines));
    }

    private Map<String, Object> row(Network network, String result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", network);
        row.put("result", result);
        rows.add(row);
        return row;
    }
}

package org.sipward.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description =
                "Shows the agent's jails, logs, feeds and bans, and whether the kernel holds all of the bans. Exit code 1 if something is wrong.")
final class StatusCommand extends AgentCommand {
    /** The fields of a feed that are shown here; 'feed status' shows the rest. */
    private static final Set<String> OF_FEED = Set.of("name", "state", "held", "listed", "next");

    @Option(names = "--trusted", description = "List the addresses that are trusted because they have logged in.")
    private boolean trusted;

    @Override
    Map<String, Object> request() {
        return Map.of("command", trusted ? "trusted" : "status");
    }

    @Override
    void print(List<Map<String, Object>> rows, PrintStream out) {
        if (trusted) {
            super.print(rows, out);
            return;
        }
        Map<String, Object> row = rows.get(0);
        out.println("running: since " + row.get("since") + ", " + Text.duration(row.get("uptime")));
        out.println("firewall: " + row.get("firewall"));
        String origins = Text.value(row.get("origins"));
        out.println("bans: " + row.get("bans") + (origins.equals("-") ? "" : " (" + origins + ")"));
        out.println("in kernel: " + inKernel(row));
        out.println("trusted: " + row.get("trusted"));
        for (String list : List.of("jails", "logs", "feeds", "trouble")) {
            printList(list, row.get(list) instanceof List<?> items ? items : List.of(), out);
        }
    }

    private static String inKernel(Map<String, Object> row) {
        if ("none".equals(row.get("firewall"))) {
            return "nothing, because the firewall is off";
        }
        String enforced = Text.value(row.get("enforced"));
        return (enforced.equals("-") ? "not known" : enforced) + " of " + row.get("bans");
    }

    private static void printList(String name, List<?> list, PrintStream out) {
        out.println(name + ":" + (list.isEmpty() ? " none" : ""));
        for (Object item : list) {
            out.println("  " + (item instanceof Map<?, ?> map ? line(map, name.equals("feeds")) : item));
        }
    }

    /** Returns the first value, then the others, each after its key. */
    private static String line(Map<?, ?> map, boolean feed) {
        StringBuilder line = new StringBuilder();
        map.forEach((key, value) -> {
            String text = Text.value(value);
            if ((feed && !OF_FEED.contains(key)) || text.equals("-")) {
                return;
            }
            line.append(line.isEmpty() ? text : ", " + key + " " + text);
        });
        return line.toString();
    }
}

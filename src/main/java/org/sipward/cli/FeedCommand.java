package org.sipward.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "feed",
        description = "Shows and updates the shared lists that the agent polls.",
        subcommands = {FeedCommand.Status.class, FeedCommand.Sync.class, FeedCommand.Check.class})
final class FeedCommand {
    /** Lists the feeds. */
    @Command(name = "status", description = "Shows the state of each feed, and how many addresses it holds.")
    static final class Status extends AgentCommand {
        @Override
        Map<String, Object> request() {
            return Map.of("command", "feed-status");
        }

        @Override
        void print(List<Map<String, Object>> rows, PrintStream out) {
            rows.forEach(row -> print(row, out));
        }

        private static void print(Map<String, Object> row, PrintStream out) {
            out.println(row.get("name") + ": " + row.get("state"));
            line(out, "problem", Text.value(row.get("problem")));
            line(out, "server", row.get("host") + ", set " + row.get("set") + protocol(row));
            line(out, "in force", row.get("held") + " of " + row.get("listed") + " listed addresses" + refused(row));
            line(
                    out,
                    "read",
                    "last " + never(row.get("success")) + ", whole list " + never(row.get("full")) + ", next "
                            + row.get("next"));
        }

        private static void line(PrintStream out, String name, String text) {
            if (!text.equals("-")) {
                out.printf("  %-9s %s%n", name, text);
            }
        }

        private static String never(@Nullable Object time) {
            String text = Text.value(time);
            return text.equals("-") ? "never" : text;
        }

        private static String protocol(Map<String, Object> row) {
            return Long.valueOf(0).equals(row.get("version")) ? "" : ", protocol " + row.get("version");
        }

        /** Returns how many entries were skipped, by kind. */
        private static String refused(Map<String, Object> row) {
            List<String> kinds = new ArrayList<>();
            Map<String, String> words = new LinkedHashMap<>();
            words.put("allowed", "allowlisted or trusted");
            words.put("local", "private");
            words.put("wide", "too wide");
            words.put("malformed", "malformed");
            words.put("expired", "out of date");
            words.forEach((key, word) -> {
                if (row.get(key) instanceof Number number && number.longValue() > 0) {
                    kinds.add(number + " " + word);
                }
            });
            return kinds.isEmpty() ? "" : "; skipped: " + String.join(", ", kinds);
        }
    }

    /** Fetches the lists now. */
    @Command(name = "sync", description = "Fetches all lists in full now.")
    static final class Sync extends AgentCommand {
        @Option(names = "--force", description = "Accept a list even if its size has changed too much.")
        private boolean force;

        @Override
        Map<String, Object> request() {
            return Map.<String, Object>of("command", "feed-sync", "force", force);
        }
    }

    /** Asks the lists about one address. */
    @Command(
            name = "check",
            description =
                    "Asks the lists' servers whether they list an address. Exit code 0 if one does, 1 if none does, 69 if a server gave no clear answer.")
    static final class Check extends AgentCommand {
        @Parameters(paramLabel = "ADDR", description = "An IPv4 or IPv6 address.")
        private String address;

        @Override
        Map<String, Object> request() {
            return Map.of("command", "feed-check", "address", address);
        }
    }
}

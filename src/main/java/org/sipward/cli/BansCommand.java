package org.sipward.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bans",
        description =
                "Lists the bans in force: address, who banned it, since when, until when, how many times it has been banned (- for short bans, which do not make the next ban longer), and why.")
final class BansCommand extends AgentCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "ADDR",
            defaultValue = "",
            description = "Only bans of this address or within this prefix.")
    private String address;

    @Option(
            names = "--origin",
            paramLabel = "ORIGIN",
            defaultValue = "",
            description = "Only bans of this origin: jail, feed or operator, or a single one such as feed:apiban.")
    private String origin;

    @Option(names = "--jail", paramLabel = "JAIL", defaultValue = "", description = "Only bans by this jail.")
    private String jail;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only bans with this text in the address or the reason.")
    private String text;

    @Option(names = "--past", description = "List bans that have ended instead; they are kept for 4 weeks.")
    private boolean past;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Only the latest N (default: all; 100 with --past).")
    private int limit;

    @Override
    Map<String, Object> request() {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("command", "bans");
        request.put("address", address);
        request.put("origin", origin);
        request.put("jail", jail);
        request.put("text", text);
        request.put("past", past);
        if (limit > 0) {
            request.put("limit", limit);
        }
        return request;
    }

    @Override
    void print(List<Map<String, Object>> rows, PrintStream out) {
        TextTable table = new TextTable("address", "origin", "since", "until", "times", "reason");
        for (Map<String, Object> row : rows) {
            Map<String, Object> shown = new LinkedHashMap<>(row);
            shown.put("times", Long.valueOf(0).equals(row.get("count")) ? "-" : row.getOrDefault("count", "-"));
            shown.put("until", Text.until(row.get("until")));
            table.add(shown);
        }
        table.print(out);
    }
}

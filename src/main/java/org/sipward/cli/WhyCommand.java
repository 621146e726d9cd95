package org.sipward.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        description =
                "Shows everything known about an address: current and past bans, the failures counted against it, and whether it is allowed, trusted or listed by a feed. Exit code 1 if it is not banned.")
final class WhyCommand extends AgentCommand {
    @Parameters(paramLabel = "ADDR", description = "An IPv4 or IPv6 address.")
    private String address;

    @Override
    Map<String, Object> request() {
        return Map.of("command", "why", "address", address);
    }

    @Override
    void print(List<Map<String, Object>> rows, PrintStream out) {
        for (Map<String, Object> row : rows) {
            out.println(row.get("what") + ": " + row.get("text"));
        }
    }
}

package org.sipward.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "top",
        description = "Lists the addresses with the most failures that still count but have not led to a ban.")
final class TopCommand extends AgentCommand {
    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "How many addresses to list (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    Map<String, Object> request() {
        return Map.<String, Object>of("command", "top", "limit", limit);
    }
}

package org.sipward.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "allow",
        description =
                "Never bans an address or prefix, and ends its bans. It stays allowed over a restart, until its time is over.")
final class AllowCommand extends AgentCommand {
    @Parameters(paramLabel = "ADDR", description = "An address, or a prefix such as 198.51.100.0/24.")
    private String address;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "forever",
            description = "How long, as in 30m, 1d, 1w or forever (default: ${DEFAULT-VALUE}).")
    private String time;

    @Option(names = "--end", description = "No longer allow it.")
    private boolean end;

    @Override
    Map<String, Object> request() {
        return Map.<String, Object>of("command", "allow", "address", address, "for", time, "end", end);
    }
}

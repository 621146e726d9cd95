package org.sipward.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ban", description = "Bans an address or a prefix now.")
final class BanCommand extends AgentCommand {
    @Parameters(paramLabel = "ADDR", description = "An address, or a prefix such as 198.51.100.0/24.")
    private String address;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "1d",
            description = "How long, as in 30m, 1d, 1w or forever (default: ${DEFAULT-VALUE}).")
    private String time;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "by command", description = "A note for later.")
    private String reason;

    @Override
    Map<String, Object> request() {
        return Map.of("command", "ban", "address", address, "for", time, "reason", reason);
    }
}

package org.sipward.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ban",
        description =
                "Bans addresses or prefixes now. An existing ban that ends later is left as it is. Exit code 1 if one of them could not be banned, or the kernel does not know of the ban yet.")
final class BanCommand extends AgentCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "ADDR",
            description = "Addresses, or prefixes such as 198.51.100.0/24; - reads them from standard input.")
    private List<String> addresses = List.of();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "1d",
            description = "How long the ban lasts: 30m, 1d, 1w or forever (default: ${DEFAULT-VALUE}).")
    private String time;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "A note, shown by 'sipward bans' (default: by command).")
    private String reason;

    @Option(
            names = "--force",
            description =
                    "Ban even a trusted address, or a prefix that holds trusted or allowed addresses or this machine's own.")
    private boolean force;

    @Override
    Map<String, Object> request() {
        return Map.of("command", "ban", "for", time, "reason", reason, "force", force);
    }

    @Override
    List<Map<String, Object>> requests() {
        return Addresses.requests(request(), addresses);
    }
}

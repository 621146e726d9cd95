package org.sipward.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "allow",
        description =
                "Allows addresses or prefixes: ends their bans and never bans them, also after a restart, until their time is over. With --list, shows what is allowed. Exit code 1 if the kernel does not know of the change yet.")
final class AllowCommand extends AgentCommand {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private Target target = new Target();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "forever",
            description = "How long they are allowed: 30m, 1d, 1w or forever (default: ${DEFAULT-VALUE}).")
    private String time;

    @Option(names = "--end", description = "Stop allowing them.")
    private boolean end;

    @Override
    Map<String, Object> request() {
        return target.list
                ? Map.of("command", "allowed")
                : Map.<String, Object>of("command", "allow", "for", time, "end", end);
    }

    @Override
    List<Map<String, Object>> requests() {
        return target.list ? List.of(request()) : Addresses.requests(request(), target.addresses);
    }

    /** Some addresses, or the list. */
    static final class Target {
        @Parameters(
                arity = "1..*",
                paramLabel = "ADDR",
                description = "Addresses, or prefixes such as 198.51.100.0/24; - reads them from standard input.")
        private List<String> addresses = List.of();

        @Option(
                names = "--list",
                description =
                        "List everything that is never banned, and why: configured, by command, or this machine's own.")
        private boolean list;
    }
}

package org.sipward.cli;

import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "unban",
        description =
                "Ends the bans of an address, of all addresses within a prefix, or all bans. Exit code 1 if there is none.")
final class UnbanCommand extends AgentCommand {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private Target target = new Target();

    @Override
    Map<String, Object> request() {
        return target.all
                ? Map.of("command", "unban", "all", true)
                : Map.of("command", "unban", "address", target.address);
    }

    /** One address, or all. */
    static final class Target {
        @Parameters(paramLabel = "ADDR", description = "An address or a prefix.")
        private String address = "";

        @Option(names = "--all", description = "End all bans.")
        private boolean all;
    }
}

package org.sipward.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "unban",
        description =
                "Ends the bans of addresses, of all addresses within a prefix, or all bans. An address that a feed lists is banned again within a day; 'sipward allow' prevents that. Exit code 1 if there was no ban to end, or the kernel does not know of the change yet.")
final class UnbanCommand extends AgentCommand {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private Target target = new Target();

    @Override
    Map<String, Object> request() {
        Everything everything = target.everything;
        return everything == null
                ? Map.of("command", "unban")
                : Map.of("command", "unban", "all", everything.all, "feeds", everything.feeds);
    }

    @Override
    List<Map<String, Object>> requests() {
        return target.everything == null ? Addresses.requests(request(), target.addresses) : List.of(request());
    }

    /** Some addresses, or all. */
    static final class Target {
        @Parameters(
                arity = "1..*",
                paramLabel = "ADDR",
                description = "Addresses or prefixes; - reads them from standard input.")
        private List<String> addresses = List.of();

        @ArgGroup(exclusive = false)
        private @Nullable Everything everything;
    }

    /** All bans, or all but those of feeds. */
    static final class Everything {
        @Option(names = "--all", required = true, description = "End all bans by jails and by command.")
        private boolean all;

        @Option(names = "--feeds", description = "With --all: also end the bans by feeds.")
        private boolean feeds;
    }
}

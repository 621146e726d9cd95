package org.sipward.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "feed",
        description = "Asks about the shared lists that the agent polls.",
        subcommands = {FeedCommand.Status.class, FeedCommand.Sync.class, FeedCommand.Check.class})
final class FeedCommand {
    /** Lists the feeds. */
    @Command(name = "status", description = "Lists the feeds: how they do, and how many addresses each holds.")
    static final class Status extends AgentCommand {
        @Override
        Map<String, Object> request() {
            return Map.of("command", "feed-status");
        }
    }

    /** Polls now. */
    @Command(name = "sync", description = "Fetches the whole lists at the next poll, at once.")
    static final class Sync extends AgentCommand {
        @Option(names = "--force", description = "Take a list that was refused because its size jumped.")
        private boolean force;

        @Override
        Map<String, Object> request() {
            return Map.<String, Object>of("command", "feed-sync", "force", force);
        }
    }

    /** Asks the list. */
    @Command(
            name = "check",
            description = "Asks the lists themselves whether they hold an address. Exit code 1 if none does.")
    static final class Check extends AgentCommand {
        @Parameters(paramLabel = "ADDR", description = "An IPv4 or IPv6 address.")
        private String address;

        @Override
        Map<String, Object> request() {
            return Map.of("command", "feed-check", "address", address);
        }
    }
}

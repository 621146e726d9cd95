package org.sipward.cli;

import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "bans",
        description = "Lists the bans in force: who, since when, until when, by whom, the how-manieth time, and why.")
final class BansCommand extends AgentCommand {
    @Override
    Map<String, Object> request() {
        return Map.of("command", "bans");
    }
}

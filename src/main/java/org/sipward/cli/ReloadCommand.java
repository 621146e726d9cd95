package org.sipward.cli;

import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "reload",
        description =
                "Makes the agent read its configuration again. Bans and counters stay. If the new configuration has an error, the agent keeps running with the previous one.")
final class ReloadCommand extends AgentCommand {
    @Override
    Map<String, Object> request() {
        return Map.of("command", "reload");
    }
}

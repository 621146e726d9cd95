package org.sipward.cli;

import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "reload",
        description =
                "Makes the agent read its configuration again. Bans and counters stay; where the new one is wrong, the agent keeps its running configuration.")
final class ReloadCommand extends AgentCommand {
    @Override
    Map<String, Object> request() {
        return Map.of("command", "reload");
    }
}

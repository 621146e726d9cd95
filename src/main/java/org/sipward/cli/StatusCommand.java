package org.sipward.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description =
                "Shows what the agent watches and holds, and whether the kernel agrees. Exit code 1 if something is wrong.")
final class StatusCommand extends AgentCommand {
    @Override
    Map<String, Object> request() {
        return Map.of("command", "status");
    }

    @Override
    void print(List<Map<String, Object>> rows, PrintStream out) {
        for (Map.Entry<String, Object> entry : rows.get(0).entrySet()) {
            if (entry.getValue() instanceof List<?> list) {
                printList(entry.getKey(), list, out);
            } else {
                out.println(entry.getKey() + ": " + entry.getValue());
            }
        }
    }

    private static void printList(String name, List<?> list, PrintStream out) {
        out.println(name + ":" + (list.isEmpty() ? " none" : ""));
        for (Object item : list) {
            StringBuilder line = new StringBuilder("  ");
            if (item instanceof Map<?, ?> map) {
                map.forEach((key, value) -> line.append(line.length() == 2 ? "" : ", ")
                        .append(line.length() == 2 ? value : key + " " + value));
            } else {
                line.append(item);
            }
            out.println(line);
        }
    }
}

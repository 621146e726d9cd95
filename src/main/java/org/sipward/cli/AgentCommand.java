package org.sipward.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.sipward.agent.Json;
import picocli.CommandLine.Mixin;

/** A command to the running agent: sends a request, prints the rows and the message of the answer. */
abstract class AgentCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @Mixin
    private JsonOption format;

    /** Returns the request: {@code command}, and its arguments. */
    abstract Map<String, Object> request();

    /** Prints rows for people; there is at least one. */
    void print(List<Map<String, Object>> rows, PrintStream out) {
        Table table = new Table(rows.get(0).keySet().toArray(String[]::new));
        rows.forEach(table::add);
        table.print(out);
    }

    @Override
    public final Integer call() {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> end = send(row -> {
            if (format.json) {
                System.out.println(Json.line(row));
            } else {
                rows.add(row);
            }
        });
        int exit = ((Number) end.getOrDefault("exit", (long) ExitCode.BUG)).intValue();
        String message = String.valueOf(end.getOrDefault("message", ""));
        if (!rows.isEmpty()) {
            print(rows, System.out);
        } else if (message.isEmpty() && !format.json) {
            System.out.println("none");
        }
        if (!message.isEmpty()) {
            boolean toPeople = exit == ExitCode.YES && !format.json;
            (toPeople ? System.out : System.err).println(message);
        }
        return exit;
    }

    private Map<String, Object> send(Consumer<Map<String, Object>> rows) {
        try {
            return new AgentClient(config.socket()).send(request(), rows);
        } catch (Failure e) {
            // A file that cannot be read cannot name the socket either.
            throw new Failure(e.exitCode(), (e.getMessage() + "\n" + config.problems()).strip());
        }
    }
}

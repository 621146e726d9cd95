package org.sipward.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.sipward.control.ExitCode;
import org.sipward.control.Json;
import picocli.CommandLine.Mixin;

/**
 * A command to the running agent: sends one request or several, and prints the answers. For people it prints the
 * message or, if there is none, the rows as a table. For programs ({@code --json}) it prints one object per line and
 * nothing else; errors go to standard error.
 */
abstract class AgentCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @Mixin
    private JsonOption format;

    /** Returns the request: {@code command}, and its arguments. */
    abstract Map<String, Object> request();

    /** Returns the requests, at least one; several where a single one would be too long. */
    List<Map<String, Object>> requests() {
        return List.of(request());
    }

    /** Prints rows for people; there is at least one row. */
    void print(List<Map<String, Object>> rows, PrintStream out) {
        TextTable table = new TextTable(rows.get(0).keySet().toArray(String[]::new));
        rows.forEach(table::add);
        table.print(out);
    }

    @Override
    public final Integer call() {
        int exit = ExitCode.YES;
        for (Map<String, Object> request : requests()) {
            int answered = format.json ? askForPrograms(request) : askForPeople(request);
            // The worst of several exit codes counts: a worse one has a higher number.
            exit = Math.max(exit, answered);
            if (answered > ExitCode.NO) {
                return answered;
            }
        }
        return exit;
    }

    private int askForPeople(Map<String, Object> request) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> end = send(request, rows::add);
        String message = message(end);
        if (!message.isEmpty()) {
            // The message says the same as the rows.
            (exit(end) == ExitCode.YES ? System.out : System.err).println(message);
        } else if (rows.isEmpty()) {
            System.out.println("none");
        } else {
            print(rows, System.out);
        }
        return exit(end);
    }

    private int askForPrograms(Map<String, Object> request) {
        int[] count = {0};
        Map<String, Object> end = send(request, row -> {
            count[0]++;
            System.out.println(Json.line(row));
        });
        String message = message(end);
        if (count[0] == 0 && !message.isEmpty()) {
            if (exit(end) <= ExitCode.NO) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("message", message);
                System.out.println(Json.line(row));
            } else {
                System.err.println(new CommandFailure(exit(end), message).json());
            }
        }
        return exit(end);
    }

    private static int exit(Map<String, Object> end) {
        return end.get("exit") instanceof Number exit ? exit.intValue() : ExitCode.BUG;
    }

    private static String message(Map<String, Object> end) {
        return String.valueOf(end.getOrDefault("message", ""));
    }

    private Map<String, Object> send(Map<String, Object> request, Consumer<Map<String, Object>> rows) {
        config.requireFile();
        try {
            return new AgentClient(config.socket()).send(request, rows);
        } catch (CommandFailure e) {
            if (config.isUnreadable()) {
                // The configuration may name another socket than the default one, which was tried.
                throw new CommandFailure(ExitCode.NOT_PERMITTED, config.unreadable());
            }
            // A configuration with errors may also name the wrong socket.
            throw new CommandFailure(e.exitCode(), (e.getMessage() + "\n" + config.problems()).strip());
        }
    }
}

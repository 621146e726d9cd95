package org.sipward.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.sipward.agent.Agent;
import org.sipward.config.ConfigReader;
import org.sipward.control.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description =
                "Runs the agent in the foreground, until it is told to stop. What it blocked stays blocked until its time is over.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--dry-run", description = "Judge and list, but block nothing.")
    private boolean dryRun;

    /** An agent that was asked for in the usual words. */
    record Plain(RunCommand command, boolean verbose) {}

    /**
     * Reads {@code run} with its options as service managers and people write them, in a tenth of the time that picocli
     * needs for it.
     *
     * @return empty if they are written otherwise, or hold a mistake, or ask for help: then picocli has to read them
     */
    static Optional<Plain> plain(String... arguments) {
        Iterator<String> words = List.of(arguments).iterator();
        if (!words.hasNext() || !words.next().equals("run")) {
            return Optional.empty();
        }
        RunCommand command = new RunCommand();
        Set<String> seen = new HashSet<>();
        while (words.hasNext()) {
            String option = words.next();
            switch (option) {
                case "-c", "--config" -> {
                    String file = words.hasNext() ? words.next() : "";
                    // What begins so is an option to picocli, or a file with arguments.
                    if (file.isEmpty() || file.startsWith("-") || file.startsWith("@")) {
                        return Optional.empty();
                    }
                    command.config = new ConfigOption(Path.of(file));
                }
                case "--dry-run" -> command.dryRun = true;
                case "-v", "--verbose" -> {}
                default -> {
                    return Optional.empty();
                }
            }
            if (!seen.add(option.replace("-", "").substring(0, 1))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Plain(command, seen.contains("v")));
    }

    @Override
    public Integer call() throws InterruptedException {
        startProgramsDirectly();
        Logger log = LoggerFactory.getLogger(RunCommand.class);
        CompletableFuture<Agent> running = new CompletableFuture<>();
        // First of all: Java would take the signal for the end, and obey it with exit code 0.
        Signals.handle("HUP", () -> running.join().reload("SIGHUP"));
        Signals.handle("USR1", () -> log.info("SIGUSR1 means nothing here; SIGHUP reloads the configuration"));
        Thread.setDefaultUncaughtExceptionHandler((thread, bug) ->
                log.error("a thread has ended because of a bug, please report it: {}", thread.getName(), bug));
        ConfigReader.Checked checked = config.read();
        checked.warnings().forEach(warning -> log.warn("{}", warning));
        Agent.Reader again = () -> ConfigOption.reader().read(config.file()).config();
        Agent agent = new Agent(checked.config(), again, dryRun, Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent), "sipward-stop"));
        running.complete(agent);
        try {
            agent.run();
            return ExitCode.YES;
        } catch (IOException e) {
            int exit = e.getCause() instanceof AccessDeniedException ? ExitCode.NOT_PERMITTED : ExitCode.UNAVAILABLE;
            throw new CommandFailure(exit, "sipward cannot run: " + e.getMessage());
        }
    }

    /**
     * Java starts a program by way of another one, which takes as long as half of what nft does when it is asked whether
     * the table stands. Up to version 11 it was otherwise, and it can be asked for that up to 24.
     */
    private static void startProgramsDirectly() {
        if (Runtime.version().feature() < 25) {
            System.setProperty("jdk.lang.Process.launchMechanism", "VFORK");
        }
    }

    /** A signal that was obeyed is a success, where Java would end with 128 and the signal's number. */
    private static void stop(Agent agent) {
        boolean asked = agent.stop();
        PatientOutput.drain(System.err, Main.LAST_WORDS);
        if (asked) {
            Runtime.getRuntime().halt(ExitCode.YES);
        }
    }
}

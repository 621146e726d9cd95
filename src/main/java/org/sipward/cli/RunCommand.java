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
                "Runs the agent in the foreground until it is told to stop. Bans stay in force after that, until their time is over.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--dry-run", description = "Judge and list bans, but block nothing.")
    private boolean dryRun;

    /** A {@code run} command with its options in their usual form. */
    record Plain(RunCommand command, boolean verbose) {}

    /**
     * Parses {@code run} with its options in their usual form, in a tenth of the time that picocli needs.
     *
     * @return empty if the options have another form, contain a mistake or ask for help: then picocli must parse
     *     them
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
                    // Picocli takes such a word for an option, or for a file with arguments.
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
        // Do this first: until then SIGHUP would end the process, with exit code 0.
        Signals.handle("HUP", () -> running.join().reload("SIGHUP"));
        Signals.handle("USR1", () -> log.info("SIGUSR1 is ignored; SIGHUP reloads the configuration"));
        Thread.setDefaultUncaughtExceptionHandler((thread, bug) ->
                log.error("a thread ended because of a bug; please report it: {}", thread.getName(), bug));
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
     * Makes Java start programs directly. By default Java starts a program through a helper program, which takes half
     * as long as an nft call that asks for the table. Up to version 11 Java started programs directly, and up to
     * version 24 it can be told to.
     */
    private static void startProgramsDirectly() {
        if (Runtime.version().feature() < 25) {
            System.setProperty("jdk.lang.Process.launchMechanism", "VFORK");
        }
    }

    /**
     * Stopping at a signal is a success, with exit code 0; Java itself would exit with 128 plus the signal's number.
     */
    private static void stop(Agent agent) {
        boolean asked = agent.stop();
        PatientOutput.drain(System.err, Main.LAST_WORDS);
        if (asked) {
            Runtime.getRuntime().halt(ExitCode.YES);
        }
    }
}

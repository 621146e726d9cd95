package org.sipward.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sipward.control.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Starts the program: finds the command, runs it, and turns its result into an exit code. */
@Command(
        name = "sipward",
        description = "Keeps attackers away from a SIP server.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Print more, and show where an error comes from.")
    private boolean verbose;

    /** How long the program waits at its end for the last lines of the log to be read. */
    static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private boolean json;

    private Main() {}

    /** Runs the command that the arguments name, and ends the process with its exit code. */
    public static void main(String[] arguments) {
        if (List.of(arguments).contains("run")) {
            // A slow reader of the log must not block the agent.
            boolean journal = LogFormat.isForJournal();
            System.setErr(PatientOutput.standardError(count -> LogFormat.dropped(count, journal)));
        }
        int exit = run(arguments);
        PatientOutput.drain(System.err, LAST_WORDS);
        System.exit(exit);
    }

    /** Runs the command that the arguments name, and returns its exit code. */
    static int run(String... arguments) {
        Main main = new Main();
        Optional<RunCommand.Plain> agent = RunCommand.plain(arguments);
        return agent.isPresent() ? main.runAgent(agent.get()) : main.runAny(arguments);
    }

    /** Runs the agent without loading the other commands and picocli: it stays in memory and must start fast. */
    private int runAgent(RunCommand.Plain plain) {
        verbose = plain.verbose();
        log();
        try {
            return plain.command().call();
        } catch (InterruptedException | RuntimeException | Error e) {
            // An Error too: when the main thread dies, the process must not exit with Java's own code, or keep running.
            return report(e);
        }
    }

    private int runAny(String... arguments) {
        try {
            return execute(arguments);
        } catch (Error e) {
            return report(e);
        }
    }

    private int execute(String... arguments) {
        json = List.of(arguments).contains("--json");
        CommandLine line = model(this);
        line.setExecutionStrategy(parsed -> {
            log();
            // Picocli would print the help and ignore a word that is not a command.
            List<String> unknown = parsed.asCommandLineList().stream()
                    .flatMap(part -> part.getUnmatchedArguments().stream())
                    .toList();
            if (!unknown.isEmpty()) {
                CommandLine last = parsed.asCommandLineList()
                        .get(parsed.asCommandLineList().size() - 1);
                return refuse(new CommandLine.UnmatchedArgumentException(last, unknown));
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setParameterExceptionHandler((e, rejected) -> refuse(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> report(e));
        return line.execute(arguments);
    }

    private int refuse(CommandLine.ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        if (json) {
            err.println(new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage())).json());
            return ExitCode.USAGE;
        }
        err.println(e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        if (e.getClass().equals(CommandLine.ParameterException.class)
                && !command.getSubcommands().isEmpty()) {
            // No command was given: show them all.
            command.usage(err);
        } else {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE;
    }

    /** Returns the commands and options, as the man page must tell them. */
    public static CommandLine model() {
        return model(new Main());
    }

    private static CommandLine model(Main main) {
        CommandLine line = new CommandLine(main);
        commands().forEach(line::addSubcommand);
        return line;
    }

    private static List<Class<?>> commands() {
        return List.of(
                RunCommand.class,
                CheckCommand.class,
                TestCommand.class,
                ReplayCommand.class,
                ExplainCommand.class,
                StatusCommand.class,
                BansCommand.class,
                TopCommand.class,
                WhyCommand.class,
                BanCommand.class,
                UnbanCommand.class,
                AllowCommand.class,
                ReloadCommand.class,
                FeedCommand.class,
                ImportCommand.class,
                CommandLine.HelpCommand.class);
    }

    private void log() {
        LogFormat.install(System.err, LogFormat.isForJournal(), verbose);
    }

    private int report(Throwable e) {
        if (verbose) {
            e.printStackTrace();
        }
        if (e instanceof CommandFailure failure) {
            System.err.println(json ? failure.json() : e.getMessage());
            return failure.exitCode();
        }
        System.err.println("sipward: bug, please report it: " + e);
        return ExitCode.BUG;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"sipward " + (version == null ? "(not packaged)" : version)};
        }
    }
}

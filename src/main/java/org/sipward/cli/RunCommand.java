package org.sipward.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.sipward.agent.Agent;
import org.sipward.config.ConfigReader;
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
    private ConfigOption config;

    @Option(names = "--dry-run", description = "Judge and list, but block nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        Logger log = LoggerFactory.getLogger(RunCommand.class);
        ConfigReader.Checked checked = config.read();
        checked.warnings().forEach(warning -> log.warn("{}", warning));
        Agent.Reader again = () -> ConfigOption.reader().read(config.file()).config();
        Agent agent = new Agent(checked.config(), again, dryRun, Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent), "sipward-stop"));
        try {
            agent.run();
            return ExitCode.YES;
        } catch (IOException e) {
            int exit = e.getCause() instanceof AccessDeniedException ? ExitCode.NOT_PERMITTED : ExitCode.UNAVAILABLE;
            throw new Failure(exit, "sipward cannot run: " + e.getMessage());
        }
    }

    /** A signal that was obeyed is a success, where Java would end with 128 and the signal's number. */
    private static void stop(Agent agent) {
        if (agent.stop()) {
            Runtime.getRuntime().halt(ExitCode.YES);
        }
    }
}

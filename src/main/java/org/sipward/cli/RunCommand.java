package org.sipward.cli;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.sipward.agent.Agent;
import org.sipward.config.Config;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = "Runs the agent in the foreground, until it is told to stop. What it blocked stays blocked until its time is over.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @Option(names = "--dry-run", description = "Judge and list, but block nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        Config first = config.read();
        Agent agent = new Agent(first, () -> ConfigOption.reader().read(config.file(), warning -> {}), dryRun, Clock.systemUTC());
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> {
                    agent.stop();
                    try {
                        // The process ends when the hooks end: until then the agent closes its parts.
                        main.join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "sipward-stop"));
        try {
            agent.run();
            return ExitCode.YES;
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "sipward cannot run: " + e.getMessage());
        }
    }
}

package org.sipward.cli;

import java.util.concurrent.Callable;
import org.sipward.config.ConfigReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "check",
        description =
                "Checks the configuration and its filters. Lists everything that is wrong, with the place and what would be right. Exit code 78 if anything is.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        ConfigReader.Checked checked = config.read();
        checked.warnings().forEach(warning -> System.out.println("warning: " + warning));
        System.out.println(
                config.file() + " is right: " + checked.config().jails().size() + " jails, "
                        + checked.config().feeds().size() + " feeds, "
                        + checked.warnings().size() + " warnings");
        return ExitCode.YES;
    }
}

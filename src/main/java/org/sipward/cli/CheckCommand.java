package org.sipward.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.sipward.config.ConfigReader;
import org.sipward.config.Problem;
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
        List<Problem> doubts = checked.warnings().stream()
                .filter(warning -> !checked.missing().contains(warning))
                .toList();
        doubts.forEach(warning -> System.out.println("warning: " + warning));
        if (!checked.missing().isEmpty()) {
            String all = checked.missing().stream().map(Problem::toString).collect(Collectors.joining("\n"));
            throw new Failure(ExitCode.CONFIGURATION, all);
        }
        System.out.println(config.file() + " is right: "
                + Text.count(checked.config().jails().size(), "jail") + ", "
                + Text.count(checked.config().feeds().size(), "feed") + ", " + Text.count(doubts.size(), "warning"));
        return ExitCode.YES;
    }
}

package org.sipward.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sipward.config.ConfigReader;
import org.sipward.control.ExitCode;
import org.sipward.control.Json;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "check",
        description =
                "Checks the configuration and its filters. Lists every error and warning with its place and how to fix it. Exit code 78 if there is an error.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @Mixin
    private JsonOption format;

    @Override
    public Integer call() {
        try {
            ConfigReader.Checked checked = config.check();
            List<Problem> warnings = new ArrayList<>(checked.warnings());
            warnings.removeAll(checked.missing());
            return show(
                    checked.missing(),
                    warnings,
                    checked.config().jails().size(),
                    checked.config().feeds().size());
        } catch (ConfigException e) {
            return show(e.problems(), e.warnings(), 0, 0);
        }
    }

    private int show(List<Problem> errors, List<Problem> warnings, int jails, int feeds) {
        if (format.json) {
            warnings.forEach(problem -> System.out.println(Json.line(problem.row("warning"))));
            errors.forEach(problem -> System.out.println(Json.line(problem.row("error"))));
            Map<String, Object> end = new LinkedHashMap<>();
            end.put("file", config.file());
            end.put("valid", errors.isEmpty());
            end.put("jails", jails);
            end.put("feeds", feeds);
            end.put("errors", errors.size());
            end.put("warnings", warnings.size());
            System.out.println(Json.line(end));
        } else {
            warnings.forEach(warning -> System.out.println("warning: " + warning));
            errors.forEach(error -> System.err.println(error));
            if (errors.isEmpty()) {
                System.out.println(config.file() + " is valid: " + Text.count(jails, "jail") + ", "
                        + Text.count(feeds, "feed") + ", " + Text.count(warnings.size(), "warning"));
            }
        }
        return errors.isEmpty() ? ExitCode.YES : ExitCode.CONFIGURATION;
    }
}

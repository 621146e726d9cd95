package org.sipward.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Problem;

/** A folder with a configuration and filters, as a test wants them. */
public record Folder(Path path) {
    /** Writes a file, with its folder. */
    Path write(String name, String text) {
        try {
            Path file = path.resolve(name);
            Files.createDirectories(file.resolveSibling("."));
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes filters that find one kind of failure. */
    Folder withFilters(String... names) {
        for (String name : names) {
            write("filters/" + name + ".yaml", filter(name));
        }
        return this;
    }

    static String filter(String name) {
        return """
                name: %s
                time: [syslog]
                failregex:
                  wrong-password: '^wrong password from <ADDR>$'
                """.formatted(name);
    }

    /** Reads this text as a configuration. */
    ConfigReader.Checked read(String yaml) throws ConfigException {
        return new ConfigReader().read(write("sipward.yaml", yaml));
    }

    /** Returns what is wrong with this text as a configuration, each without the path of this folder. */
    List<String> errors(String yaml) {
        try {
            read(yaml);
            return List.of();
        } catch (ConfigException e) {
            return texts(e.problems());
        }
    }

    /** Returns the problems' texts without the path of this folder. */
    public List<String> texts(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString().replace(path + "/", ""))
                .toList();
    }
}

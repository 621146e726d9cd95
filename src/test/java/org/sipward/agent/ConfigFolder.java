package org.sipward.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.sipward.config.Config;
import org.sipward.config.ConfigReader;
import org.sipward.yaml.ConfigException;

/**
 * A folder with a configuration, a filter called {@code test}, and logs. The filter counts {@code failed ADDRESS}, and
 * trusts after {@code logged in ADDRESS}.
 */
record ConfigFolder(Path path) {
    static final String STAMP = "2026-11-22T10:00:00Z";

    /** Returns a path in the folder. */
    Path at(String name) {
        return path.resolve(name);
    }

    /** Returns a jail that bans for an hour at the second failure and reads this source, written in YAML. */
    static String jail(String name, String source) {
        return "  " + name + ": {filter: test, maxretry: 2, bantime: 1h, source: {" + source + "}}\n";
    }

    /** Returns a jail that bans for an hour at the second failure and reads these files or globs of the folder. */
    String jailOf(String name, String file) {
        return jail(name, "file: \"" + at(file) + "\"");
    }

    /** Writes the configuration. The store and the socket are in the folder. */
    void write(String yaml) throws IOException {
        Files.createDirectories(at("filters"));
        Files.writeString(at("filters/test.yaml"), """
                name: test
                time: [iso8601]
                failregex:
                  failed: '^failed <ADDR>$'
                successregex:
                  logged-in: '^logged in <ADDR>$'
                """);
        Files.writeString(at("sipward.yaml"), "store: {path: " + at("store") + "}\n" + yaml);
    }

    Config read() throws ConfigException {
        return new ConfigReader().read(at("sipward.yaml")).config();
    }

    Config config(String yaml) throws IOException, ConfigException {
        write(yaml);
        return read();
    }

    /** Adds lines to a log, all with the same time stamp. */
    void log(String name, String... lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(STAMP).append(' ').append(line).append('\n');
        }
        Files.writeString(at(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}

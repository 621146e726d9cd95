package org.sipward.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sipward.config.ConfigReader;
import org.sipward.control.ExitCode;
import org.sipward.yaml.ConfigException;
import picocli.CommandLine.Option;

/** The option {@code -c} and the configuration that it names. */
final class ConfigOption {
    private static final Path INSTALLED = Path.of("/etc/sipward/sipward.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration file (default: /etc/sipward/sipward.yaml; if there is none, the one shipped with the program).")
    private @Nullable Path file;

    /** Creates the option as not given. */
    ConfigOption() {}

    /** Creates the option with this file. */
    ConfigOption(Path file) {
        this.file = file;
    }

    /** Returns the file that is read: the one given, the installed one, or the shipped one. */
    Path file() {
        if (file != null) {
            return file;
        }
        return Files.exists(INSTALLED) ? INSTALLED : home().resolve("conf/sipward.yaml");
    }

    /** Returns a reader that finds the shipped filters. */
    static ConfigReader reader() {
        return new ConfigReader(home().resolve("filters"));
    }

    /** Returns the program's folder, which holds {@code bin}, {@code lib}, {@code filters} and {@code conf}. */
    static Path home() {
        return Path.of(System.getProperty("sipward.home", "."));
    }

    /** Reads the configuration. If it has errors, ends the command with the list of them. */
    ConfigReader.Checked read() {
        try {
            return check();
        } catch (ConfigException e) {
            throw new CommandFailure(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()));
        }
    }

    /** Reads the configuration, for a command that reports its errors itself. */
    ConfigReader.Checked check() throws ConfigException {
        if (isUnreadable()) {
            throw new CommandFailure(ExitCode.NOT_PERMITTED, unreadable());
        }
        return reader().read(file());
    }

    /** Ends the command if a file was given that does not exist. */
    void requireFile() {
        if (file != null && Files.notExists(file)) {
            throw new CommandFailure(ExitCode.CONFIGURATION, file + ": there is no such file");
        }
    }

    /** Returns whether the configuration exists, or may exist, but this user may not read it. */
    boolean isUnreadable() {
        return !Files.notExists(file()) && !Files.isReadable(file());
    }

    /** Returns the message for a configuration that this user may not read. */
    String unreadable() {
        return file() + " is not readable by this user: run this as root or with sudo";
    }

    /** Returns the errors in the configuration, empty if there are none. */
    String problems() {
        try {
            reader().read(file());
            return "";
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Returns the control socket, even if the configuration has errors: the agent may run with an earlier version. */
    Path socket() {
        return reader().socket(file());
    }
}

package org.sipward.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sipward.config.ConfigReader;
import org.sipward.control.ExitCode;
import org.sipward.yaml.ConfigException;
import picocli.CommandLine.Option;

/** The option {@code -c}, and what it leads to. */
final class ConfigOption {
    private static final Path INSTALLED = Path.of("/etc/sipward/sipward.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration (default: /etc/sipward/sipward.yaml, or else the one shipped with the program).")
    private @Nullable Path file;

    /** Makes one that is not given. */
    ConfigOption() {}

    /** Makes one that is given. */
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

    /** Returns where the program lies: {@code bin}, {@code lib}, {@code filters} and {@code conf} are below it. */
    static Path home() {
        return Path.of(System.getProperty("sipward.home", "."));
    }

    /** Reads the configuration. Ends the command with everything that is wrong if anything is. */
    ConfigReader.Checked read() {
        try {
            return check();
        } catch (ConfigException e) {
            throw new CommandFailure(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()));
        }
    }

    /** Reads the configuration, for a command that tells itself what is wrong with it. */
    ConfigReader.Checked check() throws ConfigException {
        if (isUnreadable()) {
            throw new CommandFailure(ExitCode.NOT_PERMITTED, unreadable());
        }
        return reader().read(file());
    }

    /** Ends the command if a file was given that is not there. */
    void requireFile() {
        if (file != null && Files.notExists(file)) {
            throw new CommandFailure(ExitCode.CONFIGURATION, file + ": there is no such file");
        }
    }

    /** Returns whether the configuration is there, or may be, but not for this user. */
    boolean isUnreadable() {
        return !Files.notExists(file()) && !Files.isReadable(file());
    }

    /** Returns the words for a configuration that is not for this user. */
    String unreadable() {
        return file() + " may not be read by this user: run this as root, or with sudo";
    }

    /** Returns everything that is wrong with the configuration, empty if nothing is. */
    String problems() {
        try {
            reader().read(file());
            return "";
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Returns the control socket, even where the configuration is wrong: the agent may run with an earlier one. */
    Path socket() {
        return reader().socket(file());
    }
}

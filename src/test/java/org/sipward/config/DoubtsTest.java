package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Problem;

/** What is right as it is written, and yet is not what an operator would want. */
class DoubtsTest extends ConfigFixture {
    @Test
    void saysThatEverybodyCanChangeTheConfiguration() throws Exception {
        Path file = folder.write("sipward.yaml", FEED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(doubts(file))
                .anyMatch(doubt -> doubt.endsWith("every user can change this file; chmod 644 " + file));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(doubts(file)).noneMatch(doubt -> doubt.contains("every user can change"));
    }

    @Test
    void saysThatAGlobTakesInLogsThatWereRotatedAway() throws Exception {
        for (String rotated : List.of("full.1", "full.2.gz", "full-20261130", "full.old", "full-20261130-1764500000")) {
            Path logs = Files.createDirectories(directory.resolve("logs-" + rotated));
            Files.createFile(logs.resolve("full"));
            Path old = Files.createFile(logs.resolve(rotated));

            assertThat(doubts(jail(logs + "/full*")))
                    .anyMatch(doubt -> doubt.contains("also matches rotated logs, such as " + old));
            assertThat(doubts(jail(logs + "/ful[l]"))).noneMatch(doubt -> doubt.contains("rotated"));
        }
    }

    @Test
    void takesLogsOfSeveralServersForWhatTheyAre() throws Exception {
        for (String name : List.of("pbx1.log", "pbx2.log", "asterisk-18.log", "192.0.2.10.log")) {
            folder.write("several/" + name, "");
        }

        assertThat(doubts(jail(directory.resolve("several") + "/*.log"))).noneMatch(doubt -> doubt.contains("rotated"));
    }

    private Path jail(String log) {
        return folder.write("sipward.yaml", "jails: {a: {filter: asterisk, source: {file: '" + log + "'}}}\n");
    }

    private static List<String> doubts(Path file) throws ConfigException {
        return new ConfigReader()
                .read(file).warnings().stream().map(Problem::toString).toList();
    }
}

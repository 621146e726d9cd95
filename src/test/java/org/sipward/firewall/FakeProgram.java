package org.sipward.firewall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A shell script that a test writes, a few lines for {@code /bin/sh}. */
final class FakeProgram {
    private FakeProgram() {}

    static Command write(Path directory, String name, Duration limit, String... lines) throws IOException {
        Path program = directory.resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Command(name, List.of(directory.resolve("nothing"), directory), List.of(), limit);
    }
}

package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from {@code /proc/self} what Java does not tell about this process's own file descriptors. */
final class Descriptors {
    private static final Logger log = LoggerFactory.getLogger(Descriptors.class);
    private static final Path OWN = Path.of("/proc/self/fd");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LIMIT = "Max open files";

    private Descriptors() {}

    /** Returns whether an open file no longer has a name. Also false if that cannot be determined. */
    static boolean isRemoved(OpenFile file) {
        if (FileStat.look(file.path()).filter(file::is).isPresent()) {
            return false;
        }
        try (DirectoryStream<Path> own = Files.newDirectoryStream(OWN)) {
            for (Path descriptor : own) {
                if (FileStat.look(descriptor).filter(file::is).isPresent()) {
                    Map<String, Object> links = Files.readAttributes(descriptor, "unix:nlink");
                    return Integer.valueOf(0).equals(links.get("nlink"));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.debug("cannot tell whether {} was removed: {}", file.path(), e.getMessage());
        }
        return false;
    }

    /** Returns how many descriptors this process may have open, or a large number if that cannot be determined. */
    static int limit() {
        try {
            List<String> limits = Files.readAllLines(LIMITS);
            for (String line : limits) {
                if (line.startsWith(LIMIT)) {
                    return Integer.parseInt(
                            line.substring(LIMIT.length()).trim().split(" +", 2)[0]);
                }
            }
        } catch (IOException | NumberFormatException unlimited) {
            log.debug("no limit of open files: {}", unlimited.getMessage());
        }
        return Integer.MAX_VALUE;
    }
}

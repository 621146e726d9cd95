package org.sipward.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.sipward.yaml.Node;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;

/**
 * Checks the paths of logs. A wrong path is an error. A valid path without a log is only a warning, since logs come and
 * go while the agent runs.
 */
final class LogFiles {
    /** The advice for an operator who names no log. */
    static final String FIX = "write source: {file: /var/log/NAME.log}";

    /** The endings that logrotate and savelog add to a name: a number, a date, a kind of compression. */
    private static final Pattern ROTATED =
            Pattern.compile("\\.[0-9]{1,3}$|[.-](19|20)[0-9]{6}(-?[0-9]+)?$|\\.(gz|bz2|xz|zst|old)$");

    private static final int MAX_LOOKED_AT = 1_000;

    private final Problems problems;
    private final List<String> absent = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();
    private final List<String> notFiles = new ArrayList<>();
    private boolean warnedOfRotated;

    LogFiles(Problems problems) {
        this.problems = problems;
    }

    /**
     * Returns the valid paths and globs. Logs that cannot be read now are noted at the place, in one warning for each
     * cause.
     */
    List<String> check(Place place, List<Node.Scalar> entries) {
        List<String> files = new ArrayList<>();
        for (Node.Scalar entry : entries) {
            // A log named twice would be read twice, and each failure counted twice.
            if (!files.contains(entry.text()) && isValid(entry)) {
                files.add(entry.text());
            }
        }
        if (!absent.isEmpty()) {
            String fix = "turn on the log, or correct the path; it is watched as soon as it exists";
            problems.warn(place, String.join(", ", absent), "not found", fix);
        }
        if (!unreadable.isEmpty()) {
            String fix = "run as root, or let this user read it";
            problems.warn(place, String.join(", ", unreadable), "is not readable by this user", fix);
        }
        if (!notFiles.isEmpty()) {
            String fix = "make the server write to a file, or read it with source: {syslog: …}";
            problems.warn(place, String.join(", ", notFiles), "is a pipe, socket or device, and is not read", fix);
        }
        return files;
    }

    private boolean isValid(Node.Scalar entry) {
        String text = entry.text();
        if (!text.startsWith("/") || text.endsWith("/")) {
            return refuse(entry, "is not the absolute path of a file", "write one such as /var/log/NAME.log");
        }
        try {
            Path path = Path.of(text);
            if (isGlob(text)) {
                return isValidGlob(entry);
            }
            if (Files.isDirectory(path)) {
                return refuse(entry, "is a directory", "name a file, or write " + path + "/*.log");
            }
            if (Files.notExists(path)) {
                absent.add(text);
            } else if (!Files.isRegularFile(path)) {
                notFiles.add(text);
            } else if (!Files.isReadable(path)) {
                unreadable.add(text);
            }
            return true;
        } catch (InvalidPathException notAPath) {
            return refuse(entry, "is not a path", "write one such as /var/log/NAME.log");
        }
    }

    private boolean isValidGlob(Node.Scalar entry) {
        String glob = entry.text();
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException unbalanced) {
            return refuse(entry, "is not a glob", "close each [ and {, or put \\ before it");
        }
        int slash = glob.lastIndexOf('/');
        Path directory = Path.of(glob.substring(0, slash + 1));
        if (isGlob(directory.toString())) {
            return true;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob.substring(slash + 1))) {
            int count = 0;
            for (Path log : found) {
                // A folder may hold any number of logs; one warning is enough.
                if (++count == 1 || !warnedOfRotated) {
                    noteIfRotated(entry, log);
                }
                if (count == MAX_LOOKED_AT) {
                    break;
                }
            }
            if (count == 0) {
                absent.add(glob);
            }
        } catch (IOException notListed) {
            (Files.isDirectory(directory) ? unreadable : absent).add(glob);
        }
        return true;
    }

    private void noteIfRotated(Node.Scalar entry, Path log) {
        if (ROTATED.matcher(String.valueOf(log.getFileName())).find()) {
            warnedOfRotated = true;
            problems.warn(
                    entry.place(),
                    entry.text(),
                    "also matches rotated logs, such as " + log,
                    "end the glob so that it matches only logs in use, as in *.log");
        }
    }

    private static boolean isGlob(String text) {
        return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private boolean refuse(Node.Scalar entry, String what, String fix) {
        problems.error(entry.place(), entry.text(), what, fix);
        return false;
    }
}

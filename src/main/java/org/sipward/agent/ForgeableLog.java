package org.sipward.agent;

import java.nio.file.Path;
import java.util.Set;
import org.sipward.filter.Filter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the logs into which a caller can have whole lines written, so that the operator is told of a safer one. */
final class ForgeableLog {
    private static final Logger log = LoggerFactory.getLogger(ForgeableLog.class);

    /** Files of Asterisk that take in what callers wrote. */
    private static final Set<String> NAMES = Set.of("messages", "full");

    private static final Path SYSTEM_LOGS = Path.of("/var/log");

    private ForgeableLog() {}

    /** Asterisk's own files of all levels; the system's messages come from syslog's daemon, which escapes line breaks. */
    static boolean is(Path path, Filter filter) {
        String file = String.valueOf(path.getFileName());
        return filter.name().equals("asterisk")
                && !filter.hasSecretWord()
                && NAMES.contains(file.replaceFirst("\\.log$", ""))
                && !SYSTEM_LOGS.equals(path.getParent());
    }

    static void warn(Path path) {
        log.warn(
                "{}: a caller can have whole lines written here (packets shown as they came, numbers with line breaks, an ESC); "
                        + "a file with security only is safer, see the README",
                path);
    }
}

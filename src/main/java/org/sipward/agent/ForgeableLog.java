package org.sipward.agent;

import java.nio.file.Path;
import java.util.Set;
import org.sipward.filter.Filter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the log files into which callers can get whole lines of their own written, so that the operator can be told of
 * a safer one.
 *
 * <p>These are the usual names of Asterisk's own log files with all levels in them. The names stand here and not in the
 * filter's file: whether a file is forgeable depends on how Asterisk's logger.conf fills it, and its name is the only
 * hint at that. A filter describes lines, and knows nothing of files.
 */
final class ForgeableLog {
    private static final Logger log = LoggerFactory.getLogger(ForgeableLog.class);

    /** Asterisk's files of all levels, without {@code .log}. They quote packets of callers as they came. */
    private static final Set<String> NAMES = Set.of("messages", "full");

    /** Files here come from the syslog daemon, which escapes line breaks. */
    private static final Path SYSTEM_LOGS = Path.of("/var/log");

    private ForgeableLog() {}

    /** Returns whether callers can get lines into this file that the filter would believe. */
    static boolean is(Path path, Filter filter) {
        String file = String.valueOf(path.getFileName());
        return filter.name().equals("asterisk")
                && !filter.hasSecretWord()
                && NAMES.contains(file.replaceFirst("\\.log$", ""))
                && !SYSTEM_LOGS.equals(path.getParent());
    }

    static void warn(Path path) {
        log.warn(
                "{}: callers can get whole lines written into this file (packets logged as they came, numbers with line breaks, "
                        + "an ESC); a file with the level security only is safer, see forged-lines.md",
                path);
    }
}

package org.sipward.source.file;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the number of open logs below the process's limit. If there are too many, it closes the log that was read
 * longest ago among those that are read to their end; that log is opened again when something is written to it.
 *
 * <p>Not thread-safe: the thread that polls the sources owns it.
 */
public final class OpenLogs {
    /** For a single source. */
    static final OpenLogs UNLIMITED = new OpenLogs(Integer.MAX_VALUE);

    private static final Logger log = LoggerFactory.getLogger(OpenLogs.class);
    /**
     * The descriptors that the program needs besides logs: its own files, the store, connections, and nft while it
     * runs.
     */
    private static final int RESERVED = 80;

    private static final int MIN = 8;

    private final int max;
    private final Set<FileSource> open = new LinkedHashSet<>();

    OpenLogs(int max) {
        this.max = max;
    }

    /** Allows as many open logs as the limit of open files permits, at least {@value #MIN}. */
    public static OpenLogs withinLimit() {
        return new OpenLogs(Math.max(MIN, Descriptors.limit() - RESERVED));
    }

    /** Notes that a source is in use, and closes another if there are too many. */
    void use(FileSource source) {
        if (max == Integer.MAX_VALUE) {
            return;
        }
        // The set is in order of use, which matters only when it is full.
        if (open.size() >= max) {
            open.remove(source);
        }
        open.add(source);
        while (open.size() > max && closeOne(source)) {}
    }

    void forget(FileSource source) {
        open.remove(source);
    }

    private boolean closeOne(FileSource used) {
        for (FileSource source : open) {
            if (source != used && rest(source)) {
                open.remove(source);
                return true;
            }
        }
        return false;
    }

    private static boolean rest(FileSource source) {
        try {
            return source.rest();
        } catch (IOException e) {
            log.debug("cannot close {}: {}", source.name(), e.getMessage());
            return false;
        }
    }
}

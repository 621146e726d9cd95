package org.sipward.source.file;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the number of open logs within what the process may have open: of those that are read to their end, the one that
 * was read longest ago is closed, and opened again when something was written to it.
 *
 * <p>Not thread-safe: the thread that polls the sources owns it.
 */
public final class OpenLogs {
    /** For a single source. */
    static final OpenLogs UNLIMITED = new OpenLogs(Integer.MAX_VALUE);

    private static final Logger log = LoggerFactory.getLogger(OpenLogs.class);
    /** What the program has open besides logs: its own files, the store, connections, and nft while it runs. */
    private static final int RESERVED = 80;

    private static final int MIN = 8;

    private final int max;
    private final Set<FileSource> open = new LinkedHashSet<>();

    OpenLogs(int max) {
        this.max = max;
    }

    /** Makes room for as many as the limit of open files allows, at least {@value #MIN}. */
    public static OpenLogs withinLimit() {
        return new OpenLogs(Math.max(MIN, Descriptors.limit() - RESERVED));
    }

    /** Notes that a source is at work, and closes another if there are too many. */
    void use(FileSource source) {
        if (max == Integer.MAX_VALUE) {
            return;
        }
        // The set's order is that of use, which matters only where it is full.
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

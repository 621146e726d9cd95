package org.sipward.config;

import java.util.List;

/** Where a jail's lines come from. */
public sealed interface SourceConfig {
    /**
     * Log files.
     *
     * @param paths paths or globs, absolute; at least one; may not be there yet
     */
    record Files(List<String> paths) implements SourceConfig {
        public Files {
            paths = List.copyOf(paths);
            if (paths.isEmpty()) {
                throw new IllegalArgumentException("paths is empty");
            }
        }
    }
}

package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * The state of the file at a path. If two states are equal, nothing was written to the file between them.
 *
 * @param key identifies the file; null if nothing is there or the file cannot be examined
 */
record PathState(@Nullable Object key, long size, FileTime modified) {
    /** The state of a path where nothing is. */
    static final PathState NOTHING = new PathState(null, 0, FileTime.fromMillis(0));

    static PathState at(Path path) {
        try {
            BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
            return new PathState(is.fileKey(), is.size(), is.lastModifiedTime());
        } catch (IOException nothingThere) {
            return NOTHING;
        }
    }

    /**
     * Returns whether the file is empty or missing; its predecessor may then still be written to, under another name.
     */
    boolean isEmpty() {
        return size == 0;
    }
}

package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a path shows of what is there: two that are equal show that nothing was written to it in between.
 *
 * @param key of the file, or null if nothing is there or it cannot be looked at
 */
record PathState(@Nullable Object key, long size, FileTime modified) {
    /** What a path shows where nothing is. */
    static final PathState NOTHING = new PathState(null, 0, FileTime.fromMillis(0));

    static PathState at(Path path) {
        try {
            BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
            return new PathState(is.fileKey(), is.size(), is.lastModifiedTime());
        } catch (IOException nothingThere) {
            return NOTHING;
        }
    }

    /** Returns whether what was here before may still be written to, under another name. */
    boolean isEmpty() {
        return size == 0;
    }
}

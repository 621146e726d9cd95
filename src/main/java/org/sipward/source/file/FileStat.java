package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sipward.source.UnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The result of stat(2) for a file; symbolic links are followed.
 *
 * @param key identifies device and inode, see {@link BasicFileAttributes#fileKey}
 * @param modified when the file was last written to
 * @param regular whether it is a regular file, not a directory, pipe or device
 */
record FileStat(long device, long inode, Object key, long size, FileTime modified, boolean regular) {
    private static final Logger log = LoggerFactory.getLogger(FileStat.class);

    /** Returns the attributes of the file at the path, or empty if nothing is there. */
    static Optional<FileStat> of(Path path) throws IOException {
        try {
            Map<String, Object> is =
                    Files.readAttributes(path, "unix:dev,ino,fileKey,size,lastModifiedTime,isRegularFile");
            return Optional.of(new FileStat(
                    get(is, "dev", Long.class),
                    get(is, "ino", Long.class),
                    get(is, "fileKey", Object.class),
                    get(is, "size", Long.class),
                    get(is, "lastModifiedTime", FileTime.class),
                    get(is, "isRegularFile", Boolean.class)));
        } catch (NoSuchFileException notThere) {
            return Optional.empty();
        } catch (IOException e) {
            throw UnreadableException.of(path, e);
        }
    }

    /** As {@link #of(Path)}, but empty also if the file may not be examined. */
    static Optional<FileStat> look(Path path) {
        try {
            return of(path);
        } catch (IOException e) {
            log.debug("cannot examine {}: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    /** As {@link #of(Path)}, but faster if the same file is still there. */
    static Optional<FileStat> of(Path path, FileStat before) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
            if (!before.key.equals(is.fileKey())) {
                return of(path);
            }
            FileTime modified = is.lastModifiedTime();
            return Optional.of(
                    new FileStat(before.device, before.inode, before.key, is.size(), modified, is.isRegularFile()));
        } catch (NoSuchFileException notThere) {
            return Optional.empty();
        } catch (IOException e) {
            throw UnreadableException.of(path, e);
        }
    }

    /**
     * Returns whether both are the same file. Reliable only while one of them is open; after that, the inode may be
     * reused.
     */
    boolean isSameFile(FileStat other) {
        return device == other.device && inode == other.inode;
    }

    private static <T> T get(Map<String, Object> attributes, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(attributes.get(name)));
    }
}

package org.sipward.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * The folder of a store, used by this process alone. It contains the file {@code lock}, the database in {@code db}, and
 * damaged databases that were set aside.
 *
 * <p>The operating system releases the lock whenever the process ends, even if it is killed.
 */
final class StoreFolder implements Closeable {
    /** How many damaged databases are kept, so that somebody can look into them. */
    static final int KEPT = 3;

    /** The disk space that opening a database may need: its log is replayed and written to the tables. */
    private static final long SPARE_BYTES = 8L << 20;

    private static final String ASIDE = "db.corrupt-";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final FileChannel lockFile;

    private StoreFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /** Creates the folder with mode 0700 if it is missing, and takes its lock. */
    static StoreFolder lock(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        if (absolute.toString().chars().anyMatch(c -> ";?&${}".indexOf(c) >= 0)) {
            throw new IOException("store " + folder + ": a path with any of ; ? & $ { } cannot hold a store");
        }
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(
                        absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            FileChannel file =
                    FileChannel.open(absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = file.tryLock();
                if (lock != null) {
                    return new StoreFolder(absolute, file);
                }
            } catch (OverlappingFileLockException heldByThisProcess) {
                // Reported below, as if another process held it.
            }
            file.close();
        } catch (AccessDeniedException e) {
            throw new IOException("store " + folder + " cannot be written: permission denied for " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("store " + folder + " cannot be created or written: " + e, e);
        }
        throw new IOException("store " + folder + " is in use by another agent");
    }

    /** Returns the folder of the database. */
    Path database() {
        return folder.resolve("db");
    }

    /** Returns whether there is a database, whole or damaged. */
    boolean hasDatabase() {
        return Files.isDirectory(database(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns an empty folder, or one with a copy of the database. {@link #adopt} makes it the database. */
    Path successor(boolean copy) throws IOException {
        Path successor = folder.resolve("db.new");
        FileUtils.deleteDirectory(successor.toFile());
        if (copy) {
            FileUtils.copyDirectory(database().toFile(), successor.toFile());
        } else {
            Files.createDirectory(successor);
        }
        return successor;
    }

    /** Makes the successor, which must be closed, the database. It replaces the old one, if there is one. */
    void adopt(Path successor) throws IOException {
        Path old = folder.resolve("db.old");
        if (hasDatabase()) {
            Files.move(database(), old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(successor, database(), StandardCopyOption.ATOMIC_MOVE);
        FileUtils.deleteDirectory(old.toFile());
    }

    /**
     * Cleans up after a crash during {@link #adopt}: if the successor is not in place yet, the old database is
     * restored.
     */
    void settle() throws IOException {
        Path old = folder.resolve("db.old");
        if (Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS) && !hasDatabase()) {
            Files.move(old, database(), StandardCopyOption.ATOMIC_MOVE);
        }
        FileUtils.deleteDirectory(old.toFile());
    }

    /**
     * Throws, with the problem and the fix, if the database's files cannot be read and written. In that case a database
     * that does not open may still be whole. HSQLDB must not even try then, since it leaves files open when it fails.
     */
    void checkUsable() throws IOException {
        if (hasDatabase()) {
            for (Path file : files(database())) {
                if (!Files.isReadable(file) || !Files.isWritable(file)) {
                    throw new IOException("store " + this + ": no permission to read and write " + file
                            + "; make the agent's user its owner");
                }
            }
        }
        // We do not ask Files.getFileStore: in a plain chroot, Java finds no mount point for it.
        long usable = folder.toFile().getUsableSpace();
        if (usable < SPARE_BYTES) {
            throw new IOException("store " + this + ": the disk is full; free at least " + SPARE_BYTES / 1_000_000
                    + " MB, only " + usable / 1_000_000 + " MB are left");
        }
        Path probe = folder.resolve("probe");
        try {
            Files.write(probe, new byte[1 << 16]);
        } catch (IOException e) {
            throw new IOException("store " + this + " cannot be written: " + e, e);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /**
     * Sets the database aside and returns its new folder. Keeps the latest {@link #KEPT} of these and deletes the
     * others.
     */
    Path moveAside(Instant now) throws IOException {
        Path aside = aside(now);
        Files.move(database(), aside, StandardCopyOption.ATOMIC_MOVE);
        deleteOldest(aside);
        return aside;
    }

    /**
     * Sets a copy of the database aside and returns its folder. Keeps the latest {@link #KEPT} and deletes the others.
     */
    Path copyAside(Instant now) throws IOException {
        Path aside = aside(now);
        FileUtils.copyDirectory(database().toFile(), aside.toFile());
        deleteOldest(aside);
        return aside;
    }

    private Path aside(Instant now) {
        Path aside = folder.resolve(ASIDE + STAMP.format(now));
        for (int i = 2; Files.exists(aside); i++) {
            aside = folder.resolve(ASIDE + STAMP.format(now) + "-" + i);
        }
        return aside;
    }

    private void deleteOldest(Path newest) throws IOException {
        List<Path> others = files(folder).stream()
                .filter(path -> path.getFileName().toString().startsWith(ASIDE) && !path.equals(newest))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (Path old : others.subList(Math.min(KEPT - 1, others.size()), others.size())) {
            FileUtils.deleteDirectory(old.toFile());
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}

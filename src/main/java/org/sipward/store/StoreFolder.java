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
 * The folder of a store, held by this process alone: {@code lock}, the database in {@code db}, and what was moved aside.
 *
 * <p>The lock is the operating system's and ends with the process, however that ends.
 */
final class StoreFolder implements Closeable {
    /** So many damaged databases are kept for whoever wants to look into them. */
    static final int KEPT = 3;

    /** What opening a database may take: its log is replayed, and written out. */
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

    /** Makes the folder, with mode 0700, where it is missing, and takes its lock. */
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
                // Said below, as for any other.
            }
            file.close();
        } catch (AccessDeniedException e) {
            throw new IOException("store " + folder + " cannot be written: permission denied for " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("store " + folder + " cannot be made or written: " + e, e);
        }
        throw new IOException("store " + folder + " is in use by another agent");
    }

    /** Returns where the database is. */
    Path database() {
        return folder.resolve("db");
    }

    /** Returns whether there is a database, whole or not. */
    boolean hasDatabase() {
        return Files.isDirectory(database(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns an empty folder, or one with a copy of the database, that {@link #adopt} puts in the database's place. */
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

    /** Puts the successor, which must be closed, in the place of the database, if there is one. */
    void adopt(Path successor) throws IOException {
        Path old = folder.resolve("db.old");
        if (hasDatabase()) {
            Files.move(database(), old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(successor, database(), StandardCopyOption.ATOMIC_MOVE);
        FileUtils.deleteDirectory(old.toFile());
    }

    /** Clears what a crash during {@link #adopt} has left: the old database stays the database until its successor is. */
    void settle() throws IOException {
        Path old = folder.resolve("db.old");
        if (Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS) && !hasDatabase()) {
            Files.move(old, database(), StandardCopyOption.ATOMIC_MOVE);
        }
        FileUtils.deleteDirectory(old.toFile());
    }

    /**
     * Throws, with what is wrong and the mend, if the database's files cannot be read and written here: then one that does
     * not open may be whole, and HSQLDB, which leaves files open when it fails, need not even try.
     */
    void checkUsable() throws IOException {
        if (hasDatabase()) {
            for (Path file : files(database())) {
                if (!Files.isReadable(file) || !Files.isWritable(file)) {
                    throw new IOException("store " + this + ": no permission to read and write " + file
                            + "; give it to the user that the agent runs as");
                }
            }
        }
        // Not by the file store: in a plain chroot, Java finds no mount point for it.
        long usable = folder.toFile().getUsableSpace();
        if (usable < SPARE_BYTES) {
            throw new IOException("store " + this + ": the disk is full; free at least " + SPARE_BYTES / 1_000_000
                    + " MB, " + usable / 1_000_000 + " are left");
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

    /** Moves the database out of the way and returns where it is now; of those set aside before, the oldest are deleted. */
    Path moveAside(Instant now) throws IOException {
        Path aside = aside(now);
        Files.move(database(), aside, StandardCopyOption.ATOMIC_MOVE);
        deleteOldest(aside);
        return aside;
    }

    /** Copies the database and returns where the copy is; of those set aside before, the oldest are deleted. */
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

package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.sipward.source.file.RotatedListing.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the older files of a log: in its directory and, if the log is a symbolic link, also in its target's directory.
 * Lists the directories again at each call and keeps nothing.
 *
 * <p>Memory is bounded like that of {@link RotatedListing}, and at most {@value #MAX_OPEN} files are opened.
 */
final class RotatedFiles {
    private static final Logger log = LoggerFactory.getLogger(RotatedFiles.class);
    static final int MAX_OPEN = 64;
    /** A file may be rotated while it is being opened, but not this many times. */
    private static final int ATTEMPTS = 20;

    /**
     * Names that end with a counter, not with a date. The counter grows with a file's age unless something shows the
     * contrary.
     */
    private static final Pattern COUNTER = Pattern.compile(".*\\D\\d{1,5}(?:\\.gz)?");

    private static final Comparator<Entry> OLDEST_FIRST =
            Comparator.comparing(entry -> entry.stat().modified());

    private final RotatedListing listing;

    RotatedFiles(Path path) {
        this.listing = new RotatedListing(path);
    }

    /** Returns the directories in which a log's older files lie. */
    List<Path> directories() {
        return listing.directories();
    }

    /** Returns the files that now have the name of an older file. */
    Set<Object> keys() {
        return listing.keys();
    }

    /**
     * Opens the file that the cursor was made in, at the cursor's offset: the renamed file itself, or otherwise a copy
     * of it, plain or gzipped.
     *
     * @param current the file at the log's own path, which is not searched
     */
    Optional<OpenFile> find(FileCursor cursor, Optional<OpenFile> current) {
        Optional<OpenFile> found = Optional.empty();
        // Repeated, because a file may be renamed or compressed between its listing and its opening.
        for (int i = 0; i < ATTEMPTS && found.isEmpty(); i++) {
            List<Entry> entries = listing.read(true);
            found = search(entries, cursor, current);
            if (areStill(entries)) {
                break;
            }
        }
        return found;
    }

    /**
     * Opens the files that were rotated away after this file, oldest first, each at its first unread byte. They are
     * ordered by the time of the last write, which neither renaming nor gzip changes. If files were last written within
     * one tick of the clock, their names decide. If {@value #MAX_OPEN} files are returned, there may be more after
     * them.
     *
     * @param atPath the file at the log's own path, which is left out
     * @param current the same file if it is open; a copy of it that is still being made is left out too
     * @param left the files that were read to their end before; they and their copies are left out
     */
    List<OpenFile> since(
            OpenFile file, Optional<FileStat> atPath, Optional<OpenFile> current, Collection<FileCursor> left)
            throws IOException {
        List<FileCursor> known = new ArrayList<>(left);
        known.add(FileCursor.behind(file));
        Predicate<FileStat> other = stat -> !file.is(stat)
                && !current.filter(open -> open.is(stat)).isPresent()
                && !atPath.filter(stat::isSameFile).isPresent();
        return later(file, Optional.empty(), other, current, known);
    }

    /**
     * Opens, oldest first, the copies of a log that was copied and truncated, perhaps several times, while nothing of
     * it was read.
     *
     * @param file the log, which is empty
     * @param since when the log was first seen empty, or when the file that was read before was last written to
     * @param before the files that already existed then
     */
    List<OpenFile> copiesOf(OpenFile file, FileTime since, Set<Object> before, Collection<FileCursor> left) {
        Predicate<FileStat> other = stat -> !file.is(stat) && !before.contains(stat.key());
        return later(file, Optional.of(since), other, Optional.of(file), left);
    }

    private List<OpenFile> later(
            OpenFile file,
            Optional<FileTime> given,
            Predicate<FileStat> other,
            Optional<OpenFile> current,
            Collection<FileCursor> known) {
        List<OpenFile> later = new ArrayList<>();
        Optional<Entry> read = Optional.empty();
        for (int i = 0; i < ATTEMPTS; i++) {
            List<Entry> entries = listing.read(false);
            read = entries.stream().filter(entry -> file.is(entry.stat())).findFirst();
            read.ifPresent(entry -> file.seen(entry.stat(), entry.path()));
            FileTime since = given.orElse(file.modified());
            later.forEach(RotatedFiles::close);
            later.clear();
            for (Entry entry : entries) {
                boolean wanted = entry.rotated() && other.test(entry.stat()) && isSince(since, entry.stat());
                if (wanted && later.size() < MAX_OPEN) {
                    openUnread(entry, known)
                            .filter(opened -> isLater(opened, since, other, current, later))
                            .ifPresent(later::add);
                }
            }
            // If a file was renamed before it was opened, it would be missing, and another file would be in its place.
            if (areStill(entries)) {
                break;
            }
        }
        sort(later, read);
        return later;
    }

    private static boolean isSince(FileTime since, FileStat stat) {
        return stat.modified().compareTo(since) >= 0;
    }

    /** Checks again: a file that was listed while it was being compressed has its final time only now. */
    private static boolean isLater(
            OpenFile opened,
            FileTime since,
            Predicate<FileStat> other,
            Optional<OpenFile> current,
            List<OpenFile> later) {
        boolean is = other.test(opened.stat())
                && isSince(since, opened.stat())
                && later.stream().noneMatch(seen -> seen.is(opened.stat()))
                && current.filter(log -> isCopy(opened, log)).isEmpty();
        if (!is) {
            close(opened);
        }
        return is;
    }

    /**
     * Returns whether the log begins with the file's whole content: then the file is a copy, perhaps not complete yet.
     */
    private static boolean isCopy(OpenFile file, OpenFile log) {
        try {
            long size = file.bytes().size();
            boolean isSame = size == log.bytes().size() && log.beginsLike(file.cursor());
            return !file.isGzip() && size > 0 && (isSame || Siblings.common(file, log) == size);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Orders by time, and by the numbers in the names if the clock was too coarse. The name of the file that was read
     * before shows in which direction the numbers count: logrotate's grow with a file's age, others often shrink.
     */
    private static void sort(List<OpenFile> later, Optional<Entry> read) {
        int direction = 0;
        for (OpenFile file : later) {
            String name = name(file.path());
            direction += read.map(entry -> Integer.signum(RotatedNames.compare(name(entry.path()), name)))
                    .orElse(COUNTER.matcher(name).matches() ? 1 : -1);
        }
        Comparator<OpenFile> byName = (one, other) -> RotatedNames.compare(name(one.path()), name(other.path()));
        later.sort(Comparator.comparing(OpenFile::modified).thenComparing(direction > 0 ? byName.reversed() : byName));
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private static boolean isCopy(Entry entry, OpenFile file) {
        FileCursor place = file.cursor();
        return place.length() > 0 && open(entry, place).map(RotatedFiles::close).isPresent();
    }

    /**
     * Opens the newest file that was written before the first of the known files, at its first byte.
     *
     * @param known files, each at its first byte; they and their copies, complete or not, are left out
     * @param any whether every rotated file was written before the known files
     */
    Optional<OpenFile> predecessor(Deque<OpenFile> known, boolean any) {
        FileTime first = known.getFirst().modified();
        return listing.read(false).stream()
                .sorted(OLDEST_FIRST.reversed())
                .filter(Entry::rotated)
                .filter(entry -> any || entry.stat().modified().compareTo(first) < 0)
                .filter(entry -> known.stream().noneMatch(file -> file.is(entry.stat()) || isCopy(entry, file)))
                .findFirst()
                .flatMap(RotatedFiles::open);
    }

    private static Optional<OpenFile> search(List<Entry> entries, FileCursor cursor, Optional<OpenFile> current) {
        List<Entry> others = entries.stream()
                .filter(entry -> !current.filter(file -> file.is(entry.stat())).isPresent())
                .toList();
        Optional<OpenFile> renamed = others.stream()
                .filter(entry -> entry.stat().inode() == cursor.inode())
                .flatMap(entry -> open(entry, cursor).stream())
                .findFirst();
        if (renamed.isPresent() || cursor.length() == 0) {
            return renamed;
        }
        // The newest copy first, if there are several.
        return others.stream()
                .filter(Entry::rotated)
                .sorted(OLDEST_FIRST.reversed())
                .flatMap(entry -> open(entry, cursor).stream())
                .findFirst();
    }

    /** Returns whether each path still leads to the file that was listed there. */
    private static boolean areStill(List<Entry> entries) {
        return entries.stream()
                .allMatch(entry -> FileStat.look(entry.path())
                        .filter(entry.stat()::isSameFile)
                        .isPresent());
    }

    /**
     * Opens a file after the bytes that were read of it or of its original. Empty if nothing is left, or if the file
     * itself was read before: lines that its writer added later are not worth reading out of order.
     */
    private static Optional<OpenFile> openUnread(Entry entry, Collection<FileCursor> known) {
        Optional<OpenFile> opened = open(entry);
        for (FileCursor read : known) {
            if (opened.isEmpty()) {
                break;
            }
            opened = unread(opened.get(), entry, read);
        }
        return opened;
    }

    private static Optional<OpenFile> unread(OpenFile file, Entry entry, FileCursor read) {
        try {
            boolean stillEmpty = read.length() == 0 && file.hasInodeOf(read) && file.isEmpty();
            if (!stillEmpty && (read.length() == 0 || !file.beginsLike(read))) {
                return Optional.of(file);
            }
            Optional<OpenFile> behind = file.hasInodeOf(read) ? Optional.of(file) : open(entry, read);
            boolean isRead =
                    file.hasInodeOf(read) || (behind.isPresent() && behind.get().isAtEnd());
            // Two logs that begin with the same few bytes need not be copies.
            boolean isCopy = behind.isPresent() && (file.isGzip() || read.offset() >= Fingerprint.MAX_BYTES);
            if (behind.isPresent() && (isRead || !isCopy)) {
                close(behind.get());
            }
            if (isRead || isCopy) {
                close(file);
            }
            return isRead ? Optional.empty() : isCopy ? behind : Optional.of(file);
        } catch (IOException e) {
            log.debug("cannot compare {}: {}", entry.path(), e.getMessage());
            return Optional.of(file);
        }
    }

    /** Opens a file at the cursor if the cursor was made in this file or in the original of this copy. */
    private static Optional<OpenFile> open(Entry entry, FileCursor cursor) {
        Optional<OpenFile> opened = open(entry);
        if (opened.isEmpty()) {
            return opened;
        }
        OpenFile file = opened.get();
        try {
            if (file.seek(cursor)) {
                if (!file.hasInodeOf(cursor)) {
                    file.markCopy();
                }
                return opened;
            }
        } catch (IOException e) {
            log.debug("not the rotated file: {}: {}", entry.path(), e.getMessage());
        }
        close(file);
        return Optional.empty();
    }

    /** Opens a file, or its compressed version if it was compressed since it was listed. */
    private static Optional<OpenFile> open(Entry entry) {
        try {
            Optional<OpenFile> opened = OpenFile.open(entry.path());
            return opened.isPresent() ? opened : OpenFile.open(RotatedListing.compressed(entry.path()));
        } catch (IOException e) {
            log.warn("cannot read a rotated file: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static OpenFile close(OpenFile file) {
        try {
            file.close();
        } catch (IOException e) {
            log.debug("cannot close {}: {}", file.path(), e.getMessage());
        }
        return file;
    }
}

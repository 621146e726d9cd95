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
 * Finds the older files of a log: in its directory, and where the log is a symbolic link also beside what it leads to.
 * Looks anew at each call and keeps nothing.
 *
 * <p>Memory is bounded as that of {@link RotatedListing}, and at most {@value #MAX_OPEN} files are opened.
 */
final class RotatedFiles {
    private static final Logger log = LoggerFactory.getLogger(RotatedFiles.class);
    static final int MAX_OPEN = 64;
    /** Files are rotated while they are opened, but not as often as this. */
    private static final int ATTEMPTS = 20;

    /** Names that end with a counter, which grows with a file's age where nothing shows the contrary, not with a date. */
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

    /** Returns the files that bear the names of older ones now. */
    Set<Object> keys() {
        return listing.keys();
    }

    /**
     * Opens the file that the cursor was made in, at the cursor's offset: the renamed file itself, else a copy of it,
     * plain or gzipped.
     *
     * @param current the file at the log's own path, which is not looked at
     */
    Optional<OpenFile> find(FileCursor cursor, Optional<OpenFile> current) {
        Optional<OpenFile> found = Optional.empty();
        // Again, because a file may be renamed or compressed between its listing and its opening.
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
     * Opens the files that were rotated away after this one, oldest first, each at the first byte that was not read of it.
     * Time is that of the last write, which neither renaming nor gzip changes; of files that were written to last within
     * one tick of the clock, the names tell. If there are {@value #MAX_OPEN}, there may be more after them.
     *
     * @param atPath the file at the log's own path, which is not among them
     * @param current that file where it is open; a copy that is being made of it is not among them either
     * @param left what was read to its end before; neither it nor copies of it are among them
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
     * Opens the copies that were made of a log which was truncated after each, while nothing of it was read, oldest first.
     *
     * @param file the log, which is empty
     * @param since when it was seen to be empty first, or what was read before was written to last
     * @param before files that were there then
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
            // One that was renamed before it was opened would be missing, and another be there in its place.
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

    /** Looks again: what was listed while it was being compressed has its final time only now. */
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

    /** Returns whether the log begins with all that the file holds: a copy of it, that is perhaps not whole yet. */
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
     * Orders by the numbers in the names, where the clock was too coarse to tell. The name of the file that was read
     * before tells in which direction they count: logrotate's grow with a file's age, those of others often shrink.
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
     * Opens the newest file that was written before the first of these, at its first byte.
     *
     * @param known each at its first byte; neither they nor copies of them, finished or not, are looked for
     * @param any whether every rotated file was written before them
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
        // The newest copy first, should there be several.
        return others.stream()
                .filter(Entry::rotated)
                .sorted(OLDEST_FIRST.reversed())
                .flatMap(entry -> open(entry, cursor).stream())
                .findFirst();
    }

    /** Returns whether each path still leads to the file that it led to when it was listed. */
    private static boolean areStill(List<Entry> entries) {
        return entries.stream()
                .allMatch(entry -> FileStat.look(entry.path())
                        .filter(entry.stat()::isSameFile)
                        .isPresent());
    }

    /**
     * Opens a file behind what was read of it, or of what it is a copy of. Empty if nothing is left, or if it is what was
     * read itself: what its writer added since is not worth to be taken out of its order.
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
            // Of two logs that begin with the same few bytes none need be a copy.
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

    /** Opens a file at the cursor if it is the one that the cursor was made in, or a copy. */
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

    /** Opens a file, or what it was compressed to since it was listed. */
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

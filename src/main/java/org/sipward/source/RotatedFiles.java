package org.sipward.source;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the older files of a log: in its directory, and where the log is a symbolic link also beside what it leads to.
 * Looks anew at each call and keeps nothing.
 *
 * <p>Memory is bounded: at most {@value #MAX_LOOKED_AT} directory entries are looked at, and {@value #MAX_OPEN} files
 * opened.
 */
final class RotatedFiles {
    private static final Logger log = LoggerFactory.getLogger(RotatedFiles.class);
    private static final int MAX_LOOKED_AT = 10_000;
    static final int MAX_OPEN = 64;
    private static final Comparator<Entry> OLDEST_FIRST =
            Comparator.comparing(entry -> entry.stat().modified());

    private final Path path;
    private final RotatedNames names;

    RotatedFiles(Path path) {
        this.path = path;
        this.names = new RotatedNames(path.getFileName().toString());
    }

    /**
     * Opens the file that the cursor was made in, at the cursor's offset: the renamed file itself, else a copy of it,
     * plain or gzipped.
     *
     * @param current the file at the log's own path, which is not looked at
     */
    Optional<OpenFile> find(Cursor cursor, Optional<OpenFile> current) {
        // Twice, because a file that is being compressed is gone before its compressed form was listed.
        return search(cursor, current).or(() -> search(cursor, current));
    }

    /**
     * Opens the files that were rotated away after this one, oldest first, each at its first byte. Time is that of the
     * last write, which neither renaming nor gzip changes. If there are {@value #MAX_OPEN}, there may be more after them.
     *
     * @param current the file at the log's own path, which is not among them
     */
    List<OpenFile> since(OpenFile file, Optional<OpenFile> current) {
        List<OpenFile> later = new ArrayList<>();
        List<Entry> entries = entries();
        entries.stream().map(Entry::stat).filter(file::is).forEach(file::seen);
        for (Entry entry : entries) {
            if (later.size() == MAX_OPEN) {
                break;
            }
            boolean other =
                    entry.rotated() && !file.is(entry.stat()) && !isOneOf(current, entry) && file.isOlder(entry.stat());
            // A file with the same first bytes is a copy of the one that was read, most often its compressed form.
            if (other && !isCopy(entry, file) && (current.isEmpty() || !isCopy(entry, current.get()))) {
                open(entry).filter(opened -> isLater(opened, file, later)).ifPresent(later::add);
            }
        }
        later.sort(Comparator.comparing(OpenFile::modified));
        return later;
    }

    private static boolean isCopy(Entry entry, OpenFile file) {
        Cursor place = file.cursor();
        return place.length() > 0 && open(entry, place).map(RotatedFiles::close).isPresent();
    }

    /** Looks again: what was listed while it was being compressed has its final time only now. */
    private static boolean isLater(OpenFile opened, OpenFile file, List<OpenFile> later) {
        boolean is = file.isOlder(opened.stat()) && later.stream().noneMatch(seen -> seen.is(opened.stat()));
        if (!is) {
            close(opened);
        }
        return is;
    }

    private static boolean isOneOf(Optional<OpenFile> file, Entry entry) {
        return file.isPresent() && file.get().is(entry.stat());
    }

    /**
     * Opens the newest file that was written before the first of these, at its first byte, unless it is compressed.
     *
     * @param known each at its first byte; neither they nor copies of them, finished or not, are looked for
     * @param any whether every rotated file was written before them
     */
    Optional<OpenFile> predecessor(Deque<OpenFile> known, boolean any) {
        FileTime first = known.getFirst().modified();
        Optional<OpenFile> newest = entries().stream()
                .sorted(OLDEST_FIRST.reversed())
                .filter(Entry::rotated)
                .filter(entry -> any || entry.stat().modified().compareTo(first) < 0)
                .filter(entry -> known.stream().noneMatch(file -> file.is(entry.stat()) || isCopy(entry, file)))
                .findFirst()
                .flatMap(RotatedFiles::open);
        if (newest.isPresent() && newest.get().isGzip()) {
            close(newest.get());
            return Optional.empty();
        }
        return newest;
    }

    private Optional<OpenFile> search(Cursor cursor, Optional<OpenFile> current) {
        List<Entry> others =
                entries().stream().filter(entry -> !isOneOf(current, entry)).toList();
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

    /** Opens a file at the cursor if it is the one that the cursor was made in, or a copy. */
    private static Optional<OpenFile> open(Entry entry, Cursor cursor) {
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
            return opened.isPresent() ? opened : OpenFile.open(compressed(entry.path()));
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

    /** Returns the files beside the log, oldest first. */
    private List<Entry> entries() {
        Map<Path, Entry> entries = new LinkedHashMap<>();
        try {
            list(path.toAbsolutePath(), names::match, entries);
            Path real = path.toRealPath();
            if (!real.equals(path.toAbsolutePath())) {
                String name = real.getFileName().toString();
                Predicate<String> dated = RotatedNames.sameButForDigits(name).asMatchPredicate();
                list(real, dated.or(new RotatedNames(name)::match), entries);
            }
        } catch (IOException e) {
            log.debug("cannot look for rotated files: {}", e.getMessage());
        }
        // A compressed file is not whole before the plain one is gone.
        Set<Path> unfinished =
                entries.keySet().stream().map(RotatedFiles::compressed).collect(Collectors.toSet());
        return entries.values().stream()
                .filter(entry -> !unfinished.contains(entry.path()))
                .sorted(OLDEST_FIRST)
                .toList();
    }

    private static Path compressed(Path path) {
        return path.resolveSibling(path.getFileName() + ".gz");
    }

    private static void list(Path log, Predicate<String> rotated, Map<Path, Entry> entries) throws IOException {
        try (DirectoryStream<Path> directory = Files.newDirectoryStream(log.getParent())) {
            for (Path path : directory) {
                if (entries.size() >= MAX_LOOKED_AT) {
                    return;
                }
                boolean named = rotated.test(path.getFileName().toString());
                stat(path)
                        .filter(FileStat::regular)
                        .ifPresent(stat -> entries.merge(path, new Entry(path, stat, named), Entry::or));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Optional<FileStat> stat(Path path) {
        try {
            return FileStat.of(path);
        } catch (IOException e) {
            log.debug("cannot look at {}: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    /** A regular file beside the log, and whether its name says that it is an older file of it. */
    private record Entry(Path path, FileStat stat, boolean rotated) {
        static Entry or(Entry one, Entry other) {
            return one.rotated ? one : other;
        }
    }
}

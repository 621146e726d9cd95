package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the files in a log's directory and, if the log is a symbolic link, in its target's directory.
 *
 * <p>Reading a directory takes time, and a file that is renamed meanwhile may be missed under both of its names. So
 * the directory is read until two readings agree. Both can miss a file only if it was renamed during each of them, and
 * then the other files were renamed too.
 *
 * <p>Memory is bounded: at most {@value #MAX_NAMES} names are read, and {@value #MAX_LOOKED_AT} files are examined.
 * Not thread-safe.
 */
final class RotatedListing {
    private static final Logger log = LoggerFactory.getLogger(RotatedListing.class);
    private static final int MAX_NAMES = 100_000;
    private static final int MAX_LOOKED_AT = 10_000;
    /** A directory that changes all the time is read this many times; then the last reading is used. */
    private static final int MAX_READINGS = 10;

    private final Path path;
    private final RotatedNames names;

    RotatedListing(Path path) {
        this.path = path.toAbsolutePath();
        this.names = new RotatedNames(path.getFileName().toString());
    }

    /** Returns the directories that are listed. */
    List<Path> directories() {
        return Stream.of(path, real())
                .flatMap(file -> Stream.ofNullable(file.getParent()))
                .distinct()
                .toList();
    }

    /**
     * Returns the regular files that are there, in order of their names.
     *
     * @param all whether to include files whose names are not those of older logs
     */
    List<Entry> read(boolean all) {
        Map<Path, Entry> found = readOnce(all);
        for (int i = 1; i < MAX_READINGS; i++) {
            Map<Path, Entry> again = readOnce(all);
            boolean agree = areSame(found, again);
            found = again;
            if (agree) {
                break;
            }
        }
        Set<Path> there = found.keySet();
        // A compressed file is not complete before the plain file is gone.
        Set<Path> unfinished = there.stream().map(RotatedListing::compressed).collect(Collectors.toSet());
        return found.values().stream()
                .filter(entry -> !unfinished.contains(entry.path()))
                .sorted(Comparator.comparing(Entry::path))
                .toList();
    }

    /** Returns the files that have the name of an older file, as one reading shows them. */
    Set<Object> keys() {
        return readOnce(false).values().stream()
                .map(entry -> entry.stat().key())
                .collect(Collectors.toSet());
    }

    static Path compressed(Path path) {
        return path.resolveSibling(path.getFileName() + ".gz");
    }

    private Path real() {
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            return path;
        }
    }

    private static boolean areSame(Map<Path, Entry> one, Map<Path, Entry> other) {
        return one.keySet().equals(other.keySet())
                && one.values().stream()
                        .allMatch(entry -> Optional.ofNullable(other.get(entry.path()))
                                .filter(same -> same.stat().isSameFile(entry.stat()))
                                .isPresent());
    }

    private Map<Path, Entry> readOnce(boolean all) {
        Map<Path, Entry> entries = new LinkedHashMap<>();
        try {
            list(path, names::match, all, entries);
            Path real = real();
            if (!real.equals(path)) {
                String name = real.getFileName().toString();
                Predicate<String> dated = RotatedNames.sameButForDigits(name).asMatchPredicate();
                list(real, dated.or(new RotatedNames(name)::match), all, entries);
            }
        } catch (IOException e) {
            log.debug("cannot look for rotated files: {}", e.getMessage());
        }
        return entries;
    }

    private static void list(Path log, Predicate<String> rotated, boolean all, Map<Path, Entry> entries)
            throws IOException {
        int read = 0;
        try (DirectoryStream<Path> directory = Files.newDirectoryStream(log.getParent())) {
            for (Path path : directory) {
                if (read++ >= MAX_NAMES || entries.size() >= MAX_LOOKED_AT) {
                    return;
                }
                boolean named = rotated.test(path.getFileName().toString());
                if (named || all) {
                    FileStat.look(path)
                            .filter(FileStat::regular)
                            .ifPresent(stat -> entries.merge(path, new Entry(path, stat, named), Entry::or));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** A regular file in the log's directory, and whether its name is that of an older file of the log. */
    record Entry(Path path, FileStat stat, boolean rotated) {
        static Entry or(Entry one, Entry other) {
            return one.rotated ? one : other;
        }
    }
}

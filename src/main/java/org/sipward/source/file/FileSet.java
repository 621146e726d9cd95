package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.sipward.source.UnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs that a jail's {@code file:} entries name: paths, and patterns with {@code *}, {@code ?}, <code>[]</code> in
 * any part, expanded as a shell would. A path is in the set whether it exists or not. Each {@link #rescan} searches
 * again for files that match a pattern. Older files of a log in the set, and compressed files, are left out, because
 * they would be read twice.
 *
 * <p>Not thread-safe. Memory is bounded: at most {@value #MAX_FILES} files, and as many directories.
 */
public final class FileSet {
    static final int MAX_FILES = 1_000;
    private static final int MAX_FOUND = 2 * MAX_FILES;
    private static final int MAX_TROUBLE = 8;
    private static final Logger log = LoggerFactory.getLogger(FileSet.class);
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private final Set<Path> literal = new LinkedHashSet<>();
    private final List<Path> patterns = new ArrayList<>();
    private final Set<Path> files = new LinkedHashSet<>();
    private final Set<Path> directories = new LinkedHashSet<>();
    /**
     * What prevents reading, in words. Each message is logged once, and returned by {@link #trouble} as long as it is
     * true.
     */
    private final Set<String> trouble = new LinkedHashSet<>();

    private Set<String> told = Set.of();

    /**
     * Takes paths and patterns, all absolute.
     *
     * @throws IllegalArgumentException if an entry is not absolute, or is not a valid pattern; the message names it
     */
    public FileSet(List<String> paths) {
        for (String path : paths) {
            Path absolute = Path.of(path);
            if (!absolute.isAbsolute()) {
                throw new IllegalArgumentException(path + ": must be an absolute path, such as /var/log/" + path);
            }
            if (WILDCARD.matcher(path).find()) {
                absolute.forEach(FileSet::matcher);
                patterns.add(absolute);
            } else {
                literal.add(absolute.normalize());
            }
        }
    }

    /** Searches again. Returns the files that were not there at the last scan; at the first scan, all files. */
    public List<Path> rescan() {
        directories.clear();
        trouble.clear();
        Set<Path> found = new TreeSet<>();
        for (Path pattern : patterns) {
            expand(pattern.getRoot(), pattern, 0, found);
        }
        Set<Path> now = new LinkedHashSet<>(literal);
        // Logs seen before count too, so that a log that was just renamed is not taken for a new one.
        Set<Path> logs = new LinkedHashSet<>(files);
        logs.addAll(literal);
        logs.addAll(found);
        found.stream()
                .filter(path -> files.contains(path)
                        || !RotatedNames.isOlder(
                                path.getFileName().toString(), name -> logs.contains(path.resolveSibling(name))))
                .forEach(now::add);
        if (now.size() > MAX_FILES) {
            note(now.size() + (found.size() < MAX_FOUND ? "" : " or more") + " files match " + patterns + "; only "
                    + MAX_FILES + " are read; name the logs that matter, or move old files away");
            now = now.stream()
                    .sorted((one, other) -> Boolean.compare(files.contains(other), files.contains(one)))
                    .limit(MAX_FILES)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
        tell();
        List<Path> appeared = now.stream().filter(path -> !files.contains(path)).toList();
        files.clear();
        files.addAll(now);
        return appeared;
    }

    /** Returns the files of the last scan: all paths, and all files that matched a pattern. */
    public Set<Path> files() {
        return Set.copyOf(files);
    }

    /** Returns whether a file was in the set at the last scan. */
    public boolean has(Path file) {
        return files.contains(file);
    }

    /** Returns the directories in which a matching file could appear, as of the last scan. */
    public Set<Path> directories() {
        return Set.copyOf(directories);
    }

    /** Returns what prevents logs from being read, as of the last scan, in words that say what to do. */
    public List<String> trouble() {
        return List.copyOf(trouble);
    }

    private void note(String words) {
        if (trouble.size() < MAX_TROUBLE) {
            trouble.add(words);
        }
    }

    private void tell() {
        trouble.stream().filter(words -> !told.contains(words)).forEach(log::warn);
        told = Set.copyOf(trouble);
    }

    /**
     * Adds a path that matches a pattern if it is a regular file. Reports a pipe, socket or device, because it is not
     * read.
     */
    private void add(Path path, Set<Path> found) {
        try {
            BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
            if (is.isRegularFile()) {
                found.add(path);
            } else if (is.isOther()) {
                note(String.valueOf(UnreadableException.notRegular(path).getMessage()));
            }
        } catch (NoSuchFileException notThere) {
            log.debug("nothing is at {}", path);
        } catch (IOException e) {
            note(String.valueOf(UnreadableException.of(path, e).getMessage()));
        }
    }

    private void expand(Path directory, Path pattern, int depth, Set<Path> found) {
        Path part = pattern.getName(depth);
        boolean last = depth == pattern.getNameCount() - 1;
        if (!WILDCARD.matcher(part.toString()).find()) {
            Path path = directory.resolve(part);
            if (!last) {
                expand(path, pattern, depth + 1, found);
            } else {
                add(path, found);
            }
            return;
        }
        if (directories.size() >= MAX_FILES) {
            note("more than " + MAX_FILES + " directories match " + patterns
                    + "; the others are not read; name them one by one");
            return;
        }
        directories.add(directory);
        for (Path path : list(directory, part)) {
            if (!last) {
                expand(path, pattern, depth + 1, found);
            } else if (found.size() < MAX_FOUND
                    && !RotatedNames.isCompressed(path.getFileName().toString())) {
                add(path, found);
            }
        }
    }

    private List<Path> list(Path directory, Path part) {
        PathMatcher matcher = matcher(part);
        boolean hidden = part.toString().startsWith(".");
        List<Path> matched = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                if (matcher.matches(name) && (hidden || !name.toString().startsWith("."))) {
                    matched.add(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException notThere) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            note("cannot look for logs: "
                    + UnreadableException.of(directory, new IOException(e.getMessage(), e))
                            .getMessage());
        } catch (IOException e) {
            note("cannot look for logs: " + UnreadableException.of(directory, e).getMessage());
        }
        matched.sort(null);
        return matched;
    }

    private static PathMatcher matcher(Path part) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + part);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(part + ": not a valid file name pattern: " + e.getDescription(), e);
        }
    }
}

package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A path that a {@link LogWatch} watches.
 *
 * @param isLog false for a directory in which files may appear
 * @param directories the directories in which events concern the path
 * @param stems the beginnings of file names that concern the path: the log's name, and the name of its target
 */
record WatchedPath(Path path, boolean isLog, Set<Path> directories, Set<String> stems) {
    static WatchedPath log(Path path) {
        Set<Path> directories = new LinkedHashSet<>();
        Set<String> stems = new LinkedHashSet<>();
        add(path, directories, stems);
        linked(path).ifPresent(real -> add(real, directories, stems));
        return new WatchedPath(path, true, directories, stems);
    }

    static WatchedPath directory(Path path) {
        return new WatchedPath(path, false, Set.of(path), Set.of(""));
    }

    /** Returns the same path, with links followed again. */
    WatchedPath renewed() {
        return isLog ? log(path) : this;
    }

    /**
     * Returns whether an event for this name is worth a poll. Older files of a log are, because they may still be
     * written to.
     */
    boolean isConcernedBy(String name, boolean modified) {
        return (isLog || !modified) && stems.stream().anyMatch(name::startsWith);
    }

    private static void add(Path file, Set<Path> directories, Set<String> stems) {
        Path directory = file.getParent();
        if (directory != null) {
            directories.add(directory);
        }
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        stems.add(dot > 0 ? name.substring(0, dot) : name);
    }

    private static Optional<Path> linked(Path path) {
        try {
            return Files.isSymbolicLink(path) ? Optional.of(path.toRealPath()) : Optional.empty();
        } catch (IOException leadsNowhere) {
            return Optional.empty();
        }
    }
}

package org.sipward.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Spelling;

/** The folders that filters lie in, in the order in which they are searched. */
final class FilterDirectories {
    private static final String ENDING = ".yaml";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,60}");

    private final Path base;
    private final List<Path> directories;

    /** Searches {@code filters/} below the base, then the folder for the whole system, then the shipped folders. */
    FilterDirectories(Path base, List<Path> shipped) {
        this.base = base;
        Set<Path> all = new LinkedHashSet<>();
        all.add(base.resolve("filters"));
        all.add(FilterReader.SYSTEM);
        all.addAll(shipped);
        this.directories = List.copyOf(all);
    }

    /** Returns the name of the filter that lies in this file. */
    static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    /** Returns whether a filter can have this name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns the names of all filters that are there, in alphabetical order. */
    List<String> names() {
        Set<String> names = new TreeSet<>();
        for (Path directory : directories) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + ENDING)) {
                files.forEach(file -> names.add(nameOf(file)));
            } catch (IOException absent) {
                // Usually two of the three folders do not exist.
            }
        }
        return names.stream().filter(FilterDirectories::isName).toList();
    }

    /** Returns the file of the filter with this name or path, or notes at the place of the name that there is none. */
    Optional<Path> find(String name, Place place, Problems problems) {
        if (name.indexOf('/') >= 0) {
            return findPath(name, place, problems);
        }
        if (isName(name)) {
            for (Path directory : directories) {
                Path file = directory.resolve(name + ENDING);
                if (Files.exists(file)) {
                    return Optional.of(file);
                }
            }
        }
        List<String> names = names();
        if (names.isEmpty()) {
            String places =
                    String.join(", ", directories.stream().map(Path::toString).toList());
            problems.error(place, name, "there are no filters in " + places, "install the filters, or write a path");
        } else {
            String fix = Spelling.question(name, names).orElse("choose one of these, or write a path");
            problems.error(place, name, "no such filter; there are " + String.join(", ", names), fix);
        }
        return Optional.empty();
    }

    /**
     * Returns the file of the filter that another one extends, or notes that there is none. A filter that extends its
     * own name means the filter of that name in a later folder.
     */
    Optional<Path> findExtended(Path extending, String name, Place place, Problems problems) {
        if (!isName(name) || !nameOf(extending).equals(name)) {
            return find(name, place, problems);
        }
        Optional<Path> later = directories.stream()
                .map(directory -> directory.resolve(name + ENDING))
                .dropWhile(file -> !isSame(file, extending))
                .filter(file -> !isSame(file, extending) && Files.exists(file))
                .findFirst();
        if (later.isEmpty()) {
            problems.error(
                    place, name, "is this filter itself, and there is no other of this name", "extend another one");
        }
        return later;
    }

    private static boolean isSame(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    private Optional<Path> findPath(String name, Place place, Problems problems) {
        try {
            Path file = base.resolve(name).normalize();
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        } catch (InvalidPathException noSuchPath) {
            // No file can have this name; reported below.
        }
        problems.error(place, name, "no such file", "check the path, or write the name of a filter");
        return Optional.empty();
    }
}

package org.sipward.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of {@code dist/man}, as its mdoc source. */
final class ManPage {
    private static final Pattern KEY = Pattern.compile("\\.It Ic (\\S+) : (?:Li (.*)|Ar .*)");

    private final List<String> lines;

    private ManPage(List<String> lines) {
        this.lines = lines;
    }

    static ManPage of(String name) {
        try {
            return new ManPage(Files.readAllLines(Path.of("dist/man", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the lines of each subsection ({@code .Ss}), by its heading. */
    Map<String, List<String>> subsections() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(".Sh ")) {
                current = new ArrayList<>();
            } else if (line.startsWith(".Ss ")) {
                current = new ArrayList<>();
                all.put(line.substring(".Ss ".length()), current);
            } else {
                current.add(line);
            }
        }
        return all;
    }

    /** Returns the lines of a section, including its subsections. */
    List<String> section(String heading) {
        return lines.stream()
                .dropWhile(line -> !line.equals(".Sh " + heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith(".Sh "))
                .toList();
    }

    /**
     * Returns the keys that the page explains, by their paths as in {@code jails.NAME.maxretry}, with the default of
     * each; an empty text if the page gives none.
     */
    Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        subsections().forEach((heading, body) -> {
            for (String line : body) {
                Matcher key = KEY.matcher(line);
                if (key.matches()) {
                    for (String place : heading.split(", ", -1)) {
                        String path = place.equals("file") ? key.group(1) : place + "." + key.group(1);
                        keys.put(path, key.group(2) == null ? "" : key.group(2));
                    }
                }
            }
        });
        return keys;
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}

package org.sipward.fail2ban;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings that a name such as {@code jail} or {@code filter.d/sshd} stands for: {@code NAME.conf},
 * {@code NAME.d/*.conf}, {@code NAME.local} and {@code NAME.d/*.local} with all files that they include. Later values
 * replace earlier ones.
 *
 * <p>Bounded: {@link #MAX_FILES} files, {@link #MAX_DEPTH} levels of inclusion and of names in values, values of
 * {@link #MAX_CHARS}.
 */
final class Settings {
    static final int MAX_FILES = 500;
    static final int MAX_DEPTH = 20;
    static final int MAX_CHARS = 1 << 16;
    private static final int MAX_FILLS = 1_000_000;
    static final String DEFAULT = "DEFAULT";

    private static final Pattern NAME = Pattern.compile("%%|%\\(([^)]{1,200})\\)s");
    private static final Pattern QUALIFIED = Pattern.compile("([\\w-]+)/(.+)", Pattern.DOTALL);

    private final Map<String, Map<String, Option>> sections = new LinkedHashMap<>();
    private final Map<String, Map<String, Option>> known = new LinkedHashMap<>();
    private int files;
    private int fills;

    private Settings() {}

    /**
     * Reads the files of this name.
     *
     * @throws IOException naming the file, if one of them cannot be read, or there is none
     */
    static Settings read(Path base, String name) throws IOException {
        List<Path> paths = new ArrayList<>(List.of(base.resolve(name + ".conf")));
        paths.addAll(listed(base.resolve(name + ".d"), "*.conf"));
        paths.add(base.resolve(name + ".local"));
        paths.addAll(listed(base.resolve(name + ".d"), "*.local"));
        paths.removeIf(path -> !Files.exists(path));
        if (paths.isEmpty()) {
            throw new IOException(base.resolve(name + ".conf") + ": does not exist");
        }
        Settings settings = new Settings();
        for (Path path : paths) {
            settings.include(path, List.of(), Set.copyOf(paths));
        }
        return settings;
    }

    private static List<Path> listed(Path directory, String glob) throws IOException {
        Set<Path> found = new TreeSet<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
                stream.forEach(found::add);
            }
        }
        return List.copyOf(found);
    }

    private void include(Path file, List<Path> from, Set<Path> apart) throws IOException {
        if (++files > MAX_FILES || from.size() > MAX_DEPTH) {
            throw new IOException(file + ": includes too many files");
        }
        IniFile read = IniFile.read(file);
        includeAll(read, "before", file, from, apart);
        read.sections().forEach(this::merge);
        Path local = file.resolveSibling(String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "") + ".local");
        if (!from.isEmpty() && !apart.contains(local) && !local.equals(file) && Files.exists(local)) {
            include(local, join(from, file), apart);
        }
        includeAll(read, "after", file, from, apart);
    }

    private void includeAll(IniFile read, String key, Path file, List<Path> from, Set<Path> apart) throws IOException {
        Option list = read.sections().getOrDefault("INCLUDES", Map.of()).get(key);
        if (list == null) {
            return;
        }
        for (String name : list.text().lines().toList()) {
            Path path = file.resolveSibling(name.strip()).normalize();
            // A missing file is not an error: *.local files are optional.
            if (!name.isBlank() && !from.contains(path) && Files.exists(path)) {
                include(path, join(from, file), apart);
            }
        }
    }

    private static List<Path> join(List<Path> list, Path last) {
        List<Path> all = new ArrayList<>(list);
        all.add(last);
        return all;
    }

    private void merge(String name, Map<String, Option> fields) {
        Map<String, Option> section = sections.computeIfAbsent(name, any -> new LinkedHashMap<>());
        fields.forEach((key, value) -> {
            Option old = section.put(key, value);
            if (old != null) {
                known.computeIfAbsent(name, any -> new LinkedHashMap<>()).put(key, old);
            }
        });
    }

    List<String> sections() {
        return sections.keySet().stream()
                .filter(name -> !name.equals(DEFAULT) && !name.equals("INCLUDES"))
                .toList();
    }

    /** Returns the keys of a section and of the defaults. */
    Set<String> keys(String section) {
        Set<String> keys = new TreeSet<>(own(DEFAULT).keySet());
        keys.addAll(own(section).keySet());
        return keys;
    }

    Map<String, Option> own(String section) {
        return sections.getOrDefault(section, Map.of());
    }

    /** Returns a value as written in the files: from the section, or else from the defaults. */
    Optional<Option> raw(String section, String key) {
        return Optional.ofNullable(own(section).get(key))
                .or(() -> Optional.ofNullable(own(DEFAULT).get(key)));
    }

    /** Returns the value with all {@code %(names)s} filled in. */
    Optional<String> get(String section, String key, Map<String, String> given) throws Untranslatable {
        Optional<Option> raw = raw(section, key);
        return raw.isEmpty() ? Optional.empty() : Optional.of(filled(raw.get().text(), section, given, 0));
    }

    /** Returns the value that a file had before a later one changed it. */
    Optional<String> known(String section, String key, Map<String, String> given) throws Untranslatable {
        Option old = known.getOrDefault(section, Map.of()).get(key);
        return old == null ? Optional.empty() : Optional.of(filled(old.text(), section, given, 0));
    }

    String filled(String text, String section, Map<String, String> given, int depth) throws Untranslatable {
        if (depth > MAX_DEPTH || ++fills > MAX_FILLS) {
            throw new Untranslatable("has names that refer to each other without end", "write the value out");
        }
        Matcher name = NAME.matcher(text);
        StringBuilder out = new StringBuilder();
        while (name.find()) {
            String value = "%";
            if (!name.group().equals("%%")) {
                String key = name.group(1).toLowerCase(java.util.Locale.ROOT);
                value = filled(lookUp(key, section, given), section, given, depth + 1);
            }
            name.appendReplacement(out, Matcher.quoteReplacement(value));
            if (out.length() > MAX_CHARS) {
                throw new Untranslatable("becomes longer than 64 Ki characters", "shorten it");
            }
        }
        return name.appendTail(out).toString();
    }

    private String lookUp(String key, String section, Map<String, String> given) throws Untranslatable {
        if (key.equals("__name__")) {
            return section;
        }
        String direct = given.get(key);
        if (direct != null) {
            // The value has been filled in already; do not fill it in again.
            return direct.replace("%", "%%");
        }
        Optional<Option> found = raw(section, key);
        Matcher qualified = QUALIFIED.matcher(key);
        if (found.isEmpty() && qualified.matches()) {
            String other = qualified.group(1);
            String option = qualified.group(2);
            if (other.equals("known")) {
                found = Optional.ofNullable(
                                known.getOrDefault(section, Map.of()).get(option))
                        .or(() -> Optional.ofNullable(own(DEFAULT).get(option)));
            } else {
                found = other.equals("default")
                        ? Optional.ofNullable(own(DEFAULT).get(option))
                        : raw(sectionLike(other), option);
            }
        }
        return found.map(Option::text)
                .orElseThrow(() -> new Untranslatable("%(" + key + ")s is not defined", "define it, or delete it"));
    }

    /** Returns the section of this name, regardless of case: names in values are in lower case. */
    private String sectionLike(String name) {
        return sections.keySet().stream()
                .filter(each -> each.equalsIgnoreCase(name))
                .findFirst()
                .orElse(name);
    }
}

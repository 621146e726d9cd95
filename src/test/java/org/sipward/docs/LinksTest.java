package org.sipward.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the files and headings that README.md and the pages below dist refer to exist. */
class LinksTest {
    /** {@code [text](target)} and {@code ![text](target "title")}; without targets that have a scheme. */
    private static final Pattern LINK = Pattern.compile("]\\((?![a-z]+:)([^) ]+)(?: \"[^\"]*\")?\\)");

    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?) *#*$", Pattern.MULTILINE);
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\\n]*`");
    /** A path that is not a link. */
    private static final Pattern SOURCE_FILE =
            Pattern.compile("(?<![\\w./*-])(?:\\.\\./)*(src/(?:main|test)/[\\w./-]+)");
    /** As in {@code NAME.log} or {@code NAME-innocent.log}. */
    private static final Pattern PLACEHOLDER = Pattern.compile("/[A-Z]{2,}\\b");

    private static final int MAX_SHOWN = 3;

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        try (Stream<Path> found = Files.walk(Path.of("dist"))) {
            found.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void leadsToFilesAndHeadingsThatAreThere(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (MatchResult link : all(LINK, INLINE_CODE.matcher(prose(page)).replaceAll("`code`"))) {
            String[] parts = link.group(1).split("#", 2);
            Path target = parts[0].isEmpty() ? page : sibling(page, parts[0]);
            if (!Files.exists(target)) {
                broken.add(link.group(1) + elsewhere(target));
            } else if (parts.length == 2 && !headings(target).contains(parts[1])) {
                broken.add(link.group(1) + ": " + target + " has no such heading");
            }
        }

        assertThat(broken).describedAs("links of %s that lead nowhere", page).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void namesSourceFilesThatAreThere(Path page) throws IOException {
        Set<String> missing = new TreeSet<>();
        for (MatchResult named :
                all(SOURCE_FILE, LINK.matcher(Files.readString(page)).replaceAll("]"))) {
            Path file = Path.of(named.group(1).replaceFirst("[./]+$", ""));
            if (!Files.exists(file) && !PLACEHOLDER.matcher(file.toString()).find()) {
                missing.add(file + elsewhere(file));
            }
        }

        assertThat(missing)
                .describedAs("files that %s names and that are not there", page)
                .isEmpty();
    }

    private static List<MatchResult> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    /** Returns the page without its examples. */
    private static String prose(Path page) throws IOException {
        return CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
    }

    private static Path sibling(Path page, String target) {
        return Path.of("").resolve(page).resolveSibling(target).normalize();
    }

    /** Returns where a file of this name is now, for whoever fixes the link. */
    private static String elsewhere(Path missing) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path root : List.of(Path.of("src"), Path.of("dist"))) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.getFileName().equals(missing.getFileName()))
                        .forEach(file -> found.add(file.toString()));
            }
        }
        boolean known = !found.isEmpty() && found.size() <= MAX_SHOWN;
        return known ? " is not there; perhaps " + String.join(", ", found) : " is not there";
    }

    /** Returns the anchors of a page's headings, as GitHub makes them. */
    private static Set<String> headings(Path page) throws IOException {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        Matcher heading = HEADING.matcher(prose(page));
        while (heading.find()) {
            String text = heading.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
            String anchor = text.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        }
        return anchors;
    }
}

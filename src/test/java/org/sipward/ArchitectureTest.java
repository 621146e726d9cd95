package org.sipward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares the packages with {@code dist/doc/architecture.md}, and limits the size of a package and of a file.
 *
 * <p>The table on that page is the only list of which package uses which. A test that fails prints the table, or the
 * picture, as it should be.
 */
class ArchitectureTest {
    private static final Path PAGE = Path.of("dist/doc/architecture.md");
    private static final String CODE = "src/main/java/org/sipward";
    private static final int MAX_PERCENT = 12;
    private static final int MAX_LINES = 350;

    /** A row: the package with a link to its description, the packages that it uses, and one sentence. */
    private static final Pattern ROW =
            Pattern.compile("^\\| \\[`([a-z0-9.]+)`]\\([^)]+\\) \\| ([^|]+) \\| ([^|]+) \\|$", Pattern.MULTILINE);

    private static final Pattern NAME = Pattern.compile("`([a-z0-9.]+)`");
    private static final Pattern PICTURE = Pattern.compile("<!-- floors -->\\s*```text\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern USE = Pattern.compile(
            "org\\.sipward\\.([a-z0-9.]+)\\.([A-Z]\\w*)\\S* +-> org\\.sipward\\.([a-z0-9.]+)\\.([A-Z]\\w*)");
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final String NO_SENTENCE = "(one sentence)";
    private static final List<ClassUse> CLASS_USES = classUses();

    @Test
    void theTableSaysWhichPackageUsesWhich() throws IOException {
        Map<String, Set<String>> drawn = new TreeMap<>();
        rows().forEach((name, row) -> drawn.put(name, names(row.get(0))));

        assertThat(drawn).describedAs("the table should be:%n%s", table()).isEqualTo(uses());
    }

    @Test
    void theTableHasASentenceForEachPackage() throws IOException {
        assertThat(rows())
                .isNotEmpty()
                .allSatisfy((name, row) -> assertThat(row.get(1))
                        .as(name)
                        .isNotEqualTo(NO_SENTENCE)
                        .endsWith("."));
    }

    @Test
    void thePictureShowsEachPackageAboveThoseThatItUses() throws IOException {
        Matcher picture = PICTURE.matcher(Files.readString(PAGE));
        assertThat(picture.find()).isTrue();
        Map<String, Integer> floors = new TreeMap<>();
        List<String> lines = picture.group(1).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int floor = lines.size() - i;
            WORD.matcher(lines.get(i)).results().forEach(word -> floors.put(word.group(), floor));
        }

        String better = "the picture could be:%n%s".formatted(picture());
        assertThat(floors.keySet()).describedAs(better).isEqualTo(uses().keySet());
        uses().forEach((user, used) -> assertThat(used)
                .describedAs("%s stands above what it uses; %s", user, better)
                .allMatch(name -> floors.getOrDefault(name, 0) < floors.getOrDefault(user, 0)));
    }

    /** If packages form no circle, classes of two packages form none either. The likeliest mistake comes first. */
    @Test
    void noPackagesUseEachOtherInACircle() throws IOException {
        Map<String, Set<String>> left = uses();
        while (left.values().removeIf(used -> left.keySet().stream().noneMatch(used::contains))) {}
        while (left.keySet().removeIf(name -> left.values().stream().noneMatch(used -> used.contains(name)))) {}

        assertThat(CLASS_USES.stream()
                        .filter(use -> left.containsKey(use.user()) && left.containsKey(use.used()))
                        .collect(Collectors.groupingBy(use -> use.user() + " uses " + use.used()))
                        .values()
                        .stream()
                        .sorted(Comparator.comparing(List::size))
                        .map(uses -> uses.stream().map(ClassUse::words).limit(3).toList()))
                .isEmpty();
    }

    @Test
    void noPackageHasMoreThanItsShareOfTheLines() throws IOException {
        Map<String, Long> lines = new TreeMap<>();
        for (Path file : files()) {
            lines.merge(packageOf(file), lines(file), Long::sum);
        }
        long most = lines.values().stream().mapToLong(Long::longValue).sum() * MAX_PERCENT / 100;

        lines.values().removeIf(count -> count <= most);
        assertThat(lines).describedAs("packages of more than %s lines", most).isEmpty();
    }

    @Test
    void noFileIsTooLongToBeReadAtOnce() throws IOException {
        Map<String, Long> tooLong = new TreeMap<>();
        for (Path file : files()) {
            tooLong.put(file.toString(), lines(file));
        }

        tooLong.values().removeIf(count -> count <= MAX_LINES);
        assertThat(tooLong)
                .describedAs("files of more than %s lines", MAX_LINES)
                .isEmpty();
    }

    /** Returns for each package which others its classes use. */
    private static Map<String, Set<String>> uses() throws IOException {
        Map<String, Set<String>> uses = new TreeMap<>();
        files().forEach(file -> uses.put(packageOf(file), new TreeSet<>()));
        CLASS_USES.forEach(
                use -> uses.computeIfAbsent(use.user(), any -> new TreeSet<>()).add(use.used()));
        return uses;
    }

    private static List<ClassUse> classUses() {
        StringWriter output = new StringWriter();
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(output), new PrintWriter(output), "-v", "--ignore-missing-deps", "target/classes");
        assertThat(exit).describedAs(output.toString()).isZero();
        Matcher use = USE.matcher(output.toString());
        List<ClassUse> found = new ArrayList<>();
        while (use.find()) {
            if (!use.group(1).equals(use.group(3))) {
                String words = "%s.%s uses %s.%s".formatted(use.group(1), use.group(2), use.group(3), use.group(4));
                found.add(new ClassUse(use.group(1), use.group(3), words));
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    /** Returns the rows of the page by package: the packages that it uses, and the sentence. */
    private static Map<String, List<String>> rows() throws IOException {
        Map<String, List<String>> rows = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            rows.put(row.group(1), List.of(row.group(2), row.group(3).strip()));
        }
        return rows;
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell).results().map(name -> name.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the rows as they should be, the highest floor first, with the sentences that the page has. */
    private static String table() throws IOException {
        Map<String, Set<String>> uses = uses();
        Map<String, List<String>> rows = rows();
        return floors().stream()
                .flatMap(List::stream)
                .map(name -> "| [`%s`](../../%s/%s/package-info.java) | %s | %s |"
                        .formatted(
                                name,
                                CODE,
                                name.replace('.', '/'),
                                uses.get(name).isEmpty() ? "nothing" : "`" + String.join("`, `", uses.get(name)) + "`",
                                rows.containsKey(name) ? rows.get(name).get(1) : NO_SENTENCE))
                .collect(Collectors.joining("\n"));
    }

    private static String picture() throws IOException {
        return floors().stream().map(floor -> String.join("  ", floor)).collect(Collectors.joining("\n"));
    }

    /** Returns the packages by floor, the highest first: each one floor above the highest that it uses. */
    private static List<List<String>> floors() throws IOException {
        Map<String, Set<String>> left = uses();
        List<List<String>> floors = new ArrayList<>();
        while (!left.isEmpty()) {
            List<String> floor = left.entrySet().stream()
                    .filter(use -> left.keySet().stream().noneMatch(use.getValue()::contains))
                    .map(Map.Entry::getKey)
                    .toList();
            // Packages in a circle have no floor.
            List<String> next = floor.isEmpty() ? List.copyOf(left.keySet()) : floor;
            floors.add(0, next);
            next.forEach(left::remove);
        }
        return floors;
    }

    private static String packageOf(Path file) {
        return Path.of(CODE).relativize(file.getParent()).toString().replace('/', '.');
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(Path.of(CODE))) {
            return found.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** A use of a class of another package. */
    private record ClassUse(String user, String used, String words) {}
}

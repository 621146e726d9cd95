package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipward.config.FilterReader;
import org.sipward.source.Line;

/** Holds the filters that ship to their samples in {@code src/test/resources/filters}. */
class ShippedFiltersTest {
    private static final Path FILTERS = Path.of("filters");
    private static final Path SAMPLES = Path.of("src/test/resources/filters");
    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final long ARRIVAL = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();

    static List<Path> filters() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(FILTERS, "*.yaml")) {
            found.forEach(files::add);
        }
        return files;
    }

    @TestFactory
    Stream<DynamicTest> readsEverySampleAsItsCommentSays() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : filters()) {
            Filter filter = compile(file);
            for (Sample sample : samples(filter)) {
                String name = filter.name() + ".log:" + sample.number();
                tests.add(DynamicTest.dynamicTest(name, () -> check(filter, sample)));
            }
        }
        return tests.stream();
    }

    private static void check(Filter filter, Sample sample) {
        Optional<Match> match = filter.reader(ZONE).match(line(sample));

        if (sample.text("kind").isEmpty()) {
            assertThat(sample.mayMatch()).isFalse();
            assertThat(match).isEmpty();
            return;
        }
        assertThat(match).as(sample.line()).isPresent();
        Match read = match.orElseThrow();
        assertThat(read.kind().name()).isEqualToIgnoringCase(sample.text("kind").orElseThrow());
        if (read.kind() == Match.Kind.SUSPICIOUS) {
            assertThat(read.address()).isEmpty();
            return;
        }
        assertThat(read.pattern()).isEqualTo(sample.text("pattern").orElseThrow());
        assertThat(read.address().map(Object::toString)).isEqualTo(sample.text("address"));
        assertThat(read.time().map(Object::toString)).isEqualTo(sample.text("time"));
        assertThat(read.claims().user()).isEqualTo(sample.text("user"));
        checkClaim(sample, "number", read.claims().number());
        checkClaim(sample, "agent", read.claims().agent());
        checkClaim(sample, "session", read.claims().session());
        if (sample.expected().containsKey("proven")) {
            assertThat(read.proven())
                    .isEqualTo(sample.text("proven").orElseThrow().equals("true"));
        }
        assertThat(filter.reader(ZONE).patternsOf(line(sample))).containsExactly(read.pattern());
    }

    private static void checkClaim(Sample sample, String key, Optional<String> claim) {
        sample.text(key).ifPresent(text -> assertThat(claim.orElse("")).as(key).isEqualTo(text));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void namesTheFilterLikeItsFile(Path file) throws Exception {
        assertThat(compile(file).name() + ".yaml").isEqualTo(file.getFileName().toString());
    }

    @ParameterizedTest
    @MethodSource("filters")
    void hasAMatchingSampleForEachPattern(Path file) throws Exception {
        Filter filter = compile(file);

        Set<String> matched = samples(filter).stream()
                .flatMap(sample -> Stream.of("pattern", "ignored").flatMap(key -> sample.text(key).stream()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(matched).containsExactlyInAnyOrderElementsOf(names(filter, Set.of(FilterSpec.Kind.values())));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void hasAForgedSampleForEachPatternThatAccusesOrPraises(Path file) throws Exception {
        Filter filter = compile(file);

        Set<String> forged = samples(filter).stream()
                .flatMap(sample -> sample.text("forged").stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(forged)
                .containsExactlyInAnyOrderElementsOf(
                        names(filter, Set.of(FilterSpec.Kind.FAILURE, FilterSpec.Kind.SUCCESS)));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void ignoresWhatAnIgnoreregexNames(Path file) throws Exception {
        Filter filter = compile(file);

        assertThat(samples(filter))
                .filteredOn(sample -> sample.text("ignored").isPresent())
                .allSatisfy(sample -> assertThat(filter.reader(ZONE).patternsOf(line(sample)))
                        .contains(sample.text("ignored").orElseThrow()));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void accusesNobodyWhenARecordStandsBehindOtherText(Path file) throws Exception {
        Filter filter = compile(file);

        assertThat(samples(filter)).allSatisfy(sample -> {
            for (String before : List.of(" ", "x ", "\t", "Via: ", "\r", "\0")) {
                assertThat(filter.reader(ZONE)
                                .match(Line.of(before + sample.line(), ARRIVAL, false))
                                .flatMap(Match::address))
                        .as(before + sample.line())
                        .isEmpty();
            }
        });
    }

    private static Line line(Sample sample) {
        return Line.of(sample.line(), ARRIVAL, false);
    }

    private static Set<String> names(Filter filter, Set<FilterSpec.Kind> kinds) {
        return filter.spec().patterns().stream()
                .filter(pattern -> kinds.contains(pattern.kind()))
                .map(FilterSpec.Pattern::name)
                .collect(Collectors.toSet());
    }

    private static Filter compile(Path file) throws Exception {
        return new FilterReader(Path.of("none"), List.of()).read(file);
    }

    private static List<Sample> samples(Filter filter) throws IOException {
        return Sample.of(Files.readString(SAMPLES.resolve(filter.name() + ".log"), StandardCharsets.ISO_8859_1));
    }
}

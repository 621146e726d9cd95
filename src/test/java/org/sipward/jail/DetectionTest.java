package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipward.ban.BanTime;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterException;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.net.Network;
import org.sipward.source.Line;

/**
 * Judges the samples in {@code src/test/resources/detect} with the shipped limits. The first line of each sample names
 * the address that must be banned, and the reason.
 */
class DetectionTest {
    private static final Path SAMPLES = Path.of("src/test/resources/detect");
    private static final Filter FILTER = filter();
    private static final BanTime DAY = new BanTime(Duration.ofDays(1), false, Duration.ofDays(1));
    private static final BanTime HOUR = new BanTime(Duration.ofHours(1), true, Duration.ofDays(1));

    static Stream<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void bansOnlyTheAddressThatTheSampleNames(Path sample) throws IOException {
        List<String> lines = Files.readAllLines(sample);

        assertThat(String.join(", ", bans(jail(network -> false), lines)))
                .isEqualTo(lines.get(0).replaceFirst("# bans: ?", ""));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void neverReportsATrustedAddress(Path sample) throws IOException {
        Set<String> bans = bans(jail(network -> true), Files.readAllLines(sample));

        // A ban by the failure count is not a detection.
        assertThat(bans).allMatch(ban -> ban.endsWith("auth-failed"));
    }

    @Test
    void hasAnAttackAndAnInnocentSampleForEachKind() throws IOException {
        List<String> names =
                samples().map(path -> path.getFileName().toString()).toList();

        assertThat(names).contains("enumeration.log", "slow.log", "campaign.log", "decoys.log", "tollfraud.log");
        assertThat(names)
                .filteredOn(name -> !name.contains("-"))
                .allSatisfy(name -> assertThat(names).contains(name.replace(".log", "-innocent.log")));
    }

    @Test
    void bansTheNetworkOfACampaignForItsOwnTime() throws IOException {
        List<Jail.Verdict> verdicts =
                verdicts(jail(network -> false), Files.readAllLines(SAMPLES.resolve("campaign.log")));

        assertThat(verdicts.get(0).request().network()).hasToString("203.0.113.0/24");
        assertThat(verdicts.get(0).request().bantime()).isEqualTo(HOUR);
        assertThat(verdicts.get(0).request().isWide()).isTrue();
        assertThat(verdicts.get(0).request().reason())
                .isEqualTo("campaign: 8 addresses of this network try the same accounts");
    }

    @Test
    void showsNothingOfTheSendersTextInAReason() throws IOException {
        for (Path sample : samples().toList()) {
            assertThat(verdicts(jail(network -> false), Files.readAllLines(sample)))
                    .extracting(verdict -> verdict.request().reason())
                    .allMatch(reason -> reason.matches("[a-z0-9 :,.-]+"))
                    .noneMatch(reason -> reason.contains("1001") || reason.contains("admin"));
        }
    }

    @Test
    void keepsItsCountsOverAReload() throws IOException {
        List<String> lines = Files.readAllLines(SAMPLES.resolve("enumeration.log"));
        Jail before = jail(network -> false);
        Jail after = jail(network -> false);
        assertThat(bans(before, lines.subList(0, 8))).isEmpty();

        after.inherit(before);

        assertThat(bans(after, lines.subList(8, lines.size()))).containsExactly("203.0.113.7 enumeration");
    }

    @Test
    void startsFromZeroAfterASuccess() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(SAMPLES.resolve("enumeration.log")));
        lines.add(8, "2026-11-16T08:23:00Z registered src=203.0.113.7");

        assertThat(bans(jail(network -> false), lines)).isEmpty();
    }

    @Test
    void asksForNoSecondBanAfterAFinding() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(SAMPLES.resolve("enumeration.log")));
        lines.add("2026-11-16T08:45:00Z auth-failed src=203.0.113.7 user=110");

        assertThat(verdicts(jail(network -> false), lines)).hasSize(1);
    }

    @Test
    void bansBrieflyForFailuresThatASpoofedSourceCanCause() {
        String line = "2026-11-16T08:00:00Z probe src=203.0.113.7 user=admin9";

        assertThat(verdicts(jail(network -> false), List.of(line)))
                .extracting(verdict -> verdict.request().bantime().first())
                .containsExactly(Duration.ofHours(1));
    }

    @Test
    void neverBansForTheNameOfAToolAlone() {
        Trust trust = new Trust();
        Jail strict = new Jail(
                "test",
                FILTER,
                ZoneOffset.UTC,
                new Limits(2, Duration.ofMinutes(10), DAY, Duration.ofHours(1), Optional.empty()),
                trust);
        Detection detection = new Detection(network -> false, trust.budget());
        detection.attackTools(List.of("scanner"));
        strict.detect(detection);
        String line = "2026-11-16T08:00:00Z auth-failed src=203.0.113.7 user=1 ua=SCANNER";

        assertThat(verdicts(strict, List.of(line))).isEmpty();
        assertThat(verdicts(strict, List.of(line))).hasSize(1);
    }

    private static Set<String> bans(Jail jail, List<String> lines) {
        Set<String> bans = new TreeSet<>();
        verdicts(jail, lines)
                .forEach(verdict -> bans.add(verdict.request().network() + " "
                        + String.join(",", verdict.patterns().keySet())));
        return bans;
    }

    private static List<Jail.Verdict> verdicts(Jail jail, List<String> lines) {
        List<Jail.Verdict> verdicts = new ArrayList<>();
        for (String text : lines) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            Line line = new Line();
            line.set(bytes, 0, bytes.length, 1_800_000_000_000L, false);
            FILTER.reader(ZoneOffset.UTC).match(line).flatMap(jail::judge).ifPresent(verdicts::add);
        }
        return verdicts;
    }

    private static Jail jail(Predicate<Network> trusted) {
        Trust trust = new Trust();
        Jail jail = new Jail(
                "test",
                FILTER,
                ZoneOffset.UTC,
                new Limits(5, Duration.ofMinutes(10), DAY, Duration.ofHours(1), Optional.empty()),
                trust);
        Detection detection = new Detection(trusted, trust.budget());
        detection.enumeration(10, Duration.ofHours(1));
        detection.slowGuessing(20, Duration.ofDays(7));
        detection.campaign(8, Duration.ofHours(1), HOUR);
        detection.tollFraud(3, Duration.ofMinutes(10));
        detection.decoys(List.of("admin9"), List.of("00442012345678"));
        detection.attackTools(List.of("friendly-scanner"));
        jail.detect(detection);
        jail.trustStamps();
        return jail;
    }

    private static Filter filter() {
        FilterSpec spec = new FilterSpec(
                "test",
                "",
                List.of("iso8601"),
                "",
                List.of(
                        pattern(
                                Kind.FAILURE,
                                "auth-failed",
                                "^auth-failed src=<ADDR> user=<F-USER>[^ ]*</F-USER>(?: ua=<F-AGENT>.*</F-AGENT>)?$",
                                false),
                        pattern(Kind.FAILURE, "probe", "^probe src=<ADDR> user=<F-USER>[^ ]*</F-USER>$", true),
                        pattern(
                                Kind.FAILURE,
                                "call-rejected",
                                "^call-rejected src=<ADDR> number=<F-NUMBER>[^ ]*</F-NUMBER>$",
                                false),
                        pattern(Kind.SUCCESS, "registered", "^registered src=<ADDR>$", false)));
        try {
            return Filter.compile(spec);
        } catch (FilterException e) {
            throw new AssertionError(e);
        }
    }

    private static FilterSpec.Pattern pattern(Kind kind, String name, String regex, boolean spoofable) {
        return new FilterSpec.Pattern(kind, name, regex, 1, spoofable);
    }
}

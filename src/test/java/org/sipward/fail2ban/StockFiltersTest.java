package org.sipward.fail2ban;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.fail2ban.FilterConverter.Converted;
import org.sipward.fail2ban.StockSamples.Sample;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterException;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

/** Holds the filters that are made of fail2ban's own, as Debian ships them, to the answers that fail2ban gives. */
class StockFiltersTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
    private static final long ARRIVAL = Instant.parse("2005-08-14T10:00:00Z").toEpochMilli();

    @BeforeAll
    static void needThePackage() {
        assumeTrue(Files.isDirectory(StockSamples.CONFIG), "dist/test unpacks Debian's package fail2ban in target");
    }

    /** The floors are what was reached with fail2ban 1.0.2; see dist/doc/fail2ban.md for what is missing. */
    @Test
    void answersMostSamplesOfAllFiltersAsFail2banDoes() throws Exception {
        int full = 0;
        Tally all = new Tally();
        List<String> names = names();
        for (String name : names) {
            Converted converted = convert(name, Map.of());
            Tally tally = compare(name);
            full += converted.losses().isEmpty() ? 1 : 0;
            all.add(tally);
            if (tally.same < tally.lines || !converted.losses().isEmpty()) {
                System.out.printf(
                        "%-20s %s, %d of %d lines as fail2ban%n",
                        name, converted.losses().isEmpty() ? "in full" : "in part", tally.same, tally.lines);
            }
        }
        System.out.printf("%d of %d filters converted in full, %s%n", full, names.size(), all);

        assertThat(full).isGreaterThanOrEqualTo(85);
        assertThat(names.size() - full).isLessThanOrEqualTo(4);
        assertThat((double) all.same / all.lines).isGreaterThanOrEqualTo(0.91);
    }

    @Test
    void accusesNobodyWhomFail2banDoesNot() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String name : names()) {
            wrong.addAll(compare(name).wrong);
        }

        assertThat(wrong).isEmpty();
    }

    /** Of sshd, fail2ban puts several lines of a session together, and asks the DNS for names. */
    @ParameterizedTest
    @CsvSource({"asterisk, 1", "freeswitch, 1", "recidive, 1", "dovecot, 1", "postfix, 0.96", "sshd, 0.81"})
    void answersTheSamplesOfTheUsualJails(String name, double floor) throws Exception {
        Tally tally = compare(name);

        assertThat((double) tally.same / tally.lines).as("%s: %s", name, tally).isGreaterThanOrEqualTo(floor);
    }

    private static Tally compare(String name) throws IOException, FilterException {
        Map<Map<String, String>, Converted> converted = new HashMap<>();
        Tally tally = new Tally();
        for (Sample sample : StockSamples.of(name)) {
            Converted filter = converted.get(sample.options());
            if (filter == null) {
                filter = convert(name, sample.options());
                converted.put(sample.options(), filter);
            }
            tally.lines++;
            Optional<Match> match = match(filter, sample);
            Optional<IpAddress> accused = match.flatMap(Match::address);
            Optional<IpAddress> expected = sample.host().flatMap(IpAddress::parse);
            boolean isSuspicious = accused.isEmpty() && match.isPresent();
            if (accused.equals(expected)
                    && (expected.isPresent() || sample.host().isEmpty())
                    && !isSuspicious) {
                tally.same++;
            } else if (accused.isPresent()) {
                tally.wrong.add(name + ": " + sample.line());
            } else if (sample.host().isPresent() && expected.isEmpty()) {
                tally.names++;
            } else if (isSuspicious) {
                tally.suspicious++;
            } else {
                tally.missed++;
            }
        }
        return tally;
    }

    private static List<String> names() throws IOException {
        try (var files = Files.list(StockSamples.CONFIG.resolve("filter.d"))) {
            return files.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".conf") && !name.endsWith("common.conf"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .sorted()
                    .toList();
        }
    }

    private static Converted convert(String name, Map<String, String> options) throws IOException {
        Settings settings = Settings.read(StockSamples.CONFIG, "filter.d/" + name);
        return FilterConverter.convert(name, new Definition(settings, options, false));
    }

    private static Optional<Match> match(Converted converted, Sample sample) throws FilterException {
        if (!converted.isUsable()) {
            return Optional.empty();
        }
        return Filter.compile(converted.spec())
                .reader(ZONE)
                .match(Line.of(sample.line(), ARRIVAL, false))
                .filter(match -> match.kind() != Match.Kind.SUCCESS);
    }

    /** Counts lines. */
    private static final class Tally {
        private final List<String> wrong = new ArrayList<>();
        private int lines;
        private int same;
        private int suspicious;
        private int names;
        private int missed;

        private void add(Tally other) {
            lines += other.lines;
            same += other.same;
            suspicious += other.suspicious;
            names += other.names;
            missed += other.missed;
            wrong.addAll(other.wrong);
        }

        @Override
        public String toString() {
            return same + " of " + lines + " lines as fail2ban, " + wrong.size() + " accuse somebody else, "
                    + suspicious
                    + " accuse nobody as two addresses could be read, " + names + " hold a host name only, " + missed
                    + " are missed";
        }
    }
}

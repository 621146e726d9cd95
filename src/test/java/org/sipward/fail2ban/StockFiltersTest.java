package org.sipward.fail2ban;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sipward.fail2ban.StockSamples.Sample;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterException;
import org.sipward.filter.Match;
import org.sipward.source.Line;

/** Holds the filters that are made of fail2ban's own to the answers that fail2ban gives. */
class StockFiltersTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
    private static final long ARRIVAL = Instant.parse("2005-08-14T10:00:00Z").toEpochMilli();

    @BeforeAll
    static void needThePackage() {
        assumeTrue(Files.isDirectory(StockSamples.CONFIG), "dist/test unpacks Debian's package fail2ban in target");
    }

    @Test
    void answersMostSamplesAsFail2banDoes() throws Exception {
        Map<String, int[]> table = new TreeMap<>();
        StringBuilder differing = new StringBuilder();
        for (String name : names()) {
            Map<Map<String, String>, FilterTurner.Turned> turned = new HashMap<>();
            int[] row = table.computeIfAbsent(name, any -> new int[4]);
            FilterTurner.Turned plain = turn(name, Map.of());
            row[0] = plain.losses().isEmpty() ? 1 : 0;
            plain.losses()
                    .forEach(loss -> differing.append("LOSS ").append(loss).append("\n"));
            for (Sample sample : StockSamples.of(name)) {
                FilterTurner.Turned filter = turned.get(sample.options());
                if (filter == null) {
                    filter = turn(name, sample.options());
                    turned.put(sample.options(), filter);
                }
                row[2]++;
                String answer = answer(filter, sample);
                if (answer.equals(sample.host().orElse(""))) {
                    row[1]++;
                } else {
                    row[3] += sample.host().isPresent() ? 0 : 1;
                    differing
                            .append("DIFF ")
                            .append(name)
                            .append(" ")
                            .append(sample.options())
                            .append(" expected ")
                            .append(sample.host().orElse("-"))
                            .append(" got ")
                            .append(answer)
                            .append(": ")
                            .append(sample.line())
                            .append("\n");
                }
            }
        }
        System.out.println(differing);
        int full = 0;
        int right = 0;
        int all = 0;
        for (Map.Entry<String, int[]> row : table.entrySet()) {
            int[] v = row.getValue();
            full += v[0];
            right += v[1];
            all += v[2];
            System.out.println("ROW " + row.getKey() + " full=" + v[0] + " " + v[1] + "/" + v[2] + " tooMuch=" + v[3]);
        }
        System.out.println("TOTAL full " + full + "/" + table.size() + " lines " + right + "/" + all);
        assertThat(right).isPositive();
    }

    private static List<String> names() throws IOException {
        try (var files = Files.list(StockSamples.CONFIG.resolve("filter.d"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".conf") && !name.endsWith("common.conf"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .sorted()
                    .toList();
        }
    }

    private static FilterTurner.Turned turn(String name, Map<String, String> options) throws IOException {
        Settings settings = Settings.read(StockSamples.CONFIG, "filter.d/" + name);
        return FilterTurner.turn(name, new Definition(settings, options, false));
    }

    private static String answer(FilterTurner.Turned turned, Sample sample) throws FilterException {
        if (!turned.isUsable()) {
            return "(no filter)";
        }
        Filter filter = Filter.compile(turned.spec());
        Optional<Match> match = filter.match(Line.of(sample.line(), ARRIVAL, false), ZONE);
        if (match.isEmpty() || match.get().kind() == Match.Kind.SUCCESS) {
            return "";
        }
        return match.get().address().map(Object::toString).orElse("(suspicious)");
    }
}

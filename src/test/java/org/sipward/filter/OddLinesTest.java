package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.source.Line;
import org.sipward.stamp.SecretWord;

/**
 * Lines that no server writes: cut, mixed and altered ones of all samples, in all that may be around a line. Whatever a line
 * is, reading it throws nothing, and looks at no byte behind its end.
 */
class OddLinesTest {
    private static final Path SAMPLES = Path.of("src/test/resources/filters");
    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final long ARRIVAL = 1_795_348_800_000L;
    private static final int ODD = 3_000;
    private static final List<String> AROUND = List.of(
            "%s",
            "2026-11-22T11:05:15.631529123Z stderr F %s",
            "2026-11-22T11:05:15+01:00 stdout P %s",
            "{\"log\":\"%s\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T11:05:15.631529123Z\"}",
            "{\"hostname\":\"\",\"timestamp\":\"2026-11-22 11:05:15\",\"identifiers\":{\"lwp\":8365,\"callid\":\"\"},"
                    + "\"logmsg\":{\"location\":{\"filename\":\"F\",\"function\":\"f\",\"line\":6},\"level\":\"NOTICE\","
                    + "\"message\":\"%s\\n\"}}",
            "2026-11-22T11:03:37.588158+00:00 pbx1 %s",
            "<133>1 2026-11-22T11:03:37.588158+00:00 pbx1 %s",
            "Nov  2 11:03:37 pbx1 %s",
            "Sun 2026-11-22 11:03:37 CET pbx1 %s",
            "[22/Nov/2026 11:03:37.5 PM] %s");

    @ParameterizedTest
    @ValueSource(strings = {"asterisk", "freeswitch", "honeypot", "kamailio", "opensips", "sshd"})
    void noLineMakesAFilterFail(String name) throws Exception {
        Filter filter = Reading.filter(name);
        Filter secret = filter.withSecretWord(new SecretWord("k7Qz9abc"));
        LogReader reader = filter.reader(ZONE);
        LogReader guarded = secret.reader(ZONE);
        Random random = new Random(name.hashCode());
        List<String> samples = samples();
        for (int i = 0; i < ODD; i++) {
            String text = odd(samples, random);

            read(filter, reader, text);
            read(secret, guarded, text);
            if (random.nextInt(50) == 0) {
                reader.settle(ARRIVAL + 2_000);
            }
        }
        reader.end();
        guarded.end();
    }

    @Test
    void noBeginningOfALineMakesAFilterFail() throws Exception {
        List<Filter> filters = new ArrayList<>();
        for (String name : List.of("asterisk", "freeswitch", "honeypot", "kamailio", "opensips", "sshd")) {
            filters.add(Reading.filter(name));
        }
        String sample = "NOTICE[7]: chan_sip.c:688 f: Registration from '<sip:1@x>' failed for '203.0.113.7:5060' - x";
        for (String around : AROUND) {
            String whole = around.replace("%s", sample);
            for (int length = 0; length <= whole.length(); length++) {
                for (String end : List.of("", " ", "  ", "T", "]", "[", ":", "\"", "}", "+", "-", ".", "1")) {
                    for (Filter filter : filters) {
                        read(filter, filter.reader(ZONE), whole.substring(0, length) + end);
                    }
                }
            }
        }
    }

    /** Reads a line at the end of its buffer, and within one: bytes behind its end must make no difference. */
    private static void read(Filter filter, LogReader reader, String text) {
        LogReader single = filter.reader(ZONE);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Line exact = new Line();
        exact.set(bytes, 0, bytes.length, ARRIVAL, true);
        for (char behind : new char[] {' ', '1'}) {
            byte[] more = Arrays.copyOf(bytes, bytes.length + 64);
            Arrays.fill(more, bytes.length, more.length, (byte) behind);
            Line within = new Line();
            within.set(more, 0, bytes.length, ARRIVAL, true);

            assertThat(single.match(within)).as(text).isEqualTo(single.match(exact));
            assertThat(single.stamp(within)).as(text).isEqualTo(single.stamp(exact));
        }
        single.ignoredBy(exact);
        reader.read(exact, match -> {});
    }

    private static List<String> samples() throws Exception {
        List<String> samples = new ArrayList<>();
        try (var files = Files.list(SAMPLES)) {
            for (Path file : files.sorted().toList()) {
                samples.addAll(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
            }
        }
        return samples;
    }

    private static String odd(List<String> samples, Random random) {
        String text = samples.get(random.nextInt(samples.size()));
        if (random.nextBoolean()) {
            text = AROUND.get(random.nextInt(AROUND.size())).replace("%s", text);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            text = altered(text, samples, random);
        }
        return text;
    }

    private static String altered(String text, List<String> samples, Random random) {
        int at = random.nextInt(text.length() + 1);
        int to = at + random.nextInt(Math.min(40, text.length() - at) + 1);
        String other = samples.get(random.nextInt(samples.size()));
        return switch (random.nextInt(7)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + " ".repeat(1 + random.nextInt(3));
            case 2 -> text.substring(0, at) + text.substring(to);
            case 3 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at);
            case 4 -> text.substring(0, to) + text.substring(at);
            case 5 -> text.substring(0, at) + other.substring(random.nextInt(other.length() + 1));
            default -> text.substring(at);
        };
    }
}

package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.Corpus;
import org.sipward.config.FilterReader;
import org.sipward.regex.Lead;
import org.sipward.source.Line;
import org.sipward.stamp.DateReader;

/** Holds the automata of the shipped filters to re2j: on every line of the corpus, and on lines made of two. */
class AutomataTest {
    private static final long SEED = Long.getLong("sipward.seed", 20261127);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private long pairs;
    private long matched;
    private long certain;

    @ParameterizedTest
    @ValueSource(strings = {"asterisk", "kamailio", "opensips", "freeswitch"})
    void readWhatRe2jReads(String name) throws Exception {
        Filter filter = new FilterReader(Path.of("none"), List.of(Path.of("filters"))).read(name);
        byte[] last = {};

        try (Corpus corpus = Corpus.open()) {
            for (Corpus.Verdict verdict : corpus.verdicts()) {
                if (verdict.filter().equals(name)) {
                    byte[] bytes = corpus.bytes(verdict.file());
                    int start = 0;
                    for (int i = 0; i < bytes.length; i++) {
                        if (bytes[i] == '\n') {
                            byte[] line = Arrays.copyOfRange(bytes, start, Math.min(i, start + Filter.MAX_LINE_BYTES));
                            compare(filter, line);
                            // Every fourth, or re2j takes minutes.
                            if (random.nextInt(4) == 0) {
                                compare(filter, mix(last, line));
                            }
                            last = line;
                            start = i + 1;
                        }
                    }
                }
            }
        }

        System.out.println("automata: -Dsipward.seed=" + SEED + ", " + name + ": " + pairs + " patterns on lines, "
                + matched + " match, " + certain + " read by automata");
        assertThat(certain).isGreaterThan(matched / 2);
    }

    /** Returns the beginning of one line with the end of another, and a byte changed. */
    private byte[] mix(byte[] head, byte[] tail) {
        int cut = random.nextInt(head.length + 1);
        int from = random.nextInt(tail.length + 1);
        byte[] mixed = Arrays.copyOf(head, cut + tail.length - from);
        System.arraycopy(tail, from, mixed, cut, tail.length - from);
        if (mixed.length > 0) {
            mixed[random.nextInt(mixed.length)] = (byte) random.nextInt(256);
        }
        return mixed.length > Filter.MAX_LINE_BYTES ? head : mixed;
    }

    private void compare(Filter filter, byte[] bytes) {
        Line line = new Line();
        line.set(bytes, 0, bytes.length, 1_795_343_057_000L, false);
        Line record = filter.unwrapJson(new ContainerLog(filter.program()).unwrap(line));
        filter.formats().stream()
                .mapToInt(format -> format.end(record, new DateReader()))
                .filter(end -> end >= 0)
                .distinct()
                .forEach(end -> compare(filter, record, end));
    }

    private void compare(Filter filter, Line record, int end) {
        Line rest = record.rest(end);
        Lead lead = new Lead();
        int[] numbers = filter.recogniser().find(record, record.from() + end, lead);
        List<Candidate> candidates = filter.recogniser().candidates();
        for (int number = 0; number < candidates.size(); number++) {
            Groups groups = candidates.get(number).groups();
            Matcher matcher = groups.pattern().matcher(rest);
            boolean matches = matcher.lookingAt();
            pairs++;
            if (Arrays.binarySearch(numbers, number) < 0) {
                assertThat(matches).as("%s on %s", groups.pattern(), rest).isFalse();
                continue;
            }
            boolean led = candidates.get(number) instanceof CompiledPattern pattern
                    && pattern.kind().hasAddress();
            Optional<Groups.Found> found = groups.find(rest, led ? lead : new Lead());
            assertThat(found.isPresent()).as("%s on %s", groups.pattern(), rest).isEqualTo(matches);
            if (matches) {
                matched++;
                certain += found.get().isCertain() ? 1 : 0;
                agree(groups, found.get(), matcher, rest);
            }
        }
    }

    private static void agree(Groups groups, Groups.Found found, Matcher matcher, Line rest) {
        for (int i = 0; i < groups.names().size(); i++) {
            boolean has =
                    groups.pattern().namedGroups().containsKey(groups.names().get(i));
            assertThat(List.of(found.start(i), found.end(i)))
                    .as("%s of %s on %s", groups.names().get(i), groups.pattern(), rest)
                    .isEqualTo(
                            has
                                    ? List.of(
                                            matcher.start(groups.names().get(i)),
                                            matcher.end(groups.names().get(i)))
                                    : List.of(-1, -1));
        }
    }
}

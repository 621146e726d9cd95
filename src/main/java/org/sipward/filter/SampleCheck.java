package org.sipward.filter;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sipward.source.Line;

/**
 * Checks a filter against the samples that its author wrote beside it. The comment above a sample has the values that
 * the filter must read out of it; a value that is not in the comment is not compared. Stamps without a zone are UTC.
 * Stamps without a year are of the year in the comment.
 *
 * <pre>
 * # {"pattern":"auth-failed","kind":"failure","address":"203.0.113.7","user":"1001"}
 * Nov 22 10:49:34 pbx1 kamailio[17431]: NOTICE: &lt;script&gt;: auth-failed src=[203.0.113.7] …
 * # {"match":false}
 * Nov 22 10:49:34 pbx1 other[17431]: …
 * </pre>
 */
public final class SampleCheck {
    private static final String MEND = "correct the pattern, or the comment above the line";

    private SampleCheck() {}

    /**
     * One sample of which the filter reads something else.
     *
     * @param line the number of the sample's line in the file, from 1
     * @param pattern the pattern that should match, or that does; empty if there is none
     * @param what what differs
     * @param mend how to fix it
     */
    public record Problem(int line, String pattern, String what, String mend) {}

    /**
     * Returns a problem for each sample of which the filter reads something else than the comment says.
     *
     * @param text the samples' file, one char for each byte
     * @throws IOException with the reason, if the file is not valid or has no samples
     */
    public static List<Problem> check(Filter filter, String text) throws IOException {
        List<Problem> problems = new ArrayList<>();
        List<Sample> samples = Sample.of(text);
        LogReader reader = filter.reader(ZoneOffset.UTC);
        for (Sample sample : samples) {
            check(reader, sample).ifPresent(problems::add);
        }
        if (samples.isEmpty()) {
            throw new IOException("1: has no sample");
        }
        return problems;
    }

    private static Optional<Problem> check(LogReader reader, Sample sample) {
        Optional<Match> match = reader.match(Line.of(sample.line(), arrival(sample), false));
        String pattern = sample.text("pattern").orElse("");
        if (match.isEmpty()) {
            return sample.text("kind").or(() -> sample.text("pattern")).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Problem(sample.number(), pattern, "does not match its sample", MEND));
        }
        Match read = match.get();
        if (!sample.mayMatch()) {
            return Optional.of(
                    new Problem(sample.number(), read.pattern(), "matches a sample that nothing may match", MEND));
        }
        return difference(sample, "pattern", Optional.of(read.pattern()))
                .or(() -> difference(
                        sample, "kind", Optional.of(read.kind().name().toLowerCase(Locale.ROOT))))
                .or(() -> difference(sample, "address", read.address().map(Object::toString)))
                .or(() -> difference(sample, "time", read.time().map(Object::toString)))
                .or(() -> difference(sample, "user", read.claims().user()))
                .or(() -> difference(sample, "number", read.claims().number()))
                .or(() -> difference(sample, "agent", read.claims().agent()))
                .or(() -> difference(sample, "session", read.claims().session()))
                .map(what -> new Problem(sample.number(), read.pattern(), what, MEND));
    }

    private static Optional<String> difference(Sample sample, String key, Optional<String> read) {
        return sample.text(key)
                .filter(expected -> !read.equals(Optional.of(expected)))
                .map(expected -> "reads " + key + " " + read.orElse("nothing") + " from its sample, not " + expected);
    }

    /** Returns when the line came: at the time in the comment, which gives the year of the stamp. */
    private static long arrival(Sample sample) {
        try {
            return sample.text("time")
                    .map(time -> Instant.parse(time).toEpochMilli())
                    .orElse(0L);
        } catch (DateTimeParseException notATime) {
            return 0;
        }
    }
}

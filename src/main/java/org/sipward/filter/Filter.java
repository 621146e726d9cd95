package org.sipward.filter;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.sipward.filter.CompiledPattern.Reading;
import org.sipward.filter.FilterException.Problem;
import org.sipward.source.Line;

/**
 * Recognises failures and successes in the lines of one kind of log.
 *
 * <p>A line is a record if one of the filter's time stamps stands at its very start; behind it come the prefix and the
 * message, anchored, so that no text of a sender can begin a record within a line. A line from which two different
 * addresses could be read accuses nobody.
 *
 * <p>Immutable and thread-safe. A line that holds none of the patterns' literals costs no allocation; every other line
 * costs time linear in its length.
 */
public final class Filter {
    /**
     * Longer lines say nothing. Asterisk cuts a message at 8191 bytes together with its line end, so that the record
     * behind it, of somebody else, continues the line.
     */
    public static final int MAX_LINE_BYTES = 8000;

    private final FilterSpec spec;
    private final List<TimeFormat> formats;
    private final List<CompiledPattern> patterns;

    private Filter(FilterSpec spec, List<TimeFormat> formats, List<CompiledPattern> patterns) {
        this.spec = spec;
        this.formats = List.copyOf(formats);
        this.patterns = List.copyOf(patterns);
    }

    /**
     * Compiles a filter.
     *
     * @throws FilterException with everything that is wrong with it
     */
    public static Filter compile(FilterSpec spec) throws FilterException {
        List<Problem> problems = new ArrayList<>();
        List<TimeFormat> formats = new ArrayList<>();
        for (String name : spec.time()) {
            TimeFormat.named(name)
                    .ifPresentOrElse(
                            formats::add,
                            () -> problems.add(
                                    new Problem("time", name, "is no time stamp", "one or more of " + timeFormats())));
        }
        if (spec.time().isEmpty()) {
            problems.add(new Problem("time", "", "is missing", "one or more of " + timeFormats()));
        }
        if (spec.prefix().contains("<ADDR>") || spec.prefix().contains("<HOST>")) {
            problems.add(new Problem("prefix", spec.prefix(), "has an address", "addresses belong into the patterns"));
        }
        CompiledPattern.checkSyntax("prefix", spec.prefix(), problems);
        String prefix = spec.prefix().startsWith("^") ? spec.prefix().substring(1) : spec.prefix();
        List<CompiledPattern> patterns = new ArrayList<>();
        for (FilterSpec.Pattern pattern : spec.patterns()) {
            CompiledPattern.compile(prefix, pattern, problems).ifPresent(patterns::add);
        }
        if (!problems.isEmpty()) {
            throw new FilterException(spec.name(), problems);
        }
        return new Filter(spec, formats, patterns);
    }

    /** Returns the names of the time stamps that filters can use. */
    public static List<String> timeFormats() {
        return Arrays.stream(TimeFormat.values()).map(TimeFormat::key).toList();
    }

    /** Returns the filter's name. */
    public String name() {
        return spec.name();
    }

    /** Returns what the filter was compiled from. */
    public FilterSpec spec() {
        return spec;
    }

    /**
     * Returns the time stamp of a line in milliseconds since 1970, or empty if none of the filter's stamps stands at its
     * start, or the filter knows lines without one.
     *
     * @param zone of stamps that name none
     */
    public OptionalLong stamp(Line line, ZoneId zone) {
        for (TimeFormat format : formats) {
            Optional<Stamp> stamp = format.read(line, line.arrival(), zone);
            if (stamp.isPresent()) {
                return format == TimeFormat.NONE
                        ? OptionalLong.empty()
                        : OptionalLong.of(stamp.get().millis());
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Returns what the line says, or empty if it says nothing of interest.
     *
     * @param zone of time stamps that name none
     */
    public Optional<Match> match(Line line, ZoneId zone) {
        if (line.length() > MAX_LINE_BYTES) {
            return Optional.empty();
        }
        Line record = SentryPeerJson.unwrap(AsteriskJson.unwrap(line));
        boolean candidate = false;
        for (CompiledPattern pattern : patterns) {
            if (pattern.kind() != FilterSpec.Kind.IGNORE && pattern.mayMatch(record)) {
                candidate = true;
                break;
            }
        }
        return candidate ? matchCandidate(record, zone) : Optional.empty();
    }

    /** Returns the name of the ignoreregex that matches the line, if one does. For tools, not for the hot path. */
    public Optional<String> ignoredBy(Line line, ZoneId zone) {
        List<String> names = line.length() > MAX_LINE_BYTES ? List.of() : patternsOf(line, zone);
        return patterns.stream()
                .filter(pattern -> pattern.kind() == FilterSpec.Kind.IGNORE)
                .map(CompiledPattern::name)
                .filter(names::contains)
                .findFirst();
    }

    /** Returns the names of all patterns that match a line, whatever {@link #match} makes of them. */
    List<String> patternsOf(Line line, ZoneId zone) {
        Line record = SentryPeerJson.unwrap(AsteriskJson.unwrap(line));
        return formats.stream()
                .flatMap(format -> format.read(record, record.arrival(), zone).stream())
                .map(stamp -> behind(stamp, record))
                .flatMap(rest -> patterns.stream()
                        .filter(pattern -> pattern.read(rest).isPresent())
                        .map(CompiledPattern::name))
                .distinct()
                .toList();
    }

    private Optional<Match> matchCandidate(Line line, ZoneId zone) {
        for (TimeFormat format : formats) {
            Optional<Stamp> stamp = format.read(line, line.arrival(), zone);
            if (stamp.isPresent()) {
                Optional<Match> match = matchRest(behind(stamp.get(), line), time(format, stamp.get()));
                if (match.isPresent()) {
                    return match;
                }
            }
        }
        return Optional.empty();
    }

    private static Line behind(Stamp stamp, Line line) {
        Line rest = new Line();
        rest.set(line.buffer(), line.from() + stamp.end(), line.to(), line.arrival(), line.isLive());
        return rest;
    }

    private Optional<Match> matchRest(Line rest, Optional<Instant> time) {
        Optional<Match> found = Optional.empty();
        for (CompiledPattern pattern : patterns) {
            Optional<Reading> reading = pattern.mayMatch(rest) ? pattern.read(rest) : Optional.empty();
            if (reading.isEmpty()) {
                continue;
            }
            if (pattern.kind() == FilterSpec.Kind.IGNORE) {
                return Optional.empty();
            }
            Match match = match(pattern, reading.get(), time, rest);
            found = found.isEmpty() ? Optional.of(match) : Optional.of(agreed(found.get(), match));
        }
        return found;
    }

    /** Two patterns that match one line must not read different things out of it. */
    private static Match agreed(Match first, Match second) {
        boolean same = first.kind() == second.kind() && first.address().equals(second.address());
        return same || first.kind() == Match.Kind.SUSPICIOUS
                ? first
                : suspicious(second.pattern(), second.time(), second.arrival(), second.isLive());
    }

    private static Match match(CompiledPattern pattern, Reading reading, Optional<Instant> time, Line line) {
        if (reading.address().isEmpty()) {
            return suspicious(pattern.name(), time, line.arrival(), line.isLive());
        }
        boolean failure = pattern.kind() == FilterSpec.Kind.FAILURE;
        return new Match(
                failure ? Match.Kind.FAILURE : Match.Kind.SUCCESS,
                pattern.name(),
                failure ? pattern.weight() : 0,
                reading.proven(),
                reading.address(),
                time,
                reading.claims(),
                line.arrival(),
                line.isLive());
    }

    private static Match suspicious(String pattern, Optional<Instant> time, long arrival, boolean isLive) {
        return new Match(
                Match.Kind.SUSPICIOUS, pattern, 0, false, Optional.empty(), time, Claims.NONE, arrival, isLive);
    }

    private static Optional<Instant> time(TimeFormat format, Stamp stamp) {
        return format == TimeFormat.NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(stamp.millis()));
    }
}

package org.sipward.filter;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.sipward.filter.FilterException.Problem;
import org.sipward.regex.Lead;
import org.sipward.source.Line;
import org.sipward.source.LineSplitter;
import org.sipward.stamp.SecretWord;
import org.sipward.stamp.Stamp;
import org.sipward.stamp.TimeFormat;

/**
 * Recognises failures and successes in the lines of one kind of log.
 *
 * <p>A line is a record if one of the filter's time stamps stands at its very start; behind it come the prefix and the
 * message, anchored, so that no text of a sender can begin a record within a line. A line from which two different
 * addresses could be read accuses nobody.
 *
 * <p>Thread-safe, and immutable but for what the {@link Recogniser} remembers. A line that matches nothing costs no
 * allocation; every line costs time linear in its length.
 */
public final class Filter {
    /** Longer lines say nothing: see {@link LineSplitter}. */
    public static final int MAX_LINE_BYTES = LineSplitter.MAX_LINE_BYTES;

    private static final Lead NOWHERE = new Lead();

    private final FilterSpec spec;
    private final ProgramName program;
    private final List<TimeFormat> formats;
    private final List<CompiledPattern> patterns;
    private final LineRegex rawprefix;
    private final List<BlockPattern> blocks;
    private final Optional<Glue> glue;
    private final Optional<SecretWord> secretWord;
    private final Recogniser recogniser;
    private final Verdict verdict;

    private Filter(
            FilterSpec spec,
            ProgramName program,
            List<TimeFormat> formats,
            List<CompiledPattern> patterns,
            LineRegex rawprefix,
            List<BlockPattern> blocks,
            Optional<Glue> glue,
            Optional<SecretWord> secretWord,
            Recogniser recogniser) {
        this.spec = spec;
        this.program = program;
        this.formats = List.copyOf(formats);
        this.patterns = List.copyOf(patterns);
        this.rawprefix = rawprefix;
        this.blocks = List.copyOf(blocks);
        this.glue = glue;
        this.secretWord = secretWord;
        this.recogniser = recogniser;
        this.verdict = new Verdict(this.patterns, program);
    }

    /**
     * Compiles a filter.
     *
     * @throws FilterException with everything that is wrong with it
     */
    public static Filter compile(FilterSpec spec) throws FilterException {
        List<Problem> problems = new ArrayList<>();
        FilterSize.check(spec, problems);
        if (!problems.isEmpty()) {
            throw new FilterException(spec.name(), problems);
        }
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
        String rawCaptured = spec.rawprefix().replace(ProgramName.TAG, ProgramName.CAPTURED);
        List<CompiledPattern> patterns = new ArrayList<>();
        for (FilterSpec.Pattern pattern : spec.patterns()) {
            // What only warns is often written by other parts of a server than what accuses, and by other programs.
            String before = pattern.kind().warns()
                    ? BlockPattern.optional(rawCaptured)
                    : prefix.replace(ProgramName.TAG, ProgramName.CAPTURED);
            CompiledPattern.compile(before, pattern, problems).ifPresent(patterns::add);
        }
        CompiledPattern.checkSyntax("rawprefix", spec.rawprefix(), problems);
        Optional<LineRegex> rawprefix = BlockPattern.compilePrefix(spec.rawprefix(), problems);
        ProgramName program = new ProgramName(spec.programs());
        List<BlockPattern> blocks = new ArrayList<>();
        for (FilterSpec.Block block : spec.blocks()) {
            BlockPattern.compile(spec.rawprefix(), program, block, problems).ifPresent(blocks::add);
        }
        Optional<Glue> glue = rawprefix.flatMap(own -> Glue.compile(spec.rawprefix(), own, spec.glued(), problems));
        if (!problems.isEmpty()) {
            throw new FilterException(spec.name(), problems);
        }
        return new Filter(
                spec,
                program,
                formats,
                patterns,
                rawprefix.orElseThrow(),
                blocks,
                glue,
                Optional.empty(),
                new Recogniser(patterns, blocks, glue));
    }

    /** Returns the same filter, which believes only records whose time stamp holds this word. */
    public Filter withSecretWord(SecretWord word) {
        return new Filter(spec, program, formats, patterns, rawprefix, blocks, glue, Optional.of(word), recogniser);
    }

    /**
     * Returns the same filter for a server that syslog calls by one of these names, or by part of them, as well. What a line
     * says proves as much as under the filter's own names.
     */
    public Filter withPrograms(List<String> names) {
        return with(program.with(names));
    }

    /**
     * Returns the same filter for logs of which it is known that one program writes them, such as the journal's of a unit: what
     * it calls itself does not matter, unless that is the name of another.
     */
    public Filter withProvenProgram() {
        return with(program.proven());
    }

    private Filter with(ProgramName other) {
        return new Filter(spec, other, formats, patterns, rawprefix, blocks, glue, secretWord, recogniser);
    }

    /** Returns whether records without a secret word in their time stamp accuse nobody. */
    public boolean hasSecretWord() {
        return secretWord.isPresent();
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
        Line record = unwrap(line);
        for (TimeFormat format : formats) {
            Optional<Stamp> stamp = format.read(record, zone);
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
        FirstLook look = look();
        return look.at(line) ? match(look, zone) : Optional.empty();
    }

    /** Returns what looks at lines for this filter. */
    FirstLook look() {
        return new FirstLook(program, recogniser, formats, glue);
    }

    /** Returns what the line says that was looked at. */
    Optional<Match> match(FirstLook look, ZoneId zone) {
        Line record = look.record();
        for (int i = 0; i < formats.size() && record.length() <= MAX_LINE_BYTES; i++) {
            int[] candidates = look.candidates(i);
            if (candidates.length == 0 || candidates[0] >= patterns.size() || !isBelieved(record, look.end(i))) {
                continue;
            }
            if (look.isStamp(i, zone)) {
                OptionalLong millis = look.millis(i, zone);
                boolean stamped = formats.get(i) != TimeFormat.NONE;
                Optional<Match> match = verdict.of(look.rest(i), candidates, look.lead(i), time(millis), stamped);
                if (match.isPresent()) {
                    return look.isGlued() ? match.map(Match::disbelieved) : match;
                }
            }
        }
        return look.isGlued()
                ? Optional.of(Match.suspicious(Glue.NAME, Optional.empty(), record.arrival(), record.isLive()))
                : Optional.empty();
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

    /** Returns the patterns of all kinds. */
    List<CompiledPattern> patterns() {
        return patterns;
    }

    /** Returns the blocks. */
    List<BlockPattern> blocks() {
        return blocks;
    }

    /** Returns whether the line begins like a record where line breaks get through, whoever wrote it. */
    boolean isRecord(Line line, ZoneId zone) {
        return formats.stream()
                .flatMap(format -> stamp(format, line, zone).stream())
                .anyMatch(stamp -> rawprefix.isOn(line, stamp.end()));
    }

    /** Returns how this block begins on the line that was looked at, if it does. */
    Optional<BlockPattern.Begin> begin(BlockPattern block, FirstLook look, ZoneId zone) {
        if (!look.mayBegin(block)) {
            return Optional.empty();
        }
        for (int i = 0; i < formats.size(); i++) {
            if (Arrays.binarySearch(look.candidates(i), block.number()) >= 0
                    && isBelieved(look.record(), look.end(i))
                    && look.isStamp(i, zone)) {
                Optional<BlockPattern.Begin> begin = block.begin(look.rest(i), look.end(i));
                if (begin.isPresent()) {
                    return begin;
                }
            }
        }
        return Optional.empty();
    }

    /** Returns what tells where messages are glued to others, if the filter's server does so. */
    Optional<Glue> glue() {
        return glue;
    }

    /** Returns whether it can tell which message stands last on a line of several. */
    boolean tellsLast() {
        return glue.filter(Glue::tellsStarts).isPresent();
    }

    /** Returns whether the time stamp that ends here may be believed. */
    boolean isBelieved(Line record, int stampEnd) {
        return secretWord.isEmpty() || secretWord.get().isIn(record, stampEnd);
    }

    /** Returns the names of all patterns that do not only warn and that match a line, whatever {@link #match} makes of them. */
    List<String> patternsOf(Line line, ZoneId zone) {
        Line record = unwrap(line);
        return formats.stream()
                .flatMap(format -> format.read(record, zone).stream()
                        .map(stamp -> record.rest(stamp.end()))
                        .flatMap(rest -> patterns.stream()
                                .filter(pattern -> !pattern.kind().warns())
                                .filter(pattern -> pattern.read(rest, NOWHERE)
                                        .filter(reading -> verdict.isBelieved(reading, format != TimeFormat.NONE))
                                        .isPresent())
                                .map(CompiledPattern::name)))
                .distinct()
                .toList();
    }

    /** Returns the line that a record in JSON stands for, a container's or a server's. */
    private Line unwrap(Line line) {
        return unwrapServers(unwrapCarrier(line));
    }

    /** Returns what a server printed, if the line is a container's record of it. */
    Line unwrapCarrier(Line line) {
        return ContainerLog.unwrap(line, program);
    }

    /** Returns the line that a server's record in JSON stands for. */
    static Line unwrapServers(Line line) {
        return SentryPeerJson.unwrap(AsteriskJson.unwrap(line));
    }

    /** Returns the stamp of a line that may be believed. */
    private Optional<Stamp> stamp(TimeFormat format, Line line, ZoneId zone) {
        return format.read(line, zone).filter(found -> isBelieved(line, found.end()));
    }

    private static Optional<Instant> time(OptionalLong millis) {
        return millis.isPresent() ? Optional.of(Instant.ofEpochMilli(millis.getAsLong())) : Optional.empty();
    }
}

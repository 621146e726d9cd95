package org.sipward.filter;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sipward.filter.FilterException.Problem;
import org.sipward.source.Line;
import org.sipward.source.LineSplitter;
import org.sipward.stamp.SecretWord;
import org.sipward.stamp.TimeFormat;

/**
 * What the failures and successes in one kind of log look like. {@link #reader} reads a log with it.
 *
 * <p>A line is a record if one of the filter's time stamps stands at its very start. The prefix must follow the stamp,
 * and a message must follow the prefix, so no text of a caller can begin a record in the middle of a line. A line from
 * which two different addresses could be read accuses nobody.
 *
 * <p>Thread-safe, and immutable except for the automaton of the {@link Recogniser}, which grows as it reads.
 */
public final class Filter {
    /** Longer lines say nothing: see {@link LineSplitter}. */
    public static final int MAX_LINE_BYTES = LineSplitter.MAX_LINE_BYTES;

    private final FilterSpec spec;
    private final Optional<JsonFormat> json;
    private final ProgramName program;
    private final List<TimeFormat> formats;
    private final LineRegex rawprefix;
    private final Optional<Glue> glue;
    private final Optional<SecretWord> secretWord;
    private final Recogniser recogniser;

    private Filter(
            FilterSpec spec,
            Optional<JsonFormat> json,
            ProgramName program,
            List<TimeFormat> formats,
            LineRegex rawprefix,
            Optional<Glue> glue,
            Optional<SecretWord> secretWord,
            Recogniser recogniser) {
        this.spec = spec;
        this.json = json;
        this.program = program;
        this.formats = List.copyOf(formats);
        this.rawprefix = rawprefix;
        this.glue = glue;
        this.secretWord = secretWord;
        this.recogniser = recogniser;
    }

    /**
     * Compiles a filter.
     *
     * @throws FilterException with everything that is wrong with the filter
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
                            () -> problems.add(new Problem(
                                    "time", name, "is not a time stamp", "one or more of " + timeFormats())));
        }
        if (spec.time().isEmpty()) {
            problems.add(new Problem("time", "", "is missing", "one or more of " + timeFormats()));
        }
        Optional<JsonFormat> json = JsonFormat.named(spec.json());
        if (json.isEmpty() && !spec.json().isEmpty()) {
            problems.add(
                    new Problem("json", spec.json(), "is not a known kind of JSON", "one of " + JsonFormat.names()));
        }
        if (spec.prefix().contains("<ADDR>") || spec.prefix().contains("<HOST>")) {
            problems.add(new Problem("prefix", spec.prefix(), "has an address", "addresses belong into the patterns"));
        }
        CompiledPattern.checkSyntax("prefix", spec.prefix(), problems);
        String prefix = spec.prefix().startsWith("^") ? spec.prefix().substring(1) : spec.prefix();
        String rawCaptured = spec.rawprefix().replace(ProgramName.TAG, ProgramName.CAPTURED);
        List<CompiledPattern> patterns = new ArrayList<>();
        for (FilterSpec.Pattern pattern : spec.patterns()) {
            // Other parts of the server, or other programs, often write the lines that only warn.
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
            BlockPattern.compile(spec.rawprefix(), block, blocks.size(), problems)
                    .ifPresent(blocks::add);
        }
        Optional<Glue> glue = rawprefix.flatMap(own -> Glue.compile(spec.rawprefix(), own, spec.glued(), problems));
        if (!problems.isEmpty()) {
            throw new FilterException(spec.name(), problems);
        }
        return new Filter(
                spec,
                json,
                program,
                formats,
                rawprefix.orElseThrow(),
                glue,
                Optional.empty(),
                new Recogniser(patterns, blocks, glue));
    }

    /** Returns the same filter, which believes only records whose time stamp holds this word. */
    public Filter withSecretWord(SecretWord word) {
        return new Filter(spec, json, program, formats, rawprefix, glue, Optional.of(word), recogniser);
    }

    /**
     * Returns the same filter for a server that syslog calls by one of these names, or by a name that holds one of
     * them. Lines of these programs prove as much as lines of the programs that the filter itself names.
     */
    public Filter withPrograms(List<String> names) {
        return with(program.with(names));
    }

    /**
     * Returns the same filter for logs that are known to be written by one program, such as the journal of a unit: the
     * name of the program does not matter then, unless it is the name of another server.
     */
    public Filter withProvenProgram() {
        return with(program.proven());
    }

    private Filter with(ProgramName other) {
        return new Filter(spec, json, other, formats, rawprefix, glue, secretWord, recogniser);
    }

    /**
     * Begins to read a log.
     *
     * @param zone of time stamps that name none
     */
    public LogReader reader(ZoneId zone) {
        return new LogReader(this, zone);
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

    /** Returns the filter as its file has it. */
    public FilterSpec spec() {
        return spec;
    }

    List<TimeFormat> formats() {
        return formats;
    }

    Recogniser recogniser() {
        return recogniser;
    }

    List<BlockPattern> blocks() {
        return recogniser.blocks();
    }

    ProgramName program() {
        return program;
    }

    LineRegex rawprefix() {
        return rawprefix;
    }

    /** Returns the kind of JSON that the filter reads, if any. */
    Optional<JsonFormat> json() {
        return json;
    }

    /** Returns the plain text of a record in JSON that the filter reads. Returns any other line as it is. */
    Line unwrapJson(Line line) {
        return json.isEmpty() ? line : json.get().unwrap(line);
    }

    /** Returns the glue, if the filter's server may put two messages on one line. */
    Optional<Glue> glue() {
        return glue;
    }

    /** Returns whether the last message can be found on a line of several. */
    boolean tellsLast() {
        return glue.filter(Glue::tellsStarts).isPresent();
    }

    /** Returns whether the time stamp that ends here may be believed: it holds the secret word, if there is one. */
    boolean isBelieved(Line record, int stampEnd) {
        return secretWord.isEmpty() || secretWord.get().isIn(record, stampEnd);
    }
}

package org.sipward.filter;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sipward.filter.FilterException.Problem;
import org.sipward.net.IpAddress;
import org.sipward.regex.Lead;
import org.sipward.regex.PatternSet;
import org.sipward.source.Line;

/** How one kind of block begins and ends. Immutable and thread-safe. */
final class BlockPattern implements Candidate {
    /**
     * The server states how many bytes a block has; its end marker follows them, and the carrier's part varies by a
     * few.
     */
    private static final int SLACK = 64;

    private static final List<String> GROUPS = List.of("lead", "raw", "text", "bytes", "addr", "syslog");
    private static final int LEAD = 0;
    private static final int RAW = 1;
    private static final int TEXT = 2;
    private static final int BYTES = 3;
    private static final int CALLER = 4;
    private static final int SYSLOG = 5;

    private final FilterSpec.Block spec;
    private final int index;
    private final Literal literal;
    private final Optional<PatternSet.Pattern> expression;
    private final Optional<PatternSet.Pattern> whole;
    private final Groups begin;
    private final boolean knowsRaw;
    private final Optional<LineRegex> end;
    /** Matches an end of the block, whole or what remains of it: one pass over each line behind its begin. */
    private final Optional<LineRegex> shownEnd;
    /** Matches a line that has the begin anywhere; only hostile logs need it. */
    private final Lazy<LineRegex> within;
    /** Matches a line that has the begin anywhere, and the end behind it. */
    private final Lazy<LineRegex> wholeWithin;

    private BlockPattern(
            FilterSpec.Block spec,
            int index,
            Re2 begin,
            Optional<Re2> end,
            Optional<PatternSet.Pattern> whole,
            Optional<Re2> remains,
            String rawprefix) {
        this.spec = spec;
        this.index = index;
        this.literal = Literal.of(expand(spec.begin().substring(1)));
        this.expression = begin.forAutomaton(GROUPS, false, true);
        this.whole = whole;
        this.begin = new Groups(begin, GROUPS, 0, true);
        this.knowsRaw = begin.has("raw");
        this.end = end.map(regex -> new LineRegex(spec.end().substring(1), regex));
        this.shownEnd = remains.isEmpty() ? this.end : Optional.of(LineRegex.of("", endOrRemains(spec)));
        String begun = plain(rawprefix) + plain(spec.begin());
        String ended = spec.end().isEmpty() ? "$" : spec.end().substring(1);
        this.within = new Lazy<>(() -> LineRegex.of(".*", begun));
        this.wholeWithin = new Lazy<>(() -> LineRegex.of(".*" + begun, ended));
    }

    private BlockPattern(BlockPattern same, Groups begin) {
        this.spec = same.spec;
        this.index = same.index;
        this.literal = same.literal;
        this.expression = same.expression;
        this.whole = same.whole;
        this.begin = begin;
        this.knowsRaw = same.knowsRaw;
        this.end = same.end;
        this.shownEnd = same.shownEnd;
        this.within = same.within;
        this.wholeWithin = same.wholeWithin;
    }

    /** Returns the same block, whose begin this automaton finds, in which it has this index. */
    BlockPattern foundBy(PatternSet automaton, int indexOfBegin) {
        return new BlockPattern(this, begin.foundBy(automaton, indexOfBegin));
    }

    /** Returns the piece of a pattern for a rawprefix that may be missing. */
    static String optional(String rawprefix) {
        return rawprefix.isEmpty() ? "" : "(?:" + before(rawprefix) + ")?";
    }

    /** Returns the piece of a pattern for a rawprefix. */
    static String before(String rawprefix) {
        return expand(unanchored(rawprefix));
    }

    /** Compiles a rawprefix. If anything is wrong with it, adds that to the problems and returns empty. */
    static Optional<LineRegex> compilePrefix(String rawprefix, List<Problem> problems) {
        return compile("rawprefix", rawprefix, before(rawprefix), "", problems)
                .map(regex -> new LineRegex(before(rawprefix), regex));
    }

    private static String unanchored(String regex) {
        return regex.startsWith("^") ? regex.substring(1) : regex;
    }

    /**
     * Compiles a block. If anything is wrong with it, adds that to the problems and returns empty.
     *
     * @param index the block's index among those of its filter
     */
    static Optional<BlockPattern> compile(String rawprefix, FilterSpec.Block spec, int index, List<Problem> problems) {
        List<Problem> found = new ArrayList<>();
        check(spec.path("begin"), spec.begin().replaceFirst("<ADDR>", ""), found);
        check(spec.path("end"), spec.end(), found);
        check(spec.path("remains"), spec.remains(), found);
        problems.addAll(found);
        if (!found.isEmpty()) {
            return Optional.empty();
        }
        Optional<Re2> begin = compile(
                spec.path("begin"),
                spec.begin(),
                before(rawprefix.replace(ProgramName.TAG, ProgramName.CAPTURED)),
                expand(spec.begin().substring(1)),
                problems);
        Optional<Re2> end = compile(spec.path("end"), spec.end(), problems);
        Optional<Re2> remains = compile(spec.path("remains"), spec.remains(), problems);
        if (begin.isEmpty() || (end.isEmpty() && !spec.end().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(
                new BlockPattern(spec, index, begin.get(), end, wholeOf(rawprefix, spec), remains, rawprefix));
    }

    private static Optional<Re2> compile(String path, String regex, List<Problem> problems) {
        return regex.isEmpty() ? Optional.empty() : compile(path, regex, "", regex.substring(1), problems);
    }

    private static String endOrRemains(FilterSpec.Block spec) {
        // Both may have a group of the same name.
        String remains = "(?:" + unnamed(spec.remains().substring(1)) + ")";
        return spec.end().isEmpty() ? remains : "(?:" + unnamed(spec.end().substring(1)) + ")|" + remains;
    }

    private static Optional<PatternSet.Pattern> wholeOf(String rawprefix, FilterSpec.Block spec) {
        if (!isWholeAlone(spec) || spec.end().isEmpty()) {
            return Optional.empty();
        }
        String begin = expand(spec.begin().substring(1));
        String end = spec.end().substring(1);
        return Re2.of(before(rawprefix), "(?:" + begin + ")(?:" + end + ")").forAutomaton(List.of(), false);
    }

    private static void check(String path, String regex, List<Problem> problems) {
        if (!regex.isEmpty() && !regex.startsWith("^")) {
            problems.add(new Problem(path, regex, "is not anchored", "begin it with ^"));
        }
        if (regex.contains("<ADDR>") || regex.contains("<HOST>")) {
            problems.add(new Problem(path, regex, "has an address", "addresses belong into the patterns"));
        }
        CompiledPattern.checkSyntax(path, regex, problems);
    }

    /**
     * Compiles a message behind a prefix. If anything is wrong with it, adds that to the problems and returns empty.
     */
    static Optional<Re2> compile(String path, String regex, String prefix, String message, List<Problem> problems) {
        try {
            return Optional.of(Re2.of(prefix, message));
        } catch (PatternSyntaxException e) {
            problems.add(CompiledPattern.notRe2(path, regex, e));
            return Optional.empty();
        }
    }

    /** Returns a piece of a pattern with its groups made unnamed. */
    private static String plain(String regex) {
        return "(?:" + unnamed(expand(unanchored(regex))) + ")";
    }

    private static String unnamed(String regex) {
        return regex.replaceAll("(?<!\\\\)\\(\\?P?<\\w+>", "(?:");
    }

    private static String expand(String regex) {
        return regex.replace("<ADDR>", CompiledPattern.ADDRESS)
                .replace(ProgramName.TAG, ProgramName.HEADER)
                .replace("<F-LEAD>", "(?P<lead>")
                .replace("</F-LEAD>", ")")
                .replace("<F-RAW>", "(?P<raw>")
                .replace("</F-RAW>", ")")
                .replace("<F-TEXT>", "(?P<text>)")
                .replace("<F-BYTES>", "(?P<bytes>")
                .replace("</F-BYTES>", ")");
    }

    /** Returns the bit that stands for this block in a set of blocks. */
    long bit() {
        return Numbers.bit(index);
    }

    String name() {
        return spec.name();
    }

    /** Returns the most bytes that the block can have. */
    int bytes() {
        return spec.bytes();
    }

    boolean isJoined() {
        return spec.join();
    }

    boolean isHeld() {
        return spec.hold();
    }

    boolean isShort() {
        return spec.isShort();
    }

    /**
     * Returns whether a line with both the begin and the end is harmless: it hides nothing, and casts no doubt on later
     * lines.
     */
    boolean isWholeAlone() {
        return isWholeAlone(spec);
    }

    private static boolean isWholeAlone(FilterSpec.Block spec) {
        return (spec.join() || spec.isShort()) && !spec.hold();
    }

    @Override
    public boolean mayMatch(Line line) {
        return literal.isIn(line);
    }

    /**
     * Returns how the block begins on a line, if it does.
     *
     * @param rest the line behind its time stamp
     * @param lead how far the automaton has read the rest before anything could begin
     * @param stampEnd how many bytes of the line that stamp has
     * @param program judges the program that syslog names on the line: no block begins on another program's line
     */
    Optional<Begin> begin(Line rest, Lead lead, int stampEnd, ProgramName program) {
        Optional<Groups.Found> match = begin.find(rest, lead);
        if (match.isEmpty()) {
            return Optional.empty();
        }
        Groups.Found found = match.get();
        if (program.sender(found.text(SYSLOG).orElse("")) == ProgramName.Sender.OTHER) {
            return Optional.empty();
        }
        boolean indented = knowsRaw && found.end(LEAD) > 0 && found.end(RAW) < 0;
        if (indented && !isJoined() && !isHeld() && !isShort()) {
            return Optional.empty();
        }
        int carrier = found.end(LEAD) > 0 ? stampEnd + found.end(LEAD) : 0;
        int counted = found.end(TEXT);
        int most = bytes(found);
        boolean cut = counted >= 0 && most == spec.bytes();
        int end = stampEnd + found.end();
        // The caller's text may begin with a bracket, which must not hide the end behind it.
        boolean bracket = found.end() < rest.length() && rest.charAt(found.end()) == '[';
        int text = counted < 0 ? carrier : stampEnd + counted;
        // If a short message has lost its end, the next message follows on its line, and may go on behind that.
        int from = isShort() ? stampEnd + rest.length() : text;
        return Optional.of(new Begin(
                carrier, from, most, cut, bracket ? end + 1 : end, CompiledPattern.address(rest, found, CALLER)));
    }

    /** Returns the most bytes that the block can have: fewer than usual if the server states how many. */
    private int bytes(Groups.Found found) {
        String stated = found.text(BYTES).orElse("");
        if (stated.isEmpty() || stated.length() > 5) {
            return spec.bytes();
        }
        // The rest of the line comes before the stated bytes, and the end marker behind them.
        int behind = found.end() - Math.max(found.end(TEXT), 0);
        return Math.min(spec.bytes(), Integer.parseInt(stated) + behind + SLACK);
    }

    @Override
    public Groups groups() {
        return begin;
    }

    @Override
    public Optional<PatternSet.Pattern> expression() {
        return expression;
    }

    /**
     * Returns the expression for a line with both the begin and the end, if that matters and an automaton understands
     * it.
     */
    Optional<PatternSet.Pattern> whole() {
        return whole;
    }

    /**
     * Returns whether the block may have begun on a line of several messages, and go on behind that line.
     *
     * @param end the last bytes of the line, as many as can belong to the block
     */
    boolean mayGoOn(Line end) {
        return literal.isIn(end)
                && within.get().isOn(end, 0)
                && !(isWholeAlone() && wholeWithin.get().isOn(end, 0));
    }

    /**
     * Returns whether the block may end on this line.
     *
     * @param from where in the line to look
     */
    boolean ends(Line line, int from) {
        return end.isPresent() && end.get().isOn(line, from);
    }

    /** Returns whether the line may hold an end of the block, or what remains of an end that was cut. */
    boolean showsEnd(Line line, int from) {
        return shownEnd.isPresent() && shownEnd.get().isOn(line, from);
    }

    /**
     * How a block begins on a line.
     *
     * @param carrier how many bytes at the start of each of its lines are the carrier's
     * @param text where in the line the block's bytes begin to count
     * @param bytes the most bytes that the block can have from there
     * @param cut whether the server cuts a longer block after exactly that many bytes, and ends the line there
     * @param end from where in the line to look for the end
     * @param caller the caller's address, if the begin names it
     */
    record Begin(int carrier, int text, int bytes, boolean cut, int end, Optional<IpAddress> caller) {
        /**
         * Returns the begin of a block that may have begun anywhere on a line: all its bytes may come behind that line.
         */
        static Begin behind(Line line, int carrier, int bytes) {
            return new Begin(carrier, line.length(), bytes, false, line.length(), Optional.empty());
        }
    }
}

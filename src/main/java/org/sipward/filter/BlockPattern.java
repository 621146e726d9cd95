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
final class BlockPattern {
    /** For the end marker behind the bytes that a server states, and a carrier's part that varies by a few. */
    private static final int SLACK = 64;

    private static final List<String> GROUPS = List.of("lead", "raw", "text", "bytes", "addr", "syslog");

    private final FilterSpec.Block spec;
    private final Literal beginLiteral;
    private final Optional<PatternSet.Pattern> expression;
    private final Optional<PatternSet.Pattern> whole;
    private final Groups begin;
    private final Optional<LineRegex> end;
    private final Optional<LineRegex> remains;
    /** Its begin, and its begin and end, anywhere on a line; made where they are needed, which is seldom. */
    private final Lazy within;

    private final Lazy wholeWithin;
    private int number;
    private final boolean knowsRaw;
    private final int lead;
    private final int raw;
    private final int text;
    private final int bytes;
    private final int sender;
    private final int syslog;
    private final ProgramName program;

    private BlockPattern(
            FilterSpec.Block spec,
            Re2 begin,
            Optional<Re2> end,
            Optional<PatternSet.Pattern> whole,
            Optional<Re2> remains,
            ProgramName program,
            String rawprefix) {
        this.spec = spec;
        this.program = program;
        String begun = plain(rawprefix) + plain(spec.begin());
        this.within = new Lazy(".*", begun);
        this.wholeWithin =
                new Lazy(".*" + begun, spec.end().isEmpty() ? "$" : spec.end().substring(1));
        this.whole = whole;
        this.expression = begin.forAutomaton(GROUPS, false);
        this.beginLiteral = Literal.of(expand(spec.begin().substring(1)));
        this.begin = new Groups(begin, GROUPS, 0, true);
        this.knowsRaw = begin.has("raw");
        this.lead = this.begin.number("lead");
        this.raw = this.begin.number("raw");
        this.text = this.begin.number("text");
        this.bytes = this.begin.number("bytes");
        this.sender = this.begin.number("addr");
        this.syslog = this.begin.number("syslog");
        this.end = end.map(regex -> new LineRegex(spec.end().substring(1), regex));
        this.remains = remains.map(regex -> new LineRegex(spec.remains().substring(1), regex));
    }

    /** Returns what may stand before a message and need not, as a piece of a pattern. */
    static String optional(String rawprefix) {
        return rawprefix.isEmpty() ? "" : "(?:" + before(rawprefix) + ")?";
    }

    /** Returns what stands before a message, as a piece of a pattern. */
    static String before(String rawprefix) {
        return expand(unanchored(rawprefix));
    }

    /** Compiles what stands before a message that can hold line breaks. */
    static Optional<LineRegex> compilePrefix(String rawprefix, List<Problem> problems) {
        return compile("rawprefix", rawprefix, before(rawprefix), "", problems)
                .map(regex -> new LineRegex(before(rawprefix), regex));
    }

    private static String unanchored(String regex) {
        return regex.startsWith("^") ? regex.substring(1) : regex;
    }

    /** Compiles a block; what is wrong with it is added to the problems, and then nothing is returned. */
    static Optional<BlockPattern> compile(
            String rawprefix, ProgramName program, FilterSpec.Block spec, List<Problem> problems) {
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
                new BlockPattern(spec, begin.get(), end, wholeOf(rawprefix, spec), remains, program, rawprefix));
    }

    private static Optional<Re2> compile(String path, String regex, List<Problem> problems) {
        return regex.isEmpty() ? Optional.empty() : compile(path, regex, "", regex.substring(1), problems);
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

    /** Compiles a message behind a prefix; what is wrong with it is added to the problems, and then nothing is returned. */
    static Optional<Re2> compile(String path, String regex, String prefix, String message, List<Problem> problems) {
        try {
            return Optional.of(Re2.of(prefix, message));
        } catch (PatternSyntaxException e) {
            problems.add(CompiledPattern.notRe2(path, regex, e));
            return Optional.empty();
        }
    }

    /** Returns a piece of a pattern without its groups. */
    private static String plain(String regex) {
        String inner = expand(unanchored(regex)).replaceAll("\\(\\?P<[a-z]+>", "(?:");
        return "(?:" + inner + ")";
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

    /** Returns the number by which the filter's {@link Recogniser} calls it. */
    int number() {
        return number;
    }

    /** Gives it the number by which the filter's recogniser calls it; once, before it is used. */
    void number(int given) {
        number = given;
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

    /** Returns whether a line on which the block begins and ends lets nothing through, and puts nothing behind it in doubt. */
    boolean isWholeAlone() {
        return isWholeAlone(spec);
    }

    private static boolean isWholeAlone(FilterSpec.Block spec) {
        return (spec.join() || spec.isShort()) && !spec.hold();
    }

    /** Returns whether the block may begin on the line; false is certain, and cheap. */
    boolean mayBegin(Line line) {
        return beginLiteral.isIn(line);
    }

    /**
     * Returns how the block begins on a line, if it does.
     *
     * @param rest the line behind its time stamp
     * @param stampEnd how many bytes of the line that stamp has
     */
    Optional<Begin> begin(Line rest, int stampEnd) {
        Optional<Groups.Found> match = begin.find(rest, new Lead());
        if (match.isEmpty()) {
            return Optional.empty();
        }
        Groups.Found found = match.get();
        if (program.sender(found.text(syslog).orElse("")) == ProgramName.Sender.OTHER) {
            return Optional.empty();
        }
        boolean indented = knowsRaw && found.end(lead) > 0 && found.end(raw) < 0;
        if (indented && !isJoined() && !isHeld() && !isShort()) {
            return Optional.empty();
        }
        int carrier = found.end(lead) > 0 ? stampEnd + found.end(lead) : 0;
        int counted = found.end(text);
        int most = bytes(found);
        boolean cut = counted >= 0 && most == spec.bytes();
        int end = stampEnd + found.end();
        // An end that must not begin like a record may still follow a bracket of the sender's.
        boolean bracket = found.end() < rest.length() && rest.charAt(found.end()) == '[';
        int text = counted < 0 ? carrier : stampEnd + counted;
        // What is glued to a short message whose end was lost begins behind it.
        int from = isShort() ? stampEnd + rest.length() : text;
        return Optional.of(new Begin(
                carrier, from, most, cut, bracket ? end + 1 : end, CompiledPattern.address(rest, found, sender)));
    }

    /** Returns the most bytes that the block can have: those that the server states, if it does. */
    private int bytes(Groups.Found found) {
        String stated = found.text(bytes).orElse("");
        if (stated.isEmpty() || stated.length() > 5) {
            return spec.bytes();
        }
        // The rest of the line stands before the stated bytes, and the marker behind them.
        int behind = found.end() - Math.max(found.end(text), 0);
        return Math.min(spec.bytes(), Integer.parseInt(stated) + behind + SLACK);
    }

    /** Returns what finds the groups of the block's begin. */
    Groups groups() {
        return begin;
    }

    /** Returns the block's begin as an automaton can be made of it, if it can. */
    Optional<PatternSet.Pattern> expression() {
        return expression;
    }

    /** Returns what matches a line on which the block begins and ends, if that matters and an automaton can be made of it. */
    Optional<PatternSet.Pattern> whole() {
        return whole;
    }

    /**
     * Returns whether the block may have begun on a line where several messages stand, and go on behind it.
     *
     * @param end the last bytes of the line, as many as can belong to it
     */
    boolean mayGoOn(Line end) {
        return beginLiteral.isIn(end)
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

    /** Returns whether the line may hold an end of the block, whole or what remains of it. */
    boolean showsEnd(Line line, int from) {
        return ends(line, from) || (remains.isPresent() && remains.get().isOn(line, from));
    }

    /**
     * How a block begins on a line.
     *
     * @param carrier how many bytes at the start of each of its lines are the carrier's
     * @param text where in the line its bytes begin to count
     * @param bytes the most that it can have from there
     * @param cut whether the server cuts a longer one at exactly that many bytes, and ends the line there
     * @param end where in the line the end may be looked for
     * @param sender the address that the begin names, if it does
     */
    record Begin(int carrier, int text, int bytes, boolean cut, int end, Optional<IpAddress> sender) {
        /** Returns how one begins that may have begun anywhere on a line, so that it may have all its bytes behind that. */
        static Begin behind(Line line, int carrier, int bytes) {
            return new Begin(carrier, line.length(), bytes, false, line.length(), Optional.empty());
        }
    }
}

package org.sipward.filter;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sipward.filter.FilterException.Problem;
import org.sipward.source.Line;

/** How one kind of block begins and ends. Immutable and thread-safe. */
final class BlockPattern {
    /** For the end marker behind the bytes that a server states, and a carrier's part that varies by a few. */
    private static final int SLACK = 64;

    private final FilterSpec.Block spec;
    private final Literal beginLiteral;
    private final Pattern begin;
    private final Literal endLiteral;
    private final Pattern end;

    private BlockPattern(FilterSpec.Block spec, Pattern begin, Pattern end) {
        this.spec = spec;
        this.beginLiteral = Literal.of(expand(spec.begin().substring(1)));
        this.begin = begin;
        this.endLiteral = Literal.of(spec.end().substring(1));
        this.end = end;
    }

    /** Compiles what stands before a message that can hold line breaks. */
    static Optional<Pattern> compilePrefix(String rawprefix, List<Problem> problems) {
        return compile("rawprefix", rawprefix, "(?:" + expand(unanchored(rawprefix)) + ")", problems);
    }

    private static String unanchored(String regex) {
        return regex.startsWith("^") ? regex.substring(1) : regex;
    }

    /** Compiles a block; what is wrong with it is added to the problems, and then nothing is returned. */
    static Optional<BlockPattern> compile(String rawprefix, FilterSpec.Block spec, List<Problem> problems) {
        List<Problem> found = new ArrayList<>();
        check(spec.path("begin"), spec.begin(), found);
        check(spec.path("end"), spec.end(), found);
        problems.addAll(found);
        if (!found.isEmpty()) {
            return Optional.empty();
        }
        Optional<Pattern> begin = compile(
                spec.path("begin"),
                spec.begin(),
                "(?:" + expand(unanchored(rawprefix)) + ")(?:"
                        + expand(spec.begin().substring(1)) + ")",
                problems);
        Optional<Pattern> end =
                compile(spec.path("end"), spec.end(), "(?:" + spec.end().substring(1) + ")", problems);
        return begin.isPresent() && end.isPresent()
                ? Optional.of(new BlockPattern(spec, begin.get(), end.get()))
                : Optional.empty();
    }

    private static void check(String path, String regex, List<Problem> problems) {
        if (!regex.startsWith("^")) {
            problems.add(new Problem(path, regex, "is not anchored", "begin it with ^"));
        }
        if (regex.contains("<ADDR>") || regex.contains("<HOST>")) {
            problems.add(new Problem(path, regex, "has an address", "addresses belong into the patterns"));
        }
        CompiledPattern.checkSyntax(path, regex, problems);
    }

    private static Optional<Pattern> compile(String path, String regex, String whole, List<Problem> problems) {
        try {
            return Optional.of(Pattern.compile(whole, Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            problems.add(new Problem(
                    path,
                    regex,
                    "is not a regular expression that RE2 knows: " + e.getDescription(),
                    "see https://github.com/google/re2/wiki/Syntax"));
            return Optional.empty();
        }
    }

    private static String expand(String regex) {
        return regex.replace("<F-LEAD>", "(?P<lead>")
                .replace("</F-LEAD>", ")")
                .replace("<F-RAW>", "(?P<raw>")
                .replace("</F-RAW>", ")")
                .replace("<F-TEXT>", "(?P<text>)")
                .replace("<F-BYTES>", "(?P<bytes>")
                .replace("</F-BYTES>", ")");
    }

    String name() {
        return spec.name();
    }

    boolean isJoined() {
        return spec.join();
    }

    boolean isHeld() {
        return spec.hold();
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
        Matcher matcher = begin.matcher(rest);
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        boolean indented =
                begin.namedGroups().containsKey("raw") && index(matcher, "lead") > 0 && index(matcher, "raw") < 0;
        if (indented && !isJoined() && !isHeld()) {
            return Optional.empty();
        }
        int lead = index(matcher, "lead");
        int carrier = lead > 0 ? stampEnd + lead : 0;
        int text = index(matcher, "text");
        int bytes = bytes(matcher);
        boolean cut = text >= 0 && bytes == spec.bytes();
        int end = stampEnd + matcher.end();
        // An end that must not begin like a record may still follow a bracket of the sender's.
        boolean bracket = matcher.end() < rest.length() && rest.charAt(matcher.end()) == '[';
        return Optional.of(
                new Begin(carrier, text < 0 ? carrier : stampEnd + text, bytes, cut, bracket ? end + 1 : end));
    }

    /** Returns the index behind a group, or -1 if there is none or it took no part. */
    private int index(Matcher matcher, String group) {
        return begin.namedGroups().containsKey(group) ? matcher.end(group) : -1;
    }

    /** Returns the most bytes that the block can have: those that the server states, if it does. */
    private int bytes(Matcher matcher) {
        String stated = index(matcher, "bytes") < 0 ? "" : matcher.group("bytes");
        if (stated == null || stated.isEmpty() || stated.length() > 5) {
            return spec.bytes();
        }
        // The rest of the line stands before the stated bytes, and the marker behind them.
        int behind = matcher.end() - Math.max(index(matcher, "text"), 0);
        return Math.min(spec.bytes(), Integer.parseInt(stated) + behind + SLACK);
    }

    /**
     * Returns whether the block may end on this line.
     *
     * @param from where in the line to look
     */
    boolean ends(Line line, int from) {
        if (!endLiteral.isIn(line)) {
            return false;
        }
        Line text = new Line();
        text.set(line.buffer(), line.from() + Math.min(from, line.length()), line.to(), line.arrival(), line.isLive());
        return end.matcher(text).lookingAt();
    }

    /**
     * How a block begins on a line.
     *
     * @param carrier how many bytes at the start of each of its lines are the carrier's
     * @param text where in the line its bytes begin to count
     * @param bytes the most that it can have from there
     * @param cut whether the server cuts a longer one at exactly that many bytes, and ends the line there
     * @param end where in the line the end may be looked for
     */
    record Begin(int carrier, int text, int bytes, boolean cut, int end) {}
}

package org.sipward.filter;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sipward.filter.FilterException.Problem;
import org.sipward.net.IpAddress;
import org.sipward.regex.Lead;
import org.sipward.regex.PatternSet;
import org.sipward.source.Line;

/**
 * One pattern of a filter behind the filter's prefix. It must match from the end of the time stamp on.
 *
 * <p>Some lines can be read in several ways: in {@code user 'x' from 192.0.2.1' from 203.0.113.7}, both addresses may
 * stand behind the user. Such a line is read twice, with the repetitions as greedy as written and the other way round,
 * which gives the first and the last place for an address. If the places differ, the caller has written an address into
 * the line, and nobody knows which address is the server's. That holds even if both places have the same address: the
 * server's may stand between them.
 *
 * <p>Immutable and thread-safe.
 */
final class CompiledPattern implements Candidate {
    /**
     * The expression for {@code <ADDR>}: an address, in brackets or not. Its own repetitions stay greedy when the
     * pattern is {@linkplain Re2#turned turned}, or it would find half an address. The text that it finds is parsed
     * strictly.
     */
    static final String ADDRESS = "(?-U:\\[?(?P<addr>"
            + "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\b|[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]*)\\]?)";

    /** The group of each tag: for the caller's words, for a proof of the address, and for an excuse. */
    private static final Map<String, String> TAGS = Map.of(
            "F-USER",
            "user",
            "F-MLFID",
            "session",
            "F-NUMBER",
            "number",
            "F-AGENT",
            "agent",
            "F-PROVEN",
            "proven",
            "F-PING",
            "ping",
            "F-STALE",
            "stale");

    /** Our words for re2j's "internal error", which it reports for the end of something that did not begin. */
    private static final String UNMATCHED = "brackets that do not belong together";

    /** What to do about an error, by the beginning of re2j's message. */
    private static final Map<String, String> MENDS = Map.of(
            "missing closing )",
            "close the ( that is open, or write \\( for the character",
            "missing closing ]",
            "close the [ that is open, or write \\[ for the character",
            UNMATCHED,
            "close each ( and [, or write \\( \\) \\[ or \\] for the character",
            "missing argument to repetition operator",
            "write what is repeated before it, or \\*, \\+ or \\? for the character",
            "trailing backslash",
            "write \\\\ for the character");

    /** Finds patterns that begin with any text at all before the address. */
    private static final Pattern ANYTHING =
            Pattern.compile("^\\^(?:\\((?:\\?:)?)*\\.(?:[*+]|\\{[01],\\})\\??\\)*<(?:ADDR|HOST)>");

    private final FilterSpec.Pattern spec;
    private final Literal literal;
    private final Optional<Re2> turned;
    private final Optional<PatternSet.Pattern> expression;
    private final Groups groups;
    private final int address;
    private final int user;
    private final int session;
    private final int number;
    private final int agent;
    private final int proof;
    private final int ping;
    private final int stale;
    private final int syslog;

    private CompiledPattern(
            FilterSpec.Pattern spec,
            Literal literal,
            Optional<Re2> turned,
            Optional<PatternSet.Pattern> expression,
            Groups groups) {
        this.spec = spec;
        this.literal = literal;
        this.turned = turned;
        this.expression = expression;
        this.groups = groups;
        this.address = groups.index("addr");
        this.user = groups.index("user");
        this.session = groups.index("session");
        this.number = groups.index("number");
        this.agent = groups.index("agent");
        this.proof = groups.index("proven");
        this.ping = groups.index("ping");
        this.stale = groups.index("stale");
        this.syslog = groups.index("syslog");
    }

    private static CompiledPattern of(FilterSpec.Pattern spec, Literal literal, Re2 regex, boolean hasSyslog) {
        boolean accuses = spec.kind().hasAddress();
        List<String> names = groupNames(spec, hasSyslog);
        return new CompiledPattern(
                spec,
                literal,
                accuses ? Optional.of(regex.turned()) : Optional.empty(),
                regex.forAutomaton(names, accuses),
                new Groups(regex, names, Math.min(1, names.size()), false));
    }

    /** Returns the same pattern, whose groups this automaton finds, in which it has this index. */
    CompiledPattern foundBy(PatternSet automaton, int index) {
        return new CompiledPattern(spec, literal, turned, expression, groups.foundBy(automaton, index));
    }

    /** Returns the names of the groups that are looked for, the address first. */
    private static List<String> groupNames(FilterSpec.Pattern spec, boolean hasSyslog) {
        List<String> names = new ArrayList<>();
        if (spec.kind().hasAddress()) {
            names.add("addr");
            TAGS.keySet().stream()
                    .filter(tag -> spec.regex().contains("<" + tag + ">"))
                    .sorted()
                    .map(TAGS::get)
                    .forEach(names::add);
        }
        if (hasSyslog) {
            names.add("syslog");
        }
        return names;
    }

    /** Compiles a pattern. If anything is wrong with it, adds that to the problems and returns empty. */
    static Optional<CompiledPattern> compile(String prefix, FilterSpec.Pattern spec, List<Problem> problems) {
        List<Problem> found = new ArrayList<>();
        String regex = spec.regex();
        boolean accuses = spec.kind().hasAddress();
        int addresses = count(regex, "<ADDR>") + count(regex, "<HOST>");
        if (!regex.startsWith("^")) {
            found.add(problem(
                    spec, "is not anchored", "begin it with ^, so that the sender's text cannot pass for a record"));
        }
        if (accuses && addresses != 1) {
            found.add(problem(
                    spec,
                    addresses == 0 ? "has no <ADDR>" : "has more than one <ADDR>",
                    "put one <ADDR> where the server wrote the address"));
        }
        if (accuses && ANYTHING.matcher(regex).find()) {
            found.add(problem(
                    spec,
                    "takes an address behind any text, which a sender may have written",
                    "write what the server writes before the address in place of the first repetition"));
        }
        if (spec.weight() < 1) {
            found.add(problem(spec, "weight is " + spec.weight(), "a weight of at least 1"));
        }
        checkSyntax(spec.path(), regex, found);
        if (!found.isEmpty()) {
            problems.addAll(found);
            return Optional.empty();
        }
        try {
            Literal literal = Literal.of(expand(regex, "(?:.)"));
            Re2 whole = Re2.of(prefix, expand(regex, ADDRESS));
            return Optional.of(of(spec, literal, whole, prefix.contains(ProgramName.CAPTURED)));
        } catch (PatternSyntaxException e) {
            problems.add(notRe2(spec.path(), regex, e));
            return Optional.empty();
        }
    }

    /** Returns the pattern without its anchor, and with an expression in place of each tag. */
    private static String expand(String regex, String address) {
        String expanded = regex.substring(1)
                .replace("<ADDR>", address)
                .replace("<HOST>", address)
                .replace(ProgramName.TAG, ProgramName.HEADER);
        for (Map.Entry<String, String> tag : TAGS.entrySet()) {
            expanded = expanded.replace("<" + tag.getKey() + ">", "(?P<" + tag.getValue() + ">")
                    .replace("</" + tag.getKey() + ">", ")");
        }
        return expanded;
    }

    /** Returns the problem with an expression that re2j cannot compile, and how to fix it. */
    static Problem notRe2(String path, String regex, PatternSyntaxException e) {
        String description = String.valueOf(e.getDescription());
        String what = description.contains("internal error") ? UNMATCHED : description;
        String mend = MENDS.entrySet().stream()
                .filter(known -> what.startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(
                        "RE2 has no look-around, back-reference, conditional or possessive repetition; split the pattern, or use ignoreregex");
        return new Problem(path, regex, "is not a regular expression that RE2 knows: " + what, mend);
    }

    /** Adds a problem for text that compiles, but does not mean what its author thinks. */
    static void checkSyntax(String path, String regex, List<Problem> problems) {
        if (regex.contains("{,")) {
            problems.add(new Problem(path, regex, "{,n} means these very characters to RE2", "write {0,n}"));
        }
        if (!regex.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            problems.add(new Problem(
                    path,
                    regex,
                    "holds a character that is not printable ASCII",
                    "write its bytes as \\xHH: lines are matched byte by byte"));
        }
    }

    String name() {
        return spec.name();
    }

    FilterSpec.Kind kind() {
        return spec.kind();
    }

    int weight() {
        return spec.weight();
    }

    @Override
    public boolean mayMatch(Line line) {
        return literal.isIn(line);
    }

    @Override
    public Optional<PatternSet.Pattern> expression() {
        return expression;
    }

    @Override
    public Groups groups() {
        return groups;
    }

    /**
     * Returns what the pattern reads out of the rest of a line behind its time stamp, or empty if it does not match.
     *
     * @param lead how far the automaton has read the rest before anything of this pattern could begin
     */
    Optional<Reading> read(Line rest, Lead lead) {
        Optional<Groups.Found> first = groups.find(rest, lead);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        if (turned.isEmpty()) {
            String header = first.get().text(syslog).orElse("");
            return Optional.of(new Reading(Optional.empty(), Claims.NONE, false, Match.Excuse.NONE, header));
        }
        Groups.Found found = first.get();
        boolean onePlace = found.isCertain() || isReadTheOtherWayRound(rest, found.start(address));
        boolean proven = !spec.spoofable() || found.text(proof).isPresent();
        return Optional.of(new Reading(
                onePlace ? address(rest, found, address) : Optional.empty(),
                claims(found),
                proven,
                excuse(found),
                found.text(syslog).orElse("")));
    }

    private Match.Excuse excuse(Groups.Found found) {
        if (found.start(stale) >= 0) {
            return Match.Excuse.STALE;
        }
        return found.start(ping) >= 0 ? Match.Excuse.PING : Match.Excuse.NONE;
    }

    private boolean isReadTheOtherWayRound(Line rest, int start) {
        Matcher second = turned.orElseThrow().pattern().matcher(rest);
        return second.lookingAt() && second.start("addr") == start;
    }

    /**
     * Returns the address in a group of {@link #ADDRESS}, or empty if the group took no part or holds no valid address.
     */
    static Optional<IpAddress> address(Line rest, Groups.Found found, int group) {
        int start = found.start(group);
        int end = found.end(group);
        if (start < 0 || isPartOfMore(rest, start, end)) {
            return Optional.empty();
        }
        return IpAddress.parse(rest.buffer(), rest.from() + start, rest.from() + end);
    }

    /**
     * Returns whether the text around an address shows that it is a piece of more, as in {@code pbx.10.0.0.1.example}.
     */
    private static boolean isPartOfMore(Line rest, int start, int end) {
        if (start > 0 && (isWord(rest.charAt(start - 1)) || rest.charAt(start - 1) == '.')) {
            return true;
        }
        if (end >= rest.length()) {
            return false;
        }
        char next = rest.charAt(end);
        return isWord(next) || (next == '.' && end + 1 < rest.length() && isWord(rest.charAt(end + 1)));
    }

    private static boolean isWord(char c) {
        return c < 0x80 && Character.isLetterOrDigit(c);
    }

    private Claims claims(Groups.Found found) {
        return new Claims(found.text(user), found.text(session), found.text(number), found.text(agent));
    }

    private static Problem problem(FilterSpec.Pattern spec, String what, String mend) {
        return new Problem(spec.path(), spec.regex(), what, mend);
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    /**
     * What a pattern read out of a line.
     *
     * @param address the only address that it can read; empty if it can read several, or none that is valid
     * @param claims what the caller says about themselves
     * @param proven whether the line proves that the address is the caller's
     * @param excuse why the caller may be honest
     * @param header what syslog wrote before the message; empty if there is nothing, or the prefix has no
     *     {@code <SYSLOG>}
     */
    record Reading(Optional<IpAddress> address, Claims claims, boolean proven, Match.Excuse excuse, String header) {}
}

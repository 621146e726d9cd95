package org.sipward.fail2ban;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses a regular expression as fail2ban writes it: Python's {@code re} with tags such as {@code <HOST>} and
 * {@code <F-USER>…</F-USER>}.
 *
 * <p>Memory and time are bounded by {@link #MAX_CHARS} and {@link #MAX_DEPTH}. Serves one expression.
 */
final class PythonRegex {
    static final int MAX_CHARS = 1 << 16;
    private static final int MAX_DEPTH = 60;
    private static final int MAX_REPEAT = 1000;

    /** Stands for an address tag while parsing; nobody writes this character. */
    private static final char ADDRESS = '\ue000';

    private static final Pattern REPEAT = Pattern.compile("\\{([0-9]{0,5})(,?)([0-9]{0,5})\\}");
    private static final Map<Character, String> ESCAPES =
            Map.of('n', "\n", 't', "\t", 'r', "\r", 'f', "\f", 'v', "\u000b", 'a', "\u0007");

    private final String regex;
    private final Map<Integer, String> groups = new HashMap<>();
    private int at;
    private int depth;
    private int opened;
    private boolean anyCase;

    private PythonRegex(String regex) {
        this.regex = regex;
    }

    static RegexNode parse(String text) throws Untranslatable {
        if (text.length() > MAX_CHARS) {
            throw new Untranslatable("is longer than 64 Ki characters", "shorten it");
        }
        // Python reads {,n} as {0,n}.
        Untranslatable.throwIfTooLarge(text.replace("{,", "{0,"));
        PythonRegex parser = new PythonRegex(Tags.asGroups(text, ADDRESS));
        RegexNode node = parser.alternatives();
        if (parser.at < parser.regex.length()) {
            throw wrong("a ) without a (");
        }
        return parser.anyCase ? RegexNode.anyCase(node) : node;
    }

    private RegexNode alternatives() throws Untranslatable {
        if (++depth > MAX_DEPTH) {
            throw wrong("groups nested more than " + MAX_DEPTH + " deep");
        }
        boolean outer = anyCase;
        List<RegexNode> branches = new ArrayList<>();
        branches.add(sequence());
        while (accept("|")) {
            branches.add(sequence());
        }
        depth--;
        RegexNode node = branches.size() == 1 ? branches.get(0) : new RegexNode.Alt(branches);
        boolean inner = anyCase;
        anyCase = depth == 0 ? inner : outer;
        // In fail2ban, (?i) at the start of a group applies to that group.
        return depth > 0 && inner && !outer ? RegexNode.anyCase(node) : node;
    }

    private RegexNode sequence() throws Untranslatable {
        List<RegexNode> parts = new ArrayList<>();
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            Optional<RegexNode> atom = atom();
            if (atom.isPresent()) {
                parts.add(repeated(atom.get()));
            }
        }
        return RegexNode.seq(parts);
    }

    private RegexNode repeated(RegexNode atom) throws Untranslatable {
        int min;
        int max;
        if (accept("*")) {
            min = 0;
            max = RegexNode.UNLIMITED;
        } else if (accept("+")) {
            min = 1;
            max = RegexNode.UNLIMITED;
        } else if (accept("?")) {
            min = 0;
            max = 1;
        } else {
            Matcher counted = REPEAT.matcher(regex).region(at, regex.length());
            if (!counted.lookingAt() || counted.group().equals("{}")) {
                return atom;
            }
            at = counted.end();
            min = counted.group(1).isEmpty() ? 0 : Integer.parseInt(counted.group(1));
            max = counted.group(2).isEmpty()
                    ? min
                    : counted.group(3).isEmpty() ? RegexNode.UNLIMITED : Integer.parseInt(counted.group(3));
        }
        if (min > MAX_REPEAT || max > MAX_REPEAT) {
            throw wrong("a repetition of more than " + MAX_REPEAT);
        }
        if (accept("+")) {
            throw new Untranslatable("has a possessive repetition", "delete the + after the repetition");
        }
        RegexNode repeat = new RegexNode.Repeat(atom, min, max, accept("?"));
        if (at < regex.length() && "*+?".indexOf(regex.charAt(at)) >= 0) {
            throw wrong("a repetition of a repetition");
        }
        return repeat;
    }

    private Optional<RegexNode> atom() throws Untranslatable {
        char c = regex.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> Optional.of(new RegexNode.One(charClass()));
            case '.' -> Optional.of(new RegexNode.One(Chars.ANY));
            case '^' -> Optional.of(RegexNode.Spot.BEGIN);
            case '$' -> Optional.of(RegexNode.Spot.END);
            case '\\' -> Optional.of(escape());
            case ADDRESS -> Optional.of(new RegexNode.Address());
            case '*', '+', '?' -> throw wrong("a repetition of nothing");
            default -> Optional.of(literal(c));
        };
    }

    private RegexNode literal(char c) {
        String text = String.valueOf(c);
        if (Character.isHighSurrogate(c) && at < regex.length()) {
            text += regex.charAt(at++);
        }
        List<RegexNode> bytes = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(new RegexNode.One(Chars.of((char) (b & 0xff))));
        }
        return RegexNode.seq(bytes);
    }

    private Optional<RegexNode> group() throws Untranslatable {
        if (!regex.startsWith("?", at)) {
            return Optional.of(captured("#" + (opened + 1)));
        }
        at++;
        if (accept("P<") || (regex.startsWith("<", at) && !regex.startsWith("<=", at) && !regex.startsWith("<!", at))) {
            accept("<");
            return Optional.of(captured(upTo('>')));
        } else if (accept("P=")) {
            return Optional.of(new RegexNode.Same(upTo(')')));
        } else if (accept("#")) {
            upTo(')');
            return Optional.empty();
        } else if (accept("(")) {
            return Optional.of(conditional(upTo(')')));
        } else if (accept("=") || accept("!")) {
            boolean negative = regex.charAt(at - 1) == '!';
            return Optional.of(new RegexNode.Look(true, negative, closed()));
        } else if (accept("<=") || accept("<!")) {
            boolean negative = regex.charAt(at - 1) == '!';
            return Optional.of(new RegexNode.Look(false, negative, closed()));
        } else if (accept(">")) {
            throw new Untranslatable("has an atomic group", "write (?: instead of (?>");
        }
        return flags();
    }

    private RegexNode captured(String name) throws Untranslatable {
        groups.put(++opened, name);
        return new RegexNode.Capture(name, closed());
    }

    private RegexNode conditional(String test) throws Untranslatable {
        String group = test.matches("[0-9]{1,3}") ? groups.getOrDefault(Integer.parseInt(test), test) : test;
        RegexNode yes = sequence();
        RegexNode no = accept("|") ? sequence() : RegexNode.nothing();
        close();
        return new RegexNode.Conditional(group, yes, no);
    }

    private Optional<RegexNode> flags() throws Untranslatable {
        int start = at;
        while (at < regex.length() && (Character.isLetter(regex.charAt(at)) || regex.charAt(at) == '-')) {
            at++;
        }
        String flags = regex.substring(start, at);
        if (!flags.matches("[iaus]*")) {
            throw new Untranslatable("has the flag (?" + flags + ")", "write it without the flag");
        }
        boolean set = flags.contains("i");
        if (accept(")")) {
            anyCase |= set;
            return Optional.empty();
        }
        if (!accept(":")) {
            throw wrong("a group of an unknown kind");
        }
        RegexNode body = closed();
        return Optional.of(set ? RegexNode.anyCase(body) : body);
    }

    private RegexNode closed() throws Untranslatable {
        RegexNode node = alternatives();
        close();
        return node;
    }

    private void close() throws Untranslatable {
        if (!accept(")")) {
            throw wrong("a ( that is not closed");
        }
    }

    private RegexNode escape() throws Untranslatable {
        char c = next();
        if (c == 'A') {
            return RegexNode.Spot.BEGIN;
        } else if (c == 'Z') {
            return RegexNode.Spot.END;
        } else if (c == 'b' || c == 'B') {
            return new RegexNode.Spot("\\" + c);
        } else if (c >= '1' && c <= '9') {
            int number = c - '0';
            if (at < regex.length() && Character.isDigit(regex.charAt(at))) {
                number = number * 10 + next() - '0';
            }
            return new RegexNode.Same(groups.getOrDefault(number, "#" + number));
        }
        BitSet set = escapedSet(c);
        return new RegexNode.One(set);
    }

    private BitSet escapedSet(char c) throws Untranslatable {
        return switch (c) {
            case 'd' -> Chars.DIGIT;
            case 'D' -> Chars.without(Chars.ANY, Chars.DIGIT);
            case 'w' -> Chars.WORD;
            case 'W' -> Chars.without(Chars.ANY, Chars.WORD);
            case 's' -> Chars.SPACE;
            case 'S' -> Chars.without(Chars.ANY, Chars.SPACE);
            case 'x', 'u', 'U', '0' -> number(c);
            default -> {
                String plain = ESCAPES.getOrDefault(c, String.valueOf(c));
                if (plain.charAt(0) > 0x7f || (Character.isLetter(c) && plain.charAt(0) == c)) {
                    throw wrong("the escape \\" + c);
                }
                yield Chars.of(plain.charAt(0));
            }
        };
    }

    private BitSet number(char kind) throws Untranslatable {
        int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 2;
        int radix = kind == '0' ? 8 : 16;
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < regex.length() ? Character.digit(regex.charAt(at), radix) : -1;
            if (digit < 0 && kind != '0') {
                throw wrong("the escape \\" + kind);
            } else if (digit < 0) {
                break;
            }
            value = value * radix + digit;
            at++;
        }
        if (value < 0 || value > 0x7f) {
            throw new Untranslatable("names a character that is not ASCII", "write the character itself");
        }
        return Chars.of((char) value);
    }

    private BitSet charClass() throws Untranslatable {
        boolean negated = accept("^");
        BitSet set = new BitSet();
        boolean first = true;
        while (first || at >= regex.length() || regex.charAt(at) != ']') {
            first = false;
            char c = next();
            BitSet member = c == '\\' ? escapedInClass() : member(c);
            if (member.cardinality() == 1 && regex.startsWith("-", at) && !regex.startsWith("-]", at)) {
                at++;
                char last = next();
                BitSet end = last == '\\' ? escapedInClass() : member(last);
                int from = member.nextSetBit(0);
                int to = end.nextSetBit(0);
                if (end.cardinality() != 1 || to < from) {
                    throw wrong("a range that ends before it begins");
                }
                set.set(from, to + 1);
            } else {
                set.or(member);
            }
        }
        at++;
        return negated ? Chars.without(Chars.ANY, set) : set;
    }

    private BitSet escapedInClass() throws Untranslatable {
        char c = next();
        return c == 'b' ? Chars.of('\b') : escapedSet(c);
    }

    /** Returns the bytes of a character in a class; a character of several bytes adds each of them. */
    private static BitSet member(char c) throws Untranslatable {
        if (c == ADDRESS || Character.isSurrogate(c)) {
            throw wrong("an address or a rare character in a class");
        }
        BitSet bytes = new BitSet();
        for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
            bytes.set(b & 0xff);
        }
        return bytes;
    }

    private char next() throws Untranslatable {
        if (at >= regex.length()) {
            throw wrong("it ends too early");
        }
        return regex.charAt(at++);
    }

    private String upTo(char end) throws Untranslatable {
        int stop = regex.indexOf(end, at);
        if (stop < 0) {
            throw wrong("a group that is not closed");
        }
        String text = regex.substring(at, stop);
        at = stop + 1;
        return text;
    }

    private boolean accept(String text) {
        if (regex.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }

    private static Untranslatable wrong(String what) {
        return new Untranslatable("is not a regular expression of Python: " + what, "correct it");
    }
}

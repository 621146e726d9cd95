package org.sipward.regex;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads RE2's syntax, as re2j does with its flag DOTALL. Returns no tree for syntax that re2j accepts and this reader
 * does not know (Unicode classes, multi-line mode, {@code \Q}, octal numbers); that is not an error. It also returns no
 * tree for expressions that re2j refuses.
 */
final class SyntaxReader {
    private static final int MAX_DEPTH = 200;
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_]+");

    private final String regex;
    private final Set<String> names = new HashSet<>();
    private int at;
    private int depth;
    private boolean foldsCase;
    private boolean dotTakesLf = true;
    private boolean isLazy;

    private SyntaxReader(String regex) {
        this.regex = regex;
    }

    /** Returns the tree of an expression, or empty if it contains unknown syntax. */
    static Optional<Syntax> read(String regex) {
        SyntaxReader reader = new SyntaxReader(regex);
        try {
            Syntax syntax = reader.choice();
            return reader.at == regex.length() ? Optional.of(syntax) : Optional.empty();
        } catch (UnknownSyntaxException unknown) {
            return Optional.empty();
        }
    }

    private Syntax choice() throws UnknownSyntaxException {
        if (++depth > MAX_DEPTH) {
            throw new UnknownSyntaxException();
        }
        List<Syntax> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (accept('|'));
        depth--;
        return branches.size() == 1 ? branches.get(0) : new Syntax.Choice(List.copyOf(branches));
    }

    private Syntax sequence() throws UnknownSyntaxException {
        List<Syntax> parts = new ArrayList<>();
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            parts.add(repeated(atom()));
        }
        return parts.size() == 1 ? parts.get(0) : new Syntax.Sequence(List.copyOf(parts));
    }

    private Syntax atom() throws UnknownSyntaxException {
        if (isRepetition()) {
            throw new UnknownSyntaxException();
        }
        char c = regex.charAt(at++);
        if (c == '{' && isRepetition()) {
            // A brace without a count is a literal brace, but re2j does not allow repeating it.
            throw new UnknownSyntaxException();
        }
        return switch (c) {
            case '(' -> group();
            case '[' -> new Syntax.One(byteClass());
            case '.' -> new Syntax.One(dotTakesLf ? Bytes.ALL : Bytes.of('\n').complement());
            case '^' -> new Syntax.Condition(Syntax.Kind.BEGIN);
            case '$' -> new Syntax.Condition(Syntax.Kind.END);
            case '\\' -> escaped();
            default -> new Syntax.One(literal(c));
        };
    }

    private Syntax group() throws UnknownSyntaxException {
        boolean folds = foldsCase;
        boolean dot = dotTakesLf;
        boolean lazy = isLazy;
        String name = "";
        if (accept('?')) {
            if (regex.startsWith("P<", at) || regex.startsWith("<", at)) {
                int start = regex.indexOf('<', at) + 1;
                int end = regex.indexOf('>', start);
                if (end < 0) {
                    throw new UnknownSyntaxException();
                }
                name = regex.substring(start, end);
                if (!NAME.matcher(name).matches() || !names.add(name)) {
                    throw new UnknownSyntaxException();
                }
                at = end + 1;
            } else if (flags() == ')') {
                if (isRepetition()) {
                    // For re2j this repeats the part before the flags.
                    throw new UnknownSyntaxException();
                }
                // The flags apply up to the end of the enclosing group.
                return Syntax.empty();
            }
        }
        Syntax part = choice();
        if (!accept(')')) {
            throw new UnknownSyntaxException();
        }
        foldsCase = folds;
        dotTakesLf = dot;
        isLazy = lazy;
        return name.isEmpty() ? part : new Syntax.Group(name, part);
    }

    /** Reads the flags of a group, and returns the character that ends them. */
    private char flags() throws UnknownSyntaxException {
        boolean on = true;
        char last = '?';
        while (at < regex.length()) {
            char c = regex.charAt(at++);
            switch (c) {
                case 'i' -> foldsCase = on;
                case 's' -> dotTakesLf = on;
                case 'U' -> isLazy = on;
                case '-' -> {
                    if (!on) {
                        throw new UnknownSyntaxException();
                    }
                    on = false;
                }
                case ':', ')' -> {
                    if (last == '-') {
                        throw new UnknownSyntaxException();
                    }
                    return c;
                }
                default -> throw new UnknownSyntaxException();
            }
            last = c;
        }
        throw new UnknownSyntaxException();
    }

    private Syntax repeated(Syntax part) throws UnknownSyntaxException {
        if (!isRepetition()) {
            return part;
        }
        char c = regex.charAt(at);
        Syntax repeated = c == '{' ? counted(part) : starred(part, c);
        if (isRepetition()) {
            // re2j refuses this, and thousands of repetitions would make the tree too deep.
            throw new UnknownSyntaxException();
        }
        return repeated;
    }

    private Syntax starred(Syntax part, char c) {
        at++;
        return new Syntax.Repeat(part, c == '+' ? 1 : 0, c == '?' ? 1 : -1, accept('?') != isLazy);
    }

    private boolean isRepetition() {
        return at < regex.length()
                && ("*+?".indexOf(regex.charAt(at)) >= 0 || (regex.charAt(at) == '{' && Count.end(regex, at) > 0));
    }

    private Syntax counted(Syntax part) throws UnknownSyntaxException {
        Count count = Count.read(regex, at).orElseThrow(UnknownSyntaxException::new);
        at = Count.end(regex, at);
        return new Syntax.Repeat(part, count.min(), count.max(), accept('?') != isLazy);
    }

    private Syntax escaped() throws UnknownSyntaxException {
        char c = at < regex.length() ? regex.charAt(at) : 'Q';
        switch (c) {
            case 'b', 'B', 'A', 'z' -> {
                at++;
                return new Syntax.Condition(
                        switch (c) {
                            case 'b' -> Syntax.Kind.WORD_BOUNDARY;
                            case 'B' -> Syntax.Kind.NO_WORD_BOUNDARY;
                            case 'A' -> Syntax.Kind.BEGIN;
                            default -> Syntax.Kind.END;
                        });
            }
            default -> {
                return new Syntax.One(escapedBytes());
            }
        }
    }

    /** Reads the text after a backslash if it stands for bytes. */
    private Bytes escapedBytes() throws UnknownSyntaxException {
        if (at >= regex.length()) {
            throw new UnknownSyntaxException();
        }
        char c = regex.charAt(at++);
        return switch (c) {
            case 'd' -> Bytes.DIGITS;
            case 'D' -> Bytes.DIGITS.complement();
            case 'w' -> Bytes.WORD;
            case 'W' -> Bytes.WORD.complement();
            case 's' -> Bytes.SPACE;
            case 'S' -> Bytes.SPACE.complement();
            default -> literal(escapedValue(c));
        };
    }

    private int escapedValue(char c) throws UnknownSyntaxException {
        return switch (c) {
            case 'a' -> 7;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            case 'x' -> hex();
            default -> {
                if (c >= 0x80 || Character.isLetterOrDigit(c)) {
                    throw new UnknownSyntaxException();
                }
                yield c;
            }
        };
    }

    private int hex() throws UnknownSyntaxException {
        boolean braces = accept('{');
        int end = braces ? regex.indexOf('}', at) : at + 2;
        if (end < at + 1 || end > regex.length() || end > at + 6) {
            throw new UnknownSyntaxException();
        }
        int value = 0;
        for (; at < end; at++) {
            int digit = Character.digit(regex.charAt(at), 16);
            if (digit < 0) {
                throw new UnknownSyntaxException();
            }
            value = value * 16 + digit;
        }
        at += braces ? 1 : 0;
        if (value > Character.MAX_CODE_POINT) {
            throw new UnknownSyntaxException();
        }
        return value;
    }

    private Bytes byteClass() throws UnknownSyntaxException {
        boolean negated = accept('^');
        Bytes bytes = Bytes.NONE;
        // A bracket that comes first belongs to the class.
        do {
            if (at >= regex.length()) {
                throw new UnknownSyntaxException();
            }
            bytes = bytes.or(regex.startsWith("[:", at) ? posixClass() : classItem());
        } while (at >= regex.length() || regex.charAt(at) != ']');
        at++;
        return negated ? bytes.complement() : bytes;
    }

    private Bytes classItem() throws UnknownSyntaxException {
        if (regex.charAt(at) == '\\' && at + 1 < regex.length() && "dDwWsS".indexOf(regex.charAt(at + 1)) >= 0) {
            at++;
            return escapedBytes();
        }
        int low = classChar();
        int high = low;
        if (regex.startsWith("-", at) && at + 1 < regex.length() && regex.charAt(at + 1) != ']') {
            at++;
            high = classChar();
        }
        if (high < low) {
            throw new UnknownSyntaxException();
        }
        return folded(low, high);
    }

    private int classChar() throws UnknownSyntaxException {
        char c = regex.charAt(at++);
        if (c != '\\') {
            return c;
        }
        if (at >= regex.length()) {
            throw new UnknownSyntaxException();
        }
        return escapedValue(regex.charAt(at++));
    }

    private Bytes posixClass() throws UnknownSyntaxException {
        int end = regex.indexOf(":]", at + 2);
        if (end < 0) {
            throw new UnknownSyntaxException();
        }
        String name = regex.substring(at + 2, end);
        at = end + 2;
        boolean negated = name.startsWith("^");
        Bytes bytes = switch (negated ? name.substring(1) : name) {
            case "alnum" -> Bytes.LETTERS.or(Bytes.DIGITS);
            case "alpha" -> Bytes.LETTERS;
            case "digit" -> Bytes.DIGITS;
            case "lower" -> folded('a', 'z');
            case "upper" -> folded('A', 'Z');
            case "space" -> Bytes.SPACE.or(Bytes.of(0x0b));
            case "blank" -> Bytes.of(' ').or(Bytes.of('\t'));
            case "word" -> Bytes.WORD;
            case "xdigit" -> Bytes.DIGITS.or(Bytes.range('a', 'f')).or(Bytes.range('A', 'F'));
            default -> throw new UnknownSyntaxException();
        };
        return negated ? bytes.complement() : bytes;
    }

    private Bytes literal(int c) throws UnknownSyntaxException {
        return folded(c, c);
    }

    private Bytes folded(int first, int last) throws UnknownSyntaxException {
        if (foldsCase && last >= 0x80) {
            // Unicode case folding is left to re2j: for example, U+212A folds to k.
            throw new UnknownSyntaxException();
        }
        Bytes bytes = Bytes.range(first, last);
        return foldsCase ? bytes.folded() : bytes;
    }

    private boolean accept(char c) {
        if (at < regex.length() && regex.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    /** The expression contains unknown syntax. */
    private static final class UnknownSyntaxException extends Exception {
        private static final long serialVersionUID = 1;
    }
}

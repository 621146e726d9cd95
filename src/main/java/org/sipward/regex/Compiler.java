package org.sipward.regex;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds steps from the last to the first, because each step is made with its next step. */
final class Compiler {
    private List<String> groups = List.of();
    private final Map<Bytes, Integer> sets = new LinkedHashMap<>();
    private byte[] kinds = new byte[64];
    private int[] next = new int[64];
    private int[] arguments = new int[64];
    private int[] owners = new int[64];
    private int owner = Program.NONE;
    private int size;
    private boolean asksWords;

    /** Sets the groups to mark from now on. */
    void mark(List<String> names) {
        groups = names;
    }

    /** Sets the pattern that the following steps belong to, or NONE. */
    void own(int pattern) {
        owner = pattern;
    }

    byte[] kinds() {
        return Arrays.copyOf(kinds, size);
    }

    int[] next() {
        return Arrays.copyOf(next, size);
    }

    int[] arguments() {
        return Arrays.copyOf(arguments, size);
    }

    int[] owners() {
        return Arrays.copyOf(owners, size);
    }

    /** Returns the sets of bytes that steps take, in order of their numbers. */
    List<Bytes> sets() {
        return List.copyOf(sets.keySet());
    }

    boolean asksWords() {
        return asksWords;
    }

    int add(byte kind, int following, int argument) throws TooLargeException {
        if (size == Program.MAX_STEPS) {
            throw new TooLargeException();
        }
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, size * 2);
            next = Arrays.copyOf(next, size * 2);
            arguments = Arrays.copyOf(arguments, size * 2);
            owners = Arrays.copyOf(owners, size * 2);
        }
        kinds[size] = kind;
        next[size] = following;
        arguments[size] = argument;
        owners[size] = owner;
        return size++;
    }

    /** Returns a step that leads to both steps, or {@code one} if {@code other} is negative. */
    int either(int one, int other) throws TooLargeException {
        return other < 0 ? one : add(Program.SPLIT, one, other);
    }

    int compile(Syntax syntax, int following) throws TooLargeException {
        if (syntax instanceof Syntax.One one) {
            return add(Program.TAKE, following, sets.computeIfAbsent(one.bytes(), any -> sets.size()));
        } else if (syntax instanceof Syntax.Sequence sequence) {
            int entry = following;
            for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                entry = compile(sequence.parts().get(i), entry);
            }
            return entry;
        } else if (syntax instanceof Syntax.Choice choice) {
            return choice(choice.branches(), following);
        } else if (syntax instanceof Syntax.Repeat repeat) {
            return repeat(repeat, following);
        } else if (syntax instanceof Syntax.Group group) {
            if (!groups.contains(group.name())) {
                return compile(group.part(), following);
            }
            int end = add(Program.MARK, following, mark(Program.END, group.name()));
            return add(Program.MARK, compile(group.part(), end), mark(Program.START, group.name()));
        } else if (syntax instanceof Syntax.Condition condition) {
            asksWords |=
                    condition.kind() == Syntax.Kind.WORD_BOUNDARY || condition.kind() == Syntax.Kind.NO_WORD_BOUNDARY;
            return add(Program.CONDITION, following, Program.CONDITIONS.indexOf(condition.kind()));
        }
        throw new IllegalArgumentException("no such syntax: " + syntax);
    }

    private int mark(int kind, String group) {
        return kind << (Program.MARKS * groups.indexOf(group));
    }

    /** Compiles the top level of an expression, with anchors. */
    int anchored(Syntax syntax, int following) throws TooLargeException {
        if (syntax instanceof Syntax.Sequence sequence) {
            int entry = following;
            for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                entry = anchored(sequence.parts().get(i), entry);
            }
            return entry;
        }
        int entry = compile(syntax, following);
        for (String group : syntax.groups()) {
            if (groups.contains(group)) {
                entry = add(Program.MARK, entry, mark(Program.ANCHOR, group));
            }
        }
        return entry;
    }

    private int choice(List<Syntax> branches, int following) throws TooLargeException {
        Set<String> all = new LinkedHashSet<>();
        branches.forEach(branch -> all.addAll(branch.groups()));
        all.retainAll(groups);
        int entry = Program.NONE;
        for (int i = branches.size() - 1; i >= 0; i--) {
            int one = compile(branches.get(i), following);
            Set<String> present = branches.get(i).groups();
            for (String group : all) {
                if (!present.contains(group)) {
                    one = add(Program.MARK, one, mark(Program.ABSENT, group));
                }
            }
            entry = either(one, entry);
        }
        return entry;
    }

    private int repeat(Syntax.Repeat repeat, int following) throws TooLargeException {
        Syntax part = repeat.part();
        boolean marks = part.groups().stream().anyMatch(groups::contains);
        if (marks && repeat.min() == 0 && repeat.max() == 1) {
            return choice(repeat.isLazy() ? List.of(Syntax.empty(), part) : List.of(part, Syntax.empty()), following);
        }
        int entry = following;
        if (repeat.max() < 0) {
            entry = add(Program.SPLIT, Program.NONE, Program.NONE);
            int body = compile(part, entry);
            next[entry] = repeat.isLazy() ? following : body;
            arguments[entry] = repeat.isLazy() ? body : following;
        }
        for (int i = repeat.min(); i < repeat.max(); i++) {
            int body = compile(part, entry);
            entry = repeat.isLazy() ? add(Program.SPLIT, following, body) : add(Program.SPLIT, body, following);
        }
        for (int i = 0; i < repeat.min(); i++) {
            entry = compile(part, entry);
        }
        return entry;
    }

    /** The program would be too large. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1;
    }
}

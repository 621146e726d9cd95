package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterException;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;

/** Turns one filter. Serves one filter. */
final class FilterTurner {
    private static final String CORRECT = "correct it in fail2ban's file, or write the filter anew";

    private final String name;
    private final Definition definition;
    private final List<Loss> losses = new ArrayList<>();
    private final List<FilterSpec.Pattern> patterns = new ArrayList<>();
    private Node date = Node.nothing();

    private FilterTurner(String name, Definition definition) {
        this.name = name;
        this.definition = definition;
    }

    /**
     * A filter in our words.
     *
     * @param spec has no failregex if none could be turned; else it compiles
     */
    record Turned(FilterSpec spec, List<Loss> losses) {
        boolean isUsable() {
            return spec.patterns().stream().anyMatch(pattern -> pattern.kind() == Kind.FAILURE);
        }
    }

    static Turned turn(String name, Definition definition) {
        return new FilterTurner(name, definition).turn();
    }

    private Turned turn() {
        String prefix = "";
        try {
            Optional<String> stamps = definition.get("datepattern");
            date = Node.anyOf(Groups.withoutReferences(PythonRegex.parse(DatePattern.any(stamps.orElse("")))));
            String printed = Printer.print(date);
            prefix = "^(?:\\[(?:" + printed + ")\\] ?|(?:" + printed + ") ?)?";
            Optional<String> pre = definition.get("prefregex").filter(text -> !text.isBlank());
            for (String key : List.of("failregex", "ignoreregex")) {
                list(key, pre);
            }
            if (definition.get("failregex").filter(text -> !text.isBlank()).isEmpty()) {
                losses.add(new Loss(where(), "", "has no failregex", CORRECT));
            }
        } catch (Untranslatable e) {
            losses.add(new Loss(where(), "", e.what(), e.mend()));
        }
        return new Turned(compiled(prefix), List.copyOf(losses));
    }

    private String where() {
        return "filter " + name;
    }

    private void list(String key, Optional<String> prefregex) throws Untranslatable {
        List<String> lines = definition.get(key).orElse("").lines().toList();
        int number = 0;
        for (String line : lines) {
            if (!line.isBlank()) {
                number++;
                try {
                    add(key, number, prefregex, line.strip());
                } catch (Untranslatable e) {
                    losses.add(new Loss(where() + ": " + key + " " + number, line.strip(), e.what(), e.mend()));
                }
            }
        }
    }

    private void add(String key, int number, Optional<String> prefregex, String line) throws Untranslatable {
        Node node = PythonRegex.parse(line);
        Node whole = prefregex.isPresent() ? Prefix.join(PythonRegex.parse(prefregex.get()), node) : node;
        boolean ignore = key.equals("ignoreregex");
        Kind kind = ignore ? Kind.IGNORE : whole.hasGroup("F-MLFGAINED") ? Kind.SUCCESS : Kind.FAILURE;
        Optional<Node> counted = Groups.choose(whole, "F-NOFAIL", false);
        if (counted.isEmpty()) {
            // A line that counts nothing, and only tells the address of a line to come.
            return;
        }
        if (!ignore && !counted.get().hasAddress()) {
            throw new Untranslatable(
                    "names no address, which fail2ban takes from an earlier line of the same session",
                    "what it reports goes uncounted; a line is judged by itself here");
        }
        Set<String> regexes = new LinkedHashSet<>();
        for (Node plain : Groups.withoutConditionals(counted.get())) {
            for (Node free : Groups.withoutReferences(plain)) {
                for (Node single : ignore ? List.of(free) : Addresses.one(free)) {
                    regexes.add("^" + print(single, where() + ": " + key + " " + number));
                }
            }
        }
        int part = 0;
        for (String regex : regexes) {
            part++;
            String suffix = regexes.size() == 1 ? "" : "-" + part;
            patterns.add(new FilterSpec.Pattern(kind, key + "-" + number + suffix, regex, 1, false));
        }
    }

    private String print(Node node, String place) throws Untranslatable {
        Node anchored = Guards.without(Prefix.anchored(node), place, losses);
        Set<Node> forms = new LinkedHashSet<>(List.of(anchored));
        for (String eaten : List.of(" ", "[]", "[] ")) {
            forms.addAll(Derivative.by(eaten, anchored));
        }
        Node form = Node.anyOf(Derivative.widest(forms));
        return Printer.print(form.map(this::dated)).replace("\\{,", "\\x7b,");
    }

    /** Puts the stamp back where fail2ban has cut it out of brackets. */
    private Node dated(Node node) {
        if (!(node instanceof Node.Seq seq)) {
            return node;
        }
        List<Node> parts = new ArrayList<>();
        for (Node part : seq.parts()) {
            boolean between = part.equals(new Node.One(Chars.of(']')))
                    && !parts.isEmpty()
                    && parts.get(parts.size() - 1).equals(new Node.One(Chars.of('[')));
            if (between) {
                parts.add(new Node.Repeat(date, 0, 1, false));
            }
            parts.add(part);
        }
        return Node.seq(parts);
    }

    /** Returns the filter without the patterns that do not compile, which are noted. */
    private FilterSpec compiled(String prefix) {
        List<FilterSpec.Pattern> good = new ArrayList<>(patterns);
        while (true) {
            FilterSpec spec =
                    new FilterSpec(name, "fail2ban's filter " + name, DatePattern.FORMATS, prefix, List.copyOf(good));
            try {
                Filter.compile(spec);
                return spec;
            } catch (FilterException e) {
                int before = good.size();
                for (FilterException.Problem problem : e.problems()) {
                    good.removeIf(pattern -> pattern.path().equals(problem.path()));
                    losses.add(new Loss(
                            where() + ": " + problem.path().replaceFirst(".*\\.", ""),
                            problem.value(),
                            problem.what(),
                            problem.mend()));
                }
                if (good.size() == before) {
                    return new FilterSpec(name, "", DatePattern.FORMATS, "", List.of());
                }
            }
        }
    }
}

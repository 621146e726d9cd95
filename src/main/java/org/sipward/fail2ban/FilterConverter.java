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

/** Converts one filter. One instance converts one filter. */
final class FilterConverter {
    private static final String CORRECT = "correct it in fail2ban's file, or write the filter yourself";

    private final String name;
    private final Definition definition;
    private final List<Loss> losses = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final List<Named> named = new ArrayList<>();
    private RegexNode date = RegexNode.nothing();

    /** Whether an ignoreregex was lost: without it, addresses that it spares would be banned. */
    private boolean isUnsafe;

    private FilterConverter(String name, Definition definition) {
        this.name = name;
        this.definition = definition;
    }

    /**
     * A converted filter.
     *
     * @param spec has no patterns if no failregex, or not every ignoreregex, could be converted; otherwise it
     *     compiles
     * @param losses what could not be converted
     * @param notes what was converted, but matches more than before
     */
    record Converted(FilterSpec spec, List<Loss> losses, List<String> notes) {
        boolean isUsable() {
            return spec.patterns().stream().anyMatch(pattern -> pattern.kind() == Kind.FAILURE);
        }
    }

    /** A pattern that is not yet printed. */
    private record Named(Kind kind, String name, RegexNode node) {}

    static Converted convert(String name, Definition definition) {
        return new FilterConverter(name, definition).convert();
    }

    private Converted convert() {
        String prefix = "";
        try {
            Optional<String> stamps = definition.get("datepattern");
            date = RegexNode.anyOf(
                    GroupReferences.withoutReferences(PythonRegex.parse(DatePattern.any(stamps.orElse("")))));
            String printed = Printer.print(date);
            prefix = "^(?:\\[?(?:" + printed + ")\\]? ?)?";
            Optional<String> pre = definition.get("prefregex").filter(text -> !text.isBlank());
            for (String key : List.of("failregex", "ignoreregex")) {
                list(key, pre);
            }
            if (definition.get("failregex").filter(text -> !text.isBlank()).isEmpty()) {
                losses.add(new Loss(where(), "", "has no failregex", CORRECT));
            }
            prefix += commonStart();
        } catch (Untranslatable e) {
            losses.add(new Loss(where(), "", e.what(), e.fix()));
        }
        return new Converted(compiled(prefix), List.copyOf(losses), List.copyOf(notes));
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
                    losses.add(new Loss(where() + ": " + key + " " + number, line.strip(), e.what(), e.fix()));
                    isUnsafe |= key.equals("ignoreregex");
                }
            }
        }
    }

    private void add(String key, int number, Optional<String> prefregex, String line) throws Untranslatable {
        RegexNode node = PythonRegex.parse(line);
        RegexNode whole = prefregex.isPresent() ? Prefix.join(PythonRegex.parse(prefregex.get()), node) : node;
        boolean ignore = key.equals("ignoreregex");
        Kind kind = ignore ? Kind.IGNORE : whole.hasGroup("F-MLFGAINED") ? Kind.SUCCESS : Kind.FAILURE;
        Optional<RegexNode> counted = GroupReferences.choose(whole, "F-NOFAIL", false);
        if (counted.isEmpty()) {
            // Such a line does not count; it only tells the address for a later line.
            return;
        }
        if (ignore && neverMatches(counted.get())) {
            return;
        }
        if (!ignore && !counted.get().hasAddress()) {
            throw new Untranslatable(
                    "names no address; fail2ban takes it from an earlier line of the same session",
                    "such failures are not counted: Sipward judges each line by itself");
        }
        int before = losses.size();
        Set<RegexNode> parted = new LinkedHashSet<>();
        for (RegexNode plain : GroupReferences.withoutConditionals(counted.get())) {
            List<RegexNode> free = GroupReferences.withoutReferences(plain);
            if (free.size() == 1 && free.get(0) != plain) {
                notes.add(where() + ": " + key + " " + number + ": no longer requires that two of its texts are equal");
            }
            for (RegexNode each : free) {
                for (RegexNode single : ignore ? List.of(each) : AddressPatterns.one(each)) {
                    RegexNode last = lastLine(single, key + " " + number);
                    parted.add(afterStamps(last, where() + ": " + key + " " + number));
                }
            }
        }
        isUnsafe |= ignore && losses.size() > before;
        int part = 0;
        for (RegexNode each : parted) {
            part++;
            // Print it here once, so that a failure to print is reported for this pattern.
            Printer.print(each);
            named.add(new Named(kind, key + "-" + number + (parted.size() == 1 ? "" : "-" + part), each));
        }
    }

    /** Returns whether a ^ follows something that must match, as in {@code "^x"} with the quotes. */
    private static boolean neverMatches(RegexNode node) {
        List<RegexNode> parts = node.parts();
        int begin = parts.indexOf(RegexNode.Spot.BEGIN);
        return begin > 0 && parts.subList(0, begin).stream().anyMatch(part -> !part.canBeEmpty());
    }

    /** Returns the pattern for the last of its lines, if the address is in that line. */
    private RegexNode lastLine(RegexNode node, String place) throws Untranslatable {
        List<RegexNode> parts = node.parts();
        int end = parts.lastIndexOf(new RegexNode.One(Chars.of('\n')));
        if (end < 0) {
            return node;
        }
        RegexNode rest = RegexNode.seq(parts.subList(end + 1, parts.size()));
        if (!rest.hasAddress()) {
            throw new Untranslatable("reads several lines at once", "Sipward judges each line by itself");
        }
        notes.add(where() + ": " + place + ": no longer requires the line before");
        List<RegexNode> line = new ArrayList<>(List.of(RegexNode.Spot.BEGIN));
        line.addAll(rest.parts());
        return RegexNode.seq(line);
    }

    /** Returns the pattern for the text after a time stamp, without a ^. */
    private RegexNode afterStamps(RegexNode node, String place) throws Untranslatable {
        RegexNode plain = node.map(part ->
                part instanceof RegexNode.Capture group && !group.name().equals("F-USER") ? group.body() : part);
        RegexNode anchored = Guards.without(Prefix.anchored(plain), place, losses);
        Set<RegexNode> forms = new LinkedHashSet<>(List.of(anchored));
        for (String eaten : List.of(" ", "[]", "[] ")) {
            forms.addAll(Derivative.by(eaten, anchored));
        }
        Set<RegexNode> bare = new LinkedHashSet<>();
        forms.forEach(form -> bare.add(withoutBrackets(form)));
        return RegexNode.anyOf(Derivative.widest(bare)).map(this::dated);
    }

    /** Drops optional empty brackets at the start: they are removed with the stamp. */
    private static RegexNode withoutBrackets(RegexNode node) {
        List<RegexNode> parts = node.parts();
        boolean brackets = parts.size() > 1
                && parts.get(0) instanceof RegexNode.Repeat maybe
                && maybe.min() == 0
                && maybe.body()
                        .parts()
                        .equals(List.of(new RegexNode.One(Chars.of('[')), new RegexNode.One(Chars.of(']'))));
        return brackets ? RegexNode.seq(parts.subList(1, parts.size())) : node;
    }

    /** Takes the common start out of all patterns, and returns it. */
    private String commonStart() throws Untranslatable {
        int same = 0;
        while (named.size() > 1 && hasCommonPart(same)) {
            same++;
        }
        if (same == 0) {
            return "";
        }
        String start = Printer.print(RegexNode.seq(named.get(0).node().parts().subList(0, same)));
        int from = same;
        named.replaceAll(pattern -> new Named(
                pattern.kind(),
                pattern.name(),
                RegexNode.seq(pattern.node()
                        .parts()
                        .subList(from, pattern.node().parts().size()))));
        return "(?:" + start + ")";
    }

    private boolean hasCommonPart(int at) {
        List<RegexNode> first = named.get(0).node().parts();
        return at < first.size()
                && !first.get(at).has(part -> part instanceof RegexNode.Address || part instanceof RegexNode.Capture)
                && named.stream()
                        .map(pattern -> pattern.node().parts())
                        .allMatch(
                                parts -> at + 1 < parts.size() && parts.get(at).equals(first.get(at)));
    }

    /** Puts the stamp back where fail2ban has cut it out of brackets. */
    private RegexNode dated(RegexNode node) {
        if (!(node instanceof RegexNode.Seq seq)) {
            return node;
        }
        List<RegexNode> parts = new ArrayList<>();
        for (RegexNode part : seq.parts()) {
            if (!parts.isEmpty() && isOne(parts.get(parts.size() - 1), "[(") && isOne(part, "]):")) {
                parts.add(new RegexNode.Repeat(date, 0, 1, false));
            }
            parts.add(part);
        }
        return RegexNode.seq(parts);
    }

    private static boolean isOne(RegexNode node, String of) {
        return of.chars().anyMatch(c -> node.equals(new RegexNode.One(Chars.of((char) c))));
    }

    /** Returns the filter without the patterns that do not compile, which are noted. */
    private FilterSpec compiled(String prefix) {
        List<FilterSpec.Pattern> good = new ArrayList<>();
        for (Named pattern : named) {
            try {
                String regex = "^" + Printer.print(pattern.node());
                good.add(new FilterSpec.Pattern(pattern.kind(), pattern.name(), regex, 1, false));
            } catch (Untranslatable e) {
                losses.add(new Loss(where() + ": " + pattern.name(), "", e.what(), e.fix()));
                isUnsafe |= pattern.kind() == Kind.IGNORE;
            }
        }
        while (!isUnsafe) {
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
                isUnsafe = good.size() == before
                        || e.problems().stream()
                                .anyMatch(problem -> problem.path().startsWith("ignoreregex"));
            }
        }
        return new FilterSpec(name, "", DatePattern.FORMATS, "", List.of());
    }
}

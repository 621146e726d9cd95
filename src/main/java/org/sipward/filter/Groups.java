package org.sipward.filter;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sipward.regex.Lead;
import org.sipward.regex.PatternSet;
import org.sipward.regex.Places;
import org.sipward.source.Line;

/**
 * Finds a pattern's groups in lines, as re2j does. Where those that matter can lie at one place only, which is nearly
 * always so, automata find them in about a microsecond; where there is a choice, re2j makes it. Thread-safe.
 */
final class Groups {
    private final Re2 regex;
    private final List<String> names;
    private final int certain;
    private final boolean endMatters;
    private Optional<PatternSet> automaton = Optional.empty();
    private int number;
    private @Nullable Places places;

    /**
     * Makes what finds the groups of these names, with re2j only.
     *
     * @param names which the pattern may have or not
     * @param certain how many of them, from the first, can lie at one place only, or the reading is not {@linkplain
     *     Found#isCertain certain}
     * @param endMatters whether {@link Found#end()} is asked for
     */
    Groups(Re2 regex, List<String> names, int certain, boolean endMatters) {
        this.regex = regex;
        this.names = List.copyOf(names);
        this.certain = certain;
        this.endMatters = endMatters;
    }

    /**
     * Uses automata from now on, if they can find the groups. They are made at the first match: most patterns of a filter
     * never have one.
     *
     * @param index the pattern's place in the set
     */
    synchronized void use(PatternSet set, int index) {
        automaton = Optional.of(set);
        number = index;
    }

    /** Returns the pattern as re2j reads it. */
    Pattern pattern() {
        return regex.pattern();
    }

    List<String> names() {
        return names;
    }

    /** Returns the number by which a group is asked for, or -1 if it is not looked for. */
    int number(String name) {
        return names.indexOf(name);
    }

    /** Returns where the groups lie if the pattern matches the text from its first byte on. */
    Optional<Found> find(Line text, Lead lead) {
        int[] found = new int[2 * names.size() + 1];
        Places automata = places();
        if (automata != null) {
            Places.Answer answer = automata.find(text.buffer(), text.from(), text.to(), lead, found);
            if (answer != Places.Answer.OPEN) {
                return answer == Places.Answer.PLACED ? Optional.of(new Found(text, found, true)) : Optional.empty();
            }
        }
        Pattern pattern = pattern();
        Matcher matcher = pattern.matcher(text);
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        for (int i = 0; i < names.size(); i++) {
            boolean has = pattern.namedGroups().containsKey(names.get(i));
            found[2 * i] = has ? matcher.start(names.get(i)) : -1;
            found[2 * i + 1] = has ? matcher.end(names.get(i)) : -1;
        }
        found[2 * names.size()] = matcher.end();
        return Optional.of(new Found(text, found, false));
    }

    private synchronized @Nullable Places places() {
        if (places == null && automaton.isPresent()) {
            places = automaton.get().places(number, certain, endMatters).orElse(null);
            automaton = places == null ? Optional.empty() : automaton;
        }
        return places;
    }

    /** Where the groups lie. Good as long as the text is. */
    static final class Found {
        private final Line text;
        private final int[] places;
        private final boolean certain;

        private Found(Line text, int[] places, boolean certain) {
            this.text = text;
            this.places = places;
            this.certain = certain;
        }

        /** Returns whether no other way to read the text puts those groups elsewhere that are to be certain. */
        boolean isCertain() {
            return certain;
        }

        /** Returns where a group starts in the text, or -1 if it took no part or is none. */
        int start(int group) {
            return group < 0 ? -1 : places[2 * group];
        }

        /** Returns the index behind a group, or -1 as above. */
        int end(int group) {
            return group < 0 ? -1 : places[2 * group + 1];
        }

        /** Returns the index behind the match; only if that matters. */
        int end() {
            return places[places.length - 1];
        }

        /** Returns a group's text, one char for each byte, or empty if it is empty, took no part or is none. */
        Optional<String> text(int group) {
            int start = start(group);
            int end = end(group);
            return start < 0 || end == start
                    ? Optional.empty()
                    : Optional.of(
                            new String(text.buffer(), text.from() + start, end - start, StandardCharsets.ISO_8859_1));
        }
    }
}

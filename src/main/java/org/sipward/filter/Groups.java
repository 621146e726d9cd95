package org.sipward.filter;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.sipward.regex.Lead;
import org.sipward.regex.PatternSet;
import org.sipward.regex.Places;
import org.sipward.source.Line;

/**
 * Finds where the groups of a pattern lie in a line, at the places where re2j finds them. If the groups that matter can
 * lie at one place only, as in nearly every line, automata find them in about a microsecond. If there is a choice, re2j
 * makes it.
 *
 * <p>Immutable and thread-safe. The automata are made at the first match: most patterns of a filter never match.
 */
final class Groups {
    private final Re2 regex;
    private final List<String> names;
    private final int certain;
    private final boolean endMatters;
    private final Lazy<Optional<Places>> automata;

    /**
     * Makes groups that re2j finds.
     *
     * @param names of the groups; the pattern need not have all of them
     * @param certain how many groups, counted from the first name, must lie at one place only, or else the reading is
     *     not {@linkplain Found#isCertain certain}
     * @param endMatters whether {@link Found#end()} will be asked for
     */
    Groups(Re2 regex, List<String> names, int certain, boolean endMatters) {
        this(regex, names, certain, endMatters, new Lazy<>(Optional::empty));
    }

    private Groups(Re2 regex, List<String> names, int certain, boolean endMatters, Lazy<Optional<Places>> automata) {
        this.regex = regex;
        this.names = List.copyOf(names);
        this.certain = certain;
        this.endMatters = endMatters;
        this.automata = automata;
    }

    /**
     * Returns the same groups, which automata find if they can.
     *
     * @param index the pattern's index in the set
     */
    Groups foundBy(PatternSet set, int index) {
        return new Groups(regex, names, certain, endMatters, new Lazy<>(() -> set.places(index, certain, endMatters)));
    }

    /** Returns the pattern, compiled by re2j. */
    Pattern pattern() {
        return regex.pattern();
    }

    List<String> names() {
        return names;
    }

    /**
     * Returns a group's index, by which {@link Found} is asked for it; or -1 if no group of this name is looked for.
     */
    int index(String name) {
        return names.indexOf(name);
    }

    /** Returns where the groups lie if the pattern matches the text from its first byte on. */
    Optional<Found> find(Line text, Lead lead) {
        int[] found = new int[2 * names.size() + 1];
        Optional<Places> places = automata.get();
        if (places.isPresent()) {
            Places.Answer answer = places.get().find(text.buffer(), text.from(), text.to(), lead, found);
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

    /** Where the groups lie. Valid until the text changes. */
    static final class Found {
        private final Line text;
        private final int[] places;
        private final boolean certain;

        private Found(Line text, int[] places, boolean certain) {
            this.text = text;
            this.places = places;
            this.certain = certain;
        }

        /** Returns whether the groups that must be certain can lie nowhere else, whichever way the text is read. */
        boolean isCertain() {
            return certain;
        }

        /** Returns where a group starts in the text, or -1 if it took no part in the match, or the index is -1. */
        int start(int group) {
            return group < 0 ? -1 : places[2 * group];
        }

        /** Returns the index behind a group, or -1 where {@link #start} returns -1. */
        int end(int group) {
            return group < 0 ? -1 : places[2 * group + 1];
        }

        /** Returns the index behind the match. Only for groups that were made with {@code endMatters}. */
        int end() {
            return places[places.length - 1];
        }

        /** Returns a group's text, one char for each byte; empty if the group is, or {@link #start} returns -1. */
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

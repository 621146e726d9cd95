package org.sipward.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sipward.regex.Lead;
import org.sipward.regex.PatternSet;
import org.sipward.source.Line;

/**
 * Finds out in one pass which of a filter's patterns and blocks can match the text behind a time stamp.
 *
 * <p>All expressions that {@link PatternSet} understands form one automaton. Any other expression can match wherever
 * its {@link Literal} stands; so can each of them on the few lines for which the automaton gives up.
 *
 * <p>Thread-safe, and immutable except for the automaton, which grows as it reads.
 */
final class Recogniser {
    private final List<CompiledPattern> patterns;
    private final List<BlockPattern> blocks;
    private final List<Candidate> candidates;
    private final Numbers numbers;
    private final Optional<PatternSet> automaton;
    /** For each expression of the automaton, its number. */
    private final int[] known;
    /** The numbers of the candidates that the automaton does not know. */
    private final int[] unknown;

    Recogniser(List<CompiledPattern> patterns, List<BlockPattern> blocks, Optional<Glue> glue) {
        this.numbers = new Numbers(patterns.size(), blocks, glue.isPresent());
        // In the order of their numbers.
        List<Optional<PatternSet.Pattern>> all = new ArrayList<>();
        Stream.<Candidate>concat(patterns.stream(), blocks.stream())
                .map(Candidate::expression)
                .forEach(all::add);
        blocks.stream().map(BlockPattern::whole).filter(Optional::isPresent).forEach(all::add);
        glue.map(Glue::expression).map(Optional::of).ifPresent(all::add);
        int[] understood = IntStream.range(0, all.size())
                .filter(number -> all.get(number).isPresent())
                .toArray();
        List<PatternSet.Pattern> expressions =
                all.stream().flatMap(Optional::stream).toList();
        this.automaton = expressions.isEmpty() ? Optional.empty() : PatternSet.of(expressions);
        this.known = automaton.isPresent() ? understood : new int[0];
        this.unknown = IntStream.range(0, numbers.candidates())
                .filter(number -> Arrays.binarySearch(known, number) < 0)
                .toArray();
        this.patterns = IntStream.range(0, patterns.size())
                .mapToObj(i ->
                        index(i) < 0 ? patterns.get(i) : patterns.get(i).foundBy(automaton.orElseThrow(), index(i)))
                .toList();
        this.blocks = IntStream.range(0, blocks.size())
                .mapToObj(i -> index(patterns.size() + i) < 0
                        ? blocks.get(i)
                        : blocks.get(i).foundBy(automaton.orElseThrow(), index(patterns.size() + i)))
                .toList();
        this.candidates = Stream.<Candidate>concat(this.patterns.stream(), this.blocks.stream())
                .toList();
        for (int number : unknown) {
            // Compiled now: every line with the literal will need it, and it may prove to be too large.
            candidates.get(number).groups().pattern();
        }
    }

    /** Returns the index of an expression in the automaton; negative if the automaton does not know it. */
    private int index(int number) {
        return Arrays.binarySearch(known, number);
    }

    /** Returns the filter's patterns, which find their groups by the automaton. */
    List<CompiledPattern> patterns() {
        return patterns;
    }

    /** Returns the filter's blocks, which find their groups by the automaton. */
    List<BlockPattern> blocks() {
        return blocks;
    }

    /** Returns the patterns and the blocks, in the order of their numbers. */
    List<Candidate> candidates() {
        return candidates;
    }

    /** Returns what the numbers mean that {@link #find} returns. */
    Numbers numbers() {
        return numbers;
    }

    /**
     * Returns the numbers of all that may be found in a line from this index of its buffer on, in ascending order. Do
     * not change the array.
     *
     * @param lead set as {@link PatternSet} does
     */
    int[] find(Line line, int from, Lead lead) {
        int[] hits = automaton.isEmpty() ? null : automaton.get().match(line.buffer(), from, line.to(), lead);
        if (hits != null && unknown.length == 0) {
            return hits;
        }
        IntStream certain = hits == null ? numbers.glue() : Arrays.stream(hits).map(hit -> known[hit]);
        IntStream open = hits == null ? IntStream.range(0, numbers.candidates()) : Arrays.stream(unknown);
        return IntStream.concat(open.filter(number -> candidates.get(number).mayMatch(line)), certain)
                .sorted()
                .toArray();
    }
}

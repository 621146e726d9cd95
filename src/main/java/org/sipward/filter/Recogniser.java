package org.sipward.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sipward.regex.Lead;
import org.sipward.regex.PatternSet;
import org.sipward.source.Line;

/**
 * Tells at once which of a filter's patterns and blocks can match what stands behind a time stamp. They are numbered:
 * patterns in their order, then blocks, then lines on which such a block begins and ends that needs no more than that to
 * be passed over, then lines on which a second message may begin.
 *
 * <p>All that {@link PatternSet} understands is one automaton. What it does not understand, or all
 * where it gives up, is a candidate wherever its literal stands. Immutable but for the automaton's table; thread-safe.
 */
final class Recogniser {
    private final List<CompiledPattern> patterns;
    private final List<BlockPattern> blocks;
    private final List<BlockPattern> wholes;
    private final boolean glue;
    private final Optional<PatternSet> automaton;
    /** The numbers of what the automaton knows, in its order, and of what it does not. */
    private final int[] known;

    private final int[] unknown;

    Recogniser(List<CompiledPattern> patterns, List<BlockPattern> blocks, Optional<Glue> glue) {
        this.patterns = patterns;
        this.blocks = blocks;
        this.glue = glue.isPresent();
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).number(patterns.size() + i);
        }
        List<PatternSet.Pattern> expressions = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int number = 0; number < size(); number++) {
            int own = number;
            expression(number).ifPresent(expression -> {
                expressions.add(expression);
                numbers.add(own);
            });
        }
        this.wholes = blocks.stream().filter(block -> block.whole().isPresent()).toList();
        for (int i = 0; i < wholes.size(); i++) {
            expressions.add(wholes.get(i).whole().orElseThrow());
            numbers.add(size() + i);
        }
        glue.ifPresent(one -> {
            expressions.add(one.expression());
            numbers.add(size() + wholes.size());
        });
        this.automaton = expressions.isEmpty() ? Optional.empty() : PatternSet.of(expressions);
        automaton.ifPresent(set -> {
            for (int i = 0; i < numbers.size(); i++) {
                if (numbers.get(i) < size()) {
                    groups(numbers.get(i)).use(set, i);
                }
            }
        });
        this.known = numbers.stream()
                .filter(number -> automaton.isPresent())
                .mapToInt(Integer::intValue)
                .toArray();
        this.unknown = IntStream.range(0, size())
                .filter(number -> Arrays.binarySearch(known, number) < 0)
                .toArray();
        for (int number : unknown) {
            // Made now, since every line that has its literal needs it, and since it may prove to be too large.
            groups(number).pattern();
        }
    }

    /**
     * Returns the numbers of what can match a line from this index of its buffer on, in order. Not to be changed.
     *
     * @param lead set as {@link PatternSet} does
     */
    int[] candidates(Line line, int from, Lead lead) {
        int[] hits = automaton.isEmpty() ? null : automaton.get().match(line.buffer(), from, line.to(), lead);
        if (hits != null && unknown.length == 0) {
            return hits;
        }
        int[] certain = hits == null
                ? new int[0]
                : Arrays.stream(hits).map(hit -> known[hit]).toArray();
        int[] open = hits == null ? IntStream.range(0, size()).toArray() : unknown;
        IntStream found =
                IntStream.concat(Arrays.stream(certain), Arrays.stream(open).filter(number -> mayMatch(number, line)));
        return (hits == null && glue ? IntStream.concat(found, IntStream.of(size() + wholes.size())) : found)
                .sorted()
                .toArray();
    }

    /** Returns whether this is the number of no pattern; those are the highest. */
    boolean isNoPattern(int number) {
        return number >= patterns.size();
    }

    /** Returns the bit of a block. */
    long bit(BlockPattern block) {
        return 1L << (block.number() - patterns.size());
    }

    /** Returns the bit of the block that may begin on a line which has this number, or 0. */
    long begun(int number) {
        return isNoPattern(number) && number < size() ? bit(blocks.get(number - patterns.size())) : 0;
    }

    /** Returns the bit of the block that begins and ends on a line which has this number, or 0. */
    long whole(int number) {
        return number < size() || isGlued(number) ? 0 : bit(wholes.get(number - size()));
    }

    /** Returns whether a second message may begin on a line which has this number. */
    boolean isGlued(int number) {
        return number >= size() + wholes.size();
    }

    private int size() {
        return patterns.size() + blocks.size();
    }

    private Optional<PatternSet.Pattern> expression(int number) {
        return number < patterns.size()
                ? patterns.get(number).expression()
                : blocks.get(number - patterns.size()).expression();
    }

    private Groups groups(int number) {
        return number < patterns.size()
                ? patterns.get(number).groups()
                : blocks.get(number - patterns.size()).groups();
    }

    private boolean mayMatch(int number, Line line) {
        return number < patterns.size()
                ? patterns.get(number).mayMatch(line)
                : blocks.get(number - patterns.size()).mayBegin(line);
    }
}

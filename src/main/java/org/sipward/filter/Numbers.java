package org.sipward.filter;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Numbers all that can be found behind a time stamp. A filter with the patterns A and B, the blocks C and D, of which D
 * is {@linkplain BlockPattern#whole() looked for whole} too, and a {@link Glue} has these:
 *
 * <pre>
 * 0 A matches        2 C begins        4 D begins and ends        5 a second message may begin
 * 1 B matches        3 D begins
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
final class Numbers {
    private final int patterns;
    private final int candidates;
    /** The index of each block for which a line with both its begin and its end has a number. */
    private final int[] wholes;

    private final boolean hasGlue;

    Numbers(int patterns, List<BlockPattern> blocks, boolean hasGlue) {
        this.patterns = patterns;
        this.candidates = patterns + blocks.size();
        this.wholes = IntStream.range(0, blocks.size())
                .filter(block -> blocks.get(block).whole().isPresent())
                .toArray();
        this.hasGlue = hasGlue;
    }

    /** Returns how many of them, from 0 on, are those of a {@link Candidate}. */
    int candidates() {
        return candidates;
    }

    /** Returns whether this is the number of a pattern. Those are the lowest. */
    boolean isPattern(int number) {
        return number < patterns;
    }

    /** Returns whether this number means that a second message may begin on the line. It is the highest. */
    boolean isGlue(int number) {
        return number >= candidates + wholes.length;
    }

    /** Returns the number that means so, if the filter has a glue. */
    IntStream glue() {
        return hasGlue ? IntStream.of(candidates + wholes.length) : IntStream.empty();
    }

    /** Returns the bit of the block that begins on a line with this number, or 0. */
    long begun(int number) {
        return number < patterns || number >= candidates ? 0 : bit(number - patterns);
    }

    /** Returns the bit of the block that begins and ends on a line with this number, or 0. */
    long whole(int number) {
        int index = number - candidates;
        return index < 0 || index >= wholes.length ? 0 : bit(wholes[index]);
    }

    /** Returns the bit of the block with this index. */
    static long bit(int block) {
        return 1L << block;
    }
}

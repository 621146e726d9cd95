package org.sipward.regex;

import org.jspecify.annotations.Nullable;

/** A set of byte values, 64 to a word. Immutable. */
record Bytes(long w0, long w1, long w2, long w3) {
    static final Bytes NONE = new Bytes(0, 0, 0, 0);
    static final Bytes ALL = NONE.complement();
    static final Bytes DIGITS = range('0', '9');
    static final Bytes LETTERS = range('A', 'Z').or(range('a', 'z'));
    static final Bytes WORD = DIGITS.or(LETTERS).or(of('_'));
    static final Bytes SPACE = range('\t', '\n').or(range('\f', '\r')).or(of(' '));

    static Bytes of(int value) {
        return range(value, value);
    }

    /** Returns the values from the first to the last, both included. Values above 255 are left out. */
    static Bytes range(int first, int last) {
        long[] words = new long[4];
        for (int value = first; value <= Math.min(last, 255); value++) {
            words[value >> 6] |= 1L << value;
        }
        return new Bytes(words[0], words[1], words[2], words[3]);
    }

    boolean contains(int value) {
        long word = switch (value >> 6) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            default -> w3;
        };
        return (word >>> value & 1) != 0;
    }

    Bytes or(Bytes other) {
        return new Bytes(w0 | other.w0, w1 | other.w1, w2 | other.w2, w3 | other.w3);
    }

    Bytes complement() {
        return new Bytes(~w0, ~w1, ~w2, ~w3);
    }

    // Written out, like those of Beginning: records' generated equals and hashCode are linked at run time on every
    // start, which takes 20 ms and more.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && w0 == that.w0 && w1 == that.w1 && w2 == that.w2 && w3 == that.w3;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(w0 + 31 * (w1 + 31 * (w2 + 31 * w3)));
    }

    /** Returns the set with both cases of each ASCII letter in it. */
    Bytes folded() {
        // 'a' is 32 values after 'A'; both are in the second word.
        long upper = w1 & LETTERS.w1 & 0xffffffffL;
        long lower = w1 & LETTERS.w1 & ~0xffffffffL;
        return new Bytes(w0, w1 | upper << 32 | lower >>> 32, w2, w3);
    }
}

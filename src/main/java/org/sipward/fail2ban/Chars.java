package org.sipward.fail2ban;

import java.util.BitSet;

/** Sets of bytes, and how they are written. A set is never changed once it is in a {@link RegexNode}. */
final class Chars {
    static final BitSet DIGIT = ranges("09");
    static final BitSet WORD = ranges("09AZaz__");
    static final BitSet SPACE = ranges("\t\n\f\r  ");
    static final BitSet ANY = ranges("\0\u00ff");

    private static final String SPECIAL = "\\.[]{}()*+?^$|";

    private Chars() {}

    /** Returns the set of these ranges, each written as two characters. */
    static BitSet ranges(String pairs) {
        BitSet set = new BitSet();
        for (int i = 0; i + 1 < pairs.length(); i += 2) {
            set.set(pairs.charAt(i), pairs.charAt(i + 1) + 1);
        }
        return set;
    }

    static BitSet of(char c) {
        BitSet set = new BitSet();
        set.set(c);
        return set;
    }

    static BitSet without(BitSet all, BitSet some) {
        BitSet rest = (BitSet) all.clone();
        rest.andNot(some);
        return rest;
    }

    static BitSet both(BitSet one, BitSet other) {
        BitSet both = (BitSet) one.clone();
        both.and(other);
        return both;
    }

    /** Returns the set as RE2 writes it, in printable ASCII. */
    static String print(BitSet set) {
        if (set.equals(ANY)) {
            return ".";
        }
        if (set.cardinality() == 1) {
            char c = (char) set.nextSetBit(0);
            return (SPECIAL.indexOf(c) >= 0 ? "\\" : "") + print(c);
        }
        for (String shorthand : new String[] {"d", "w", "s"}) {
            BitSet known = shorthand.equals("d") ? DIGIT : shorthand.equals("w") ? WORD : SPACE;
            if (set.equals(known)) {
                return "\\" + shorthand;
            }
            if (set.equals(without(ANY, known))) {
                return "\\" + shorthand.toUpperCase(java.util.Locale.ROOT);
            }
        }
        boolean negated = set.get(0xff);
        return (negated ? "[^" : "[") + printRanges(negated ? without(ANY, set) : set) + "]";
    }

    private static String printRanges(BitSet set) {
        BitSet left = set;
        StringBuilder text = new StringBuilder();
        for (BitSet known : new BitSet[] {WORD, DIGIT, SPACE}) {
            if (both(left, known).equals(known)) {
                text.append(print(known));
                left = without(left, known);
            }
        }
        for (int from = left.nextSetBit(0); from >= 0; ) {
            // A hyphen stands alone, so that it never looks like a range.
            int to = from == '-' ? from : left.nextClearBit(from) - 1;
            if (from < '-' && to >= '-') {
                to = '-' - 1;
            }
            text.append(member((char) from));
            if (to > from) {
                text.append(to > from + 1 ? "-" : "").append(member((char) to));
            }
            from = left.nextSetBit(to + 1);
        }
        return text.toString();
    }

    private static String member(char c) {
        return ("\\[]^-".indexOf(c) >= 0 ? "\\" : "") + print(c);
    }

    private static String print(char c) {
        return c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\x%02x", (int) c);
    }
}

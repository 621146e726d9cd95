package org.sipward.regex;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Groups byte values into classes: no step of a program distinguishes the bytes of one class. Immutable. */
final class ByteClasses {
    private final char[] classOf = new char[256];
    private final int count;
    /** For each set the bits of its classes, in {@link #words} longs. */
    private final long[] sets;

    private final int words;
    private final boolean[] isWord;

    /**
     * Sorts the bytes.
     *
     * @param distinguished the sets by their numbers
     * @param used the numbers of the sets that steps ask for; a class is either wholly inside or wholly outside each of
     *     them
     * @param words whether to distinguish letters, digits and underscores from the rest
     */
    ByteClasses(List<Bytes> distinguished, Set<Integer> used, boolean words) {
        int[] classes = new int[256];
        int number = 1;
        for (int set : used) {
            number = refine(classes, distinguished.get(set));
        }
        if (words) {
            number = refine(classes, Bytes.WORD);
        }
        this.count = number;
        this.words = (number + 63) >> 6;
        this.sets = new long[distinguished.size() * this.words];
        this.isWord = new boolean[number];
        for (int value = 0; value < 256; value++) {
            int own = classes[value];
            classOf[value] = (char) own;
            isWord[own] = Bytes.WORD.contains(value);
            for (int i = 0; i < distinguished.size(); i++) {
                if (distinguished.get(i).contains(value)) {
                    sets[i * this.words + (own >> 6)] |= 1L << own;
                }
            }
        }
    }

    /**
     * Splits each class into the bytes inside and outside the set, and renumbers the classes; returns how many there
     * are.
     */
    private static int refine(int[] classes, Bytes set) {
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int value = 0; value < 256; value++) {
            int key = classes[value] * 2 + (set.contains(value) ? 1 : 0);
            Integer number = numbers.get(key);
            if (number == null) {
                number = numbers.size();
                numbers.put(key, number);
            }
            classes[value] = number;
        }
        return numbers.size();
    }

    /** Returns how many classes there are. */
    int count() {
        return count;
    }

    /** Returns the class of each byte value. */
    char[] table() {
        return classOf;
    }

    boolean isIn(int set, int byteClass) {
        return (sets[set * words + (byteClass >> 6)] >>> byteClass & 1) != 0;
    }

    /** Returns whether the bytes of a class are letters, digits or underscores; only if these are distinguished. */
    boolean isWord(int byteClass) {
        return isWord[byteClass];
    }
}

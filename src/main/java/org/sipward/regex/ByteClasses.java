package org.sipward.regex;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Bytes that no step of a program tells apart make one class. Immutable. */
final class ByteClasses {
    private final char[] classOf = new char[256];
    private final int count;
    /** For each set the bits of its classes, {@link #words} of them. */
    private final long[] sets;

    private final int words;
    private final boolean[] isWord;

    /**
     * Sorts the bytes.
     *
     * @param distinguished sets by their numbers
     * @param used the numbers of those that a class lies within or without; the others are not asked for
     * @param words whether letters and digits are told from the rest
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

    /** Splits each class in those within the set and those without, numbered anew; returns how many there are. */
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

    /** Returns whether the bytes of a class are letters, digits or underscores; only if words are told apart. */
    boolean isWord(int byteClass) {
        return isWord[byteClass];
    }
}

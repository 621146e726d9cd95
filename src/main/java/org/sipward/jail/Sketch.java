package org.sipward.jail;

/**
 * Counts distinct things in a few numbers of an {@link AddressTable}: each thing sets one bit, chosen by its hash, and
 * the number of unset bits gives the number of things (linear counting: Whang, Vander-Zanden, Taylor, 1990).
 *
 * <p>With 256 bits the standard error is 4 % at 10 things, 5 % at 50 and 5 % at 100.
 */
final class Sketch {
    private final AddressTable table;
    private final int first;
    private final int words;

    /** Makes a view of {@code words} numbers of each slot, beginning with {@code first}. */
    Sketch(AddressTable table, int first, int words) {
        this.table = table;
        this.first = first;
        this.words = words;
    }

    /** Adds a thing. Returns true if its bit was not set before; the thing is then certainly new. */
    boolean add(int slot, long hash) {
        int bit = (int) Math.floorMod(hash, words * 64L);
        int word = first + bit / 64;
        long before = table.get(slot, word);
        long after = before | 1L << (bit % 64);
        table.set(slot, word, after);
        return before != after;
    }

    /** Returns how many bits are set; at least this many different things were added. */
    int bits(int slot) {
        int set = 0;
        for (int i = 0; i < words; i++) {
            set += Long.bitCount(table.get(slot, first + i));
        }
        return set;
    }

    /** Returns an estimate of how many different things were added. */
    int count(int slot) {
        int set = bits(slot);
        int bits = words * 64;
        return set == bits ? bits * 6 : (int) (-bits * Math.log(1 - (double) set / bits) + 1e-9);
    }
}

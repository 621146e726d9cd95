package org.sipward.jail;

import java.util.Arrays;

/**
 * The numbers that an {@link AddressIndex} keeps for each address. They are in chunks that are added and removed at
 * the end, so that growing copies nothing. All numbers of an address lie together: a line asks for dozens of them, of
 * addresses that no cache holds. Not thread-safe.
 */
final class AddressChunks {
    /** How many bytes the numbers of an address take. */
    static final int BYTES_EACH = 6 * Integer.BYTES;

    private static final int NONE = AddressIndex.NONE;

    private static final int KEY = 0;
    /** Twice the next number in the chain; plus 1 if something is proven of the address. */
    private static final int CHAIN = KEY + 2;

    private static final int OLDER = CHAIN + 1;
    private static final int NEWER = OLDER + 1;
    private static final int HEARD = NEWER + 1;
    private static final int EACH = BYTES_EACH / Integer.BYTES;

    private final int shift;
    private final int mask;
    private int[][] chunks = {};

    /** Makes an empty list of chunks; each chunk will have {@code 1 << shift} addresses. */
    AddressChunks(int shift) {
        this.shift = shift;
        this.mask = (1 << shift) - 1;
    }

    int chunkRows() {
        return mask + 1;
    }

    /** Returns how many addresses there is room for. */
    int rows() {
        return chunks.length << shift;
    }

    void grow() {
        int count = chunks.length;
        chunks = Arrays.copyOf(chunks, count + 1);
        chunks[count] = new int[EACH << shift];
    }

    void shrink() {
        chunks = Arrays.copyOf(chunks, chunks.length - 1);
    }

    void set(int slot, long key, boolean isProven, int second) {
        set(slot, KEY, (int) (key >>> Integer.SIZE));
        set(slot, KEY + 1, (int) key);
        set(slot, CHAIN, isProven ? 1 : 0);
        set(slot, HEARD, second);
    }

    /** Copies everything except the chain. The neighbours in the queue are not told; see {@link Queue#renumber}. */
    void copy(int from, int to) {
        int chain = chain(to);
        System.arraycopy(chunk(from), at(from), chunk(to), at(to), EACH);
        setChain(to, chain);
    }

    long key(int slot) {
        return ((long) get(slot, KEY) << Integer.SIZE) | (get(slot, KEY + 1) & 0xffff_ffffL);
    }

    int chain(int slot) {
        return get(slot, CHAIN) >> 1;
    }

    void setChain(int slot, int next) {
        set(slot, CHAIN, (next << 1) | (get(slot, CHAIN) & 1));
    }

    int newer(int slot) {
        return get(slot, NEWER);
    }

    int heard(int slot) {
        return get(slot, HEARD);
    }

    /** Notes that the address was seen at this time, perhaps out of order. */
    void hear(int slot, int second) {
        set(slot, HEARD, Math.max(heard(slot), second));
    }

    boolean isProven(int slot) {
        return (get(slot, CHAIN) & 1) != 0;
    }

    void prove(int slot) {
        set(slot, CHAIN, get(slot, CHAIN) | 1);
    }

    private int get(int slot, int number) {
        return chunk(slot)[at(slot) + number];
    }

    private void set(int slot, int number, int value) {
        chunk(slot)[at(slot) + number] = value;
    }

    private int[] chunk(int slot) {
        return chunks[slot >>> shift];
    }

    private int at(int slot) {
        return (slot & mask) * EACH;
    }

    /** Returns an empty queue. */
    Queue queue() {
        return new Queue();
    }

    /** Some of the addresses in the order in which they were last seen. An address is in at most one queue. */
    final class Queue {
        private int oldest = NONE;
        private int newest = NONE;
        private int size;

        int oldest() {
            return oldest;
        }

        boolean isNewest(int slot) {
            return slot == newest;
        }

        int size() {
            return size;
        }

        void append(int slot) {
            set(slot, OLDER, newest);
            set(slot, NEWER, NONE);
            renumber(slot);
            size++;
        }

        void unlink(int slot) {
            int before = get(slot, OLDER);
            int behind = get(slot, NEWER);
            setNewer(before, behind);
            setOlder(behind, before);
            size--;
        }

        /** Tells the neighbours of an added or moved address its number. */
        void renumber(int slot) {
            setNewer(get(slot, OLDER), slot);
            setOlder(get(slot, NEWER), slot);
        }

        void clear() {
            oldest = NONE;
            newest = NONE;
            size = 0;
        }

        private void setNewer(int slot, int newer) {
            if (slot == NONE) {
                oldest = newer;
            } else {
                set(slot, NEWER, newer);
            }
        }

        private void setOlder(int slot, int older) {
            if (slot == NONE) {
                newest = older;
            } else {
                set(slot, OLDER, older);
            }
        }
    }
}

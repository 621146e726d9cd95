package org.sipward.jail;

import java.util.Arrays;

/**
 * The numbers that an {@link AddressIndex} keeps for each address. They are in chunks that are added and removed at
 * the end, so that growing copies nothing. Not thread-safe.
 */
final class AddressChunks {
    private static final int NONE = AddressIndex.NONE;

    private final int shift;
    private final int mask;
    /** An array and no list: a line asks for dozens of these numbers. */
    private Chunk[] chunks = {};

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
        chunks[count] = new Chunk(mask + 1);
    }

    void shrink() {
        chunks = Arrays.copyOf(chunks, chunks.length - 1);
    }

    void set(int slot, long key, boolean isProven, int second) {
        Chunk chunk = chunk(slot);
        chunk.keys[slot & mask] = key;
        chunk.proven[slot & mask] = isProven;
        chunk.heard[slot & mask] = second;
    }

    /** Copies everything except the chain. The neighbours in the queue are not told; see {@link Queue#renumber}. */
    void copy(int from, int to) {
        Chunk source = chunk(from);
        Chunk target = chunk(to);
        target.keys[to & mask] = source.keys[from & mask];
        target.older[to & mask] = source.older[from & mask];
        target.newer[to & mask] = source.newer[from & mask];
        target.heard[to & mask] = source.heard[from & mask];
        target.proven[to & mask] = source.proven[from & mask];
    }

    long key(int slot) {
        return chunk(slot).keys[slot & mask];
    }

    int chain(int slot) {
        return chunk(slot).chain[slot & mask];
    }

    void setChain(int slot, int next) {
        chunk(slot).chain[slot & mask] = next;
    }

    int newer(int slot) {
        return chunk(slot).newer[slot & mask];
    }

    int heard(int slot) {
        return chunk(slot).heard[slot & mask];
    }

    /** Notes that the address was seen at this time, perhaps out of order. */
    void hear(int slot, int second) {
        int[] heard = chunk(slot).heard;
        heard[slot & mask] = Math.max(heard[slot & mask], second);
    }

    boolean isProven(int slot) {
        return chunk(slot).proven[slot & mask];
    }

    void prove(int slot) {
        chunk(slot).proven[slot & mask] = true;
    }

    /** Returns an empty queue. */
    Queue queue() {
        return new Queue();
    }

    private Chunk chunk(int slot) {
        return chunks[slot >>> shift];
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
            chunk(slot).older[slot & mask] = newest;
            chunk(slot).newer[slot & mask] = NONE;
            renumber(slot);
            size++;
        }

        void unlink(int slot) {
            int before = chunk(slot).older[slot & mask];
            int behind = chunk(slot).newer[slot & mask];
            setNewer(before, behind);
            setOlder(behind, before);
            size--;
        }

        /** Tells the neighbours of an added or moved address its number. */
        void renumber(int slot) {
            setNewer(chunk(slot).older[slot & mask], slot);
            setOlder(chunk(slot).newer[slot & mask], slot);
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
                chunk(slot).newer[slot & mask] = newer;
            }
        }

        private void setOlder(int slot, int older) {
            if (slot == NONE) {
                newest = older;
            } else {
                chunk(slot).older[slot & mask] = older;
            }
        }
    }

    /** The numbers of some addresses. */
    private static final class Chunk {
        private final long[] keys;
        private final int[] chain;
        private final int[] older;
        private final int[] newer;
        private final int[] heard;
        private final boolean[] proven;

        Chunk(int rows) {
            keys = new long[rows];
            chain = new int[rows];
            older = new int[rows];
            newer = new int[rows];
            heard = new int[rows];
            proven = new boolean[rows];
        }
    }
}

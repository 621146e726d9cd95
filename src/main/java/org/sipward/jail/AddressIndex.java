package org.sipward.jail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sipward.net.IpAddress;
import org.sipward.net.SeededHash;

/**
 * Gives addresses numbers, 0 to {@link #size} - 1, keeps a row for each, and decides who is forgotten where there is no room
 * for all.
 *
 * <p>There are two queues, of addresses of which something is proven and of the others, each in the order in which they were
 * heard of. For a new address, those are forgotten that have been silent for too long; then there may be a chunk of the
 * {@link Budget}; else the unproven one that was silent for longest is forgotten; and only where there is none, and for a
 * proven one, the proven one. Whoever is proven stays so until he is forgotten.
 *
 * <p>Numbers change: whenever an address is added or removed, others may be forgotten, and the last one gets a number that has
 * become free, and its row moves there.
 *
 * <p>Memory: {@value #BYTES_EACH} bytes for an address, in chunks of some {@value #CHUNK_BYTES} bytes with its rows; none
 * for an empty one. Not thread-safe: its table's owner holds the budget's monitor.
 *
 * @param <C> a chunk of rows
 */
final class AddressIndex<C> {
    static final int NONE = -1;
    static final int BYTES_EACH = 33;

    /** Instead of a time: however long it is silent, an address is not forgotten for that, nor for another table. */
    static final int FOR_EVER = -1;

    private static final int CHUNK_BYTES = 32 << 10;
    /** What the arrays of a chunk take besides their elements. */
    private static final int CHUNK_EXTRA = 256;

    private static final int LEAST_BUCKETS = 64;

    private final Budget budget;
    private final int limit;
    private final int keep;
    private final Rows<C> rows;
    private final List<C> rowChunks = new ArrayList<>();
    private final int shift;
    private final AddressChunks chunks;
    private final long chunkBytes;
    private final int rowBytes;
    private final SeededHash hash = new SeededHash();
    private final AddressChunks.Queue unproven;
    private final AddressChunks.Queue proven;
    private int size;
    private int[] buckets = {};
    /** So many more do without new memory before it is asked for again, by whether something is proven of them. */
    private int patience;

    private int provenPatience;

    /**
     * Makes an empty index.
     *
     * @param limit the most addresses
     * @param bytes what the rows hold for each of them
     * @param keep after so many seconds of silence an address is forgotten, or {@link #FOR_EVER}
     */
    AddressIndex(Budget budget, int limit, int bytes, int keep, Rows<C> rows) {
        this.budget = budget;
        this.limit = limit;
        this.keep = keep;
        this.rows = rows;
        this.rowBytes = BYTES_EACH + bytes;
        this.shift = 31 - Integer.numberOfLeadingZeros(Math.max(1, CHUNK_BYTES / rowBytes));
        this.chunks = new AddressChunks(shift);
        this.unproven = chunks.queue();
        this.proven = chunks.queue();
        this.chunkBytes = ((long) rowBytes << shift) + CHUNK_EXTRA;
    }

    int size() {
        return size;
    }

    /** Returns the chunk that holds the row of a number. */
    C chunk(int slot) {
        return rowChunks.get(slot >>> shift);
    }

    /** Returns which row of its chunk is that of a number. */
    int row(int slot) {
        return slot & ((1 << shift) - 1);
    }

    /** Returns how many addresses there is room for now. */
    int capacity() {
        return chunks.rows();
    }

    /** Returns the number of an address, or {@link #NONE}. */
    int find(IpAddress address) {
        if (size == 0) {
            return NONE;
        }
        long key = AddressKey.of(address);
        int slot = buckets[bucket(key)];
        while (slot != NONE && chunks.key(slot) != key) {
            slot = chunks.chain(slot);
        }
        return slot;
    }

    /**
     * Takes in an address that is not there, as the one heard of last. Others may be forgotten for it.
     *
     * @param isProven whether it is proven that the address is the sender's
     * @param second when it was heard of
     * @return its number, or {@link #NONE} if there is no room for it
     */
    int add(IpAddress address, boolean isProven, int second) {
        forgetSilent(second);
        if (!hasRoom(isProven, second)) {
            return NONE;
        }
        int slot = size++;
        chunks.set(slot, AddressKey.of(address), isProven, second);
        enchain(slot);
        queue(slot).append(slot);
        return slot;
    }

    /** Notes that this one was heard of. */
    void touch(int slot, boolean isProven, int second) {
        chunks.hear(slot, second);
        boolean becomesProven = isProven && !chunks.isProven(slot);
        if (becomesProven || !queue(slot).isNewest(slot)) {
            queue(slot).unlink(slot);
            if (becomesProven) {
                chunks.prove(slot);
            }
            queue(slot).append(slot);
        }
    }

    /** Forgets an address. */
    void remove(int slot) {
        queue(slot).unlink(slot);
        unchain(slot);
        int last = --size;
        if (slot != last) {
            unchain(last);
            chunks.copy(last, slot);
            enchain(slot);
            queue(slot).renumber(slot);
            rows.copy(chunk(last), row(last), chunk(slot), row(slot));
        }
        // One spare chunk stays, so that addresses that come and go at a border cost nothing.
        if (capacity() - size >= 2 * chunks.chunkRows()) {
            giveBack();
        }
    }

    /** Forgets all, and gives all memory back. */
    void clear() {
        size = 0;
        unproven.clear();
        proven.clear();
        while (capacity() > 0) {
            giveBack();
        }
    }

    /** Returns the one to be forgotten first, or {@link #NONE}. */
    int oldest() {
        return unproven.size() == 0 ? proven.oldest() : unproven.oldest();
    }

    /** Returns the one to be forgotten next after this one, or {@link #NONE}. */
    int newer(int slot) {
        int newer = chunks.newer(slot);
        return newer == NONE && !chunks.isProven(slot) ? proven.oldest() : newer;
    }

    IpAddress address(int slot) {
        return AddressKey.address(chunks.key(slot));
    }

    /** Forgets those that were silent for too long. Each costs as much as its being added. */
    void forgetSilent(int second) {
        if (keep != FOR_EVER) {
            forgetSilent(unproven, second);
            forgetSilent(proven, second);
        }
    }

    /** Returns whether it takes from others what it needs, and gives nothing. */
    boolean isPinned() {
        return keep == FOR_EVER;
    }

    /** Returns the bytes of a chunk with its rows. */
    long chunkBytes() {
        return chunkBytes;
    }

    /** Returns the bytes of all, or of those of which nothing is proven. */
    long bytes(boolean all) {
        return all ? capacity() / chunks.chunkRows() * chunkBytes : (long) unproven.size() * rowBytes;
    }

    /** Returns whether it has a chunk that it could give up, for all or by forgetting unproven ones only. */
    boolean canGive(boolean all) {
        return capacity() > 0 && tooMany() <= (all ? size : unproven.size());
    }

    /** Gives up a chunk, and forgets those that have no room without it. */
    void giveChunk() {
        int before = capacity();
        while (capacity() == before && tooMany() > 0) {
            remove(oldest());
        }
        if (capacity() == before) {
            giveBack();
        }
    }

    /** Returns how many addresses have no room without the last chunk. */
    private int tooMany() {
        return size - (capacity() - chunks.chunkRows());
    }

    /** Forgets those that were silent for too long, and gives back what is not needed without them. */
    void tidy(int second) {
        forgetSilent(second);
        while (capacity() > 0 && tooMany() <= 0) {
            giveBack();
        }
    }

    private void forgetSilent(AddressChunks.Queue queue, int second) {
        while (queue.size() > 0 && (long) second - chunks.heard(queue.oldest()) > keep) {
            remove(queue.oldest());
        }
    }

    /** Makes room for one more. */
    private boolean hasRoom(boolean isProven, int second) {
        if (size < limit && (size < capacity() || mayGrow(isProven, second))) {
            return true;
        }
        int forgotten = unproven.size() > 0 || !isProven ? unproven.oldest() : proven.oldest();
        if (forgotten == NONE) {
            return false;
        }
        remove(forgotten);
        return true;
    }

    private boolean mayGrow(boolean isProven, int second) {
        int left = isProven ? provenPatience : patience;
        boolean granted = left == 0 && budget.take(this, isProven, second);
        // Refused, it has as fair a share as there is; to ask each time would cost as many looks as there are tables.
        left = granted ? 0 : left > 0 ? left - 1 : chunks.chunkRows();
        patience = isProven ? patience : left;
        provenPatience = isProven ? left : provenPatience;
        if (granted) {
            chunks.grow();
            rowChunks.add(rows.chunk(chunks.chunkRows()));
            if (capacity() > buckets.length) {
                rehash(Math.max(LEAST_BUCKETS, Math.max(capacity(), 2 * buckets.length)));
            }
        }
        return granted;
    }

    private void giveBack() {
        chunks.shrink();
        rowChunks.remove(rowChunks.size() - 1);
        budget.give(this);
        if (capacity() == 0) {
            buckets = new int[0];
        } else if (2 * (capacity() + 8 * chunks.chunkRows()) < buckets.length) {
            rehash(buckets.length / 2);
        }
    }

    private void rehash(int length) {
        buckets = new int[length];
        Arrays.fill(buckets, NONE);
        for (int slot = 0; slot < size; slot++) {
            enchain(slot);
        }
    }

    private AddressChunks.Queue queue(int slot) {
        return chunks.isProven(slot) ? proven : unproven;
    }

    private void enchain(int slot) {
        int bucket = bucket(chunks.key(slot));
        chunks.setChain(slot, buckets[bucket]);
        buckets[bucket] = slot;
    }

    private void unchain(int slot) {
        int bucket = bucket(chunks.key(slot));
        if (buckets[bucket] == slot) {
            buckets[bucket] = chunks.chain(slot);
            return;
        }
        int at = buckets[bucket];
        while (chunks.chain(at) != slot) {
            at = chunks.chain(at);
        }
        chunks.setChain(at, chunks.chain(slot));
    }

    private int bucket(long key) {
        // Seeded, since attackers choose their IPv6 addresses and would otherwise aim them all at one bucket.
        return SeededHash.scale(hash.of(key), buckets.length);
    }

    /** How a table keeps what it knows of addresses: a row for each, in chunks. */
    interface Rows<C> {
        /** Makes a chunk of so many rows. */
        C chunk(int rows);

        /** Copies a row of a chunk over one of another chunk, or of the same one. */
        void copy(C from, int fromRow, C to, int toRow);
    }
}

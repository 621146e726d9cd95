package org.sipward.jail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sipward.net.IpAddress;
import org.sipward.net.SeededHash;

/**
 * Gives addresses numbers, 0 to {@link #size} - 1, keeps a row for each, and decides which address to forget when
 * there is no room for all.
 *
 * <p>There are two queues: addresses of which something is proven, and the others, each in the order in which they
 * were last seen. To make room for a new address, the index first forgets addresses that have been silent for too long.
 * Then it asks the {@link Budget} for a chunk. If there is none, it forgets the unproven address that was silent for
 * longest; or a proven one, if the unproven have less than their share, one in {@value #UNPROVEN_SHARE}. So packets
 * with spoofed senders never push out proven attackers, and proven attackers, however many, leave room to count new
 * addresses. A proven address stays proven until it is forgotten.
 *
 * <p>Numbers change: whenever an address is added or removed, others may be forgotten. The address with the last
 * number then gets the free number, and its row moves there.
 *
 * <p>Memory: {@value #BYTES_EACH} bytes per address and its row, in chunks of some {@value #CHUNK_BYTES} bytes; none
 * if the index is empty. Not thread-safe: the owner of the table holds the budget's monitor.
 *
 * @param <C> a chunk of rows
 */
final class AddressIndex<C> {
    static final int NONE = -1;
    /** Besides the row. There are at most two buckets for each address. */
    static final int BYTES_EACH = AddressChunks.BYTES_EACH + 2 * Integer.BYTES;

    /**
     * Given in place of a time: an address is never forgotten because it is silent, nor to make room in another table.
     */
    static final int FOR_EVER = -1;

    private static final int CHUNK_BYTES = 32 << 10;
    /** The memory that a chunk's arrays take besides their elements. */
    private static final int CHUNK_EXTRA = 256;

    private static final int LEAST_BUCKETS = 64;
    private static final int UNPROVEN_SHARE = 8;

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
    /**
     * After a refusal, how many more unproven addresses to add before asking for memory again; next, the same for
     * proven ones.
     */
    private int patience;

    private int provenPatience;

    /**
     * Makes an empty index.
     *
     * @param limit the most addresses
     * @param bytes the bytes of each address's row
     * @param keep the seconds of silence after which an address is forgotten, or {@link #FOR_EVER}
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

    /** Returns the index of a number's row in its chunk. */
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
     * Adds an address that is not in the index, as the most recently seen one. Others may be forgotten for it.
     *
     * @param isProven whether the address is proven to be the sender's
     * @param second when the address was seen
     * @return the address's number, or {@link #NONE} if there is no room for it
     */
    int add(IpAddress address, boolean isProven, int second) {
        forgetSilent(second);
        int slot = size < limit && (size < capacity() || mayGrow(isProven, second)) ? size++ : takeOver(isProven);
        if (slot == NONE) {
            return NONE;
        }
        chunks.set(slot, AddressKey.of(address), isProven, second);
        enchain(slot);
        queue(slot).append(slot);
        return slot;
    }

    /** Notes that an address was seen. */
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
        // Keeps one spare chunk, so that addresses that come and go at a chunk's border cost nothing.
        if (capacity() - size >= 2 * chunks.chunkRows()) {
            giveBack();
        }
    }

    /** Forgets all addresses, and gives all memory back. */
    void clear() {
        size = 0;
        unproven.clear();
        proven.clear();
        while (capacity() > 0) {
            giveBack();
        }
    }

    /** Returns the address to forget first, or {@link #NONE}. */
    int oldest() {
        return unproven.size() == 0 ? proven.oldest() : unproven.oldest();
    }

    /** Returns the address to forget next after this one, or {@link #NONE}. */
    int newer(int slot) {
        int newer = chunks.newer(slot);
        return newer == NONE && !chunks.isProven(slot) ? proven.oldest() : newer;
    }

    IpAddress address(int slot) {
        return AddressKey.address(chunks.key(slot));
    }

    /** Forgets addresses that were silent for too long. Forgetting an address costs as much as adding it. */
    void forgetSilent(int second) {
        if (keep != FOR_EVER) {
            forgetSilent(unproven, second);
            forgetSilent(proven, second);
        }
    }

    /** Returns whether this index takes memory from others and never gives any. */
    boolean isPinned() {
        return keep == FOR_EVER;
    }

    /** Returns the bytes of a chunk, including its rows. */
    long chunkBytes() {
        return chunkBytes;
    }

    /** Returns the bytes of all addresses, or only of those of which nothing is proven. */
    long bytes(boolean all) {
        return all ? capacity() / chunks.chunkRows() * chunkBytes : (long) unproven.size() * rowBytes;
    }

    /** Returns whether it could give up a chunk, either by forgetting any address or only unproven ones. */
    boolean canGive(boolean all) {
        return capacity() > 0 && tooMany() <= (all ? size : unproven.size());
    }

    /** Gives up a chunk, and forgets the addresses that have no room without it. */
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

    /** Forgets addresses that were silent for too long, and gives back the chunks that are then not needed. */
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

    /** Forgets an address, and returns its number for a new one; or {@link #NONE} if none may be forgotten for it. */
    private int takeOver(boolean isProven) {
        boolean isShare = unproven.size() < size / UNPROVEN_SHARE;
        boolean ofProven = isShare || (isProven && unproven.size() == 0);
        int forgotten = ofProven ? proven.oldest() : unproven.oldest();
        if (forgotten != NONE) {
            queue(forgotten).unlink(forgotten);
            unchain(forgotten);
        }
        return forgotten;
    }

    private boolean mayGrow(boolean isProven, int second) {
        int left = isProven ? provenPatience : patience;
        boolean granted = left == 0 && budget.take(this, isProven, second);
        // If it was refused, it already has a fair share. Asking each time would mean checking every table each time.
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
        // Seeded, because attackers choose their IPv6 addresses and could otherwise aim them all at one bucket.
        return SeededHash.scale(hash.of(key), buckets.length);
    }

    /** The rows in which a table keeps its data about addresses, in chunks. */
    interface Rows<C> {
        /** Makes a chunk of this many rows. */
        C chunk(int rows);

        /** Copies a row over a row of another chunk or of the same chunk. */
        void copy(C from, int fromRow, C to, int toRow);
    }
}

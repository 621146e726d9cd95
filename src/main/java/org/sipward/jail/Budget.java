package org.sipward.jail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The memory of all that the jails of an agent know of addresses: the failures that they count, what detectors have seen,
 * and who is trusted. Tables ask for it chunk by chunk and give it back; whatever the configuration (any number of jails,
 * any maxretry, any detector) and whatever the traffic, they have no more than {@link #BYTES} together.
 *
 * <p>Forgotten first, once it is handed out:
 *
 * <ol>
 *   <li>addresses that have been silent for so long that nothing counts any more, of all tables;
 *   <li>of the table that has the most of them, addresses of which nothing is proven: the lines about them may be due to
 *       packets with made-up senders. The one silent for longest first;
 *   <li>only for an address of which something is proven, of the table that has the most: the one silent for longest.
 * </ol>
 *
 * So no unproven address takes memory from a table of proven ones; within a table, an eighth is left to the unproven (see
 * {@link AddressIndex}). No jail is left without memory by what is written into the log of another. Who is trusted is never forgotten for another table: that is at most {@link Trust#MAX_TRUSTED} addresses.
 *
 * <p>Thread-safe: its monitor guards all tables that share it, so that one can take from another.
 */
public final class Budget {
    /** A quarter of the heap that {@code bin/sipward} allows; bans, the store, filters and commands need the rest. */
    public static final int BYTES = 24 << 20;

    private final long bytes;
    private final List<AddressIndex<?>> holders = new ArrayList<>();
    private long used;

    /** Makes one of {@link #BYTES}. */
    public Budget() {
        this(BYTES);
    }

    Budget(long bytes) {
        this.bytes = bytes;
    }

    /** Returns how many bytes are handed out. */
    public synchronized long used() {
        return used;
    }

    /**
     * Hands out memory for one more chunk, if need be after others have forgotten addresses.
     *
     * @param proven whether it is for an address of which something is proven
     * @param second the time by the log
     * @return false if there is none to be had: then the asker has as much as any other
     */
    boolean take(AddressIndex<?> asker, boolean proven, int second) {
        long chunk = asker.chunkBytes();
        if (used + chunk > bytes) {
            List.copyOf(holders).forEach(holder -> holder.tidy(second));
        }
        boolean found = true;
        while (used + chunk > bytes && found) {
            Optional<AddressIndex<?>> victim = victim(asker, proven);
            victim.ifPresent(AddressIndex::giveChunk);
            found = victim.isPresent();
        }
        if (used + chunk > bytes) {
            return false;
        }
        used += chunk;
        if (!asker.isPinned() && !holders.contains(asker)) {
            holders.add(asker);
        }
        return true;
    }

    /** Takes back the memory of a chunk. */
    void give(AddressIndex<?> holder) {
        used -= holder.chunkBytes();
        if (holder.capacity() == 0) {
            holders.remove(holder);
        }
    }

    /** Returns who is to give up a chunk for the asker: another one that has more than he. */
    private Optional<AddressIndex<?>> victim(AddressIndex<?> asker, boolean proven) {
        boolean isFirst = asker.isPinned() || asker.capacity() == 0;
        long own = asker.bytes(false);
        // Who can forget unproven ones of his own for a proven one is no worse off than others.
        long fair = isFirst || (proven && own == 0) ? 0 : own + asker.chunkBytes();
        Optional<AddressIndex<?>> victim = most(asker, false, fair);
        if (victim.isPresent() || !proven || own > 0) {
            return victim;
        }
        return most(asker, true, isFirst ? 0 : asker.bytes(true) + asker.chunkBytes());
    }

    /** Returns the one of the others that has the most above this, and can give up a chunk. */
    private Optional<AddressIndex<?>> most(AddressIndex<?> asker, boolean all, long above) {
        Optional<AddressIndex<?>> found = Optional.empty();
        long most = above;
        for (AddressIndex<?> holder : holders) {
            if (!holder.equals(asker) && holder.bytes(all) > most && holder.canGive(all)) {
                most = holder.bytes(all);
                found = Optional.of(holder);
            }
        }
        return found;
    }
}

package org.sipward.jail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The memory for everything that an agent's jails know about addresses: the failures that they count, what detectors
 * have seen, and which addresses are trusted. Tables ask for memory chunk by chunk and give it back. Together they
 * never have more than {@link #BYTES}, whatever the configuration (any number of jails, any maxretry, any detector) and
 * whatever the traffic.
 *
 * <p>When all memory is handed out, addresses are forgotten in this order:
 *
 * <ol>
 *   <li>in all tables, addresses that have been silent for so long that none of their failures counts any more;
 *   <li>in the table that has the most of them, addresses of which nothing is proven, because spoofed packets may have
 *       caused their lines. The address that was silent for longest is forgotten first;
 *   <li>only to make room for an address of which something is proven: the address that was silent for longest, in the
 *       table that has the most addresses.
 * </ol>
 *
 * So an unproven address never takes memory from a table of proven ones; within a table an eighth is left to unproven
 * addresses (see {@link AddressIndex}). An attacker who floods one jail's log cannot leave another jail without memory.
 * Trusted addresses, of which there are at most {@link Trust#MAX_TRUSTED}, are never forgotten for another table.
 *
 * <p>Thread-safe: its monitor guards all tables that share it, so that one table can take memory from another.
 */
public final class Budget {
    /** A quarter of the heap that {@code bin/sipward} allows; bans, the store, filters and commands need the rest. */
    public static final int BYTES = 24 << 20;

    private final long bytes;
    private final List<AddressIndex<?>> holders = new ArrayList<>();
    private long used;

    /** Makes a budget of {@link #BYTES}. */
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
     * Hands out memory for one more chunk; if necessary, other tables forget addresses first.
     *
     * @param proven whether the memory is for an address of which something is proven
     * @param second the log's time
     * @return false if there is no memory left; the asker then has as much as any other table
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

    /** Returns the table that must give up a chunk for the asker: another table that has more. */
    private Optional<AddressIndex<?>> victim(AddressIndex<?> asker, boolean proven) {
        boolean isFirst = asker.isPinned() || asker.capacity() == 0;
        long own = asker.bytes(false);
        // If the asker can forget unproven addresses of its own for a proven one, it is not worse off than others.
        long fair = isFirst || (proven && own == 0) ? 0 : own + asker.chunkBytes();
        Optional<AddressIndex<?>> victim = most(asker, false, fair);
        if (victim.isPresent() || !proven || own > 0) {
            return victim;
        }
        return most(asker, true, isFirst ? 0 : asker.bytes(true) + asker.chunkBytes());
    }

    /** Returns the other table that has the most memory, if it has more than {@code above} and can give up a chunk. */
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

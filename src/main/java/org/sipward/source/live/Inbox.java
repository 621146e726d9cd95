package org.sipward.source.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.sipward.source.Faults;

/**
 * Lines that have come and wait to be polled.
 *
 * <p>Thread-safe: the session's thread fills it, the one that polls empties it. Memory is bounded by {@value #CAPACITY}
 * bytes and one read of the session: when it is full, a session waits (and so does the other side) or drops and counts.
 */
final class Inbox {
    static final int CAPACITY = 1 << 20;
    /** What an entry costs besides its bytes. */
    private static final int OVERHEAD = 128;

    private final Runnable wake;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Faults faults = new Faults();
    private long held;
    private long dropped;

    /** @param wake called when lines have come to an empty inbox */
    Inbox(Runnable wake) {
        this.wake = wake;
    }

    /** Adds a line; waits until there is room. */
    void put(Entry entry) throws InterruptedException {
        boolean first;
        synchronized (this) {
            while (!hasRoom()) {
                wait();
            }
            first = add(entry);
        }
        if (first) {
            wake.run();
        }
    }

    /** Adds a line, whether there is room or not: a caller who reads only while {@link #hasRoom} stays within bounds. */
    void push(Entry entry) {
        boolean first;
        synchronized (this) {
            first = add(entry);
        }
        if (first) {
            wake.run();
        }
    }

    synchronized boolean hasRoom() {
        return held < CAPACITY;
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Counts a message that was passed over because of a mistake in this program, as a line that was not taken. */
    void passOver(String where, Throwable bug) {
        faults.add(where, bug);
        drop();
    }

    /** Returns in words that such messages were passed over. */
    Optional<String> trouble() {
        return faults.trouble();
    }

    /** Counts a line that was not taken. */
    synchronized void drop() {
        dropped++;
    }

    synchronized long dropped() {
        return dropped;
    }

    /** Takes the oldest lines out: as many as fill this many bytes, and one at least if there is any. */
    synchronized List<Entry> take(int bytes) {
        List<Entry> taken = new ArrayList<>();
        long sum = 0;
        while (!entries.isEmpty() && sum < bytes) {
            Entry entry = entries.remove();
            sum += entry.bytes().length;
            held -= cost(entry);
            taken.add(entry);
        }
        notifyAll();
        return taken;
    }

    private boolean add(Entry entry) {
        entries.add(entry);
        held += cost(entry);
        return entries.size() == 1;
    }

    private static int cost(Entry entry) {
        // A session gives all its lines the same kind of place, of one char a byte.
        return entry.bytes().length + entry.place().length() + OVERHEAD;
    }

    /**
     * A line.
     *
     * @param bytes without an LF, or anything that could be taken for one; owned by the entry
     * @param place the cursor behind it, or empty
     * @param repeated whether it was handed out before the program was started
     * @param live whether it was written just now
     * @param arrival milliseconds since 1970 at which it came
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed from one to the next, never compared.
    record Entry(byte[] bytes, String place, boolean repeated, boolean live, long arrival) {
        /** Makes a line that was written just now, by a source without places. */
        static Entry live(byte[] bytes, long arrival) {
            return new Entry(bytes, "", false, true, arrival);
        }
    }
}

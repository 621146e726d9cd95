package org.sipward.source.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.sipward.source.Faults;

/**
 * Lines that have arrived and wait to be polled.
 *
 * <p>Thread-safe: the session's thread fills it, the polling thread empties it. Memory is bounded by
 * {@value #CAPACITY} bytes and one read of the session. When it is full, a session waits (and so does the other side)
 * or drops lines and counts them.
 */
final class Inbox {
    static final int CAPACITY = 1 << 20;
    /** The memory that an entry takes besides its bytes. */
    private static final int OVERHEAD = 128;

    private final Runnable wake;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Faults faults = new Faults();
    private long held;
    private long dropped;

    /** @param wake called when a line arrives in an empty inbox */
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

    /**
     * Adds a line, whether there is room or not. A session that reads only while {@link #hasRoom} stays within bounds.
     */
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

    /** Counts a message that was skipped because of a bug in this program, also as a dropped line. */
    void passOver(String where, Throwable bug) {
        faults.add(where, bug);
        drop();
    }

    /** Returns, in words, that messages were skipped because of a bug; empty if none were. */
    Optional<String> trouble() {
        return faults.trouble();
    }

    /** Counts a dropped line. */
    synchronized void drop() {
        dropped++;
    }

    synchronized long dropped() {
        return dropped;
    }

    /** Removes the oldest lines, until they add up to this many bytes; at least one line if there is any. */
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
        // All places of a session are of one kind, with one byte per char.
        return entry.bytes().length + entry.place().length() + OVERHEAD;
    }

    /**
     * A line.
     *
     * @param bytes without an LF, or anything that could be mistaken for one; owned by the entry
     * @param place the cursor after this line, or empty
     * @param repeated whether it was already handed out before the program started
     * @param live whether it was written just now
     * @param arrival when it arrived, in milliseconds since 1970
     */
    @SuppressWarnings("ArrayRecordComponent") // Entries are only handed on, never compared.
    record Entry(byte[] bytes, String place, boolean repeated, boolean live, long arrival) {
        /** Returns a line that was written just now, from a source without cursors. */
        static Entry live(byte[] bytes, long arrival) {
            return new Entry(bytes, "", false, true, arrival);
        }
    }
}

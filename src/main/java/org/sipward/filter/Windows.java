package org.sipward.filter;

import java.util.List;
import java.util.function.Predicate;
import org.sipward.source.Line;

/** The windows of one log, each of a kind of block; the i-th has the i-th bit. Not thread-safe. */
final class Windows {
    private final List<Window> windows;
    private final long brief;
    private final int longest;

    Windows(Filter filter) {
        // The word tells who wrote a line, but not what of a line that the server wrote is a sender's.
        windows = filter.blocks().stream()
                .filter(block -> !filter.hasSecretWord() || block.isHeld() || block.isJoined() || block.isShort())
                .map(Window::new)
                .toList();
        long bits = 0;
        for (int i = 0; i < windows.size(); i++) {
            bits |= windows.get(i).block().isShort() ? 1L << i : 0;
        }
        brief = bits;
        longest = filter.blocks().stream().mapToInt(BlockPattern::bytes).max().orElse(0);
    }

    List<Window> all() {
        return windows;
    }

    int count() {
        return windows.size();
    }

    Window get(int i) {
        return windows.get(i);
    }

    /** Returns the bits of the windows of short blocks. */
    long brief() {
        return brief;
    }

    /** Returns the most bytes of any block. */
    int longest() {
        return longest;
    }

    /** Closes the blocks that end on the line at this place, and returns the bits of their windows. */
    long ended(Line line, long place, int carrier) {
        long ended = 0;
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            if (window.reaches(place) && window.ends(line, carrier, place + line.length() - carrier)) {
                window.end();
                ended |= 1L << i;
            }
        }
        return ended;
    }

    /** Returns the bit of a block's window, or 0 if it has none. */
    long bit(BlockPattern block) {
        for (int i = 0; i < windows.size(); i++) {
            if (windows.get(i).block() == block) {
                return 1L << i;
            }
        }
        return 0;
    }

    boolean isAny(Predicate<Window> which) {
        for (int i = 0; i < windows.size(); i++) {
            if (which.test(windows.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Forgets blocks that began a while ago. */
    void settle(long now) {
        windows.forEach(window -> window.settle(now));
    }

    /** Forgets all blocks. */
    void forget() {
        windows.forEach(Window::forget);
    }
}

package org.sipward.filter;

import java.util.List;
import java.util.function.Predicate;
import org.sipward.source.Line;

/**
 * The windows of one log, one for each kind of block. A set of them is a number, of the bits of their blocks. Not
 * thread-safe.
 */
final class Windows {
    private final List<Window> windows;
    private final long brief;
    private final int longest;

    Windows(Filter filter) {
        // The secret word proves that the server wrote a line. It does not tell which part of it quotes the caller.
        windows = filter.blocks().stream()
                .filter(block -> !filter.hasSecretWord() || block.isHeld() || block.isJoined() || block.isShort())
                .map(Window::new)
                .toList();
        long bits = 0;
        for (Window window : windows) {
            bits |= window.block().isShort() ? window.block().bit() : 0;
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

    /** Returns the bits of all short blocks. */
    long brief() {
        return brief;
    }

    /** Returns the most bytes of any block. */
    int longest() {
        return longest;
    }

    /** Closes the blocks that end on the line at this place, and returns their bits. */
    long ended(Line line, long place, int carrier) {
        long ended = 0;
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            if (window.reaches(place) && window.ends(line, carrier, place + line.length() - carrier)) {
                window.end();
                ended |= window.block().bit();
            }
        }
        return ended;
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

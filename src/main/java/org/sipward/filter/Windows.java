package org.sipward.filter;

import java.util.List;
import java.util.Optional;
import org.sipward.source.Line;

/**
 * The windows of one log, one for each kind of block. A set of them is a number, of the bits of their blocks. Not
 * thread-safe.
 */
final class Windows {
    /** An array, and plain loops: each line that says something asks all windows several times. */
    private final Window[] windows;

    private final long brief;
    private final int longest;

    Windows(Filter filter) {
        // The secret word proves that the server wrote a line. It does not tell which part of it quotes the caller.
        windows = filter.blocks().stream()
                .filter(block -> !filter.hasSecretWord() || block.isHeld() || block.isJoined() || block.isShort())
                .map(Window::new)
                .toArray(Window[]::new);
        long bits = 0;
        for (Window window : windows) {
            bits |= window.block().isShort() ? window.block().bit() : 0;
        }
        brief = bits;
        longest = filter.blocks().stream().mapToInt(BlockPattern::bytes).max().orElse(0);
    }

    List<Window> all() {
        return List.of(windows);
    }

    int count() {
        return windows.length;
    }

    Window get(int i) {
        return windows[i];
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
        for (Window window : windows) {
            if (window.reaches(place) && window.ends(line, carrier, place + line.length() - carrier)) {
                window.end();
                ended |= window.block().bit();
            }
        }
        return ended;
    }

    /** Returns whether a line at this place is in any open block, or in doubt. */
    boolean reach(long place) {
        for (Window window : windows) {
            if (window.reaches(place)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether any block has not ended before this place. */
    boolean isAnyOpen(long place) {
        for (Window window : windows) {
            if (window.isOpen(place)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a line at this place is not believed, see {@link Window#forges}. */
    boolean forge(long place, Optional<Match> match) {
        for (Window window : windows) {
            if (window.forges(place, match)) {
                return true;
            }
        }
        return false;
    }

    /** Forgets blocks that began a while ago. */
    void settle(long now) {
        for (Window window : windows) {
            window.settle(now);
        }
    }

    /** Forgets all blocks. */
    void forget() {
        for (Window window : windows) {
            window.forget();
        }
    }
}

package org.sipward.source.file;

import java.time.Duration;
import java.util.List;

/**
 * Says whether it is worth listing a log's directories again: only if something was created, renamed or removed in
 * them. Directory times may be as coarse as the kernel's clock ticks, so for a while after each change the answer is
 * yes.
 *
 * <p>Not thread-safe.
 */
final class DirectoryGate {
    private static final long TICKS_NANOS = Duration.ofMillis(50).toNanos();

    private final RotatedFiles rotated;
    private List<PathState> looks = List.of();
    private long changed;
    private boolean settled;

    DirectoryGate(RotatedFiles rotated) {
        this.rotated = rotated;
    }

    /** Stores the current state of the directories, which the caller knows. */
    void shut() {
        looks = rotated.directories().stream().map(PathState::at).toList();
        settled = true;
    }

    /** Returns whether the directories may contain other files than at the last call. */
    boolean isOpen() {
        List<PathState> now = rotated.directories().stream().map(PathState::at).toList();
        if (!now.equals(looks)) {
            looks = now;
            changed = System.nanoTime();
            settled = false;
            return true;
        }
        if (settled) {
            return false;
        }
        settled = System.nanoTime() - changed > TICKS_NANOS;
        return true;
    }
}

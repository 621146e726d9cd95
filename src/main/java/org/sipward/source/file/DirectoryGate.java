package org.sipward.source.file;

import java.time.Duration;
import java.util.List;

/**
 * Says whether it is worth while to list the directories of a log again: only if something was made, renamed or removed in
 * them. Their times may have no finer steps than the kernel's clock ticks, so for a while after each change it says yes.
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

    /** Takes note of how the directories are, which is known. */
    void shut() {
        looks = rotated.directories().stream().map(PathState::at).toList();
        settled = true;
    }

    /** Returns whether the directories may hold other files than at the last call. */
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

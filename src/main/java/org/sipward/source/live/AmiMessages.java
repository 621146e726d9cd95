package org.sipward.source.live;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts blocks of Asterisk's manager interface together into security events. A stranger whose account holds line breaks can
 * end a block, and write blocks: with chan_sip in a name of up to 255 bytes, where each CR LF costs six and each colon three,
 * with PJSIP in 36 bytes. So a block is not an event:
 *
 * <ul>
 *   <li>An event begins with a strict head. All blocks that follow are its own, until the next head behind a chain, or until
 *       nothing came for a while.
 *   <li>A head before the chain is the stranger's, for the server writes the chain first. Two of them are more than fit into
 *       an account, so the second one begins an event all the same: what follows one that we cannot read is not lost.
 *   <li>Of several chains, the last one is the server's, since it writes one behind each account.
 * </ul>
 *
 * <p>So a stranger who wants to name another address, or to hide his own, needs a chain and a head behind it. The shortest
 * that are accepted do not fit into an account. They do where AMI is served over HTTP ({@code webenabled=yes}): there a
 * name has no limit.
 *
 * <p>Memory: one event. Not thread-safe.
 */
final class AmiMessages {
    private @Nullable AmiEvent open;
    private boolean doubted;

    /** Returns whether an event has begun and awaits its confirmation by {@link #next} or {@link #end}. */
    boolean isOpen() {
        return open != null;
    }

    /** Takes in a block. Returns the line of the event before, if the block shows that it has ended. */
    Optional<byte[]> next(Block block) {
        Optional<AmiEvent> begun = AmiEvent.of(block);
        if (open != null && (begun.isEmpty() || !(open.isWhole() || doubted))) {
            open.add(block);
            doubted |= begun.isPresent();
            return Optional.empty();
        }
        if (begun.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> line = end();
        open = begun.get();
        return line;
    }

    /** Ends the event that is open, if any, since nothing came for a while. Returns its line. */
    Optional<byte[]> end() {
        Optional<byte[]> line = open == null ? Optional.empty() : open.line();
        open = null;
        doubted = false;
        return line;
    }
}

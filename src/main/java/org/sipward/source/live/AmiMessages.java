package org.sipward.source.live;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Joins blocks of Asterisk's manager interface into security events. An attacker whose account name contains line
 * breaks can end a block and write blocks of their own: with chan_sip in a name of up to 255 bytes, where each CR LF
 * costs six bytes and each colon three; with PJSIP in 36 bytes. So a block is not an event:
 *
 * <ul>
 *   <li>An event begins with a strict head. All blocks that follow belong to it, until the next head after a chain, or
 *       until nothing arrives for a while.
 *   <li>A head before the chain is the attacker's, because the server writes the chain first. Two such heads do not
 *       fit into an account name, so the second head begins a new event anyway: if we cannot read one event, the next
 *       ones are not lost.
 *   <li>Of several chains, the last one is the server's, because the server writes a chain after each account.
 * </ul>
 *
 * <p>So an attacker who wants to name another address, or to hide their own, needs a chain and a head after it. The
 * shortest accepted ones do not fit into an account name. They do fit if AMI is served over HTTP
 * ({@code webenabled=yes}), where names have no limit.
 *
 * <p>Memory: one event. Not thread-safe.
 */
final class AmiMessages {
    private @Nullable AmiEvent open;
    private boolean doubted;

    /** Returns whether an event has begun and has not yet been ended by {@link #next} or {@link #end}. */
    boolean isOpen() {
        return open != null;
    }

    /** Takes a block. Returns the line of the previous event if the block shows that that event has ended. */
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

    /** Ends the open event, if any, because nothing has arrived for a while. Returns its line. */
    Optional<byte[]> end() {
        Optional<byte[]> line = open == null ? Optional.empty() : open.line();
        open = null;
        doubted = false;
        return line;
    }
}

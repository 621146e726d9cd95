package org.sipward.firewall;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts with nft. Half of the time of a script is the start of nft, so nft may be started ahead: an nft that
 * waits for its script changes nothing, even if the agent dies.
 *
 * <p>Not thread-safe.
 */
final class Scripts {
    private static final List<String> FROM_INPUT = List.of("-f", "-");

    private final Command nft;
    private final ForeignChanges changes;
    private Command.@Nullable Run ahead;

    /** @param changes those by scripts are not counted */
    Scripts(Command nft, ForeignChanges changes) {
        this.nft = nft;
        this.changes = changes;
    }

    /** Writes a script. */
    interface Writing {
        void writeTo(Script script) throws IOException;
    }

    /** Starts an nft for the next script. If that fails, the run of that script will report why. */
    void startAhead() {
        if (ahead == null) {
            try {
                ahead = nft.start(FROM_INPUT);
            } catch (IOException reportedByTheRun) {
                ahead = null;
            }
        }
    }

    /** Ends an nft that was started ahead and got no script. */
    void dismiss() {
        if (ahead != null) {
            ahead.close();
            ahead = null;
        }
    }

    /** Runs a script in one transaction. */
    void run(Instant now, Writing writing) throws IOException {
        Command.Result result = tryRun(now, writing);
        if (!result.isSuccess()) {
            throw NftError.of(result);
        }
    }

    /** Runs a script in one transaction. If it fails, nothing is changed, and the result says why. */
    Command.Result tryRun(Instant now, Writing writing) throws IOException {
        Command.Run started = ahead;
        ahead = null;
        try (Command.Run run = started == null ? nft.start(FROM_INPUT) : started) {
            changes.ignore(run.process());
            return run.finish(out -> writing.writeTo(new Script(out, now)), Command.Output.NONE);
        } finally {
            changes.ignoreNobody();
        }
    }
}

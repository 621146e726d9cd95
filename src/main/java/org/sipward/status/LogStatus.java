package org.sipward.status;

import java.util.List;
import org.sipward.source.SourceState;

/**
 * How a source is being read: a log file, the journal, a connection or a listener.
 *
 * @param name the path, or what the operator calls the source
 * @param jails the names of the jails that read it
 * @param lines how many lines were handed to the jails
 * @param bytes how many bytes were read
 * @param dropped how many lines were passed over
 * @param faults how many lines were passed over because of a bug in Sipward, counted for each jail
 * @param trouble what is wrong, in words; empty if nothing is
 */
public record LogStatus(
        String name,
        List<String> jails,
        long lines,
        long bytes,
        long dropped,
        long faults,
        SourceState state,
        String trouble) {
    /** Returns whether there is no file at the path, which is not a failure. */
    public boolean isNotThere() {
        return state.kind() == SourceState.Kind.NOT_THERE;
    }

    /** Returns whether the operator should look after it. */
    public boolean isFailing() {
        return !trouble.isEmpty() && !isNotThere();
    }
}

package org.sipward.source;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the lines, messages and pieces of work that were skipped because of a bug in this program. An attacker may
 * have written the line that triggers a bug, so a bug must not stop anything: it is counted, and each place in the code
 * is logged once.
 *
 * <p>Neither the line nor the exception's message is logged, because an attacker may have written both.
 *
 * <p>Thread-safe. Memory: {@value #MAX_PLACES} short texts; bugs at further places are only counted.
 */
public final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);
    private static final int MAX_PLACES = 32;
    private static final String OURS = "org.sipward.";

    private final Set<String> said = new LinkedHashSet<>();
    private long count;
    private String last = "";

    /**
     * Counts one bug, and logs it if it is the first at its place.
     *
     * @param where what was being read or done, such as a source and a jail
     */
    public synchronized void add(String where, Throwable bug) {
        count++;
        last = where + ", at " + place(bug);
        if (said.size() < MAX_PLACES && said.add(last)) {
            log.error(
                    "{}: skipped because of a bug in Sipward; the rest is still read; please report it: {} at {}",
                    where,
                    bug.getClass().getSimpleName(),
                    place(bug));
        }
    }

    /** Returns how many lines, messages and pieces of work were skipped. */
    public synchronized long count() {
        return count;
    }

    /**
     * Returns, in words, how much was skipped since the program started, and where the last bug was; empty if nothing
     * was.
     */
    public synchronized Optional<String> trouble() {
        return count == 0
                ? Optional.empty()
                : Optional.of(count + " skipped because of a bug in Sipward, please report it; the last: " + last);
    }

    /** Returns the class and line of ours in which the bug showed. */
    private static String place(Throwable bug) {
        for (StackTraceElement frame : bug.getStackTrace()) {
            if (frame.getClassName().startsWith(OURS)) {
                return frame.getClassName().substring(OURS.length()) + ":" + frame.getLineNumber();
            }
        }
        return "an unknown place";
    }
}

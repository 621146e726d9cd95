package org.sipward.source;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was passed over because of a mistake in this program: one line, message or piece of work each. A stranger may have
 * written what brings a mistake to light, so it must end nothing: it is counted, and each place in the code is said once.
 *
 * <p>Neither the line nor the exception's own words are logged, for both may be the stranger's.
 *
 * <p>Thread-safe. Memory: {@value #MAX_PLACES} short texts; further places are counted only.
 */
public final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);
    private static final int MAX_PLACES = 32;
    private static final String OURS = "org.sipward.";

    private final Set<String> said = new LinkedHashSet<>();
    private long count;
    private String last = "";

    /**
     * Counts one, and says it if it is the first at its place.
     *
     * @param where what was being read or done, such as a source and a jail
     */
    public synchronized void add(String where, Throwable bug) {
        count++;
        last = where + ", at " + place(bug);
        if (said.size() < MAX_PLACES && said.add(last)) {
            log.error(
                    "{}: passed over because of a bug in Sipward, the rest is read on; please report it: {} at {}",
                    where,
                    bug.getClass().getSimpleName(),
                    place(bug));
        }
    }

    /** Returns how many were passed over. */
    public synchronized long count() {
        return count;
    }

    /** Returns in words that something was passed over since the program was started, and where last. */
    public synchronized Optional<String> trouble() {
        return count == 0
                ? Optional.empty()
                : Optional.of(count + " passed over because of a bug in Sipward, please report it; the last: " + last);
    }

    /** Returns the class and line of ours in which it came to light. */
    private static String place(Throwable bug) {
        for (StackTraceElement frame : bug.getStackTrace()) {
            if (frame.getClassName().startsWith(OURS)) {
                return frame.getClassName().substring(OURS.length()) + ":" + frame.getLineNumber();
            }
        }
        return "an unknown place";
    }
}

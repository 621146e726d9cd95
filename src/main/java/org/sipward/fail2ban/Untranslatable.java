package org.sipward.fail2ban;

import java.util.Optional;
import org.sipward.filter.FilterException;
import org.sipward.filter.FilterSize;

/** Says why something of fail2ban's cannot be converted. */
final class Untranslatable extends Exception {
    private final String fix;

    Untranslatable(String what, String fix) {
        super(what, null, false, false);
        this.fix = fix;
    }

    /** Refuses an expression that takes too much memory once it is compiled. */
    static void throwIfTooLarge(String regex) throws Untranslatable {
        Optional<FilterException.Problem> excess = FilterSize.excess("", regex);
        if (excess.isPresent()) {
            throw new Untranslatable(excess.get().what(), excess.get().mend());
        }
    }

    String what() {
        return String.valueOf(getMessage());
    }

    /** Returns what the operator can do. */
    String fix() {
        return fix;
    }
}

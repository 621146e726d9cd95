package org.sipward.filter;

import java.util.Optional;

/**
 * What a caller says about themselves in a line. All of it is the caller's own text, of any bytes (one char for each).
 * It may make a jail stricter or more lenient, but it proves nothing, and it is never logged above DEBUG.
 *
 * @param user the account that they tried, captured as {@code <F-USER>}
 * @param session a text that differs between two attempts, such as a Call-ID, captured as {@code <F-MLFID>}
 * @param number the number that they dialled, captured as {@code <F-NUMBER>}
 * @param agent the name of their program, captured as {@code <F-AGENT>}
 */
public record Claims(Optional<String> user, Optional<String> session, Optional<String> number, Optional<String> agent) {
    /** The caller says nothing. */
    public static final Claims NONE =
            new Claims(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}

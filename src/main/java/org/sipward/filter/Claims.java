package org.sipward.filter;

import java.util.Optional;

/**
 * What the sender says of himself on a line. All of it is his own text, of any bytes (one char each): it may sharpen or
 * soften what is made of a line, it never proves anything, and it is never written out above DEBUG.
 *
 * @param user the account that he wanted, captured as {@code <F-USER>}
 * @param session what tells one attempt from the next, such as a Call-ID, captured as {@code <F-MLFID>}
 * @param number the number that he dialled, captured as {@code <F-NUMBER>}
 * @param agent the name of his program, captured as {@code <F-AGENT>}
 */
public record Claims(Optional<String> user, Optional<String> session, Optional<String> number, Optional<String> agent) {
    /** Nothing is said. */
    public static final Claims NONE =
            new Claims(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}

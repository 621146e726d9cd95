package org.sipward.feed;

/**
 * The answer to the question whether a list holds an address.
 *
 * @param verdict the answer
 * @param reason why the answer is unknown; otherwise the server that gave it
 */
public record ListCheck(Verdict verdict, String reason) {
    /** The answers. Everything but a clear answer of the server is {@link #UNKNOWN}, never {@link #NOT_LISTED}. */
    public enum Verdict {
        LISTED,
        NOT_LISTED,
        UNKNOWN
    }

    static ListCheck unknown(String reason) {
        return new ListCheck(Verdict.UNKNOWN, reason);
    }
}

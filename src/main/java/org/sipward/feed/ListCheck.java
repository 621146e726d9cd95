package org.sipward.feed;

/**
 * Whether a list holds an address.
 *
 * @param verdict the answer
 * @param reason why the answer is unknown; else who gave it
 */
public record ListCheck(Verdict verdict, String reason) {
    /** The answers. Whatever is not a clear answer of the server is {@link #UNKNOWN}, never {@link #NOT_LISTED}. */
    public enum Verdict {
        LISTED,
        NOT_LISTED,
        UNKNOWN
    }

    static ListCheck unknown(String reason) {
        return new ListCheck(Verdict.UNKNOWN, reason);
    }
}

package org.sipward.store;

/** Thrown when a database's files do not hold what they should. */
final class DamagedException extends Exception {
    private static final int MAX_CHARS = 200;

    DamagedException(String message) {
        super(message);
    }

    /** Takes over the message of whoever found the damage, which may quote it: cut short, and without control characters. */
    DamagedException(Throwable cause) {
        super(printable(String.valueOf(cause.getMessage())), cause);
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), MAX_CHARS)).replaceAll("[^ -~]", "?");
    }
}

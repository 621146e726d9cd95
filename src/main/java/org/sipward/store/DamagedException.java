package org.sipward.store;

/** Thrown when the files of a database are damaged. */
final class DamagedException extends Exception {
    private static final int MAX_CHARS = 200;

    DamagedException(String message) {
        super(message);
    }

    /** Takes the message of the cause, shortened and without control characters: it may quote the damaged data. */
    DamagedException(Throwable cause) {
        super(printable(String.valueOf(cause.getMessage())), cause);
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), MAX_CHARS)).replaceAll("[^ -~]", "?");
    }
}

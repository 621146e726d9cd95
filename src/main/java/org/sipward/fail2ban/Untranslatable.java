package org.sipward.fail2ban;

/** Says why something of fail2ban's cannot be said in our words. */
final class Untranslatable extends Exception {
    private final String mend;

    Untranslatable(String what, String mend) {
        super(what, null, false, false);
        this.mend = mend;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    /** Returns what the operator can do. */
    String mend() {
        return mend;
    }
}

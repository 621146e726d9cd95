package org.sipward.fail2ban;

/**
 * Something that could not be converted.
 *
 * @param where the jail or filter, as in {@code filter sshd: failregex 12}
 * @param text the text there; empty if the place is enough
 * @param what why it could not be converted
 * @param fix what the operator can do
 */
public record Loss(String where, String text, String what, String fix) {
    private static final int MAX_SHOWN = 160;

    @Override
    public String toString() {
        String shown = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
        return where + ": " + (shown.isEmpty() ? "" : shown.replaceAll("\\p{Cntrl}", " ") + ": ") + what + "; " + fix;
    }
}

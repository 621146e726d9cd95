package org.sipward.cli;

import com.google.re2j.Pattern;

/** Text of logs, made fit to be shown. */
final class Text {
    /** Words that servers use for what was refused. A hint for the author of a filter, nothing more. */
    private static final Pattern FAILURE = Pattern.compile(
            "(?i)fail|denied|reject|unauthori[sz]ed|forbidden|wrong password|invalid|mismatch|not found|blocked");

    private Text() {}

    /** Returns the text with what is not printable ASCII escaped, cut off after so many characters. */
    static String shown(CharSequence text, int max) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < max; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f) {
                shown.append(c);
            } else {
                shown.append(String.format("\\x%02x", (int) c));
            }
        }
        return text.length() > max ? shown + "…" : shown.toString();
    }

    /** Returns a number and what it counts, whose plural ends in s. */
    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    static boolean looksLikeFailure(CharSequence line) {
        return FAILURE.matcher(line).find();
    }
}

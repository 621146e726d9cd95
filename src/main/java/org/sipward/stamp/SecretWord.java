package org.sipward.stamp;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.sipward.source.Line;

/**
 * A word that the operator has put into the server's date format, as the last one within the brackets of Asterisk's time
 * stamp: {@code [2026-11-22 10:24:17 k7Qz9]}. Senders do not know it, so lines that they forge lack it.
 *
 * <p>It is never shown: {@link #toString} does not tell it.
 */
public final class SecretWord {
    /** Nine hundred million words of five characters, and no answer that would tell a guess from the word. */
    public static final int MIN_CHARS = 5;
    /** As many as a word behind the date of {@link TimeFormat#ASTERISK} may have. */
    public static final int MAX_CHARS = 32;

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9]{" + MIN_CHARS + "," + MAX_CHARS + "}");

    private final byte[] end;

    /** Makes one of a text that {@link #isWord}. */
    public SecretWord(String word) {
        if (!isWord(word)) {
            throw new IllegalArgumentException("a secret word of " + word.length() + " characters is not one");
        }
        end = (" " + word + "]").getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns whether the text can serve: letters and digits, not too few. */
    public static boolean isWord(String text) {
        return FORM.matcher(text).matches();
    }

    /** Returns whether the word ends the time stamp, which ends before this index of the line. */
    public boolean isIn(Line line, int stampEnd) {
        int close = stampEnd - (stampEnd > 0 && line.charAt(stampEnd - 1) == ' ' ? 1 : 0);
        int start = close - end.length;
        if (start < 0) {
            return false;
        }
        for (int i = 0; i < end.length; i++) {
            if (line.charAt(start + i) != end[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "secret word";
    }
}

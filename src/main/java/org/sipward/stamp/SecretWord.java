package org.sipward.stamp;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.sipward.source.Line;

/**
 * A word that the operator added to the server's date format, as the last word inside the brackets of Asterisk's time
 * stamp: {@code [2026-11-22 10:24:17 k7Qz9]}. Callers do not know the word, so lines that they forge lack it.
 *
 * <p>The word is never shown: {@link #toString} does not contain it.
 */
public final class SecretWord {
    /**
     * There are nine hundred million words of five characters, and nothing tells an attacker whether a guess was
     * right.
     */
    public static final int MIN_CHARS = 5;
    /** The longest word that may follow the date in {@link TimeFormat#ASTERISK}. */
    public static final int MAX_CHARS = 32;

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9]{" + MIN_CHARS + "," + MAX_CHARS + "}");

    private final byte[] end;

    /** Takes a text for which {@link #isWord} is true. */
    public SecretWord(String word) {
        if (!isWord(word)) {
            throw new IllegalArgumentException(
                    "a secret word needs " + MIN_CHARS + " to " + MAX_CHARS + " letters and digits");
        }
        end = (" " + word + "]").getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns whether the text can be a secret word: {@value #MIN_CHARS} to {@value #MAX_CHARS} letters and digits. */
    public static boolean isWord(String text) {
        return FORM.matcher(text).matches();
    }

    /** Returns whether the time stamp, which ends before this index of the line, ends with the word. */
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

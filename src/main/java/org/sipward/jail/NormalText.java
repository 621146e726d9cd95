package org.sipward.jail;

/** Normalises text that a caller wrote, so that equal names compare as equal. All texts have one char per byte. */
final class NormalText {
    private NormalText() {}

    /** Returns the account of a claim, without the scheme before it and the domain after it. */
    static String account(String user) {
        int from = startsWith(user, "sip:") ? 4 : startsWith(user, "sips:") ? 5 : 0;
        int at = user.indexOf('@', from);
        return user.substring(from, at < 0 ? user.length() : at);
    }

    /** Returns the text with each {@code %HH} turned into its byte (RFC 3986 2.1). Decodes once only. */
    static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int value = text.charAt(i) == '%' && i + 2 < text.length()
                    ? Character.digit(text.charAt(i + 1), 16) << 4 | Character.digit(text.charAt(i + 2), 16)
                    : -1;
            if (value >= 0) {
                decoded.append((char) value);
                i += 2;
            } else {
                decoded.append(text.charAt(i));
            }
        }
        return decoded.toString();
    }

    /**
     * Returns a dialled number without blanks, dashes, dots and brackets; empty if the text is not a number of 8 to 24
     * digits.
     */
    static String number(String dialled) {
        String text = decoded(account(dialled));
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c >= '0' && c <= '9') || (c == '+' && digits.isEmpty())) {
                digits.append(c);
            } else if (" -.()".indexOf(c) < 0) {
                return "";
            }
        }
        return digits.length() >= 8 && digits.length() <= 25 ? digits.toString() : "";
    }

    private static boolean startsWith(String text, String scheme) {
        return text.regionMatches(true, 0, scheme, 0, scheme.length());
    }
}

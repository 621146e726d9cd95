package org.sipward.jail;

/** The sender's words, brought to one form, so that what is the same compares as the same. All text is of bytes. */
final class NormalText {
    private NormalText() {}

    /** Returns the account of a claim, without the scheme in front and the domain behind it. */
    static String account(String user) {
        int from = startsWith(user, "sip:") ? 4 : startsWith(user, "sips:") ? 5 : 0;
        int at = user.indexOf('@', from);
        return user.substring(from, at < 0 ? user.length() : at);
    }

    /** Returns the text with {@code %HH} turned into the byte that it stands for (RFC 3986 2.1); once, not again. */
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

    /** Returns a dialled number without what people write between its digits; empty if it is none of 8 to 24 digits. */
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

package org.sipward.net;

import java.util.regex.Pattern;

/** Tells the text of a host name from other text. Asks no DNS. */
public final class HostName {
    /** After RFC 1123, with the underscore that the DNS allows; text whose last label is digits is a wrong address. */
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
                    + "(?![0-9]+\\.?$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.?");

    private HostName() {}

    /** Returns whether the text can be a host name. */
    public static boolean isValid(String text) {
        return NAME.matcher(text).matches();
    }
}

package org.sipward.net;

import java.util.regex.Pattern;

/** Decides whether a text is a host name. Does not ask the DNS. */
public final class HostName {
    /**
     * RFC 1123, plus the underscore that the DNS allows. A text whose last label is all digits is a mistyped address.
     */
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
                    + "(?![0-9]+\\.?$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.?");

    private HostName() {}

    /** Returns whether the text can be a host name. */
    public static boolean isValid(String text) {
        return NAME.matcher(text).matches();
    }
}

package org.sipward.fail2ban;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites a failregex without fail2ban's tags, such as {@code <HOST>}, which Python does not know. */
final class Tags {
    private static final Pattern TAG = Pattern.compile("<(/?)(F-[A-Z0-9_-]+)(/?)>");

    private Tags() {}

    /** Returns the expression with groups for the tags, and this character for each tag of an address. */
    static String asGroups(String text, char address) throws Untranslatable {
        for (String gone : List.of("<SKIPLINES>", "<F-ID/>", "<F-ID>", "<DNS>", "<F-DNS/>")) {
            if (text.contains(gone)) {
                throw gone.equals("<SKIPLINES>")
                        ? new Untranslatable("reads several lines at once", "Sipward judges each line by itself")
                        : new Untranslatable("bans by " + gone + ", not by address", "Sipward bans only addresses");
            }
        }
        String plain = text;
        for (String tag : List.of("HOST", "ADDR", "IP4", "IP6", "F-IP4/", "F-IP6/", "F-ADDR/")) {
            plain = plain.replace("<" + tag + ">", String.valueOf(address));
        }
        plain = plain.replaceAll("<SUBNET>|<F-SUBNET/>", address + "(?:/\\\\d+)?")
                .replaceAll("<CIDR>|<F-CIDR/>", "\\\\d+")
                .replace("<F-PORT/>", "\\w+");
        StringBuilder out = new StringBuilder();
        Matcher tag = TAG.matcher(plain);
        while (tag.find()) {
            if (!tag.group(3).isEmpty()) {
                throw new Untranslatable("has the unknown tag " + tag.group(), "correct it");
            }
            String group = tag.group(1).isEmpty() ? "(?P<" + tag.group(2) + ">" : ")";
            tag.appendReplacement(out, Matcher.quoteReplacement(group));
        }
        return tag.appendTail(out).toString();
    }
}

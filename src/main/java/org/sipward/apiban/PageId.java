package org.sipward.apiban;

/** APIBAN's "ID": a place in its list, after which the next page begins. */
public final class PageId {
    /** The start of a list, by APIBAN's convention. */
    public static final String START = "100";

    private static final int MAX_DIGITS = 19;

    private PageId() {}

    /** Returns whether this is a place that we would ask for: a number of at most 63 bits. */
    public static boolean isId(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        return text.length() < MAX_DIGITS || text.compareTo(Long.toString(Long.MAX_VALUE)) <= 0;
    }
}

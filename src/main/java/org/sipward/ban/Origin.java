package org.sipward.ban;

import org.jspecify.annotations.Nullable;

/**
 * The party that asked for a ban. The form of its text, such as {@code jail:asterisk}, {@code feed:apiban} or
 * {@code operator}, never changes: people and the store rely on it.
 *
 * @param kind the kind of party
 * @param name the jail's or feed's name; empty for the operator
 */
public record Origin(Kind kind, String name) {
    /** The operator, by command. */
    public static final Origin OPERATOR = new Origin(Kind.OPERATOR, "");

    /** The kinds of parties that can ask for a ban. */
    public enum Kind {
        JAIL,
        FEED,
        OPERATOR
    }

    /** Returns the origin of a jail's bans. */
    public static Origin jail(String name) {
        return new Origin(Kind.JAIL, name);
    }

    /** Returns the origin of a feed's bans. */
    public static Origin feed(String name) {
        return new Origin(Kind.FEED, name);
    }

    /**
     * Returns the origin with this text.
     *
     * @throws IllegalArgumentException if the text is not an origin
     */
    public static Origin parse(String text) {
        if (text.equals("operator")) {
            return OPERATOR;
        }
        if (text.startsWith("jail:")) {
            return jail(text.substring("jail:".length()));
        }
        if (text.startsWith("feed:")) {
            return feed(text.substring("feed:".length()));
        }
        throw new IllegalArgumentException("origin is " + text);
    }

    /** Returns whether a feed asked, and not one of this machine's jails or its operator. */
    public boolean isFeed() {
        return kind == Kind.FEED;
    }

    // Written out, as in IpAddress.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Origin that && kind == that.kind && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return switch (kind) {
            case JAIL -> "jail:" + name;
            case FEED -> "feed:" + name;
            case OPERATOR -> "operator";
        };
    }
}

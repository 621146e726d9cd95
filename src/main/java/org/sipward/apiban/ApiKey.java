package org.sipward.apiban;

/**
 * A key for a list. It has a class of its own so that no log, status or exception shows the key by accident:
 * {@link #toString} hides it.
 */
public final class ApiKey {
    private final String secret;

    /** @param secret visible ASCII only, so that it fits into a header as it is */
    ApiKey(String secret) {
        this.secret = secret;
    }

    /** Returns the key itself, for the request and nothing else. */
    String secret() {
        return secret;
    }

    public boolean isSame(ApiKey other) {
        return secret.equals(other.secret);
    }

    @Override
    public String toString() {
        return "(key)";
    }
}

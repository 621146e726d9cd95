package org.sipward.apiban;

/** A key of a list. A class, so that no log, status or exception shows it by accident: its text is not its key. */
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

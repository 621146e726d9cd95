package org.sipward.config;

/** Finds jails in a configuration that a test has read. */
public final class Jails {
    private Jails() {}

    /** Returns the enabled jail with this name, which must exist. */
    public static JailConfig named(String name, Config config) {
        return config.jails().stream()
                .filter(jail -> jail.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

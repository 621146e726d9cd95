package org.sipward.net;

import java.util.Arrays;
import java.util.List;

/**
 * Decides which addresses cannot come from the internet: private, loopback, link-local, shared, multicast, reserved and
 * unspecified ones.
 *
 * <p>The list comes from IANA's registries of special-purpose addresses. It omits the documentation networks on
 * purpose: no real packet comes from them, but tests and examples use them. An address of 6to4, Teredo or 64:ff9b::/96
 * is treated like the IPv4 address in it.
 */
public final class Reach {
    private static final List<Network> NOT_GLOBAL = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
            "::/8",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8");

    private static final List<Network> GLOBAL_FORMS = networks("64:ff9b::/96", "2002::/16", "2001::/32");

    private Reach() {}

    /** Returns whether packets from the internet cannot legitimately come from this network, or from part of it. */
    public static boolean isLocal(Network network) {
        if (isGlobalForm(network)) {
            return Embedded.in(network).stream().anyMatch(embedded -> isLocal(embedded.network()));
        }
        for (Network local : NOT_GLOBAL) {
            if (local.overlaps(network)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isGlobalForm(Network network) {
        for (Network form : GLOBAL_FORMS) {
            if (form.contains(network)) {
                return true;
            }
        }
        return false;
    }

    private static List<Network> networks(String... texts) {
        return Arrays.stream(texts)
                .map(text -> Network.parse(text).orElseThrow())
                .toList();
    }
}

package org.sipward.status;

import org.sipward.net.Network;

/**
 * An address or prefix that is never banned.
 *
 * @param reason such as {@code loopback} or {@code allowlist trunk.example.com}
 */
public record AllowedNetwork(Network network, String reason) {}

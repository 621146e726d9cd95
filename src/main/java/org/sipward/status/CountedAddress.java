package org.sipward.status;

import org.sipward.jail.Jail;

/**
 * An address that fails, but is not banned yet.
 *
 * @param jail the name of the jail that counts
 */
public record CountedAddress(String jail, Jail.Count count) {}

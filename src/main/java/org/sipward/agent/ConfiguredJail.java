package org.sipward.agent;

import org.sipward.ban.BanTime;
import org.sipward.config.JailConfig;
import org.sipward.jail.Jail;
import org.sipward.jail.Limits;
import org.sipward.jail.Trust;

/** Makes jails from their configuration: for the agent, and for commands that judge lines as the agent would. */
public final class ConfiguredJail {
    private ConfiguredJail() {}

    /**
     * Returns a new jail, as it is configured.
     *
     * @param trust knows the addresses of users, and holds the memory budget that all jails share
     */
    public static Jail of(JailConfig config, Trust trust) {
        Limits limits = new Limits(
                config.maxretry(),
                config.findtime(),
                new BanTime(config.bantime(), config.increment(), config.maxBantime()),
                config.unproven(),
                config.trust()
                        .map(terms -> new Limits.Lenience(
                                terms.time(), terms.maxretry(), terms.accounts(), terms.bantime())));
        Jail jail = new Jail(config.name(), config.filter(), config.zone(), limits, trust);
        jail.detect(Detections.of(config, trust));
        return jail;
    }
}

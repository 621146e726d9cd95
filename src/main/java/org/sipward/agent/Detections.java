package org.sipward.agent;

import java.time.Duration;
import org.sipward.ban.BanTime;
import org.sipward.config.DetectConfig;
import org.sipward.config.JailConfig;
import org.sipward.jail.Detection;
import org.sipward.jail.Trust;

/** Switches on the detections that a jail's configuration asks for. */
final class Detections {
    /** The longest ban of a whole network, since innocent people may use other addresses of it. */
    private static final Duration LONGEST_CAMPAIGN = Duration.ofDays(1);

    private Detections() {}

    /**
     * Returns the detections of a jail.
     *
     * @param trust knows the addresses of users, and holds the memory budget that all jails share
     */
    static Detection of(JailConfig jail, Trust trust) {
        DetectConfig config = jail.detect();
        Detection detection = new Detection(trust::holds, trust.budget());
        config.enumeration().ifPresent(limit -> detection.enumeration(limit.accounts(), limit.findtime()));
        config.slow().ifPresent(limit -> detection.slowGuessing(limit.failures(), limit.findtime()));
        config.campaign().ifPresent(limit -> {
            Duration first = limit.bantime();
            Duration longest = first.compareTo(LONGEST_CAMPAIGN) > 0 ? first : LONGEST_CAMPAIGN;
            detection.campaign(limit.addresses(), limit.findtime(), new BanTime(first, jail.increment(), longest));
        });
        config.tollfraud().ifPresent(limit -> detection.tollFraud(limit.prefixes(), jail.findtime()));
        DetectConfig.Decoys decoys = config.decoys();
        if (!decoys.accounts().isEmpty() || !decoys.numbers().isEmpty()) {
            detection.decoys(decoys.accounts(), decoys.numbers());
        }
        detection.attackTools(config.agents());
        return detection;
    }
}

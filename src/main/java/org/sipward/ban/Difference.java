package org.sipward.ban;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the contents of a firewall differ from what they should be.
 *
 * @param missing bans in force that the firewall lacks or would end too early; must not be changed any more
 * @param strange messages for the operator about everything else that is not as it should be; a few at most
 */
public record Difference(List<Ban> missing, List<String> strange) {
    /** The firewall holds exactly what it should. */
    public static final Difference NONE = new Difference(List.of(), List.of());

    public Difference {
        strange = List.copyOf(strange);
    }

    /** Copies the missing bans, at most one for a network and kind of origin. Takes 60 bytes for each. */
    public static Difference of(Stream<Ban> missing, List<String> strange) {
        PackedBans packed = new PackedBans();
        missing.forEach(packed::put);
        return new Difference(packed.asList(), strange);
    }

    /** Returns the difference in one sentence, or empty if there is none. */
    public Optional<String> words() {
        if (!strange.isEmpty()) {
            return Optional.of(strange.get(0));
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(missing.size() + " bans are missing, such as "
                        + missing.get(0).network());
    }
}

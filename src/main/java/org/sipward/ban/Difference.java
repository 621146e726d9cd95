package org.sipward.ban;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a firewall differs from what it should hold.
 *
 * @param missing bans in force that it does not hold, or lets go too early; not to be changed any more
 * @param strange everything else that is not as it should be, in the operator's words; a few at most
 */
public record Difference(List<Ban> missing, List<String> strange) {
    /** The firewall holds exactly what it should. */
    public static final Difference NONE = new Difference(List.of(), List.of());

    public Difference {
        strange = List.copyOf(strange);
    }

    /** Takes the missing bans one by one, at most one for a network and kind of origin, and 60 bytes for each. */
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

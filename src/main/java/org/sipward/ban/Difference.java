package org.sipward.ban;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How a firewall differs from what it should hold. Takes 60 bytes for each missing ban.
 *
 * @param missing bans in force that it does not hold, or lets go too early
 * @param strange everything else that is not as it should be, in the operator's words; a few at most
 */
public record Difference(Collection<Ban> missing, List<String> strange) {
    /** The firewall holds exactly what it should. */
    public static final Difference NONE = new Difference(List.of(), List.of());

    public Difference {
        PackedBans packed = new PackedBans();
        missing.forEach(packed::put);
        missing = packed.asList();
        strange = List.copyOf(strange);
    }

    /** Returns the difference in one sentence, or empty if there is none. */
    public Optional<String> words() {
        if (!strange.isEmpty()) {
            return Optional.of(strange.get(0));
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(missing.size() + " bans are missing, such as "
                        + missing.iterator().next().network());
    }
}

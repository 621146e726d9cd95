package org.sipward.filter;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sipward.filter.CompiledPattern.Reading;
import org.sipward.regex.Lead;
import org.sipward.source.Line;

/** Tells what a line says, by all patterns of a filter together. Immutable and thread-safe. */
final class Verdict {
    private static final Lead NOWHERE = new Lead();

    private final List<CompiledPattern> patterns;
    private final ProgramName program;

    Verdict(List<CompiledPattern> patterns, ProgramName program) {
        this.patterns = patterns;
        this.program = program;
    }

    /**
     * Returns what a line says, or empty if it says nothing.
     *
     * @param rest the line behind its time stamp
     * @param numbers the {@link Numbers} of all that can match the rest, in ascending order
     * @param lead how far the automaton has read the rest before anything could begin
     * @param time of the time stamp
     * @param stamped whether the line has a stamp
     */
    Optional<Match> of(Line rest, int[] numbers, Lead lead, Optional<Instant> time, boolean stamped) {
        Optional<Match> found = Optional.empty();
        Optional<Match> alarm = Optional.empty();
        for (int number : numbers) {
            if (number >= patterns.size()) {
                break;
            }
            CompiledPattern pattern = patterns.get(number);
            if (pattern.kind() == FilterSpec.Kind.ALARM && found.isPresent()) {
                break;
            }
            Optional<Reading> reading = pattern.read(rest, pattern.kind().hasAddress() ? lead : NOWHERE);
            if (reading.isEmpty()) {
                continue;
            }
            ProgramName.Sender sender = program.sender(reading.get().header());
            if (!isBelieved(sender, stamped)) {
                continue;
            }
            if (pattern.kind() == FilterSpec.Kind.DOUBT) {
                return Optional.of(Match.suspicious(pattern.name(), time, rest.arrival(), rest.isLive()));
            }
            if (pattern.kind() == FilterSpec.Kind.ALARM) {
                alarm = Optional.of(Match.suspicious(pattern.name(), time, rest.arrival(), rest.isLive()));
                continue;
            }
            if (pattern.kind() == FilterSpec.Kind.IGNORE) {
                return Optional.empty();
            }
            Match match = match(pattern, reading.get(), time, rest);
            match = sender == ProgramName.Sender.OWN ? match : match.unproven();
            found = found.isEmpty() ? Optional.of(match) : Optional.of(agreed(found.get(), match));
        }
        return found.isPresent() ? found : alarm;
    }

    /** Returns the first match. If the second has another kind or another address, the line is suspicious. */
    private static Match agreed(Match first, Match second) {
        boolean same = first.kind() == second.kind() && first.address().equals(second.address());
        return same || first.kind() == Match.Kind.SUSPICIOUS
                ? first
                : Match.suspicious(second.pattern(), second.time(), second.arrival(), second.isLive());
    }

    private static Match match(CompiledPattern pattern, Reading reading, Optional<Instant> time, Line line) {
        if (reading.address().isEmpty()) {
            return Match.suspicious(pattern.name(), time, line.arrival(), line.isLive());
        }
        boolean failure = pattern.kind() == FilterSpec.Kind.FAILURE;
        return new Match(
                failure ? Match.Kind.FAILURE : Match.Kind.SUCCESS,
                pattern.name(),
                failure ? pattern.weight() : 0,
                reading.proven(),
                reading.excuse(),
                reading.address(),
                time,
                reading.claims(),
                line.arrival(),
                line.isLive());
    }

    /**
     * Returns whether the line may be the server's. Without a stamp, only the server's own name in a header shows that.
     */
    boolean isBelieved(Reading reading, boolean stamped) {
        return isBelieved(program.sender(reading.header()), stamped);
    }

    private static boolean isBelieved(ProgramName.Sender sender, boolean stamped) {
        return sender == ProgramName.Sender.OWN || (stamped && sender == ProgramName.Sender.UNKNOWN);
    }
}

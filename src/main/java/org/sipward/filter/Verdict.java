package org.sipward.filter;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sipward.filter.CompiledPattern.Reading;
import org.sipward.regex.Lead;
import org.sipward.source.Line;

/** What all patterns of a filter together make of a line. Immutable and thread-safe. */
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
     * @param candidates the numbers of what can match it, in order
     * @param lead how far the rest was gone over
     * @param time the time stamp's
     * @param stamped whether the line has a stamp
     */
    Optional<Match> of(Line rest, int[] candidates, Lead lead, Optional<Instant> time, boolean stamped) {
        Optional<Match> found = Optional.empty();
        Optional<Match> alarm = Optional.empty();
        for (int number : candidates) {
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

    /** Two patterns that match one line must not read different things out of it. */
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

    /** Without a stamp before it, what looks like a syslog header may be anybody's, but for the server's own name. */
    boolean isBelieved(Reading reading, boolean stamped) {
        return isBelieved(program.sender(reading.header()), stamped);
    }

    private static boolean isBelieved(ProgramName.Sender sender, boolean stamped) {
        return sender == ProgramName.Sender.OWN || (stamped && sender == ProgramName.Sender.UNKNOWN);
    }
}

package org.sipward.filter;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sipward.config.FilterReader;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

/** Reads texts with the shipped filters, as the agent reads a log. */
final class Reading {
    static final long ARRIVAL = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();

    private Reading() {}

    static Filter filter(String name) throws Exception {
        return new FilterReader(Path.of("none"), List.of(Path.of("filters"))).read(name);
    }

    /** Returns what a log says, in which each line came at once. */
    static List<Match> read(Filter filter, String log) {
        List<Match> matches = new ArrayList<>();
        LogReader reader = filter.reader(ZoneOffset.UTC);
        for (String line : log.split("\n", -1)) {
            reader.read(line(line), matches::add);
        }
        reader.end();
        return matches;
    }

    /** Returns the addresses that a log accuses. */
    static List<String> accused(Filter filter, String log) {
        return read(filter, log).stream()
                .filter(match -> match.kind() == Match.Kind.FAILURE)
                .map(Match::address)
                .flatMap(Optional::stream)
                .map(IpAddress::toString)
                .toList();
    }

    static Line line(String text) {
        return Line.of(text, ARRIVAL, true);
    }
}

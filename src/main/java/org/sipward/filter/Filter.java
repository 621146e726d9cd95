package org.sipward.filter;

import java.time.ZoneId;
import java.util.Optional;
import org.sipward.source.Line;

/** Stub. */
public final class Filter {
    private final FilterSpec spec;

    private Filter(FilterSpec spec) {
        this.spec = spec;
    }

    /**
     * Compiles a filter.
     *
     * @throws FilterException with everything that is wrong with it
     */
    public static Filter compile(FilterSpec spec) throws FilterException {
        return new Filter(spec);
    }

    /** Returns the filter's name. */
    public String name() {
        return spec.name();
    }

    /** Returns what the filter was compiled from. */
    public FilterSpec spec() {
        return spec;
    }

    /** Returns what the line says, or empty if nothing of interest. */
    public Optional<Match> match(Line line, ZoneId zone) {
        return Optional.empty();
    }
}

package org.sipward.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects errors and warnings, so that the operator sees all of them at once.
 *
 * <p>Memory is bounded: beyond {@link #MAX} problems of a kind, further ones are only counted.
 *
 * <p>Not thread-safe.
 */
public final class Problems {
    static final int MAX = 500;

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final List<Problem> missing = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private int dropped;

    /** Notes an error; {@link Problem} describes the parameters. */
    public void error(Place place, String value, String what, String fix) {
        add(errors, new Problem(place.file(), place.line(), place.path(), value, what, fix));
    }

    /** Notes a warning: the agent runs all the same. */
    public void warn(Place place, String value, String what, String fix) {
        add(warnings, new Problem(place.file(), place.line(), place.path(), value, what, fix));
    }

    /**
     * Notes a needed file that does not exist. The agent only warns and waits for it; {@code sipward check} reports an
     * error.
     */
    public void missing(Place place, String what, String fix) {
        missing(place, "", what, fix);
    }

    /** Notes such a file, or a wrong line of one, with the text that is written there. */
    public void missing(Place place, String value, String what, String fix) {
        warn(place, value, what, fix);
        add(missing, new Problem(place.file(), place.line(), place.path(), value, what, fix));
    }

    /** Returns the warnings about needed files that do not exist. */
    public List<Problem> missing() {
        return sorted(missing);
    }

    /** Returns the warnings, grouped by file, in the order of the lines. */
    public List<Problem> warnings() {
        return sorted(warnings);
    }

    /** Returns the number of errors so far. */
    public int errors() {
        return errors.size() + dropped;
    }

    /** Throws if there is an error. */
    public void throwIfAny() throws ConfigException {
        if (errors.isEmpty()) {
            return;
        }
        List<Problem> all = new ArrayList<>(sorted(errors));
        if (dropped > 0) {
            all.add(new Problem(files.get(0), 0, "", "", dropped + " more problems are not listed", "fix these first"));
        }
        throw new ConfigException(all, warnings());
    }

    private void add(List<Problem> list, Problem problem) {
        if (!files.contains(problem.file())) {
            files.add(problem.file());
        }
        if (list.size() < MAX) {
            list.add(problem);
        } else if (list == errors) {
            dropped++;
        }
    }

    private List<Problem> sorted(List<Problem> list) {
        return list.stream()
                .sorted(Comparator.comparingInt((Problem problem) -> files.indexOf(problem.file()))
                        .thenComparingInt(Problem::line))
                .toList();
    }
}

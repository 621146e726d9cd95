package org.sipward.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects what is wrong, so that the operator hears of everything at once.
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

    /** Notes an error; see {@link Problem} for the words. */
    public void error(Place place, String value, String what, String mend) {
        add(errors, new Problem(place.file(), place.line(), place.path(), value, what, mend));
    }

    /** Notes something that the agent can live with. */
    public void warn(Place place, String value, String what, String mend) {
        add(warnings, new Problem(place.file(), place.line(), place.path(), value, what, mend));
    }

    /** Notes a file that is needed but not there. The agent warns and waits for it; whoever checks should hear of an error. */
    public void missing(Place place, String what, String mend) {
        missing(place, "", what, mend);
    }

    /** Notes such a file, or a line of it that is needed but wrong, with what is written there. */
    public void missing(Place place, String value, String what, String mend) {
        warn(place, value, what, mend);
        add(missing, new Problem(place.file(), place.line(), place.path(), value, what, mend));
    }

    /** Returns those of the warnings that tell of a file which is needed but not there. */
    public List<Problem> missing() {
        return sorted(missing);
    }

    /** Returns the warnings, a file's together, in the order of its lines. */
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
            all.add(new Problem(
                    files.get(0), 0, "", "", dropped + " more problems are not listed", "mend these first"));
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

package org.sipward.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.sipward.config.JailConfig;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.source.Backfill;
import org.sipward.source.Faults;
import org.sipward.source.StampReader;

/**
 * The jails of one configuration, each with what it reads. Any thread may ask for {@link #jails}; the thread that reads
 * logs owns the rest.
 *
 * @param all in the order of the configuration
 */
record Watchings(List<Watching> all) {
    static final Watchings NONE = new Watchings(List.of());

    Watchings {
        all = List.copyOf(all);
    }

    /**
     * Returns the jails of another configuration. A jail that exists in both keeps what it has counted; the old ones
     * are cleared.
     */
    Watchings changedTo(List<JailConfig> configs, Trust trust) {
        List<Watching> fresh = configs.stream()
                .map(config -> {
                    Jail jail = ConfiguredJail.of(config, trust);
                    jails().stream()
                            .filter(old -> old.name().equals(config.name()))
                            .findFirst()
                            .ifPresent(jail::inherit);
                    return new Watching(jail, config);
                })
                .toList();
        jails().forEach(Jail::clear);
        return new Watchings(fresh);
    }

    /** Returns all jails. */
    List<Jail> jails() {
        return all.stream().map(Watching::jail).toList();
    }

    /** Returns the jails that read this log. */
    List<Jail> jailsOf(Path path) {
        return of(path).stream().map(Watching::jail).toList();
    }

    /** Returns the jails that read sources of other kinds than files. */
    List<LiveLogs.Reader> live() {
        return all.stream().flatMap(Watching::live).toList();
    }

    /** Returns in words what keeps logs from being found. */
    Stream<String> trouble() {
        return all.stream().flatMap(watching -> watching.files().trouble().stream());
    }

    /**
     * Returns how much of a log is counted once more before the place where reading goes on: as much as can still
     * matter to one of its jails.
     *
     * @param faults counts the bugs that a line triggers
     */
    Backfill backfill(Path path, Faults faults) {
        List<Watching> served = of(path);
        Duration window = served.stream()
                .map(watching -> watching.config().findtime())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        StampReader stamps = line -> {
            for (Watching watching : served) {
                try {
                    OptionalLong stamp = watching.jail().stamp(line);
                    if (stamp.isPresent()) {
                        return stamp;
                    }
                } catch (RuntimeException | StackOverflowError bug) {
                    faults.add(path + ", jail " + watching.jail().name(), bug);
                }
            }
            return OptionalLong.empty();
        };
        return new Backfill(stamps, window, Backfill.MAX_BYTES);
    }

    private List<Watching> of(Path path) {
        return all.stream().filter(watching -> watching.files().has(path)).toList();
    }
}

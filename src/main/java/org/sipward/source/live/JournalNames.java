package org.sipward.source.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The units and identifiers whose entries are read. Finds those that have no entry in the journal, because a jail with
 * a misspelt name sees nothing.
 *
 * <p>Not thread-safe.
 */
final class JournalNames {
    private static final String UNIT = "_SYSTEMD_UNIT=";
    private static final String IDENTIFIER = "SYSLOG_IDENTIFIER=";
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final int LOOK_SECONDS = 3;

    private final List<String> matches;
    private final Set<String> unseen = new LinkedHashSet<>();
    private Session.@Nullable Ready told;

    /** @param matches arguments that {@link #matches} returned */
    JournalNames(List<String> matches) {
        this.matches = matches;
    }

    /**
     * Returns the journalctl arguments that select the entries of any of these units that have any of these
     * identifiers.
     */
    static List<String> matches(List<String> units, List<String> identifiers) {
        List<String> matches = new ArrayList<>();
        units.forEach(unit -> matches.add(UNIT + unit));
        identifiers.forEach(identifier -> matches.add(IDENTIFIER + identifier));
        return matches;
    }

    /** Returns the arguments that select the entries of all these names. */
    List<String> selection() {
        return selection(matches);
    }

    /**
     * Asks the journal whether each name has an entry, and reports the names that have none. If the journal does not
     * answer, the name is assumed to have one.
     *
     * @param program journalctl, with the options that select the journal
     */
    void look(List<String> program, Session.Ready ready) throws InterruptedException {
        unseen.clear();
        for (String match : matches) {
            if (!isThere(program, match)) {
                unseen.add(match);
            }
        }
        told = ready;
        if (!unseen.isEmpty()) {
            ready.doubt(words());
        }
    }

    /** Notes that this entry has arrived. */
    void see(JournalEntry entry) {
        if (!unseen.isEmpty() && unseen.removeIf(entry::matches) && told != null) {
            told.doubt(unseen.isEmpty() ? "" : words());
        }
    }

    /**
     * {@code --follow} alone takes only entries of this boot, and if the boot ID is hidden (systemd's
     * ProtectKernelTunables does that) it takes none at all. {@code --merge} takes every boot, but also other machines'
     * journals that are stored here. So this machine's ID is added: nobody may be banned for what another machine
     * logged.
     */
    private static List<String> selection(List<String> some) {
        List<String> selection = new ArrayList<>(List.of("--merge"));
        selection.addAll(some);
        machineId().forEach(selection::add);
        return selection;
    }

    private static List<String> machineId() {
        try {
            String id = Files.readString(MACHINE_ID, StandardCharsets.US_ASCII).strip();
            return id.matches("[0-9a-f]{32}") ? List.of("_MACHINE_ID=" + id) : List.of();
        } catch (IOException none) {
            return List.of();
        }
    }

    private static boolean isThere(List<String> program, String match) throws InterruptedException {
        List<String> vector = new ArrayList<>(program);
        vector.addAll(List.of("--quiet", "--no-pager", "--output=cat", "--lines=1"));
        vector.addAll(selection(List.of(match)));
        try {
            Process child = JournalSession.builder(vector)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                child.getOutputStream().close();
                // If one entry's text is longer than a pipe can hold, journalctl does not end, but then there is an
                // entry.
                boolean ended = child.waitFor(LOOK_SECONDS, TimeUnit.SECONDS);
                return !ended
                        || child.exitValue() != 0
                        || child.getInputStream().available() > 0;
            } finally {
                child.destroyForcibly();
            }
        } catch (IOException unknown) {
            return true;
        }
    }

    private String words() {
        String names = unseen.stream()
                .map(match -> match.startsWith(UNIT)
                        ? "unit " + match.substring(UNIT.length())
                        : "identifier " + match.substring(IDENTIFIER.length()))
                .collect(Collectors.joining(", "));
        return "the journal has no entry of " + names + " yet, so nothing is read from it; check the name ('journalctl"
                + " -F _SYSTEMD_UNIT' and 'journalctl -F SYSLOG_IDENTIFIER' list those that exist), or wait for its"
                + " first entry";
    }
}

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
 * The units and identifiers whose entries are read, and which of them the journal has never heard of: a misspelt one
 * makes a jail blind.
 *
 * <p>One thread at a time.
 */
final class JournalNames {
    private static final String UNIT = "_SYSTEMD_UNIT=";
    private static final String IDENTIFIER = "SYSLOG_IDENTIFIER=";
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final int LOOK_SECONDS = 3;

    private final List<String> matches;
    private final Set<String> unseen = new LinkedHashSet<>();
    private Session.@Nullable Ready told;

    /** @param matches as {@link #matches} makes them */
    JournalNames(List<String> matches) {
        this.matches = matches;
    }

    /** Returns the arguments that select entries: of any of these units, and with any of these identifiers. */
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
     * Asks whether there is an entry of each name, and tells of those that have none. An answer that cannot be had is
     * taken for yes.
     *
     * @param program journalctl with the options that say which journal is meant
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

    /** Notes that this entry has come. */
    void see(JournalEntry entry) {
        if (!unseen.isEmpty() && unseen.removeIf(entry::matches) && told != null) {
            told.doubt(unseen.isEmpty() ? "" : words());
        }
    }

    /**
     * {@code --follow} alone takes entries of this boot only, and where a container hides its own boot's ID (as systemd's
     * ProtectKernelTunables does) that is none at all. {@code --merge} takes every boot, but also the journals of other
     * machines that are kept here: nobody may be accused for what another machine says.
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
                // One entry's text may be longer than what a pipe holds, but then it is not nothing.
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
        return "the journal holds no entry of " + names + ", so nothing is read from it; correct the name ('journalctl"
                + " -F _SYSTEMD_UNIT' and '-F SYSLOG_IDENTIFIER' list those that there are), or wait for its first"
                + " entry";
    }
}

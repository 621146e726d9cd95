package org.sipward.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Problem;

/**
 * Finds all keys of a kind of file by asking its reader: for an unknown key, the reader names those that it knows in
 * that place. So no second list of keys is needed.
 */
final class KnownKeys {
    /** Unlike every key, so that the reader does not ask whether another one was meant. */
    private static final String UNKNOWN = "qqqqqqqqqqqqqqqq";

    private static final String ANSWER = "use one of: ";
    /** The part of a path that stands for a name of the operator's choice. */
    private static final String NAME = "NAME";

    private final Reader reader;
    private final Path file;

    /** Reads a file, and throws everything that is wrong with it. */
    interface Reader {
        void read(Path file) throws ConfigException;
    }

    /** Takes the reader, and the file to write questions into. */
    KnownKeys(Reader reader, Path file) {
        this.reader = reader;
        this.file = file;
    }

    /** Returns the paths of all keys, as in {@code jails.NAME.maxretry}. */
    Set<String> paths() throws IOException {
        Set<String> paths = new TreeSet<>();
        addBelow("", paths);
        return paths;
    }

    private void addBelow(String section, Set<String> paths) throws IOException {
        for (String key : known(section)) {
            String path = section.isEmpty() ? key : section + "." + key;
            paths.add(path);
            // A key with a dot in it is not a section.
            if (!key.contains(".")) {
                addBelow(path, paths);
                addBelow(path + "." + NAME, paths);
            }
        }
    }

    /** Returns the keys that the reader knows in this place; none if it is not a section with keys of its own. */
    private List<String> known(String section) throws IOException {
        String question = UNKNOWN + ": 1";
        String place = UNKNOWN;
        if (!section.isEmpty()) {
            List<String> keys = List.of(section.replace(NAME, "name").split("\\.", -1));
            place = String.join(".", keys) + "." + UNKNOWN;
            for (int i = keys.size() - 1; i >= 0; i--) {
                question = keys.get(i) + ": {" + question + "}";
            }
        }
        Files.writeString(file, question + "\n");
        try {
            reader.read(file);
        } catch (ConfigException e) {
            for (Problem problem : e.problems()) {
                if (problem.path().equals(place) && problem.fix().startsWith(ANSWER)) {
                    return List.of(problem.fix().substring(ANSWER.length()).split(", ", -1));
                }
            }
        }
        return List.of();
    }
}

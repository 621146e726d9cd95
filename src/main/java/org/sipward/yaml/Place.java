package org.sipward.yaml;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The place of a value in a YAML file. Its path is built only when it is asked for, so that deep and broad files cost
 * no more than their text.
 */
public final class Place {
    private final Path file;
    private final int line;
    private final String name;
    private final @Nullable Place parent;

    private Place(Path file, int line, String name, @Nullable Place parent) {
        this.file = file;
        this.line = line;
        this.name = name;
        this.parent = parent;
    }

    /** Returns the place of the file as a whole. */
    public static Place whole(Path file) {
        return new Place(file, 0, "", null);
    }

    /** Returns the place of this line of the file, without a path. */
    public static Place line(Path file, int line) {
        return new Place(file, line, "", null);
    }

    /** Returns the place of a key below this one. */
    public Place key(String key, int keyLine) {
        return new Place(file, keyLine, parent == null ? key : "." + key, this);
    }

    /** Returns the place of an item of the list that is here. */
    Place item(int index, int itemLine) {
        return new Place(file, itemLine, "[" + index + "]", this);
    }

    Path file() {
        return file;
    }

    /** Returns the line, from 1, or 0 for the file as a whole. */
    public int line() {
        return line;
    }

    /** Returns the keys that lead here, such as {@code jails.asterisk.source.file[1]}. */
    String path() {
        return parent == null ? name : parent.path() + name;
    }
}

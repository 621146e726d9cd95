package org.sipward.yaml;

import java.util.List;
import java.util.Map;

/** A value in a YAML file: a scalar, a list, or a map. Immutable. */
public sealed interface Node {
    /** Returns the place of the value: the line of its key, or its own line in a list. */
    Place place();

    /** Returns what kind of value this is, in the operator's words. */
    String kind();

    /** Returns whether the value is missing, {@code null}, {@code ~}, or an empty list or map. */
    boolean isEmpty();

    /**
     * A single value.
     *
     * @param text as written, without quotes; the reader of the value decides whether it is a number or a duration
     */
    record Scalar(Place place, String text, boolean isEmpty) implements Node {
        @Override
        public String kind() {
            return "a single value";
        }
    }

    /** A list, in the order of the file. */
    record Items(Place place, List<Node> items) implements Node {
        @Override
        public String kind() {
            return "a list";
        }

        @Override
        public boolean isEmpty() {
            return items.isEmpty();
        }
    }

    /** A map, in the order of the file. */
    record Fields(Place place, Map<String, Node> fields) implements Node {
        @Override
        public String kind() {
            return "a map";
        }

        @Override
        public boolean isEmpty() {
            return fields.isEmpty();
        }
    }
}

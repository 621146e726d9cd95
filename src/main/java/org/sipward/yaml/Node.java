package org.sipward.yaml;

import java.util.List;
import java.util.Map;

/** A value in a YAML file: a scalar, a list, or a map. Immutable. */
public sealed interface Node {
    /** Returns where it stands: the line of its key, or its own in a list. */
    Place place();

    /** Returns what it is, in the operator's words. */
    String kind();

    /** Returns whether nothing is written there, {@code null} or {@code ~}, or a list or map of nothing. */
    boolean isEmpty();

    /**
     * A single value.
     *
     * @param text as written, without quotes: whether it is a number or a duration is not YAML's to say
     */
    record Scalar(Place place, String text, boolean isEmpty) implements Node {
        @Override
        public String kind() {
            return "a single value";
        }
    }

    /** A list, in its order. */
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

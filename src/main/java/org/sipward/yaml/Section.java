package org.sipward.yaml;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A map of the file, asked for its values by key. What is asked for and cannot be had because it is wrongly written is
 * noted, and then answered as if it were not there.
 */
public final class Section {
    private final Place place;
    private final Map<String, Node> fields;
    private final Problems problems;

    private Section(Place place, Map<String, Node> fields, Problems problems) {
        this.place = place;
        this.fields = fields;
        this.problems = problems;
    }

    /** Returns the section that this node is, an empty one if nothing or something else stands there. */
    public static Section of(Node node, Problems problems) {
        if (node instanceof Node.Fields map) {
            return new Section(node.place(), map.fields(), problems);
        }
        if (!node.isEmpty()) {
            // Without the value: it may be a secret in the wrong place.
            problems.error(node.place(), "", "is " + node.kind(), "write KEY: VALUE lines below it");
        }
        return new Section(node.place(), Map.of(), problems);
    }

    /** Returns the section that this node is; keys other than the known ones are noted. */
    public static Section of(Node node, List<String> known, Problems problems) {
        return of(node, known, key -> Optional.empty(), problems);
    }

    /**
     * Returns the same, where some unknown keys are expected.
     *
     * @param hints returns what to write in place of such a key
     */
    public static Section of(
            Node node, List<String> known, Function<String, Optional<String>> hints, Problems problems) {
        Section section = of(node, problems);
        for (Map.Entry<String, Node> field : section.fields.entrySet()) {
            if (!known.contains(field.getKey())) {
                String mend = hints.apply(field.getKey())
                        .or(() -> Spelling.question(field.getKey(), known))
                        .orElse("known here: " + String.join(", ", known));
                // Without the value: a key for apiban.org put in the wrong place must not end up in a log.
                problems.error(field.getValue().place(), "", "unknown key", mend);
            }
        }
        return section;
    }

    public Place place() {
        return place;
    }

    public Map<String, Node> fields() {
        return fields;
    }

    public Optional<Node> node(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    public boolean has(String key) {
        return fields.containsKey(key);
    }

    /** Returns the section below this key, an empty one if it is not there. */
    public Section section(String key, List<String> known) {
        return node(key).map(node -> of(node, known, problems)).orElse(new Section(place, Map.of(), problems));
    }

    /** Returns the same, where some unknown keys are expected; see {@link #of(Node, List, Function, Problems)}. */
    public Section section(String key, List<String> known, Function<String, Optional<String>> hints) {
        return node(key).map(node -> of(node, known, hints, problems)).orElse(new Section(place, Map.of(), problems));
    }

    /** Returns the section below this key whatever its keys are, an empty one if it is not there. */
    public Section section(String key) {
        return node(key).map(node -> of(node, problems)).orElse(new Section(place, Map.of(), problems));
    }

    /** Returns the place of this key, or of the section if it is not there. */
    public Place place(String key) {
        return node(key).map(Node::place).orElse(place);
    }

    /** Notes that this key should be there. */
    public void missing(String key, String mend) {
        problems.error(place.key(key, place.line()), "", "is missing", mend);
    }

    /** Returns the value of this key. */
    public Optional<Node.Scalar> scalar(String key) {
        return node(key).flatMap(node -> scalar(node, "write one value"));
    }

    /** Returns the text of this key, empty if there is none. */
    public String text(String key) {
        return scalar(key).map(Node.Scalar::text).orElse("");
    }

    /** Returns the values of this key: a list, or one value in place of a list of one. */
    public List<Node.Scalar> scalars(String key) {
        Optional<Node> node = node(key);
        if (node.isPresent() && node.get() instanceof Node.Items list) {
            return list.items().stream()
                    .flatMap(item -> scalar(item, "write one value, in quotes if it holds a colon").stream())
                    .toList();
        }
        return node.filter(value -> !value.isEmpty()).flatMap(value -> scalar(value, "write a list")).stream()
                .toList();
    }

    /** Returns the texts of the values of this key. */
    public List<String> texts(String key) {
        return scalars(key).stream().map(Node.Scalar::text).toList();
    }

    public Optional<Integer> integer(String key, int min, int max) {
        return scalar(key).flatMap(scalar -> integer(scalar, min, max));
    }

    public Optional<Integer> integer(Node.Scalar scalar, int min, int max) {
        String mend = "write a number from " + min + " to " + max;
        // No leading zeros: YAML 1.1 would take 010 for eight, people for ten.
        if (!scalar.text().matches("0|[1-9][0-9]*")) {
            return wrong(scalar, "is not a whole number", mend);
        }
        if (scalar.text().length() > 9 || Integer.parseInt(scalar.text()) > max) {
            return wrong(scalar, "is too large", mend);
        }
        int number = Integer.parseInt(scalar.text());
        return number < min ? wrong(scalar, "is too small", mend) : Optional.of(number);
    }

    public Optional<Boolean> flag(String key) {
        return scalar(key).flatMap(scalar -> switch (scalar.text()) {
            case "true", "yes", "on" -> Optional.of(true);
            case "false", "no", "off" -> Optional.of(false);
            default -> wrong(scalar, "is neither true nor false", "write true or false");
        });
    }

    /** Returns the duration of this key; {@link Durations#FOREVER} only if that is the longest allowed. */
    public Optional<Duration> duration(String key, Duration min, Duration max) {
        return scalar(key).flatMap(scalar -> {
            Optional<Duration> duration = Durations.parse(scalar.text());
            if (duration.isEmpty()) {
                return wrong(scalar, "is not a duration", Durations.EXAMPLES);
            }
            boolean endless = max.equals(Durations.FOREVER);
            Duration longest = endless ? Durations.MAX : max;
            String mend = "write " + Durations.format(min) + " to " + Durations.format(longest)
                    + (endless ? ", or forever" : "");
            if (isForever(scalar)) {
                return endless ? duration : wrong(scalar, "cannot be without end here", mend);
            }
            if (duration.get().compareTo(min) < 0) {
                return wrong(scalar, "is too short", mend);
            }
            return duration.get().compareTo(longest) > 0 ? wrong(scalar, "is too long", mend) : duration;
        });
    }

    /** Returns the absolute path of this key. What stands there instead is not shown if it may be a secret. */
    public Optional<Path> path(String key, boolean mayBeSecret) {
        return scalar(key).flatMap(scalar -> {
            String shown = mayBeSecret ? "" : scalar.text();
            try {
                Path path = Path.of(scalar.text()).normalize();
                if (path.isAbsolute() && path.getNameCount() > 0) {
                    return Optional.of(path);
                }
            } catch (InvalidPathException notAPath) {
                // Said below, as of any other text that is none.
            }
            problems.error(scalar.place(), shown, "is not the absolute path of a file", "begin it with /");
            return Optional.empty();
        });
    }

    /** Notes that the value is wrong, and returns that there is none. */
    public <T> Optional<T> wrong(Node.Scalar scalar, String what, String mend) {
        problems.error(scalar.place(), scalar.text(), what, mend);
        return Optional.empty();
    }

    private Optional<Node.Scalar> scalar(Node node, String mend) {
        if (!(node instanceof Node.Scalar scalar)) {
            problems.error(node.place(), "", "is " + node.kind(), mend);
            return Optional.empty();
        }
        if (scalar.isEmpty() || scalar.text().isEmpty()) {
            problems.error(node.place(), "", "has no value", "write one, or delete the line to have the default");
            return Optional.empty();
        }
        return Optional.of(scalar);
    }

    private static boolean isForever(Node.Scalar scalar) {
        return scalar.text().equals("-1") || scalar.text().equals("forever");
    }
}

package org.sipward.yaml;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A map of the file, whose values are read by key. A value that is written wrongly is noted as an error and then
 * treated as if it were missing.
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

    /** Returns the node as a section; an empty section if the node is empty or is not a map. */
    public static Section of(Node node, Problems problems) {
        if (node instanceof Node.Fields map) {
            return new Section(node.place(), map.fields(), problems);
        }
        if (!node.isEmpty()) {
            // Do not show the value: it may be a secret in the wrong place.
            problems.error(node.place(), "", "is " + node.kind(), "write KEY: VALUE lines below it");
        }
        return new Section(node.place(), Map.of(), problems);
    }

    /** Returns the node as a section; unknown keys are noted as errors. */
    public static Section of(Node node, List<String> known, Problems problems) {
        return of(node, known, key -> Optional.empty(), problems);
    }

    /**
     * Returns the same, with advice for some unknown keys.
     *
     * @param hints returns what to write instead of such a key
     */
    public static Section of(
            Node node, List<String> known, Function<String, Optional<String>> hints, Problems problems) {
        Section section = of(node, problems);
        for (Map.Entry<String, Node> field : section.fields.entrySet()) {
            if (!known.contains(field.getKey())) {
                String fix = hints.apply(field.getKey())
                        .or(() -> Spelling.question(field.getKey(), known))
                        .orElse("use one of: " + String.join(", ", known));
                // Do not show the value: a key for apiban.org put in the wrong place must not end up in a log.
                problems.error(field.getValue().place(), "", "unknown key", fix);
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

    /** Returns the section below this key; an empty section if the key is missing. */
    public Section section(String key, List<String> known) {
        return of(below(key), known, problems);
    }

    /** Returns the same, with advice for some unknown keys; see {@link #of(Node, List, Function, Problems)}. */
    public Section section(String key, List<String> known, Function<String, Optional<String>> hints) {
        return of(below(key), known, hints, problems);
    }

    /** Returns the section below this key, whatever keys it has; an empty section if the key is missing. */
    public Section section(String key) {
        return of(below(key), problems);
    }

    /** Returns the place of this key, or of the section if the key is missing. */
    public Place place(String key) {
        return node(key).map(Node::place).orElse(place);
    }

    /** Notes that this key is missing. */
    public void missing(String key, String fix) {
        problems.error(place.key(key, place.line()), "", "is missing", fix);
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
        String fix = "write a number from " + min + " to " + max;
        // Refuse leading zeros: 010 is eight in YAML 1.1, and ten to people.
        if (!scalar.text().matches("0|[1-9][0-9]*")) {
            return wrong(scalar, "is not a whole number", fix);
        }
        if (scalar.text().length() > 9 || Integer.parseInt(scalar.text()) > max) {
            return wrong(scalar, "is too large", fix);
        }
        int number = Integer.parseInt(scalar.text());
        return number < min ? wrong(scalar, "is too small", fix) : Optional.of(number);
    }

    public Optional<Boolean> flag(String key) {
        return scalar(key).flatMap(scalar -> switch (scalar.text()) {
            case "true", "yes", "on" -> Optional.of(true);
            case "false", "no", "off" -> Optional.of(false);
            default -> wrong(scalar, "is neither true nor false", "write true or false");
        });
    }

    /** Returns the duration of this key; {@link Durations#FOREVER} only if {@code max} is forever. */
    public Optional<Duration> duration(String key, Duration min, Duration max) {
        return scalar(key).flatMap(scalar -> {
            Optional<Duration> duration = Durations.parse(scalar.text());
            if (duration.isEmpty()) {
                return wrong(scalar, "is not a duration", Durations.EXAMPLES);
            }
            boolean endless = max.equals(Durations.FOREVER);
            Duration longest = endless ? Durations.MAX : max;
            String fix = "write " + Durations.format(min) + " to " + Durations.format(longest)
                    + (endless ? ", or forever" : "");
            if (isForever(scalar)) {
                return endless ? duration : wrong(scalar, "cannot be forever here", fix);
            }
            if (duration.get().compareTo(min) < 0) {
                return wrong(scalar, "is too short", fix);
            }
            return duration.get().compareTo(longest) > 0 ? wrong(scalar, "is too long", fix) : duration;
        });
    }

    /** Returns the absolute path of this key. A wrong value is not shown if it may be a secret. */
    public Optional<Path> path(String key, boolean mayBeSecret) {
        return scalar(key).flatMap(scalar -> {
            String shown = mayBeSecret ? "" : scalar.text();
            try {
                Path path = Path.of(scalar.text()).normalize();
                if (path.isAbsolute() && path.getNameCount() > 0) {
                    return Optional.of(path);
                }
            } catch (InvalidPathException notAPath) {
                // Reported below, like any other text that is not a path.
            }
            problems.error(
                    scalar.place(), shown, "is not the absolute path of a file", "write a path that begins with /");
            return Optional.empty();
        });
    }

    /** Notes that the value is wrong, and returns empty. */
    public <T> Optional<T> wrong(Node.Scalar scalar, String what, String fix) {
        problems.error(scalar.place(), scalar.text(), what, fix);
        return Optional.empty();
    }

    /** Returns the node of this key; an empty map in the place of this section if the key is missing. */
    private Node below(String key) {
        return node(key).orElse(new Node.Fields(place, Map.of()));
    }

    private Optional<Node.Scalar> scalar(Node node, String fix) {
        if (!(node instanceof Node.Scalar scalar)) {
            problems.error(node.place(), "", "is " + node.kind(), fix);
            return Optional.empty();
        }
        if (scalar.isEmpty() || scalar.text().isEmpty()) {
            problems.error(node.place(), "", "has no value", "write one, or delete the line to use the default");
            return Optional.empty();
        }
        return Optional.of(scalar);
    }

    private static boolean isForever(Node.Scalar scalar) {
        return scalar.text().equals("-1") || scalar.text().equals("forever");
    }
}

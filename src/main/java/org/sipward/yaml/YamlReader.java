package org.sipward.yaml;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sipward.file.SmallFile;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads a YAML file as a tree of {@link Node}s.
 *
 * <p>Reads only the plain part of YAML: one document of scalars, lists and maps. Scalars stay the text that was
 * written, because YAML 1.1 reads {@code yes} as true, {@code 1:30} as 90 and {@code 010} as 8. Aliases, anchors of
 * lists and maps, and tags are refused: nobody needs them here, and with them a few bytes can become a huge document.
 *
 * <p>Memory is bounded by {@link SmallFile#MAX_TEXT}, {@link #MAX_VALUES}, {@link #MAX_DEPTH} and
 * {@link #MAX_KEY_CHARS}.
 */
public final class YamlReader {
    static final int MAX_VALUES = 100_000;
    static final int MAX_DEPTH = 20;
    static final int MAX_KEY_CHARS = 200;

    private static final String WRITE_OUT = "write the value out, or put it in quotes if it begins with this character";

    private final Path file;
    private final Problems problems;
    private final YAMLParser parser;
    private int values;

    private YamlReader(Path file, Problems problems, YAMLParser parser) {
        this.file = file;
        this.problems = problems;
        this.parser = parser;
    }

    /**
     * Returns the file's tree; empty if the file is not such YAML, which is then noted as one problem. A key that is
     * written twice is noted too; its first value counts.
     */
    public static Optional<Node> read(Path file, Problems problems) {
        Optional<String> text = TextFile.read(file, problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try (YAMLParser parser = new YAMLFactory().createParser(text.get())) {
            return Optional.of(new YamlReader(file, problems, parser).document());
        } catch (Refused refused) {
            problems.error(refused.place, "", refused.what, refused.fix);
        } catch (IOException syntax) {
            noteSyntax(file, problems, syntax);
        }
        return Optional.empty();
    }

    private Node document() throws IOException, Refused {
        Refused empty = new Refused(Place.whole(file), "is empty", "start from the shipped file");
        if (parser.nextToken() == null) {
            throw empty;
        }
        Node root = value(Place.line(file, line()), 0);
        if (root.isEmpty()) {
            throw empty;
        }
        if (parser.nextToken() != null) {
            throw new Refused(Place.line(file, line()), "a second document begins", "delete the --- above it");
        }
        return root;
    }

    private Node value(Place place, int depth) throws IOException, Refused {
        if (++values > MAX_VALUES) {
            throw new Refused(place, "more than " + MAX_VALUES + " values", "put long lists into files of their own");
        }
        if (depth == MAX_DEPTH && parser.currentToken().isStructStart()) {
            throw new Refused(place, "nested more than " + MAX_DEPTH + " deep", "close the brackets further up");
        }
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            throw new Refused(place, "YAML's anchors and aliases (& and *) are not supported", WRITE_OUT);
        }
        if (parser.getTypeId() != null) {
            throw new Refused(place, "YAML's tags (!) are not supported", WRITE_OUT);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> map(place, depth);
            case START_ARRAY -> list(place, depth);
            case VALUE_NULL -> new Node.Scalar(place, "", true);
            default -> new Node.Scalar(place, parser.getText(), false);
        };
    }

    private Node map(Place place, int depth) throws IOException, Refused {
        Map<String, Node> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (key.length() > MAX_KEY_CHARS) {
                throw new Refused(Place.line(file, line()), "a key of " + key.length() + " characters", "shorten it");
            }
            Place here = place.key(key, line());
            parser.nextToken();
            Node value = value(here, depth + 1);
            Node first = fields.putIfAbsent(key, value);
            if (first != null) {
                int line = first.place().line();
                problems.error(here, "", "is written twice, first in line " + line, "delete one of the two");
            }
        }
        return new Node.Fields(place, fields);
    }

    private Node list(Place place, int depth) throws IOException, Refused {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(place.item(items.size(), line()), depth + 1));
        }
        return new Node.Items(place, items);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private static void noteSyntax(Path file, Problems problems, IOException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            Mark mark = marked.getProblemMark();
            Mark context = marked.getContextMark();
            String what = "column " + (mark.getColumn() + 1) + ": " + reason(marked);
            if (context != null && context.getLine() != mark.getLine()) {
                what += ", " + marked.getContext() + " that begins in line " + (context.getLine() + 1);
            }
            problems.error(Place.line(file, mark.getLine() + 1), "", what, fix(reason(marked)));
        } else if (e instanceof JacksonException jackson && jackson.getLocation() != null) {
            String what = "column " + jackson.getLocation().getColumnNr() + ": "
                    + (jackson.getOriginalMessage().startsWith("Expected a field name")
                            ? "a key must be a single word"
                            : jackson.getOriginalMessage());
            problems.error(Place.line(file, jackson.getLocation().getLineNr()), "", what, fix(what));
        } else {
            problems.error(Place.whole(file), "", "cannot be read as YAML: " + e.getMessage(), fix(""));
        }
    }

    /** Returns the parser's reason without its advice, which is wrong where there is no indentation. */
    private static String reason(MarkedYAMLException e) {
        String problem = String.valueOf(e.getProblem());
        int advice = problem.indexOf(". (");
        return advice < 0 ? problem : problem.substring(0, advice);
    }

    private static String fix(String problem) {
        if (problem.contains("TAB")) {
            return "indent with spaces";
        }
        if (problem.contains("cannot start any token") || problem.contains("mapping values")) {
            return "put the value in quotes, or check the indentation";
        }
        return "check quotes, brackets and indentation";
    }

    /** Stops reading a file. */
    private static final class Refused extends Exception {
        private final transient Place place;
        private final String what;
        private final String fix;

        private Refused(Place place, String what, String fix) {
            super(what);
            this.place = place;
            this.what = what;
            this.fix = fix;
        }
    }
}

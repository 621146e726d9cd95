package org.sipward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * Logs of real servers under real attack, recorded in private networks, with what is true of each line
 * ({@code labels.jsonl}) and of each file ({@code verdicts.jsonl}: who earns a ban at the fifth failure within ten
 * minutes, and who must not be banned). Scenarios begin with {@code b_} benign, {@code t_} known tools, {@code a_}
 * attacks by hand, {@code s_} special services, {@code i_} injection, {@code m_} mixed.
 */
public final class Corpus implements AutoCloseable {
    private final ZipFile zip;

    private Corpus(ZipFile zip) {
        this.zip = zip;
    }

    public static Corpus open() throws IOException {
        return new Corpus(new ZipFile(Path.of("src/test/resources/corpus.zip").toFile()));
    }

    /** Returns what is true of each file. */
    public List<Verdict> verdicts() throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(zip.getInputStream(zip.getEntry("verdicts.jsonl")), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode node = json.readTree(line);
                verdicts.add(new Verdict(
                        node.get("server").asText(),
                        node.get("scenario").asText(),
                        node.get("file").asText(),
                        texts(node.get("must_ban")),
                        texts(node.get("must_not_ban"))));
            }
        }
        return verdicts;
    }

    public byte[] bytes(String file) throws IOException {
        return zip.getInputStream(zip.getEntry(file)).readAllBytes();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** What is true of one file. */
    public record Verdict(String server, String scenario, String file, List<String> mustBan, List<String> mustNotBan) {
        /** Returns the name of the filter for this server. */
        public String filter() {
            return server.replaceFirst("[0-9-].*", "");
        }
    }
}

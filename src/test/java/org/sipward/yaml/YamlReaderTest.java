package org.sipward.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.config.Folder;
import org.sipward.file.SmallFile;

class YamlReaderTest {
    @TempDir
    Path directory;

    private final Problems problems = new Problems();

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1d", "0x10", "1:30", "2026-11-22", "010", "1_000", "1e3", ".inf", "true", "::1"})
    void keepsAScalarAsItIsWritten(String text) {
        assertThat(at(read("key: " + text + "\n"), "key")).isInstanceOfSatisfying(Node.Scalar.class, scalar -> {
            assertThat(scalar.text()).isEqualTo(text);
            assertThat(scalar.isEmpty()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"key:", "key: ~", "key: null"})
    void knowsThatNothingIsWritten(String yaml) {
        assertThat(at(read(yaml), "key").isEmpty()).isTrue();
    }

    @Test
    void knowsLineAndPathOfEveryValue() {
        Node root = read("""
                # comment
                jails:
                  asterisk: {maxretry: 3,
                    source: {file: [/a,
                      /b]}}
                """);

        Node file = at(root, "jails", "asterisk", "source", "file");
        Node second = ((Node.Items) file).items().get(1);
        assertThat(at(root, "jails", "asterisk", "maxretry").place().line()).isEqualTo(3);
        assertThat(file.place().line()).isEqualTo(4);
        assertThat(second.place().line()).isEqualTo(5);
        assertThat(second.place().path()).isEqualTo("jails.asterisk.source.file[1]");
    }

    @Test
    void readsTextWithByteOrderMarkAndCarriageReturns() {
        Node root = read("\ufeffa: 1\r\nb: 2\r\n");

        assertThat(at(root, "a").place().line()).isEqualTo(1);
        assertThat(at(root, "b").place().line()).isEqualTo(2);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("", "f.yaml: is empty; start from the shipped file"),
                refused("# nothing\n", "f.yaml: is empty; start from the shipped file"),
                refused("---\n", "f.yaml: is empty; start from the shipped file"),
                refused("a: 1\n---\nb: 2\n", "f.yaml:3: a second document begins; delete the --- above it"),
                refused(
                        "a:\n\tb: 1\n",
                        "f.yaml:2: column 1: found character '\\t(TAB)' that cannot start any token; indent with spaces"),
                refused(
                        "a: b: c\n",
                        "f.yaml:1: column 5: mapping values are not allowed here;"
                                + " put the value in quotes, or check the indentation"),
                refused(
                        "x: 1\na: [1, 2\nb: 3\n",
                        "f.yaml:3: column 2: expected ',' or ']', but got :, while parsing a flow sequence"
                                + " that begins in line 2; check quotes, brackets and indentation"),
                refused(
                        "a: 'x\n\n",
                        "f.yaml:3: column 1: found unexpected end of stream, while scanning a quoted scalar"
                                + " that begins in line 1; check quotes, brackets and indentation"),
                refused(
                        "a: @b\n",
                        "f.yaml:1: column 4: found character '@' that cannot start any token;"
                                + " put the value in quotes, or check the indentation"),
                refused(
                        "? [a, b]\n: c\n",
                        "f.yaml:1: column 4: a key must be a single word; check quotes, brackets and indentation"),
                refused(
                        "a: 1\nb: *a\n",
                        "f.yaml:2: b: YAML's anchors and aliases (& and *) are not supported; " + WRITE_OUT),
                refused(
                        "a: &x {b: 1}\n",
                        "f.yaml:1: a: YAML's anchors and aliases (& and *) are not supported; " + WRITE_OUT),
                refused("a: !!str 1\n", "f.yaml:1: a: YAML's tags (!) are not supported; " + WRITE_OUT),
                refused("a: !!binary aGk=\n", "f.yaml:1: a: YAML's tags (!) are not supported; " + WRITE_OUT),
                refused("a: !!java.net.URL {b: 1}\n", "f.yaml:1: a: YAML's tags (!) are not supported; " + WRITE_OUT),
                refused("a: 1\nb: \u0000\n", "f.yaml:2: holds the control character 0x00; write plain text in UTF-8"),
                refused("a: \u001b[2J\n", "f.yaml:1: holds the control character 0x1b; write plain text in UTF-8"),
                refused("k".repeat(201) + ": 1\n", "f.yaml:1: a key of 201 characters; shorten it"));
    }

    private static final String WRITE_OUT = "write the value out, or put it in quotes if it begins with this character";

    private static Arguments refused(String yaml, String error) {
        return Arguments.of(yaml, error);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void saysInOneLineWhyAFileCannotBeRead(String yaml, String error) throws IOException {
        Optional<Node> root = YamlReader.read(Files.writeString(directory.resolve("f.yaml"), yaml), problems);

        assertThat(root).isEmpty();
        assertThat(errors()).containsExactly(error);
    }

    @Test
    void notesEveryKeyThatStandsTwice() {
        Node root = read("a: 1\nb: {c: 1, c: 2}\na: 3\n");

        assertThat(errors())
                .containsExactly(
                        "f.yaml:2: b.c: is written twice, first in line 2; delete one of the two",
                        "f.yaml:3: a: is written twice, first in line 1; delete one of the two");
        assertThat(at(root, "a"))
                .isInstanceOfSatisfying(
                        Node.Scalar.class, a -> assertThat(a.text()).isEqualTo("1"));
    }

    @Test
    void refusesABillionLaughs() {
        StringBuilder yaml = new StringBuilder("a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (char c = 'b'; c <= 'i'; c++) {
            String before = "*" + (char) (c - 1);
            yaml.append(c + ": &" + c + " [" + String.join(", ", Collections.nCopies(9, before)) + "]\n");
        }

        assertThat(YamlReader.read(write(yaml.toString().getBytes(StandardCharsets.UTF_8)), problems))
                .isEmpty();
        assertThat(errors()).singleElement().asString().startsWith("f.yaml:1: a: YAML's anchors and aliases");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "{", "[{a: "})
    void refusesDeepNesting(String opening) {
        String yaml = opening.repeat(TextFile.MAX_LINE / opening.length());

        assertThat(YamlReader.read(write(yaml.getBytes(StandardCharsets.UTF_8)), problems))
                .isEmpty();
        assertThat(errors()).hasSize(1);
    }

    @Test
    void readsTwentyLevelsAndNotMore() {
        read("a: " + "[".repeat(19) + "]".repeat(19));
        assertThat(errors()).isEmpty();

        YamlReader.read(write(("a: " + "[".repeat(20) + "]".repeat(20)).getBytes(StandardCharsets.UTF_8)), problems);
        assertThat(errors()).singleElement().asString().contains("nested more than 20 deep");
    }

    @Test
    void refusesTooManyValues() {
        YamlReader.read(write("- a\n".repeat(YamlReader.MAX_VALUES).getBytes(StandardCharsets.UTF_8)), problems);

        assertThat(errors())
                .containsExactly(
                        "f.yaml:100000: [99999]: more than 100000 values; put long lists into files of their own");
    }

    @ParameterizedTest
    @ValueSource(ints = {SmallFile.MAX_TEXT + 1, 10 << 20})
    void refusesALargeFile(int bytes) {
        YamlReader.read(write("# x\n".repeat(bytes / 4 + 1).getBytes(StandardCharsets.UTF_8)), problems);

        assertThat(errors()).containsExactly("f.yaml: is longer than 1 MiB; put long lists into files of their own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"#", "a", "a ", "\n", "a: 1\n", "'", "\"", "'\n", "|", ": ", "- - ", "&", "*a ", "%", "[],", "a,"
            })
    void readsOrRefusesAMegabyteOfAnythingInBoundedTime(String piece) {
        String line = piece.repeat(TextFile.MAX_LINE / piece.length() - 1) + "\n";
        String yaml = line.repeat(SmallFile.MAX_TEXT / line.length());

        assertTimeout(
                Duration.ofSeconds(10), () -> YamlReader.read(write(yaml.getBytes(StandardCharsets.UTF_8)), problems));
    }

    @Test
    void refusesALongLine() {
        String line = "# " + "x".repeat(TextFile.MAX_LINE - 2);
        read(line + "\na: 1\n" + line);
        assertThat(errors()).isEmpty();

        YamlReader.read(write((line + "\na: 1\n" + line + "x").getBytes(StandardCharsets.UTF_8)), problems);
        assertThat(errors()).containsExactly("f.yaml:3: the line is longer than 64 KiB; break it");
    }

    @Test
    void saysThatABinaryFileIsNoText() {
        YamlReader.read(write(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, (byte) 0xff}), problems);

        assertThat(errors()).containsExactly("f.yaml:1: holds the control character 0x7f; write plain text in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "UTF-16"})
    void saysInWhichLineTextIsNotUtf8(String charset) throws IOException {
        YamlReader.read(write("a: 1\nb: \u00e9\n".getBytes(charset)), problems);

        assertThat(errors())
                .singleElement()
                .asString()
                .matches("f.yaml:[12]: (is not UTF-8|holds the control character 0x00); write plain text in UTF-8");
    }

    @Test
    void saysThatAFileDoesNotExist() {
        YamlReader.read(directory.resolve("f.yaml"), problems);

        assertThat(errors()).containsExactly("f.yaml: does not exist; check the path");
    }

    @Test
    void saysThatADirectoryIsNoFile() throws IOException {
        YamlReader.read(Files.createDirectory(directory.resolve("f.yaml")), problems);

        assertThat(errors()).containsExactly("f.yaml: is a directory; name a file");
    }

    @Test
    void doesNotReadADevice() {
        YamlReader.read(Path.of("/dev/zero"), problems);

        assertThat(errors()).containsExactly("/dev/zero: is not a regular file; name a file");
    }

    @Test
    void saysThatAFileMayNotBeRead() throws IOException {
        Path file = write("a: 1".getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, Set.of());
        assumeTrue(!Files.isReadable(file), "root may read every file");

        YamlReader.read(file, problems);

        assertThat(errors())
                .containsExactly("f.yaml: is not readable by this user; run as root, or let this user read the file");
    }

    @Test
    void listsNoMoreProblemsThanAnyoneReads() {
        StringBuilder yaml = new StringBuilder("a: 1\n");
        yaml.append("a: 1\n".repeat(Problems.MAX + 10));

        read(yaml.toString());

        List<String> errors = errors();
        assertThat(errors).hasSize(Problems.MAX + 1);
        assertThat(errors.get(Problems.MAX)).isEqualTo("f.yaml: 10 more problems are not listed; fix these first");
    }

    private Node read(String yaml) {
        return YamlReader.read(write(yaml.getBytes(StandardCharsets.UTF_8)), problems)
                .orElseThrow();
    }

    private Path write(byte[] bytes) {
        try {
            return Files.write(directory.resolve("f.yaml"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Node at(Node root, String... keys) {
        Node node = root;
        for (String key : keys) {
            node = Optional.ofNullable(((Node.Fields) node).fields().get(key)).orElseThrow();
        }
        return node;
    }

    private List<String> errors() {
        try {
            problems.throwIfAny();
            return List.of();
        } catch (ConfigException e) {
            return new Folder(directory).texts(e.problems());
        }
    }
}

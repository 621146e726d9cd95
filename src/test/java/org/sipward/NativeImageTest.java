package org.sipward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sipward.cli.Main;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Compares what a native image is told with the code: the image builder silently ignores a class that does not exist,
 * and the program fails only when it looks for a class or file that nobody told of.
 */
class NativeImageTest {
    private static final String OURS = "META-INF/native-image/org.sipward/sipward/reachability-metadata.json";
    private static final String PICOCLIS =
            "META-INF/native-image/picocli-generated/org.sipward/sipward/reflect-config.json";
    private static final ClassLoader LOADER = NativeImageTest.class.getClassLoader();

    @Test
    void namesOnlyClassesAndMethodsThatAreThere() throws Exception {
        JsonNode types = metadata().path("reflection");

        assertThat(types).isNotEmpty();
        for (JsonNode entry : types) {
            for (JsonNode each : entry.path("type").path("proxy")) {
                assertThat(type(each.asText()).isInterface()).isTrue();
            }
            for (JsonNode method : entry.path("methods")) {
                assertThat(method(type(entry.path("type").asText()), method)).isNotNull();
            }
            for (JsonNode field : entry.path("fields")) {
                assertThat(type(entry.path("type").asText())
                                .getDeclaredField(field.path("name").asText()))
                        .isNotNull();
            }
            if (entry.path("type").isTextual()) {
                assertThat(type(entry.path("type").asText())).isNotNull();
            }
        }
    }

    @Test
    void namesOnlyResourcesThatAreThere() throws IOException {
        JsonNode resources = metadata().path("resources");

        assertThat(resources).isNotEmpty();
        for (JsonNode each : resources) {
            String file = each.has("glob")
                    ? each.path("glob").asText()
                    : each.path("bundle").asText().replace('.', '/') + ".properties";
            assertThat(LOADER.getResource(file)).describedAs(file).isNotNull();
        }
    }

    @Test
    void namesWhatTheCodeFindsByName() throws IOException {
        Set<String> types = new HashSet<>();
        metadata()
                .path("reflection")
                .forEach(entry -> types.add(entry.path("type").asText()));
        Set<String> files = new HashSet<>();
        metadata()
                .path("resources")
                .forEach(entry -> files.add(entry.path("glob").asText()));

        assertThat(arguments("Class\\.forName"))
                .isNotEmpty()
                .allSatisfy((name, file) -> assertThat(types).contains(name));
        assertThat(arguments("getResource(?:AsStream)?"))
                .isNotEmpty()
                .allSatisfy((name, file) -> assertThat(files)
                        .contains(Path.of("src/main/java")
                                .relativize(file)
                                .resolveSibling(name)
                                .toString()));
    }

    @Test
    void namesEachCommandAndOption() throws IOException {
        URL generated = LOADER.getResource(PICOCLIS);
        assumeTrue(generated != null, "compiled without annotation processors (-Pquick)");
        Map<String, Set<String>> fields = new HashMap<>();
        read(generated).forEach(entry -> addFields(entry, "name", fields));
        metadata().path("reflection").forEach(entry -> addFields(entry, "type", fields));

        Set<String> missing = new TreeSet<>();
        for (CommandSpec command : commands(Main.model())) {
            String type = command.userObject().getClass().getName();
            if (!fields.containsKey(type)) {
                missing.add(type);
            }
            for (ArgSpec argument : command.args()) {
                if (argument.userObject() instanceof Field field
                        && !fields.getOrDefault(field.getDeclaringClass().getName(), Set.of())
                                .contains(field.getName())) {
                    missing.add("" + field);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(fields).containsKey("org.sipward.cli.CheckCommand");
    }

    private static void addFields(JsonNode entry, String key, Map<String, Set<String>> to) {
        Set<String> names = to.computeIfAbsent(entry.path(key).asText(), any -> new HashSet<>());
        entry.path("fields").forEach(field -> names.add(field.path("name").asText()));
    }

    @Test
    void givesTheNativeProgramTheHeapOfTheJvm() throws IOException {
        String launcher = Files.readString(Path.of("dist/bin/sipward"));
        String build = Files.readString(Path.of("dist/native"));

        assertThat(only("-R:MaxHeapSize=(\\w+)", build)).isEqualTo(only(" -Xmx(\\w+)", launcher));
        assertThat(only("-R:MaxNewSize=(\\w+)", build)).isEqualTo(only(" -Xmn(\\w+)", launcher));
    }

    @Test
    void compilesWithTheInterfaceOfTheBuildersVersion() throws IOException {
        String builder =
                only("<artifactId>svm</artifactId>\\s*<version>(.*)</version>", read("src/main/native/pom.xml"));

        assertThat(only("<nativeimage.version>(.*)</", read("pom.xml"))).isEqualTo(builder);
    }

    private static JsonNode metadata() throws IOException {
        return read(LOADER.getResource(OURS));
    }

    private static JsonNode read(URL resource) throws IOException {
        try (InputStream in = resource.openStream()) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static AnnotatedElement method(Class<?> type, JsonNode method) throws ReflectiveOperationException {
        List<Class<?>> parameters = new ArrayList<>();
        for (JsonNode parameter : method.path("parameterTypes")) {
            parameters.add(type(parameter.asText()));
        }
        Class<?>[] types = parameters.toArray(Class<?>[]::new);
        String name = method.path("name").asText();
        Executable found =
                name.equals("<init>") ? type.getDeclaredConstructor(types) : type.getDeclaredMethod(name, types);
        return found;
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, false, LOADER);
    }

    /** Returns the text that each call of this method is given, with the source file of the call. */
    private static Map<String, Path> arguments(String method) throws IOException {
        Map<String, Path> arguments = new HashMap<>();
        Pattern call = Pattern.compile("\\b" + method + "\\((\"[^\"]*\")?");
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (MatchResult found :
                        call.matcher(Files.readString(file)).results().toList()) {
                    assertThat(found.group(1))
                            .describedAs("%s: %s, which nobody can look up", file, found.group())
                            .isNotNull();
                    arguments.put(found.group(1).replace("\"", ""), file);
                }
            }
        }
        return arguments;
    }

    private static List<CommandSpec> commands(CommandLine line) {
        List<CommandSpec> commands = new ArrayList<>(List.of(line.getCommandSpec()));
        line.getCommandSpec().mixins().values().forEach(commands::add);
        line.getSubcommands().values().forEach(sub -> commands.addAll(commands(sub)));
        return commands;
    }

    private static String only(String pattern, String text) {
        List<String> found = Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(found).describedAs(pattern).hasSize(1);
        return found.get(0);
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }
}

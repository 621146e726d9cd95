package org.sipward.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sipward.control.ExitCode;
import org.sipward.fail2ban.Fail2ban;
import org.sipward.fail2ban.Imported;
import org.sipward.yaml.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = "Imports an existing fail2ban or APIBAN setup; lists anything it could not convert.",
        subcommands = {ImportCommand.FromFail2ban.class, ImportCommand.FromApiban.class})
final class ImportCommand {
    /** The folder that the files are written to. */
    static final class Target {
        @Option(
                names = "--to",
                paramLabel = "DIR",
                defaultValue = "/etc/sipward",
                description = "The folder to write to (default: ${DEFAULT-VALUE}).")
        private Path folder;

        @Option(names = "--force", description = "Replace existing files; each old file is kept as NAME.bak.")
        private boolean force;

        /** Writes all of the files, or none if one of them exists already. */
        void write(Map<String, String> files, boolean secret) {
            for (String name : files.keySet()) {
                Path path = folder.resolve(name);
                if (!force && Files.exists(path)) {
                    String fix = "name another folder with --to, or replace it with --force, which keeps a copy";
                    throw new CommandFailure(ExitCode.NO, path + " exists already; nothing was written: " + fix);
                }
            }
            files.forEach((name, text) -> {
                Path path = folder.resolve(name);
                try {
                    Files.createDirectories(path.toAbsolutePath().getParent());
                    Path part = path.resolveSibling(path.getFileName() + ".part");
                    Files.deleteIfExists(part);
                    Files.createFile(
                            part,
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--")));
                    Files.writeString(part, text);
                    keep(path, text);
                    Files.move(part, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException e) {
                    throw new CommandFailure(ExitCode.NOT_PERMITTED, path + " cannot be written: " + e);
                }
            });
        }

        /** Copies a file that will be replaced to a free name, unless its text stays the same. */
        private static void keep(Path path, String text) throws IOException {
            boolean same = Files.exists(path)
                    && Files.size(path) == text.length()
                    && Files.readString(path).equals(text);
            if (same || !Files.exists(path)) {
                return;
            }
            Path kept = path.resolveSibling(path.getFileName() + ".bak");
            for (int number = 1; Files.exists(kept); number++) {
                kept = path.resolveSibling(path.getFileName() + ".bak" + number);
            }
            Files.copy(path, kept, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            System.out.println("kept: the previous " + path.getFileName() + " is " + kept);
        }
    }

    /** Converts a fail2ban setup. */
    @Command(
            name = "fail2ban",
            description =
                    "Converts fail2ban's jails and filters to Sipward's. Runs none of fail2ban's commands. Exit code 1 if something could not be converted, or the result has an error.")
    static final class FromFail2ban implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "fail2ban's folder, such as /etc/fail2ban.")
        private Path folder;

        @Option(names = "--all", description = "Also convert the filters that no enabled jail uses.")
        private boolean all;

        @Mixin
        private Target target;

        @Override
        public Integer call() {
            Imported imported;
            try {
                imported = Fail2ban.read(folder, all);
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()));
            }
            target.write(imported.files(), false);
            imported.losses().forEach(loss -> System.out.println("not converted: " + shown(loss.toString())));
            imported.notes().forEach(note -> System.out.println("note: " + shown(note)));
            System.out.println(target.folder + ": " + Text.count(imported.jails(), "jail") + ", "
                    + Text.count(imported.files().size() - 1, "filter") + ", "
                    + Text.count(imported.losses().size(), "item") + " not converted");
            Path config = target.folder.resolve(Imported.CONFIGURATION);
            boolean right = isRight(config);
            System.out.println("Next: read " + config + ", then see whom it would have banned: sipward replay -c "
                    + config + " LOG");
            return right && imported.losses().isEmpty() ? ExitCode.YES : ExitCode.NO;
        }

        /** Returns whether the result passes {@code sipward check}, and prints the errors. */
        private static boolean isRight(Path config) {
            try {
                ConfigOption.reader().read(config);
                return true;
            } catch (ConfigException e) {
                e.problems().forEach(problem -> System.out.println("to correct: " + shown(problem.toString())));
                return false;
            }
        }

        private static String shown(String text) {
            return Text.shown(text, 500);
        }
    }

    /** Reads the configuration of APIBAN's own clients. */
    @Command(
            name = "apiban",
            description =
                    "Copies the key from the config.json of APIBAN's client into apiban.key, and shows the lines to add to sipward.yaml.")
    static final class FromApiban implements Callable<Integer> {
        private static final int MAX_BYTES = 1 << 16;
        private static final List<String> SETS = List.of("sip", "http", "all");

        @Parameters(paramLabel = "FILE", description = "The client's config.json.")
        private Path file;

        @Mixin
        private Target target;

        @Override
        public Integer call() {
            Map<String, String> fields = read();
            String key = fields.getOrDefault("apikey", "").strip();
            if (!key.matches("[A-Za-z0-9_-]{8,200}")) {
                throw new CommandFailure(ExitCode.NO, file + ": has no key in \"apikey\"");
            }
            String set = fields.getOrDefault("set", "sip");
            target.write(Map.of("apiban.key", key + "\n"), true);
            System.out.println("The key is in " + target.folder.resolve("apiban.key") + ". Add to sipward.yaml:\n");
            System.out.println("feeds:\n  apiban: {keyfile: " + target.folder.resolve("apiban.key") + ", set: "
                    + (SETS.contains(set) ? set : "sip") + "}\n");
            System.out.println(
                    "Then stop the client and delete its chain or set APIBAN: Sipward and the client together would exceed"
                            + " the key's rate limit.");
            return ExitCode.YES;
        }

        /** Returns the text fields of the outermost object. No message shows the key. */
        private Map<String, String> read() {
            Map<String, String> fields = new LinkedHashMap<>();
            try (InputStream in = Files.newInputStream(file)) {
                String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                try (JsonParser parser = new JsonFactory().createParser(text)) {
                    if (parser.nextToken() != JsonToken.START_OBJECT) {
                        throw new IOException("is not a JSON object");
                    }
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String name = String.valueOf(parser.currentName());
                        JsonToken value = parser.nextToken();
                        if (value.isStructStart()) {
                            parser.skipChildren();
                        } else {
                            fields.put(name.toLowerCase(java.util.Locale.ROOT), parser.getText());
                        }
                    }
                }
            } catch (com.fasterxml.jackson.core.JacksonException e) {
                throw new CommandFailure(ExitCode.NO, file + ": is not the client's config.json");
            } catch (NoSuchFileException e) {
                throw new CommandFailure(ExitCode.NO, file + ": there is no such file");
            } catch (AccessDeniedException e) {
                throw new CommandFailure(
                        ExitCode.NOT_PERMITTED, file + ": is not readable by this user: run this as root or with sudo");
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.NO, file + ": cannot be read: " + e.getMessage());
            }
            return fields;
        }
    }
}

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
    /** Where files go. */
    static final class Target {
        @Option(
                names = "--to",
                paramLabel = "DIR",
                defaultValue = "/etc/sipward",
                description = "The folder to write to (default: ${DEFAULT-VALUE}).")
        private Path folder;

        @Option(
                names = "--force",
                description = "Replace files that exist; each is kept beside the new one as NAME.bak.")
        private boolean force;

        /** Writes all of the files, or none if one of them is there already. */
        void write(Map<String, String> files, boolean secret) {
            for (String name : files.keySet()) {
                Path path = folder.resolve(name);
                if (!force && Files.exists(path)) {
                    String mend = "name another folder with --to, or replace it with --force, which keeps a copy";
                    throw new CommandFailure(ExitCode.NO, path + " exists already; nothing was written: " + mend);
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

        /** Keeps what stands in a file that will be replaced, under a name that is free, unless it is the same. */
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

    /** Converts fail2ban's. */
    @Command(
            name = "fail2ban",
            description =
                    "Imports fail2ban's jails and filters. Runs no command of theirs. Exit code 1 if something that is enabled could not be converted.")
    static final class FromFail2ban implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "fail2ban's folder, such as /etc/fail2ban.")
        private Path folder;

        @Option(names = "--all", description = "Convert the filters that no enabled jail uses, too.")
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
                    + Text.count(imported.losses().size(), "thing") + " not converted");
            Path config = target.folder.resolve(Imported.CONFIGURATION);
            boolean right = isRight(config);
            System.out.println("Next: read " + config + ", then see whom it would have banned: sipward replay -c "
                    + config + " LOG");
            return right && imported.losses().isEmpty() ? ExitCode.YES : ExitCode.NO;
        }

        /** Returns whether the result passes check, and says what does not. */
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
            description = "Takes the key out of the config.json of APIBAN's client, and shows the feed to write.")
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
                throw new CommandFailure(ExitCode.NO, file + ": holds no key in \"apikey\"");
            }
            String set = fields.getOrDefault("set", "sip");
            target.write(Map.of("apiban.key", key + "\n"), true);
            System.out.println("The key is in " + target.folder.resolve("apiban.key") + ". Write into sipward.yaml:\n");
            System.out.println("feeds:\n  apiban: {keyfile: " + target.folder.resolve("apiban.key") + ", set: "
                    + (SETS.contains(set) ? set : "sip") + "}\n");
            System.out.println(
                    "Then stop the client and delete its chain or set APIBAN: both together would exceed what one key"
                            + " may ask.");
            return ExitCode.YES;
        }

        /** Returns the text fields of the outermost object. The key is shown nowhere. */
        private Map<String, String> read() {
            Map<String, String> fields = new LinkedHashMap<>();
            try (InputStream in = Files.newInputStream(file)) {
                String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                try (JsonParser parser = new JsonFactory().createParser(text)) {
                    if (parser.nextToken() != JsonToken.START_OBJECT) {
                        throw new IOException("is no JSON object");
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
                        ExitCode.NOT_PERMITTED, file + ": may not be read by this user: run this as root");
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.NO, file + ": cannot be read: " + e.getMessage());
            }
            return fields;
        }
    }
}

package org.sipward.source.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.sipward.file.SmallFile;
import org.sipward.file.SmallFileException;

/** Reads a file that contains a password and at most a line end. No message shows its content. */
final class PasswordFile {
    private static final int MAX_BYTES = 256;

    private PasswordFile() {}

    /** Returns the password, one char per byte. */
    static String read(Path file) throws IOException {
        String secret;
        try {
            secret = new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.ISO_8859_1).strip();
        } catch (SmallFileException e) {
            throw switch (e.kind()) {
                case MISSING ->
                    new RefusedException(file + " is missing: create it, with the password as its only line");
                case NOT_REGULAR ->
                    new RefusedException(
                            file + " " + e.getMessage() + ": name a file with the password as its only line");
                case TOO_LONG -> notAPassword(file);
                case DENIED, FAILED -> new IOException(file + " " + e.getMessage(), e);
            };
        }
        // The server would take text after a line break for a command.
        boolean isWord = secret.chars().allMatch(c -> c >= ' ' && c != 0x7f);
        if (secret.isEmpty() || !isWord) {
            throw notAPassword(file);
        }
        return secret;
    }

    private static RefusedException notAPassword(Path file) {
        return new RefusedException(file + " does not hold a password: one line of at most " + MAX_BYTES + " bytes");
    }
}

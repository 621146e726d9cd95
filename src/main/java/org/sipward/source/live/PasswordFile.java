package org.sipward.source.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.sipward.file.SmallFile;
import org.sipward.file.SmallFileException;

/** Reads a file that holds a password, and nothing else but a line end. Its content is in no message. */
final class PasswordFile {
    private static final int MAX_BYTES = 256;

    private PasswordFile() {}

    /** Returns the password, one char a byte. */
    static String read(Path file) throws IOException {
        String secret;
        try {
            secret = new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.ISO_8859_1).strip();
        } catch (SmallFileException e) {
            throw switch (e.kind()) {
                case MISSING ->
                    new RefusedException(file + " is not there: write the password into it, and nothing else");
                case NOT_REGULAR ->
                    new RefusedException(file + " " + e.getMessage() + ": name a file that holds the password alone");
                case TOO_LONG -> notAPassword(file);
                case DENIED, FAILED -> new IOException(file + " " + e.getMessage(), e);
            };
        }
        // A line end within it would be a command of its own to the server.
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

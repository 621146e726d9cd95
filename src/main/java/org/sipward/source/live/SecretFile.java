package org.sipward.source.live;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sipward.source.UnreadableException;

/** Reads a file that contains a password and at most a line end. No message shows its content. */
final class SecretFile {
    private static final int MAX_BYTES = 256;

    private SecretFile() {}

    /** Returns the password, one char per byte. */
    static String read(Path file) throws IOException {
        // Check first: opening a FIFO blocks until someone writes to it.
        if (!Files.isRegularFile(file)) {
            throw new RefusedException(
                    file + " is missing or not a regular file: create it, with the password as its only line");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw UnreadableException.of(file, e);
        }
        String secret = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        // The server would take text after a line break for a command.
        boolean isWord = secret.chars().allMatch(c -> c >= ' ' && c != 0x7f);
        if (secret.isEmpty() || bytes.length > MAX_BYTES || !isWord) {
            throw new RefusedException(file + " does not hold a password: one line of at most 256 bytes");
        }
        return secret;
    }
}

package org.sipward.source.live;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sipward.source.UnreadableException;

/** Reads a file that holds a password, and nothing else but a line end. Its content is in no message. */
final class SecretFile {
    private static final int MAX_BYTES = 256;

    private SecretFile() {}

    /** Returns the password, one char a byte. */
    static String read(Path file) throws IOException {
        // Asked first: opening a pipe would wait for a writer.
        if (!Files.isRegularFile(file)) {
            throw new RefusedException(file + " is not there: write the password into it, and nothing else");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw UnreadableException.of(file, e);
        }
        String secret = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        // A line end within it would be a command of its own to the server.
        boolean isWord = secret.chars().allMatch(c -> c >= ' ' && c != 0x7f);
        if (secret.isEmpty() || bytes.length > MAX_BYTES || !isWord) {
            throw new RefusedException(file + " does not hold a password: one line of at most 256 bytes");
        }
        return secret;
    }
}

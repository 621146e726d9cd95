package org.sipward.apiban;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that holds a key and nothing else. It is read again each time, so that a new key works without a restart.
 *
 * <p>No message shows the file's content. Thread-safe.
 */
public final class KeyFile {
    static final int MAX_CHARS = 256;

    private static final Logger log = LoggerFactory.getLogger(KeyFile.class);
    private static final String PLACEHOLDER = "MY API KEY";

    private final Path path;
    private volatile boolean warned;

    public KeyFile(Path path) {
        this.path = path;
    }

    /**
     * Returns the key.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    public ApiKey read() throws IOException {
        String text = text().strip();
        if (text.isEmpty()) {
            throw new IOException("key file is empty: " + path);
        }
        if (text.equalsIgnoreCase(PLACEHOLDER)) {
            throw new IOException("key file holds the placeholder of the example, not a key: " + path);
        }
        if (text.length() > MAX_CHARS) {
            throw new IOException("key file holds more than 256 characters: " + path);
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IOException("key file must hold the key alone, in one line of ASCII: " + path);
        }
        warnOfReaders();
        return new ApiKey(text);
    }

    private String text() throws IOException {
        // Check first: opening a FIFO or a terminal could block forever.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("key file is not a regular file: " + path);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(4 * MAX_CHARS), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException("key file is missing: " + path, e);
        } catch (AccessDeniedException e) {
            throw new IOException("key file is not readable by this user: " + path, e);
        }
    }

    private void warnOfReaders() throws IOException {
        if (!warned && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)) {
            warned = true;
            log.warn("every user of this machine can read the key; fix: chmod 600 {}", path);
        }
    }
}

package org.sipward.apiban;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.sipward.file.SmallFile;
import org.sipward.file.SmallFileException;
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
            throw tooLong();
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IOException("key file must hold the key alone, in one line of ASCII: " + path);
        }
        warnOfReaders();
        return new ApiKey(text);
    }

    private String text() throws IOException {
        try {
            return new String(SmallFile.read(path, 4 * MAX_CHARS), StandardCharsets.ISO_8859_1);
        } catch (SmallFileException e) {
            throw switch (e.kind()) {
                case MISSING -> new IOException("key file is missing: " + path, e);
                case TOO_LONG -> tooLong();
                case NOT_REGULAR, DENIED, FAILED -> new IOException("key file " + e.getMessage() + ": " + path, e);
            };
        }
    }

    private IOException tooLong() {
        return new IOException("key file holds more than " + MAX_CHARS + " characters: " + path);
    }

    private void warnOfReaders() {
        if (!warned && SmallFile.letsOthers(PosixFilePermission.OTHERS_READ, path)) {
            warned = true;
            log.warn("every user of this machine can read the key; fix: chmod 600 {}", path);
        }
    }
}

package org.sipward.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Reads a small file that a person wrote, or says why it cannot be read. No message shows its content. */
public final class SmallFile {
    /** The longest text file, in bytes; the shipped configuration has a few thousand. */
    public static final int MAX_TEXT = 1 << 20;

    private SmallFile() {}

    /**
     * Reads a whole regular file. Refuses a FIFO or a terminal, because reading it could block.
     *
     * @param maxBytes the length of the longest file that is read
     * @throws SmallFileException with the reason, if the file cannot be read or is longer
     */
    public static byte[] read(Path file, int maxBytes) throws SmallFileException {
        // Check first: opening a FIFO blocks until someone writes to it.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw SmallFileException.notRegular(file);
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (NoSuchFileException e) {
            throw SmallFileException.missing(e);
        } catch (AccessDeniedException e) {
            throw SmallFileException.denied(e);
        } catch (IOException e) {
            throw SmallFileException.failed(e);
        }
        if (bytes.length > maxBytes) {
            throw SmallFileException.tooLong(maxBytes);
        }
        return bytes;
    }

    /** Returns whether every user of this machine may do this with the file; false if the file does not exist. */
    public static boolean letsOthers(PosixFilePermission act, Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(act);
        } catch (IOException gone) {
            return false;
        }
    }
}

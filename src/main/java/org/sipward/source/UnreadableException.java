package org.sipward.source;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Says which log cannot be read, why, and how to fix it. */
public final class UnreadableException extends IOException {
    private UnreadableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Returns the exception for an error that opening or examining this path caused. */
    public static UnreadableException of(Path path, IOException cause) {
        if (cause instanceof UnreadableException already) {
            return already;
        }
        return new UnreadableException(path + ": " + reason(cause), cause);
    }

    /** Returns the exception for a path that is not a regular file. */
    public static UnreadableException notRegular(Path path) {
        String is = Files.isDirectory(path)
                ? "is a directory; name a log file in it, or a pattern such as " + path.resolve("*.log")
                : "is a pipe, socket or device, which Sipward does not read; let the server write to a file, or use source: {syslog: …}";
        return new UnreadableException(path + ": " + is, null);
    }

    /** Returns the exception for a compressed file where a growing log is expected. */
    public static UnreadableException compressed(Path path) {
        return new UnreadableException(path + ": is gzipped, so no server writes to it; name the log itself", null);
    }

    private static String reason(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied; run as root, or as a member of the group that may read it";
        }
        if (cause instanceof FileSystemException full && "Too many open files".equals(full.getReason())) {
            return "too many files are open; raise LimitNOFILE= of the service, or ulimit -n";
        }
        if (cause instanceof FileSystemException file && file.getReason() != null) {
            return "cannot be read: " + file.getReason();
        }
        if (cause instanceof EOFException || cause instanceof ZipException) {
            return "the gzip data is damaged: " + cause.getMessage();
        }
        return "cannot be read: " + cause.getMessage();
    }
}

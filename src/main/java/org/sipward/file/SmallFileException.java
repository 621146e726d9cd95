package org.sipward.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Says why a small file was not read, in words that follow the file's name, such as "is a directory". The name is not in
 * the message: each reader has its own words for what the file is.
 */
public final class SmallFileException extends IOException {
    /** The kinds of trouble with a file, for readers that advise the operator on each. */
    public enum Kind {
        MISSING,
        NOT_REGULAR,
        DENIED,
        TOO_LONG,
        FAILED
    }

    private final Kind kind;

    private SmallFileException(Kind kind, String message, @Nullable IOException cause) {
        super(message, cause);
        this.kind = kind;
    }

    static SmallFileException missing(IOException cause) {
        return new SmallFileException(Kind.MISSING, "does not exist", cause);
    }

    static SmallFileException notRegular(Path file) {
        String what = Files.isDirectory(file) ? "is a directory" : "is not a regular file";
        return new SmallFileException(Kind.NOT_REGULAR, what, null);
    }

    static SmallFileException denied(IOException cause) {
        return new SmallFileException(Kind.DENIED, "may not be read by this user", cause);
    }

    static SmallFileException tooLong(int maxBytes) {
        String limit = maxBytes == SmallFile.MAX_TEXT ? "1 MiB" : maxBytes + " bytes";
        return new SmallFileException(Kind.TOO_LONG, "is longer than " + limit, null);
    }

    static SmallFileException failed(IOException cause) {
        return new SmallFileException(Kind.FAILED, "cannot be read: " + cause.getMessage(), cause);
    }

    public Kind kind() {
        return kind;
    }
}

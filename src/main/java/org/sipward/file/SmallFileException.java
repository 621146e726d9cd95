package org.sipward.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Says why a small file was not read. The message is meant to follow the file's name, as in "is a directory". It does
 * not contain the name, because each reader has its own words for the file, such as "key file".
 */
public final class SmallFileException extends IOException {
    /** The reasons why a file is not read, so that readers can advise the operator on each. */
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
        return new SmallFileException(Kind.DENIED, "is not readable by this user", cause);
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

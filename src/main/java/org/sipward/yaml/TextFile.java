package org.sipward.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a small text file that a person wrote, or notes why it cannot be read. */
final class TextFile {
    /** The longest file, in bytes; the shipped configuration has a few thousand. */
    static final int MAX_BYTES = 1 << 20;

    /** The longest line, in characters: the YAML parser's time grows with the square of a word's length. */
    static final int MAX_LINE = 1 << 16;

    private TextFile() {}

    /** Returns the file's text without a byte order mark; empty if it cannot be read, which is then noted. */
    static Optional<String> read(Path file, Problems problems) {
        Place whole = Place.whole(file);
        try {
            // Check first: opening a FIFO blocks until someone writes to it.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                String what = Files.isDirectory(file) ? "is a directory" : "is not a regular file";
                problems.error(whole, "", what, "name a file");
                return Optional.empty();
            }
            return text(file, problems);
        } catch (NoSuchFileException missing) {
            problems.error(whole, "", "does not exist", "check the path");
        } catch (AccessDeniedException denied) {
            problems.error(whole, "", "is not readable by this user", "run as root, or let this user read the file");
        } catch (IOException e) {
            problems.error(whole, "", "cannot be read: " + e.getMessage(), "check the file system");
        }
        return Optional.empty();
    }

    private static Optional<String> text(Path file, Problems problems) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            problems.error(Place.whole(file), "", "is longer than 1 MiB", "put long lists into files of their own");
            return Optional.empty();
        }
        CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = utf8.decode(in, out, true);
        String text = out.flip().toString();
        int control = indexOfControl(text);
        if (control >= 0) {
            String which = String.format("holds the control character 0x%02x", (int) text.charAt(control));
            problems.error(lineAt(file, text, control), "", which, "write plain text in UTF-8");
            return Optional.empty();
        }
        if (result.isError()) {
            problems.error(lineAt(file, text, text.length()), "", "is not UTF-8", "write plain text in UTF-8");
            return Optional.empty();
        }
        int longLine = startOfLongLine(text);
        if (longLine >= 0) {
            problems.error(lineAt(file, text, longLine), "", "the line is longer than 64 KiB", "break it");
            return Optional.empty();
        }
        return Optional.of(text.startsWith("\ufeff") ? text.substring(1) : text);
    }

    private static int indexOfControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t') {
                return i;
            }
        }
        return -1;
    }

    private static int startOfLongLine(String text) {
        int start = 0;
        while (text.length() - start > MAX_LINE) {
            int end = text.indexOf('\n', start);
            if (end < 0 || end - start > MAX_LINE) {
                return start;
            }
            start = end + 1;
        }
        return -1;
    }

    private static Place lineAt(Path file, String text, int index) {
        long before = text.substring(0, index).chars().filter(c -> c == '\n').count();
        return Place.line(file, (int) before + 1);
    }
}

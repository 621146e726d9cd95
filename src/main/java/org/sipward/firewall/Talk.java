package org.sipward.firewall;

import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes the input of a program, then reads its output. Runs on a thread of its own: a program that hangs blocks this
 * thread as long as its pipes are open.
 */
final class Talk implements Runnable {
    private final Process process;
    private final Command.Input input;
    private final Command.Output output;
    private final AtomicLong written = new AtomicLong();
    private volatile @Nullable IOException unreadable;
    private volatile @Nullable RuntimeException mistake;

    Talk(Process process, Command.Input input, Command.Output output) {
        this.process = process;
        this.input = input;
        this.output = output;
    }

    /** Returns how many bytes the program, or the pipe to it, has taken. */
    long written() {
        return written.get();
    }

    @Override
    public void run() {
        try {
            write();
            read();
        } catch (RuntimeException e) {
            mistake = e;
            process.destroyForcibly();
        }
    }

    /** Rethrows an unchecked exception of the input or output. */
    void throwMistake() {
        RuntimeException thrown = mistake;
        if (thrown != null) {
            throw thrown;
        }
    }

    /** Returns why the output could not be read, if it could not. */
    Optional<IOException> unreadable() {
        return Optional.ofNullable(unreadable);
    }

    private void write() {
        // If the input fails with another exception, the pipe is not closed: the program must not take a part for the
        // whole.
        try {
            Writer out = new BufferedWriter(
                    new OutputStreamWriter(counting(process.getOutputStream()), StandardCharsets.US_ASCII));
            input.writeTo(out);
            out.close();
        } catch (IOException ended) {
            // The program ended before it had read everything. Its exit code and its errors tell why.
        }
    }

    private void read() {
        try (InputStream in = process.getInputStream()) {
            output.readFrom(in);
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            unreadable = e;
        }
    }

    private OutputStream counting(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
                written.addAndGet(length);
            }
        };
    }
}

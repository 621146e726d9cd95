package org.sipward.firewall;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs a program of the system: by argument vector, with an environment of two variables, for a limited time. Never
 * by a shell, and never one that {@code PATH} or the working directory names.
 *
 * <p>Memory is bounded: of the error output the first {@value #MAX_ERROR_BYTES} bytes are kept. An interrupt does not
 * end a run, since half the answer of a firewall is none; the flag is kept.
 */
final class Command {
    static final int MAX_ERROR_BYTES = 4_096;

    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
    private static final Map<String, String> ENVIRONMENT =
            Map.of("LC_ALL", "C", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    private final String name;
    private final List<Path> directories;
    private final List<String> prefix;
    private final Duration limit;

    /**
     * Writes what the program reads: all of it, before the program writes more than a pipe holds (64 KB). nft does
     * so.
     */
    interface Input {
        Input NONE = out -> {};

        void writeTo(Writer out) throws IOException;
    }

    /** Reads what the program writes. What it leaves is thrown away. */
    interface Output {
        Output NONE = in -> {};

        void readFrom(InputStream in) throws IOException;
    }

    /**
     * How a run ended.
     *
     * @param exit the program's exit code
     * @param errors the beginning of its error output
     */
    record Result(int exit, String errors) {
        boolean isSuccess() {
            return exit == 0;
        }
    }

    /** Returns the program of this name in the directories of the system. */
    static Command of(String name, Duration limit) {
        return new Command(name, DIRECTORIES, List.of(), limit);
    }

    /**
     * @param directories where the program is looked for, at each run anew
     * @param prefix another program with its arguments, which starts this one
     * @param limit after which a run is ended by force
     */
    Command(String name, List<Path> directories, List<String> prefix, Duration limit) {
        this.name = name;
        this.directories = directories;
        this.prefix = prefix;
        this.limit = limit;
    }

    boolean isInstalled() {
        return find().isPresent();
    }

    /**
     * Runs the program to its end.
     *
     * @throws IOException if it is not installed, cannot be started, did not end in time, or its output was not
     *     readable; not if it failed
     */
    Result run(List<String> arguments, Input input, Output output) throws IOException {
        try (Run run = start(arguments)) {
            return run.finish(input, output);
        }
    }

    /**
     * Starts the program, which does nothing as long as it waits for its input.
     *
     * @throws IOException if it is not installed or cannot be started
     */
    Run start(List<String> arguments) throws IOException {
        return new Run(vector(arguments).start());
    }

    /** A run that has begun. Not thread-safe; to be closed. */
    final class Run implements AutoCloseable {
        private final Process process;

        private Run(Process process) {
            this.process = process;
        }

        /** Runs the program to its end, as {@link Command#run} does; its time is limited from now on. */
        Result finish(Input input, Output output) throws IOException {
            return converse(process, input, output);
        }

        /** Ends the program by force, unless it has ended. */
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /**
     * Runs the program to its end without reading what it says, which takes half of what {@link #run} takes.
     *
     * @return whether it succeeded
     * @throws IOException if it is not installed, cannot be started or did not end in time; not if it failed
     */
    boolean succeeds(List<String> arguments) throws IOException {
        Process process = vector(arguments)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!endsInTime(process)) {
                throw late();
            }
            return process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    private ProcessBuilder vector(List<String> arguments) throws IOException {
        Path program = find().orElseThrow(() ->
                new IOException(name + " is not installed: apt install " + (name.equals("nft") ? "nftables" : name)));
        List<String> vector = new ArrayList<>(prefix);
        vector.add(program.toString());
        vector.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(vector);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        return builder;
    }

    private IOException late() {
        return new IOException(name + " did not end within " + seconds(limit) + " s and was stopped");
    }

    private Result converse(Process process, Input input, Output output) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        AtomicReference<String> errors = new AtomicReference<>("");
        Thread watch = start("time limit", () -> late.set(!endsInTime(process)));
        Thread listen = start("errors", () -> errors.set(head(process.getErrorStream())));
        write(process, input);
        IOException unreadable = null;
        try (InputStream in = process.getInputStream()) {
            output.readFrom(in);
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            unreadable = e;
        }
        join(listen);
        join(watch);
        if (late.get()) {
            throw late();
        }
        Result result = new Result(process.exitValue(), errors.get());
        if (unreadable != null && result.isSuccess()) {
            throw new IOException("output of " + name + " is not readable", unreadable);
        }
        return result;
    }

    private static void write(Process process, Input input) {
        // Not closed when the input fails otherwise: the program must not take a part for the whole.
        try {
            Writer out =
                    new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII));
            input.writeTo(out);
            out.close();
        } catch (IOException ended) {
            // It ended before it had read everything; its exit code and its errors tell why.
        }
    }

    private boolean endsInTime(Process process) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        boolean ended;
        while (true) {
            try {
                ended = process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            // What it started itself could hold its pipes open.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
        }
        return ended;
    }

    private static String head(InputStream errors) {
        try (errors) {
            String head = new String(errors.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8);
            errors.transferTo(OutputStream.nullOutputStream());
            return head;
        } catch (IOException stopped) {
            return "";
        }
    }

    private Thread start(String what, Runnable task) {
        Thread thread = new Thread(task, name + " " + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    private Optional<Path> find() {
        return directories.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

package org.sipward.firewall;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program of the system: by argument vector, with an environment of two variables, for a limited time. Never
 * by a shell, and never one that {@code PATH} or the working directory names.
 *
 * <p>A run is ended when its time is over: the limit, and a second more for each {@value #BYTES_A_SECOND} bytes of its input.
 * Nobody waits for a program that does not end even then, which happens where the kernel holds it; until it has ended no other
 * is started.
 *
 * <p>Memory is bounded: of the error output the first {@value #MAX_ERROR_BYTES} bytes are kept. An interrupt does not
 * end a run, since half the answer of a firewall is none; the flag is kept. Threads: input is written and output read by a
 * thread of the run's own, so that the caller's stands still no longer than the limit.
 */
final class Command {
    static final int MAX_ERROR_BYTES = 4_096;
    /** A tenth of what nft 1.0.6 takes in on a slow machine. */
    static final int BYTES_A_SECOND = 200_000;

    private static final Duration KILLED = Duration.ofSeconds(1);

    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
    private static final Map<String, String> ENVIRONMENT =
            Map.of("LC_ALL", "C", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    private final String name;
    private final List<Path> directories;
    private final List<String> prefix;
    private final Duration limit;
    /** The last one that did not end although it was killed. */
    private volatile @Nullable Process stuck;

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
     * @throws InterruptedIOException if it did not end in time
     * @throws IOException if it is not installed, cannot be started, or its output was not readable; not if it failed
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
        requireNoneStuck();
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

    private void requireNoneStuck() throws IOException {
        Process before = stuck;
        if (before == null) {
            return;
        }
        if (before.isAlive()) {
            throw new InterruptedIOException(name + " hangs and cannot be ended, process " + before.pid()
                    + ": no other is started until it has ended");
        }
        stuck = null;
    }

    private IOException late() {
        return new InterruptedIOException(name + " did not end within " + seconds(limit) + " s and was stopped");
    }

    private Result converse(Process process, Input input, Output output) throws IOException {
        Talk talk = new Talk(process, input, output);
        AtomicReference<String> errors = new AtomicReference<>("");
        Thread talking = start("talk", talk);
        Thread listening = start("errors", () -> errors.set(head(process.getErrorStream())));
        boolean ended = endsInTime(process, talk::written);
        // What it has started itself may hold its pipes open.
        boolean heard = ended && joins(talking) && joins(listening);
        talk.throwMistake();
        if (!heard) {
            throw late();
        }
        Result result = new Result(process.exitValue(), errors.get());
        Optional<IOException> unreadable = talk.unreadable();
        if (unreadable.isPresent() && result.isSuccess()) {
            throw new IOException("output of " + name + " is not readable", unreadable.get());
        }
        return result;
    }

    private boolean endsInTime(Process process, LongSupplier written) {
        long begin = System.nanoTime();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            long time = limit.toNanos() + TimeUnit.SECONDS.toNanos(1) * written.getAsLong() / BYTES_A_SECOND;
            long left = begin + time - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                ended = process.waitFor(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (!ended) {
            interrupted |= kill(process);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ended;
    }

    /** Ends it by force, with what it has started itself. Returns whether this thread was interrupted meanwhile. */
    private boolean kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(KILLED.toNanos(), TimeUnit.NANOSECONDS)) {
                stuck = process;
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        return interrupted;
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

    /** Returns false if it has not ended within the limit. */
    private boolean joins(Thread thread) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        while (thread.isAlive()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
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

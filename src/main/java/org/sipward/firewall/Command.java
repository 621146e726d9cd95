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
 * Runs a program of the system: by argument vector, with an environment of two variables, for a limited time. It never
 * uses a shell, and never looks for the program in {@code PATH} or the working directory.
 *
 * <p>A run is killed when its time is over: the limit, and a second more for each {@value #BYTES_A_SECOND} bytes of its
 * input. If the program does not end even then, because it is stuck in the kernel, nobody waits for it; but no other
 * run is started until it has ended.
 *
 * <p>Memory is bounded: only the first {@value #MAX_ERROR_BYTES} bytes of the error output are kept. An interrupt does
 * not end a run, since half an answer of a firewall is useless; the interrupt flag is kept. Threads: each run has its
 * own thread that writes the input and reads the output, so that the caller never waits longer than the limit.
 */
final class Command {
    static final int MAX_ERROR_BYTES = 4_096;
    /** A tenth of what nft 1.0.6 reads on a slow machine. */
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
    /** The last process that did not end although it was killed. */
    private volatile @Nullable Process stuck;

    /**
     * Writes the input of the program. The program must read all of it before it writes more than a pipe holds (64 KB),
     * as nft does.
     */
    interface Input {
        Input NONE = out -> {};

        void writeTo(Writer out) throws IOException;
    }

    /** Reads the output of the program. The rest that it does not read is thrown away. */
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

    /** Returns the program of this name in the system's directories. */
    static Command of(String name, Duration limit) {
        return new Command(name, DIRECTORIES, List.of(), limit);
    }

    /**
     * @param directories where to look for the program, again at each run
     * @param prefix another program with its arguments, which starts this program
     * @param limit the time after which a run is killed
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
     * @throws IOException if it is not installed, cannot be started, or its output cannot be read. A run that fails
     *     does not throw: see {@link Result}
     */
    Result run(List<String> arguments, Input input, Output output) throws IOException {
        try (Run run = start(arguments)) {
            return run.finish(input, output);
        }
    }

    /**
     * Starts the program. It must do nothing until it gets its input.
     *
     * @throws IOException if it is not installed or cannot be started
     */
    Run start(List<String> arguments) throws IOException {
        requireNoneStuck();
        return new Run(vector(arguments).start());
    }

    /** A run that has begun. Not thread-safe; must be closed. */
    final class Run implements AutoCloseable {
        private final Process process;

        private Run(Process process) {
            this.process = process;
        }

        /** Returns the number of its process. */
        long process() {
            return process.pid();
        }

        /** Runs the program to its end, as {@link Command#run} does. The time limit counts from now on. */
        Result finish(Input input, Output output) throws IOException {
            return converse(process, input, output);
        }

        /** Kills the program, unless it has ended. */
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
            throw new InterruptedIOException(name + " hangs and cannot be killed, process " + before.pid()
                    + ": it is not started again before that process ends");
        }
        stuck = null;
    }

    private IOException late() {
        return new InterruptedIOException(name + " did not end within " + seconds(limit) + " s and was killed");
    }

    private Result converse(Process process, Input input, Output output) throws IOException {
        Talk talk = new Talk(process, input, output);
        AtomicReference<String> errors = new AtomicReference<>("");
        Thread talking = start("talk", talk);
        Thread listening = start("errors", () -> errors.set(head(process.getErrorStream())));
        boolean ended = endsInTime(process, talk::written);
        // Its child processes may hold its pipes open.
        boolean heard = ended && joins(talking) && joins(listening);
        talk.throwMistake();
        if (!heard) {
            throw late();
        }
        Result result = new Result(process.exitValue(), errors.get());
        Optional<IOException> unreadable = talk.unreadable();
        if (unreadable.isPresent() && result.isSuccess()) {
            throw new IOException("cannot read the output of " + name, unreadable.get());
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

    /** Kills it and its child processes. Returns whether this thread was interrupted meanwhile. */
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

    /** Waits for the thread. Returns false if it does not end within the limit. */
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

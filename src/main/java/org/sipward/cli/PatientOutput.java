package org.sipward.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * An output that does not block its writers when its reader is slow or gone (a full pipe, a journal that hangs): a
 * thread of its own writes the waiting text, in order.
 *
 * <p>Memory is bounded: when {@value #CAPACITY} bytes wait, writers wait for room, but no longer than {@link #MAX_WAIT}
 * in total until everything has been written once. After that, text is dropped and counted until half of the room is
 * free again; a line in its place says how much was dropped. If writing fails, text is dropped in the same way.
 *
 * <p>Thread-safe.
 */
final class PatientOutput extends OutputStream {
    static final int CAPACITY = 1 << 20;
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);
    /** The most bytes that the kernel writes to a pipe in one piece. */
    private static final int PIECE = 4_096;

    private final OutputStream out;
    private final LongFunction<String> notice;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int bytes;
    private long waitLeft = MAX_WAIT.toNanos();
    private boolean full;
    private long dropped;
    private boolean writing;
    private boolean failed;

    /**
     * @param notice makes the line that says how many writes were dropped
     */
    PatientOutput(OutputStream out, LongFunction<String> notice) {
        this.out = out;
        this.notice = notice;
        Thread thread = new Thread(this::work, "sipward-log");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns standard error as such an output. */
    static PrintStream standardError(LongFunction<String> notice) {
        // Not System.err itself: a thread that waits inside it holds its lock.
        OutputStream out = new PatientOutput(new FileOutputStream(FileDescriptor.err), notice);
        return new Stream(out);
    }

    /**
     * Waits until everything printed to {@link #standardError} is written, but no longer than this. Ignores other
     * streams.
     */
    static void drain(PrintStream stream, Duration atMost) {
        if (stream instanceof Stream patient) {
            ((PatientOutput) patient.out()).drain(atMost);
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] buffer, int from, int length) {
        if (full || !awaitRoom(length)) {
            full = true;
            dropped++;
            return;
        }
        if (dropped > 0) {
            enqueue(notice());
        }
        byte[] copy = new byte[length];
        System.arraycopy(buffer, from, copy, 0, length);
        enqueue(copy);
    }

    /** Waits until everything is written, but no longer than this. Returns false if something is not. */
    synchronized boolean drain(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        boolean interrupted = Thread.interrupted();
        while (isBusy()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !isBusy();
    }

    private boolean isBusy() {
        return !waiting.isEmpty() || writing || (dropped > 0 && !failed);
    }

    private void enqueue(byte[] text) {
        waiting.add(text);
        bytes += text.length;
        notifyAll();
    }

    private byte[] notice() {
        byte[] text = notice.apply(dropped).getBytes(Charset.defaultCharset());
        dropped = 0;
        return text;
    }

    private boolean awaitRoom(int length) {
        long begin = System.nanoTime();
        try {
            while (bytes + length > CAPACITY) {
                long left = TimeUnit.NANOSECONDS.toMillis(waitLeft - (System.nanoTime() - begin));
                if (left <= 0) {
                    waitLeft = 0;
                    return false;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        waitLeft -= System.nanoTime() - begin;
        return true;
    }

    private void work() {
        while (true) {
            byte[] piece = take();
            boolean written = true;
            try {
                out.write(piece);
                out.flush();
            } catch (IOException gone) {
                written = false;
            }
            synchronized (this) {
                failed = !written;
                dropped += written ? 0 : 1;
                writing = false;
                notifyAll();
            }
        }
    }

    /** Returns the bytes to write next: several small texts as one piece. */
    private synchronized byte[] take() {
        while (waiting.isEmpty()) {
            waitLeft = MAX_WAIT.toNanos();
            full = false;
            if (dropped > 0 && !failed) {
                enqueue(notice());
                break;
            }
            try {
                wait();
            } catch (InterruptedException nobodyDoes) {
                // Go on: without this thread nothing would be written any more.
            }
        }
        int count = 0;
        int length = 0;
        for (byte[] text : waiting) {
            if (count > 0 && length + text.length > PIECE) {
                break;
            }
            count++;
            length += text.length;
        }
        byte[] piece = new byte[length];
        int to = 0;
        for (int i = 0; i < count; i++) {
            byte[] text = waiting.remove();
            System.arraycopy(text, 0, piece, to, text.length);
            to += text.length;
        }
        bytes -= length;
        full &= bytes > CAPACITY / 2;
        writing = true;
        notifyAll();
        return piece;
    }

    private static final class Stream extends PrintStream {
        Stream(OutputStream out) {
            super(out, true, Charset.defaultCharset());
        }

        OutputStream out() {
            return out;
        }
    }
}

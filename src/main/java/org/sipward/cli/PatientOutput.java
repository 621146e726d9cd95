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
 * An output that holds nobody up when its reader does not read (a pipe that is full, a journal that hangs) or is gone: a
 * thread of its own writes what waits, in order.
 *
 * <p>Memory is bounded: when {@value #CAPACITY} bytes wait, writers wait for room, but all together no longer than
 * {@link #PATIENCE} until everything was written once. What is written after that, until half of the room is free again, is
 * dropped and counted, and the number is said where the dropped stood. An output that fails drops likewise.
 *
 * <p>Thread-safe.
 */
final class PatientOutput extends OutputStream {
    static final int CAPACITY = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** What the system writes to a pipe in one piece. */
    private static final int PIECE = 4_096;

    private final OutputStream out;
    private final LongFunction<String> notice;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int bytes;
    private long patience = PATIENCE.toNanos();
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

    /** Returns the standard error output, made patient. */
    static PrintStream standardError(LongFunction<String> notice) {
        // Not System.err itself: who waits in there holds its lock.
        OutputStream out = new PatientOutput(new FileOutputStream(FileDescriptor.err), notice);
        return new Stream(out);
    }

    /** Waits until all is written that was printed to a patient stream, but no longer than this; else does nothing. */
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

    /** Waits until all was written, but no longer than this; false if not all was. */
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
                long left = TimeUnit.NANOSECONDS.toMillis(patience - (System.nanoTime() - begin));
                if (left <= 0) {
                    patience = 0;
                    return false;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        patience -= System.nanoTime() - begin;
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

    /** Returns what is to be written next, several small texts as one. */
    private synchronized byte[] take() {
        while (waiting.isEmpty()) {
            patience = PATIENCE.toNanos();
            full = false;
            if (dropped > 0 && !failed) {
                enqueue(notice());
                break;
            }
            try {
                wait();
            } catch (InterruptedException nobodyDoes) {
                // Goes on: without this thread nothing would be written any more.
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

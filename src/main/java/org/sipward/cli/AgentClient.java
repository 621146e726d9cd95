package org.sipward.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sipward.control.ExitCode;
import org.sipward.control.Json;

/** Sends one command to the running agent, over its control socket. */
final class AgentClient {
    /** The agent answers within two seconds, except the commands in {@link #LONGER}, which wait for others. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Map<String, Duration> LONGER =
            Map.of("reload", Duration.ofSeconds(45), "feed-check", Duration.ofMinutes(5));

    private final Path socket;
    private final Duration timeout;

    AgentClient(Path socket) {
        this(socket, TIMEOUT);
    }

    /** @param timeout how long to wait for the next line of an answer */
    AgentClient(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
    }

    /**
     * Sends a command with its arguments, and hands each row of the answer to the consumer.
     *
     * @return the last line of the answer: {@code exit} and {@code message}
     * @throws CommandFailure if no agent answers, or this user may not use its socket
     */
    Map<String, Object> send(Map<String, ?> command, Consumer<Map<String, Object>> rows) {
        Duration limit = LONGER.getOrDefault(String.valueOf(command.get("command")), timeout);
        AtomicBoolean late = new AtomicBoolean();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer request = ByteBuffer.wrap((Json.line(command) + "\n").getBytes(StandardCharsets.UTF_8));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            BufferedReader reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            Waiting waiting = new Waiting(channel, limit, late);
            for (String line = waiting.next(reader); line != null; line = waiting.next(reader)) {
                Map<String, Object> row = Json.parse(line);
                if (row.containsKey("exit") && row.containsKey("message")) {
                    return row;
                }
                rows.accept(row);
            }
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE,
                    "the agent on " + socket + " ended in the middle of its answer; look at its log");
        } catch (IOException e) {
            if (late.get()) {
                throw new CommandFailure(
                        ExitCode.UNAVAILABLE,
                        "the agent on " + socket + " has not answered for " + limit.toSeconds()
                                + " s: it hangs or is stopped; look at its log, then restart it");
            }
            // If this user may not search the folder, Files.exists and Files.notExists both return false.
            if (!Files.notExists(socket) && !Files.isWritable(socket)) {
                throw new CommandFailure(
                        ExitCode.NOT_PERMITTED, "no permission for " + socket + ": run this as root or with sudo");
            }
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE,
                    "no agent answers on " + socket + ": start it with 'sipward run' or 'systemctl start sipward'");
        }
    }

    /** Closes the connection if no line arrives for too long. Time that the caller spends on a line does not count. */
    private static final class Waiting {
        private final AtomicLong since = new AtomicLong();

        Waiting(SocketChannel channel, Duration limit, AtomicBoolean late) {
            Thread watch = new Thread(() -> watch(channel, limit, late), "sipward-wait");
            watch.setDaemon(true);
            watch.start();
        }

        @Nullable
        String next(BufferedReader reader) throws IOException {
            since.set(System.nanoTime());
            try {
                return reader.readLine();
            } finally {
                since.set(0);
            }
        }

        private void watch(SocketChannel channel, Duration limit, AtomicBoolean late) {
            while (channel.isOpen()) {
                LockSupport.parkNanos(limit.toNanos() / 10);
                long begin = since.get();
                if (begin != 0 && System.nanoTime() - begin > limit.toNanos()) {
                    late.set(true);
                    try {
                        channel.close();
                    } catch (IOException closedAlready) {
                        return;
                    }
                }
            }
        }
    }
}

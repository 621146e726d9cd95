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
import java.util.Map;
import java.util.function.Consumer;
import org.sipward.agent.Json;

/** Sends one command to the running agent, over its control socket. */
final class AgentClient {
    private final Path socket;

    AgentClient(Path socket) {
        this.socket = socket;
    }

    /**
     * Sends a command with its arguments, and hands each row of the answer to the consumer.
     *
     * @return the last line of the answer: {@code exit} and {@code message}
     * @throws Failure if there is no agent, or its socket may not be used
     */
    Map<String, Object> send(Map<String, ?> command, Consumer<Map<String, Object>> rows) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer request = ByteBuffer.wrap((Json.line(command) + "\n").getBytes(StandardCharsets.UTF_8));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            BufferedReader reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Map<String, Object> row = Json.parse(line);
                if (row.containsKey("exit") && row.containsKey("message")) {
                    return row;
                }
                rows.accept(row);
            }
            throw new Failure(ExitCode.UNAVAILABLE, "the agent on " + socket + " ended in the middle of its answer");
        } catch (IOException e) {
            // Where the folder may not be searched, it is neither known to exist nor known not to.
            if (!Files.notExists(socket) && !Files.isWritable(socket)) {
                throw new Failure(
                        ExitCode.NOT_PERMITTED, "no permission for " + socket + ": run this as root, or with sudo");
            }
            throw new Failure(
                    ExitCode.UNAVAILABLE,
                    "no agent answers on " + socket + ": start it with 'sipward run' or 'systemctl start sipward'");
        }
    }
}

package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.control.ExitCode;

@Timeout(30)
class AgentClientTest {
    @TempDir
    private Path folder;

    @Test
    void saysThatAnAgentDoesNotAnswerWhichHangs() throws Exception {
        Path socket = folder.resolve("s.sock");
        try (ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            hanging.bind(UnixDomainSocketAddress.of(socket));
            AgentClient client = new AgentClient(socket, Duration.ofSeconds(1));

            assertThatThrownBy(() -> client.send(Map.of("command", "status"), row -> {}))
                    .isInstanceOfSatisfying(
                            CommandFailure.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                    .hasMessage("the agent on " + socket
                            + " has not answered for 1 s: it hangs or is stopped; look at its log, then restart it");
        }
    }
}

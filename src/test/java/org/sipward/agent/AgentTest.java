package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.testing.MovableClock;

/** A whole agent that blocks nothing, with a store on disk, a log and a control socket. */
@Timeout(60)
class AgentTest {
    private static final String BAN = "{\"address\":\"45.10.0.1\",\"origin\":\"jail:test\","
            + "\"since\":\"2026-11-22T10:00:00Z\",\"until\":\"2026-11-22T11:00:00Z\",\"count\":1,"
            + "\"reason\":\"2 failed\"}\n{\"exit\":0,\"message\":\"\"}\n";

    @TempDir
    private Path path;

    private final MovableClock clock = new MovableClock(Instant.parse(ConfigFolder.STAMP));
    private ConfigFolder folder;
    private String yaml;
    private Agent agent;
    private CompletableFuture<Void> ended;

    @BeforeEach
    void start() throws Exception {
        folder = new ConfigFolder(path);
        folder.log("messages");
        yaml = "socket: " + folder.at("s.sock") + "\njails:\n" + folder.jailOf("test", "messages");
        folder.write(yaml);
        run();
    }

    @AfterEach
    void stop() {
        agent.stop();
    }

    @Test
    void bansWhatItsLogShowsAndAnswersCommands() throws Exception {
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1");

        awaitAnswer("bans", "45.10.0.1");

        assertThat(ask("bans")).isEqualTo(BAN);
        assertThat(ask("status")).contains("\"firewall\":\"none\",\"bans\":1,\"enforced\":1,");
    }

    @Test
    void closesEverythingWhenStoppedAndKnowsItsBansAfterARestart() throws Exception {
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1", "logged in 45.10.0.3");
        awaitAnswer("bans", "45.10.0.1");
        awaitAnswer("trusted", "45.10.0.3");

        assertThat(agent.stop()).isTrue();
        ended.join();
        assertThat(folder.at("s.sock")).doesNotExist();
        assertThat(agent.stop()).isFalse();
        run();

        assertThat(ask("bans")).isEqualTo(BAN);
        assertThat(ask("trusted")).contains("45.10.0.3");
    }

    @Test
    void refusesToRunBesideAnotherAgentOnTheSameSocket() throws Exception {
        ConfigFolder other = new ConfigFolder(Files.createDirectory(folder.at("other")));
        Agent second = new Agent(other.config(yaml), other::read, true, clock);

        assertThatThrownBy(second::run).isInstanceOf(IOException.class).hasMessageContaining("another agent answers");

        assertThat(ask("bans")).isEqualTo("{\"exit\":0,\"message\":\"\"}\n");
    }

    @Test
    void takesOverANewConfigurationAndSaysWhatNeedsARestart() throws Exception {
        folder.write(yaml.replace("s.sock", "t.sock") + folder.jailOf("other", "other"));

        assertThat(ask("reload")).isEqualTo("""
                        {"result":"reloaded","jails":2,"feeds":0,"restart":["socket"],"allowlist":[]}
                        {"exit":0,"message":"reloaded: 2 jails, 0 feeds; changes of socket need a restart"}
                        """);
        folder.log("other", "failed 45.10.0.2", "failed 45.10.0.2");
        awaitAnswer("bans", "45.10.0.2");
    }

    @Test
    void keepsItsConfigurationWhereTheNewOneIsWrongAndLogsWhy() throws Exception {
        folder.write(yaml.replace("maxretry: 2", "maxretry: none"));
        try (LogRecorder said = new LogRecorder(Agent.class)) {
            agent.reload("SIGHUP");

            assertThat(said.with("SIGHUP: ")).anyMatch(line -> line.contains("maxretry"));
            assertThat(said.with("SIGHUP: not reloaded: the agent keeps its running configuration"))
                    .hasSize(1);
        }

        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1");
        awaitAnswer("bans", "45.10.0.1");
    }

    @Test
    void endsTheBansOfAddressesThatANewConfigurationAllows() throws Exception {
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1");
        awaitAnswer("bans", "45.10.0.1");
        folder.write("allowlist: [45.10.0.1]\n" + yaml);

        agent.reload("SIGHUP");

        assertThat(ask("bans")).isEqualTo("{\"exit\":0,\"message\":\"\"}\n");
    }

    /** Runs an agent on a thread of its own. Returns when commands can be sent. */
    private void run() throws Exception {
        agent = new Agent(folder.read(), folder::read, true, clock);
        ended = CompletableFuture.runAsync(
                () -> {
                    try {
                        agent.run();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                work -> {
                    Thread thread = new Thread(work);
                    thread.setDaemon(true);
                    thread.start();
                });
        while (Files.notExists(folder.at("s.sock"))) {
            assertThat(ended).isNotDone();
        }
    }

    private void awaitAnswer(String command, String words) throws IOException {
        while (!ask(command).contains(words)) {
            assertThat(ended).isNotDone();
        }
    }

    private String ask(String command) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(folder.at("s.sock")))) {
            String request = "{\"command\":\"" + command + "\"}\n";
            client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

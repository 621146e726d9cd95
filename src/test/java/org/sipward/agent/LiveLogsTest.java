package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipward.source.SourceState;

@Timeout(60)
class LiveLogsTest extends AgentFixture {
    private LiveLogs live;

    @BeforeEach
    void open() {
        live = new LiveLogs(bans, cursors, clock, () -> {});
    }

    @AfterEach
    void close() {
        live.close();
    }

    @Test
    void judgesTheLinesThatASocketReceives() throws Exception {
        live.serve(readers("test"));
        awaitListening();

        try (SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(folder.at("syslog.sock")))) {
            String line = "<13>" + ConfigFolder.STAMP + " failed 45.10.0.1\n";
            server.write(ByteBuffer.wrap((line + line).getBytes(StandardCharsets.US_ASCII)));
            while (banned().isEmpty()) {
                live.reading().forEach(Pipeline::drain);
            }
        }

        assertThat(banned()).containsExactly("45.10.0.1");
    }

    @Test
    void opensASourceOnceForAllJailsThatReadIt() throws Exception {
        live.serve(readers("test", "other"));
        awaitListening();

        assertThat(live.reading()).hasSize(1);
        assertThat(live.reading().get(0).status().jails()).containsExactly("test", "other");
    }

    @Test
    void leavesASourceAloneThatIsStillWanted() throws Exception {
        live.serve(readers("test"));
        List<Pipeline> before = live.reading();

        live.serve(readers("test", "other"));

        assertThat(live.reading()).isEqualTo(before);
    }

    @Test
    void closesASourceThatNoJailReadsAnyMore() throws Exception {
        live.serve(readers("test"));
        awaitListening();
        try (LogRecorder said = new LogRecorder(LiveLogs.class)) {
            live.serve(List.of());

            assertThat(said.with("no longer watching syslog " + folder.at("syslog.sock")))
                    .hasSize(1);
        }
        assertThat(live.reading()).isEmpty();
        assertThat(folder.at("syslog.sock")).doesNotExist();
    }

    private List<LiveLogs.Reader> readers(String... jails) throws Exception {
        StringBuilder yaml = new StringBuilder("jails:\n");
        for (String jail : jails) {
            yaml.append(ConfigFolder.jail(jail, "syslog: {socket: " + folder.at("syslog.sock") + "}"));
        }
        return Watchings.NONE
                .changedTo(folder.config(yaml.toString()).jails(), trust)
                .live();
    }

    private void awaitListening() {
        Pipeline pipeline = live.reading().get(0);
        do {
            pipeline.drain();
        } while (pipeline.status().state().kind() != SourceState.Kind.READING);
    }
}

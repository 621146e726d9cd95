package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogSessionTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Path RSYSLOGD = Path.of("/usr/sbin/rsyslogd");

    @TempDir
    Path folder;

    @Test
    void turnsEachDatagramIntoOneLine() throws Exception {
        int port = freePort();
        try (Live live = listening(port)) {
            send(port, "<13>Nov 22 10:16:35 pbx1 asterisk[17]: a\nNov 22 10:16:35 pbx1 b\n");
            send(port, "<133>1 2026-11-22T10:10:55.985907+00:00 pbx1 kamailio 1 - -  msg");
            send(port, "");
            send(port, "no priority");

            assertThat(live.await(3))
                    .containsExactly(
                            "Nov 22 10:16:35 pbx1 asterisk[17]: a#012Nov 22 10:16:35 pbx1 b",
                            "<133>1 2026-11-22T10:10:55.985907+00:00 pbx1 kamailio 1 - -  msg",
                            "no priority");
            assertThat(live.source.state().words()).isEqualTo("listening");
        }
    }

    @Test
    void readsBothKindsOfFramesOfAConnection() throws Exception {
        int port = freePort();
        try (Live live = listening(port);
                Socket socket = new Socket(LOOPBACK, port)) {
            write(socket.getOutputStream(), "<13>one\n9 <13>t\nwo\n10 <13>three\n<13>four\n2026 x\n");

            // "2026 x" announces 2,026 bytes, of which only one has arrived.
            assertThat(live.await(4)).containsExactly("one", "t#012wo", "three", "four");
        }
    }

    @Test
    void dropsAMessageThatIsCutOrTooLong() throws Exception {
        int port = freePort();
        try (Live live = listening(port)) {
            try (Socket socket = new Socket(LOOPBACK, port)) {
                write(socket.getOutputStream(), "x".repeat(1_000_000) + "\n<13>whole\n<13>failed from 203.0.113.2");
            }
            live.until(() -> live.source.counts().dropped() == 2);

            assertThat(live.await(1)).containsExactly("whole");
        }
    }

    @Test
    void letsConnectionsWaitAndDropsDatagramsWhenNobodyReads() throws Exception {
        int port = freePort();
        byte[] flood = ("<13>" + "x".repeat(996) + "\n").repeat(64).getBytes(StandardCharsets.US_ASCII);
        try (Live live = listening(port);
                Socket socket = new Socket(LOOPBACK, port)) {
            send(port, "first");
            live.await(1);
            long[] sent = {0};
            Thread writer = new Thread(() -> {
                try {
                    for (; sent[0] < 256 << 20; sent[0] += flood.length) {
                        socket.getOutputStream().write(flood);
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            writer.setDaemon(true);
            writer.start();
            while (live.source.counts().dropped() == 0) {
                send(port, "dropped");
            }

            assertThat(sent[0]).isLessThan(64 << 20);
            live.await(5_000);
        }
    }

    @Test
    void listensOnAUnixSocketForItsOwnUserOnly() throws Exception {
        Path path = folder.resolve("s");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try (Live live = Live.of(new SyslogSession(address, Live.CLOCK))) {
            live.until(() -> live.source.state().words().equals("listening"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(address);
                channel.write(ByteBuffer.wrap("<13>hi\n".getBytes(StandardCharsets.US_ASCII)));
            }

            assertThat(live.await(1)).containsExactly("hi");
            try (Live second = Live.of(new SyslogSession(address, Live.CLOCK))) {
                second.until(() -> second.source.trouble().equals("another program listens on this socket"));
            }
            assertThat(path).exists();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void keepsAFileThatIsInTheSocketsPlace() throws Exception {
        Path path = Files.writeString(folder.resolve("s"), "precious");
        try (Live live = Live.of(new SyslogSession(UnixDomainSocketAddress.of(path), Live.CLOCK))) {
            live.until(() -> live.source.trouble().startsWith("a file or directory is in the socket's place"));
        }
        assertThat(path).hasContent("precious");
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK);
                Live live =
                        Live.of(new SyslogSession(new InetSocketAddress(LOOPBACK, taken.getLocalPort()), Live.CLOCK))) {
            live.until(() -> live.source.trouble().startsWith("cannot listen: "));
        }
    }

    @Test
    void readsWhatARealRsyslogForwardsInEachWay() throws Exception {
        assumeTrue(Files.isExecutable(RSYSLOGD), "needs rsyslog");
        int port = freePort();
        int input = freePort();
        String forward = "*.* action(type=\"omfwd\" target=\"127.0.0.1\" port=\"" + port + "\" ";
        Path config = Files.writeString(
                folder.resolve("rsyslog.conf"),
                "global(workDirectory=\"" + folder + "\")\nmodule(load=\"imudp\")\n"
                        + "input(type=\"imudp\" address=\"127.0.0.1\" port=\"" + input + "\")\n"
                        + forward + "protocol=\"tcp\" template=\"RSYSLOG_TraditionalForwardFormat\")\n"
                        + forward
                        + "protocol=\"tcp\" TCP_Framing=\"octet-counted\" template=\"RSYSLOG_ForwardFormat\")\n"
                        + forward + "protocol=\"udp\" template=\"RSYSLOG_SyslogProtocol23Format\")\n");
        Path pid = folder.resolve("pid");
        try (Live live = listening(port)) {
            Process rsyslogd = new ProcessBuilder(
                            RSYSLOGD.toString(), "-n", "-f", config.toString(), "-i", pid.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out").toFile())
                    .start();
            try {
                live.until(() -> {
                    // Datagrams that arrive before it listens are lost.
                    send(input, "<133>Nov 22 10:16:35 pbx1 asterisk[17849]: NOTICE[1] a\u001b[1m\nb");
                    return live.lines.stream()
                                    .anyMatch(line -> line.startsWith("Nov 22 10:16:35 pbx1 asterisk[17849]: NOTICE"))
                            && live.lines.stream().anyMatch(line -> line.startsWith("<133>1 "))
                            && live.lines.stream()
                                    .anyMatch(line -> line.matches("\\d{4}-11-22T10:16:35.* pbx1 asterisk.*"));
                });
            } finally {
                rsyslogd.destroyForcibly().onExit().join();
            }
            assertThat(live.lines)
                    .filteredOn(line -> line.contains("NOTICE"))
                    .allSatisfy(line -> assertThat(line).endsWith("NOTICE[1] a#033[1m#012b"));
        }
    }

    private static Live listening(int port) throws Exception {
        Live live = Live.of(new SyslogSession(new InetSocketAddress(LOOPBACK, port), Live.CLOCK));
        live.until(() -> live.source.state().words().equals("listening"));
        return live;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            return socket.getLocalPort();
        }
    }

    private static void send(int port, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, port));
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}

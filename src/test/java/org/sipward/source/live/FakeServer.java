package org.sipward.source.live;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP server on loopback; a script serves the connections, one at a time. */
final class FakeServer implements Closeable {
    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket server;
    private volatile Socket current = new Socket();

    FakeServer(Script script) throws IOException {
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> serve(script), "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve(Script script) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                current = socket;
                Peer peer = new Peer(connections.incrementAndGet(), socket);
                script.serve(peer);
            } catch (IOException hungUp) {
                // The client, or the test, has ended this connection.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        current.close();
    }

    interface Script {
        void serve(Peer peer) throws IOException;
    }

    /** One connection, as the server sees it. */
    static final class Peer {
        final int number;
        final OutputStream out;
        private final BufferedReader in;

        Peer(int number, Socket socket) throws IOException {
            this.number = number;
            this.out = socket.getOutputStream();
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Returns the lines up to an empty line, joined by blanks. */
        String hear() throws IOException {
            StringBuilder heard = new StringBuilder();
            for (String line = in.readLine(); line == null || !line.isEmpty(); line = in.readLine()) {
                if (line == null) {
                    throw new IOException("hung up");
                }
                heard.append(heard.length() == 0 ? "" : " ").append(line);
            }
            return heard.toString();
        }

        /** Waits until the client hangs up. */
        void linger() throws IOException {
            while (in.read() >= 0) {}
        }
    }
}

package org.sipward.source.live;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for syslog messages: on UDP and TCP at one address, or on a Unix stream socket.
 *
 * <p>While the inbox is full, connections are not read, so their writers wait; datagrams are dropped and counted.
 *
 * <p>Memory: {@value #MAX_CONNECTIONS} connections of 8 KB, and one read of 16 KB.
 */
final class SyslogSession implements Session {
    static final int MAX_CONNECTIONS = 64;
    private static final Logger log = LoggerFactory.getLogger(SyslogSession.class);
    private static final int READ_BYTES = 1 << 14;
    /** How long to wait before a full inbox is checked again. */
    private static final int FULL_MILLIS = 20;

    private final SocketAddress address;
    private final Clock clock;
    private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    /** Whether this session created the Unix socket at the path. */
    private boolean ours;

    private boolean saidFull;
    private boolean saidMany;
    private boolean closed;
    private @Nullable Selector waiting;

    SyslogSession(SocketAddress address, Clock clock) {
        this.address = address;
        this.clock = clock;
    }

    @Override
    public void run(Inbox inbox, Ready ready) throws IOException {
        try (Selector selector = begin()) {
            try {
                listen(selector);
                ready.with("listening");
                while (!isClosed()) {
                    serve(selector, inbox);
                }
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
                if (ours && address instanceof UnixDomainSocketAddress unix) {
                    Files.deleteIfExists(unix.getPath());
                }
            }
        }
        throw new IOException("this source is closed");
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (waiting != null) {
            waiting.wakeup();
        }
    }

    private synchronized Selector begin() throws IOException {
        Selector selector = Selector.open();
        waiting = selector;
        return selector;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void listen(Selector selector) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            listenAt(unix, selector);
            return;
        }
        InetSocketAddress internet = (InetSocketAddress) address;
        // TCP first: if the port is taken, nothing has been disturbed yet.
        register(bound(ServerSocketChannel.open(), internet), SelectionKey.OP_ACCEPT, selector);
        DatagramChannel datagrams = DatagramChannel.open();
        try {
            datagrams.bind(internet);
        } catch (IOException e) {
            datagrams.close();
            throw new IOException("cannot listen on UDP port " + internet.getPort() + ": " + e.getMessage(), e);
        }
        register(datagrams, SelectionKey.OP_READ, selector);
    }

    private static ServerSocketChannel bound(ServerSocketChannel channel, SocketAddress address) throws IOException {
        try {
            return channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot listen: " + e.getMessage(), e);
        }
    }

    private void listenAt(UnixDomainSocketAddress unix, Selector selector) throws IOException {
        ours = false;
        Path path = unix.getPath();
        if (Files.exists(path)) {
            try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                other.connect(unix);
                throw new RefusedException("another program listens on this socket");
            } catch (RefusedException e) {
                throw e;
            } catch (IOException leftBehind) {
                // Only a socket is removed; a file or directory was put there on purpose.
                if (Files.isRegularFile(path) || Files.isDirectory(path)) {
                    throw new RefusedException("a file or directory is in the socket's place; move it away");
                }
                Files.delete(path);
            }
        }
        ServerSocketChannel channel = bound(ServerSocketChannel.open(StandardProtocolFamily.UNIX), unix);
        ours = true;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        register(channel, SelectionKey.OP_ACCEPT, selector);
    }

    private static SelectionKey register(SelectableChannel channel, int operation, Selector selector)
            throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operation);
    }

    private void serve(Selector selector, Inbox inbox) throws IOException {
        boolean room = inbox.hasRoom();
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && key.attachment() != null) {
                key.interestOps(room ? SelectionKey.OP_READ : 0);
            }
        }
        selector.select(room ? 0 : FULL_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.channel() instanceof ServerSocketChannel server) {
                accept(server, selector);
            } else if (key.channel() instanceof DatagramChannel datagrams) {
                read(datagrams, inbox);
            } else if (key.attachment() instanceof SyslogStream stream && inbox.hasRoom()) {
                read(key, stream, inbox);
            }
        }
        selector.selectedKeys().clear();
    }

    private void accept(ServerSocketChannel server, Selector selector) throws IOException {
        SocketChannel connection = server.accept();
        if (connection == null) {
            return;
        }
        if (selector.keys().size() > MAX_CONNECTIONS) {
            connection.close();
            if (!saidMany) {
                saidMany = true;
                log.warn("more than {} connections; further ones are closed: {}", MAX_CONNECTIONS, address);
            }
            return;
        }
        register(connection, SelectionKey.OP_READ, selector).attach(new SyslogStream());
    }

    private void read(DatagramChannel datagrams, Inbox inbox) throws IOException {
        for (int i = 0; i < READ_BYTES / SyslogStream.MAX_BYTES; i++) {
            buffer.clear();
            if (datagrams.receive(buffer) == null) {
                return;
            }
            if (!inbox.hasRoom() || buffer.position() > SyslogStream.MAX_BYTES) {
                inbox.drop();
                sayFull(inbox);
                continue;
            }
            try {
                Optional<byte[]> line = SyslogLine.of(buffer.array(), 0, buffer.position());
                line.ifPresent(bytes -> inbox.push(Inbox.Entry.live(bytes, clock.millis())));
            } catch (RuntimeException bug) {
                inbox.passOver("syslog " + address, bug);
            }
        }
    }

    private void sayFull(Inbox inbox) {
        if (!saidFull && !inbox.hasRoom()) {
            saidFull = true;
            log.warn("datagrams arrive faster than they can be read; the rest are dropped and counted: {}", address);
        }
    }

    private void read(SelectionKey key, SyslogStream stream, Inbox inbox) throws IOException {
        buffer.clear();
        int count;
        try {
            count = ((SocketChannel) key.channel()).read(buffer);
        } catch (IOException reset) {
            count = -1;
        }
        if (count < 0) {
            if (stream.isWithinMessage()) {
                inbox.drop();
            }
            key.channel().close();
            return;
        }
        buffer.flip();
        try {
            stream.read(buffer, bytes -> inbox.push(Inbox.Entry.live(bytes, clock.millis())), inbox::drop);
        } catch (RuntimeException bug) {
            // We no longer know where the next message begins; the writer will connect again.
            inbox.passOver("syslog " + address, bug);
            key.channel().close();
        }
    }
}

package org.sipward.control;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;

/**
 * A Unix socket at a path that only its owner can use. Something may remove its file, such as a cleaner of old files:
 * {@link #isThere} tells, and a new socket can then be opened. Not thread-safe.
 */
final class ControlSocket implements Closeable {
    private final Path path;
    private final ServerSocketChannel channel;
    private final Object file;

    private ControlSocket(Path path, ServerSocketChannel channel, Object file) {
        this.path = path;
        this.channel = channel;
        this.file = file;
    }

    /**
     * Opens a socket. A socket left by a dead agent is replaced.
     *
     * @throws IOException if another agent answers there, or the folder cannot be written to
     */
    static ControlSocket open(Path path) throws IOException {
        Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent(), "a socket has a folder");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        if (Files.exists(path)) {
            if (!Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
                throw new IOException(path + " exists but is not a socket; set socket: to another path");
            }
            if (isAnswered(path)) {
                throw new IOException("another agent answers on " + path + "; stop it, or set socket: to another path");
            }
            Files.delete(path);
        }
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Bind it under a hidden name, and move it into place once only its owner can use it.
            Path hidden = folder.resolve(
                    "." + path.getFileName() + "." + ProcessHandle.current().pid());
            Files.deleteIfExists(hidden);
            channel.bind(UnixDomainSocketAddress.of(hidden));
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
            Files.move(hidden, path);
            return new ControlSocket(path, channel, file(path).orElseThrow(() -> new NoSuchFileException("" + path)));
        } catch (IOException e) {
            channel.close();
            throw new IOException("control socket " + path + " cannot be created: " + e.getMessage(), e);
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Returns whether the file at the path is still this socket. */
    boolean isThere() {
        try {
            return file(path).filter(file::equals).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** Also removes the file, unless another one has replaced it. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (isThere()) {
            Files.deleteIfExists(path);
        }
    }

    /** Returns the identity of a file; empty if there is no file. */
    private static Optional<Object> file(Path path) throws IOException {
        try {
            return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey());
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    private static boolean isAnswered(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobody) {
            return false;
        }
    }
}

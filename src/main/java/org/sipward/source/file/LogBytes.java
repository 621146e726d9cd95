package org.sipward.source.file;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import org.sipward.source.LineSplitter;

/** The bytes of one open log, plain or gzipped. Offsets count uncompressed bytes. Not thread-safe. */
sealed interface LogBytes extends Closeable {
    /** Opens a regular file. A file that begins like gzip is read as gzip, whatever its name. */
    static LogBytes open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            byte[] magic = new byte[2];
            int count = channel.read(ByteBuffer.wrap(magic), 0);
            boolean gzip = count == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
            return gzip ? new Gzip(channel) : new Plain(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Reads up to {@code length} bytes into the front of the buffer.
     *
     * @param offset for gzip, at most the end; an offset before that of the last call means reading again from the
     *     beginning
     * @return the number of bytes; fewer than {@code length} only at the end
     */
    int read(long offset, byte[] buffer, int length) throws IOException;

    /** Goes to an offset that may be far ahead. A gzipped file that ends before the offset throws. */
    void skipTo(long offset) throws IOException;

    /** Returns the number of bytes, as far as it is known without reading the whole file. */
    long size() throws IOException;

    /**
     * Returns how many bytes on disk were read; {@link #storedSize} returns how many there are. Both serve to show
     * progress.
     */
    long storedRead() throws IOException;

    long storedSize() throws IOException;

    /** An uncompressed file, perhaps still growing. */
    final class Plain implements LogBytes {
        private final FileChannel channel;
        private long read;

        Plain(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(long offset, byte[] buffer, int length) throws IOException {
            int count = Math.max(0, channel.read(ByteBuffer.wrap(buffer, 0, length), offset));
            read = Math.max(read, offset + count);
            return count;
        }

        @Override
        public void skipTo(long offset) {
            // Each read names its offset.
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public long storedRead() {
            return read;
        }

        @Override
        public long storedSize() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** A rotated file that was compressed. Takes about 200 KiB while it is open. */
    final class Gzip implements LogBytes {
        private final FileChannel channel;
        private BufferedInputStream in;
        private long marked;

        Gzip(FileChannel channel) throws IOException {
            this.channel = channel;
            this.in = begin(channel);
        }

        private static BufferedInputStream begin(FileChannel channel) throws IOException {
            channel.position(0);
            InputStream plain = new GZIPInputStream(Channels.newInputStream(channel), 1 << 13);
            BufferedInputStream in = new BufferedInputStream(plain);
            in.mark(LineSplitter.BUFFER_BYTES);
            return in;
        }

        @Override
        public int read(long offset, byte[] buffer, int length) throws IOException {
            skipTo(offset);
            int count = 0;
            while (count < length) {
                try {
                    int more = in.read(buffer, count, length - count);
                    if (more < 0) {
                        return count;
                    }
                    count += more;
                } catch (IOException damaged) {
                    if (count == 0) {
                        throw damaged;
                    }
                    // The bytes before the damage are good; the next read reports the damage.
                    return count;
                }
            }
            return count;
        }

        @Override
        public void skipTo(long offset) throws IOException {
            if (offset < marked) {
                in = begin(channel);
                marked = 0;
            }
            in.reset();
            in.skipNBytes(offset - marked);
            marked = offset;
            in.mark(LineSplitter.BUFFER_BYTES);
        }

        @Override
        public long size() {
            return Long.MAX_VALUE;
        }

        @Override
        public long storedRead() throws IOException {
            return channel.position();
        }

        @Override
        public long storedSize() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

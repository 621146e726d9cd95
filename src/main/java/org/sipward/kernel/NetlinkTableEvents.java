package org.sipward.kernel;

import java.io.IOException;
import java.nio.ByteOrder;
import org.graalvm.nativeimage.UnmanagedMemory;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.word.Pointer;
import org.graalvm.word.SignedWord;
import org.graalvm.word.WordFactory;

/**
 * Hears of changes by a netlink socket that joined the group of nftables. For the native program only.
 *
 * <p>The kernel reports a transaction to the socket before the program that made it gets its answer. So changes by a
 * process of our own are left out by a filter in the kernel, which compares the port of the sender: nobody wakes up for
 * them, and they cannot fill the buffer. The port of nft's socket is the number of its process; if another socket has
 * taken that port, the change is reported, which costs one look too many.
 *
 * <p>Memory: {@value #BUFFER_BYTES} bytes, and up to {@value #QUEUE_BYTES} bytes in the kernel while changes wait.
 */
final class NetlinkTableEvents implements TableEvents {
    /** The kernel's messages to a group have at most 8 KB. A longer one is not read in full. */
    private static final int BUFFER_BYTES = 16_384;

    private static final int QUEUE_BYTES = 1 << 20;
    /** No more messages fit into the kernel's buffer. */
    private static final int MOST_WAITING = 4_096;

    /** Errors in a row after which the socket is given up. */
    private static final int MOST_ERRORS = 3;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NETLINK_NETFILTER = 12;
    private static final int NFTABLES_GROUP = 7;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int EINTR = 4;
    private static final int ENOBUFS = 105;

    private static final int ADDRESS_BYTES = 12;
    private static final int MESSAGE_BYTES = 16;
    private static final int INSTRUCTIONS = 4;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int FILTER_BYTES = 16;
    private static final short REQUEST_AND_ANSWER = 1 | 4;
    private static final short NO_OPERATION = 1;

    private final int socket;
    private final String table;
    private final Pointer buffer = UnmanagedMemory.malloc(BUFFER_BYTES);
    private int errors;
    private boolean waiting;
    private volatile boolean closed;

    private NetlinkTableEvents(int socket, String table) {
        this.socket = socket;
        this.table = table;
    }

    static NetlinkTableEvents open(String table) throws IOException {
        int socket = LibC.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
        if (socket < 0) {
            throw new IOException("netlink: no socket, error " + LibC.errno());
        }
        Pointer memory = UnmanagedMemory.calloc(ADDRESS_BYTES);
        try {
            memory.writeInt(0, QUEUE_BYTES);
            // If this is not permitted, the buffer is smaller, and more often too small.
            LibC.setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, memory, Integer.BYTES);
            // struct sockaddr_nl: family; the kernel chooses the port; a bit for each group.
            memory.writeInt(0, 0);
            memory.writeShort(0, (short) AF_NETLINK);
            memory.writeInt(8, 1 << (NFTABLES_GROUP - 1));
            if (LibC.bind(socket, memory, ADDRESS_BYTES) != 0) {
                int error = LibC.errno();
                LibC.close(socket);
                throw new IOException("netlink: cannot join the group of nftables, error " + error);
            }
        } finally {
            UnmanagedMemory.free(memory);
        }
        return new NetlinkTableEvents(socket, table);
    }

    @Override
    public boolean await() throws IOException {
        if (!enter()) {
            return false;
        }
        try {
            while (true) {
                long size = LibC.recv(socket, buffer, WordFactory.unsigned(BUFFER_BYTES), MSG_TRUNC)
                        .rawValue();
                int error = size < 0 ? Math.max(LibC.errno(), 1) : 0;
                if (closed) {
                    return false;
                }
                if (error != 0) {
                    note(error);
                    skipWaiting();
                    return true;
                }
                errors = 0;
                if (size > BUFFER_BYTES || isAboutTable((int) size)) {
                    skipWaiting();
                    return true;
                }
            }
        } finally {
            leave();
        }
    }

    /**
     * Reads what else waits, whatever it says: one change can take hundreds of messages, and the caller looks only once
     * these are read. An error ends the reading; it could mean no more than a change, and one was heard.
     */
    private void skipWaiting() {
        for (int i = 0; i < MOST_WAITING; i++) {
            SignedWord size = LibC.recv(socket, buffer, WordFactory.unsigned(BUFFER_BYTES), MSG_DONTWAIT);
            if (size.rawValue() <= 0) {
                return;
            }
        }
    }

    private boolean isAboutTable(int size) {
        return size > 0 && TableMessages.concern(CTypeConversion.asByteBuffer(buffer, size), table);
    }

    /** Throws if the socket seems to fail for good. One error may be a lost message, even if it looks different. */
    private void note(int error) throws IOException {
        errors = error == ENOBUFS || error == EINTR ? 0 : errors + 1;
        if (errors >= MOST_ERRORS) {
            throw new IOException("netlink: error " + error);
        }
    }

    @Override
    public synchronized void ignore(long process) {
        if (closed) {
            return;
        }
        int port = (int) process;
        // The filter reads numbers as if they came from a network.
        int seen = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? port : Integer.reverseBytes(port);
        Pointer filter = UnmanagedMemory.calloc(FILTER_BYTES + INSTRUCTIONS * INSTRUCTION_BYTES);
        Pointer code = filter.add(FILTER_BYTES);
        // struct sock_fprog: the number of instructions, and where they are.
        filter.writeShort(0, (short) INSTRUCTIONS);
        filter.writeWord(8, code);
        instruction(code, 0, 0x20, 0, 12); // load the sender's port: the four bytes at 12
        instruction(code, 1, 0x15, 1, seen); // if it is not this one, skip an instruction
        instruction(code, 2, 0x06, 0, 0); // drop the message
        instruction(code, 3, 0x06, 0, -1); // keep all of it
        // If this fails, the changes are reported.
        LibC.setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, filter, FILTER_BYTES);
        UnmanagedMemory.free(filter);
    }

    /** Writes a struct sock_filter. */
    private static void instruction(Pointer code, int number, int operation, int skipIfNot, int value) {
        Pointer at = code.add(number * INSTRUCTION_BYTES);
        at.writeShort(0, (short) operation);
        at.writeByte(3, (byte) skipIfNot);
        at.writeInt(4, value);
    }

    @Override
    public synchronized void ignoreNobody() {
        if (!closed) {
            LibC.setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, buffer, Integer.BYTES);
        }
    }

    private synchronized boolean enter() {
        waiting = !closed;
        return waiting;
    }

    private synchronized void leave() {
        waiting = false;
        if (closed) {
            release();
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (waiting) {
            wake();
        } else {
            release();
        }
    }

    /** Asks the kernel for an answer, which ends the wait: to close a socket does not. */
    private void wake() {
        Pointer message = UnmanagedMemory.calloc(MESSAGE_BYTES);
        message.writeInt(0, MESSAGE_BYTES);
        message.writeShort(4, NO_OPERATION);
        message.writeShort(6, REQUEST_AND_ANSWER);
        LibC.send(socket, message, WordFactory.unsigned(MESSAGE_BYTES), 0);
        UnmanagedMemory.free(message);
    }

    private void release() {
        LibC.close(socket);
        UnmanagedMemory.free(buffer);
    }
}

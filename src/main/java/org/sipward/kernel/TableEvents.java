package org.sipward.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the kernel when another program changes a table of nftables in this network namespace. While nothing is
 * changed, it costs nothing.
 *
 * <p>Threads: one waits; any others may call the other methods.
 */
public interface TableEvents extends Closeable {
    /**
     * Begins to listen. What is changed before the first {@link #await} is not lost.
     *
     * @param table its name, in the family {@code inet}; it need not exist
     * @return empty where that is not possible: on a JVM, without the right to administer the network, or if the kernel
     *     has no netlink for netfilter
     */
    static Optional<TableEvents> open(String table) {
        if (!NativeProgram.isThis()) {
            return Optional.empty();
        }
        try {
            return Optional.of(NetlinkTableEvents.open(table));
        } catch (IOException e) {
            Logger log = LoggerFactory.getLogger(TableEvents.class);
            log.info("cannot hear from the kernel when the firewall is changed; will look instead: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Waits until the table is changed, or until the kernel could not report all changes, so that it may be. An
     * interrupt does not end the wait; {@link #close} does.
     *
     * @return false if this is closed
     * @throws IOException if the socket does not work any more, so that changes would be missed
     */
    boolean await() throws IOException;

    /**
     * Does not report the changes by this process until {@link #ignoreNobody} is called. Only one process is ignored at
     * a time. Call it before the process changes anything.
     */
    void ignore(long process);

    /** Reports the changes by all processes. Call it after the process that was ignored has ended. */
    void ignoreNobody();

    /** Makes {@link #await} return false. */
    @Override
    void close();
}

package org.sipward.source.live;

import java.io.Closeable;
import java.io.IOException;

/** One way in which lines come by themselves: a connection, a child process, a listener; made again when it has ended. */
interface Session extends Closeable {
    /**
     * Works on the thread of its source until it fails.
     *
     * @param inbox where lines go
     * @param ready called with a few words on the other side, as soon as lines can come
     * @throws IOException always at the end; its message says what is wrong, in the operator's words
     * @throws RefusedException if trying again soon is of no use
     */
    void run(Inbox inbox, Ready ready) throws IOException, InterruptedException;

    /** Makes {@link #run} fail soon, for good. Any thread may call. */
    @Override
    void close();

    /** Is told that lines can come from now on. */
    @FunctionalInterface
    interface Ready {
        /** Says with whom. */
        void with(String otherSide);

        /**
         * Says that lines can come but likely will not, and why; or, with empty words, that this is over. Only after {@link
         * #with}.
         */
        default void doubt(String trouble) {}
    }
}

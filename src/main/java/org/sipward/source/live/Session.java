package org.sipward.source.live;

import java.io.Closeable;
import java.io.IOException;

/**
 * One way in which lines arrive by themselves: a connection, a child process, or a listener. It is started again when
 * it ends.
 */
interface Session extends Closeable {
    /**
     * Runs on the source's thread until the session fails.
     *
     * @param inbox takes the lines
     * @param ready called with a few words about the other side, as soon as lines can arrive
     * @throws IOException always, in the end; its message tells the operator what is wrong
     * @throws RefusedException if retrying soon is useless
     */
    void run(Inbox inbox, Ready ready) throws IOException, InterruptedException;

    /** Makes {@link #run} fail soon, now and in future calls. Any thread may call this. */
    @Override
    void close();

    /** Is told that lines can arrive from now on. */
    @FunctionalInterface
    interface Ready {
        /** Says who the other side is. */
        void with(String otherSide);

        /**
         * Says that lines can arrive but probably will not, and why. Empty words say that this is over. Called only
         * after {@link #with}.
         */
        default void doubt(String trouble) {}
    }
}

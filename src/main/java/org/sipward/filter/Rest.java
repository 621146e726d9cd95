package org.sipward.filter;

import java.util.List;
import org.sipward.filter.Glue.Start;
import org.sipward.source.Line;

/**
 * Tells which message stands last on a line of several: what the next lines go on with, if with any. A server cuts a long
 * message together with its line break, so the next one begins on its line. The senders of both can make up
 * beginnings, but none can make his message longer than the server lets it be.
 */
final class Rest {
    /** Of the carrier, the stamp, the level, the thread and the source file of a message, of which some versions cut none. */
    private static final int HEAD_BYTES = 128;

    private static final int FILE_BYTES = 64;

    private Rest() {}

    /**
     * Returns where the last message of a line begins that is certain to be the server's, and the only one that can reach
     * to the line's end; or -1 if several can, or it is not known.
     */
    static int lastOf(Line line, Filter filter) {
        List<Start> starts = filter.glue()
                .filter(Glue::tellsStarts)
                .map(glue -> glue.starts(line))
                .orElse(List.of());
        int last = -1;
        if (filter.hasSecretWord()) {
            for (Start start : starts) {
                last = filter.isBelieved(line, start.stampEnd()) ? start.stamp() : last;
            }
            return starts.size() == Glue.MAX_STARTS ? -1 : last;
        }
        // Whatever began on a line before has a head there; what begins this one may have one without a stamp.
        int lead = !starts.isEmpty() && starts.get(0).stamp() == 0 ? 0 : HEAD_BYTES;
        boolean several = line.length() <= Gap.MESSAGE_BYTES + lead || starts.size() == Glue.MAX_STARTS;
        for (Start start : starts) {
            int most = start.text() + FILE_BYTES + Gap.MESSAGE_BYTES;
            if (most >= line.length()) {
                several |= last >= 0 || start.isConsoles();
                last = start.stamp();
            }
        }
        return several ? -1 : last;
    }

    /** Returns as many of a line's last bytes as a block can have that goes on behind it, and its head. */
    static Line end(Line line, int bytes) {
        return line.rest(Math.max(0, line.length() - bytes - HEAD_BYTES));
    }
}

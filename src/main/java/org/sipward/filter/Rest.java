package org.sipward.filter;

import java.util.List;
import org.sipward.filter.Glue.Start;
import org.sipward.source.Line;

/**
 * Finds the last message on a line of several, see {@link Glue}: the message that may go on in the next lines. Callers
 * can make up beginnings, but cannot make a message longer than the server lets it be. So where only one beginning is
 * near enough to the line's end, that is the beginning of the last message.
 */
final class Rest {
    /**
     * The most bytes of carrier, stamp, level and thread before a message; the server does not count them when it cuts.
     */
    private static final int HEAD_BYTES = 128;

    /** The most bytes of the source file's name, which some versions do not count either. */
    private static final int FILE_BYTES = 64;

    private Rest() {}

    /**
     * Returns where the last message of a line begins, if that message is certain to be the server's, and no other one
     * can reach the line's end. Returns -1 otherwise.
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
        // A message that began on an earlier line has its head there; one at the start of this line may have no stamp.
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

    /** Returns the last bytes of a line: as many as a block that goes on behind it can have, with its head. */
    static Line end(Line line, int bytes) {
        return line.rest(Math.max(0, line.length() - bytes - HEAD_BYTES));
    }
}

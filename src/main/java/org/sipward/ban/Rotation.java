package org.sipward.ban;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Picks some of many bans: at each call the next ones, until all had their turn, and also a few of each kind for which
 * a firewall has a set of its own. So an emptied set is noticed at once, and a single missing ban after some calls.
 *
 * <p>Not thread-safe.
 */
final class Rotation {
    private static final int LEAST_OF_KIND = 20;

    private int turn;

    /** Returns {@code count} of the bans that are not over, or a few more. */
    List<Ban> next(PackedBans bans, int count, Instant now) {
        List<Ban> some = new ArrayList<>();
        int[] ofKind = new int[PackedBans.KINDS];
        int size = bans.size();
        int first = turn < size ? turn : 0;
        for (int i = 0; i < size; i++) {
            int row = first + i < size ? first + i : first + i - size;
            int kind = bans.kind(row);
            if (bans.isOver(row, now) || (some.size() >= count && ofKind[kind] >= LEAST_OF_KIND)) {
                continue;
            }
            if (some.size() < count) {
                turn = row + 1;
            }
            ofKind[kind]++;
            some.add(bans.ban(row));
        }
        return some;
    }
}

package org.sipward.ban;

/** The rank of a ban. When the list is full, bans of the lowest rank are removed first. */
enum Rank {
    /** A jail's ban that does not count, because the sender's address may be forged. Removed first. */
    UNPROVEN(0),
    /** A jail's ban that counts: gives way only to another proven ban, and only if no jail's ban is unproven. */
    PROVEN(1),
    /** The operator's ban: never gives way. */
    OPERATOR(2),
    /** A feed's ban: never gives way. */
    LISTED(3);

    private final int queue;

    Rank(int queue) {
        this.queue = queue;
    }

    /** Returns the number of this rank's queue, from 0 on. */
    int queue() {
        return queue;
    }

    static Rank of(Origin origin, int count) {
        return switch (origin.kind()) {
            case JAIL -> count > 0 ? PROVEN : UNPROVEN;
            case OPERATOR -> OPERATOR;
            case FEED -> LISTED;
        };
    }

    static Rank of(Ban ban) {
        return of(ban.origin(), ban.count());
    }
}

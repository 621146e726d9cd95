package org.sipward.ban;

/** What a ban is worth where there is no room for all, and whose room it takes. */
enum Rank {
    /** A jail's, and its sender's address may be made up: the first to give way. */
    UNPROVEN(0),
    /** A jail's that counts: gives way only to another one, where no jail's ban is unproven. */
    PROVEN(1),
    /** The operator's: never gives way. */
    OPERATOR(2),
    /** A feed's: never gives way. */
    LISTED(3);

    private final int queue;

    Rank(int queue) {
        this.queue = queue;
    }

    /** Returns the number of its queue, from 0 on. */
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

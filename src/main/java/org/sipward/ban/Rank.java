package org.sipward.ban;

/** What a ban is worth where there is no room for all, and whose room it takes. */
enum Rank {
    /** A jail's, and its sender's address may be made up: the first to give way. */
    UNPROVEN,
    /** A jail's that counts: gives way only to another one, where no jail's ban is unproven. */
    PROVEN,
    /** The operator's: never gives way. */
    OPERATOR,
    /** A feed's: never gives way. */
    LISTED;

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

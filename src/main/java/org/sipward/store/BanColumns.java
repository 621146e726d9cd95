package org.sipward.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;

/** A ban as columns. Times are kept to the millisecond, and none is later than {@link Ban#FOREVER}. */
final class BanColumns {
    /** The columns in the order in which they are written, from the first parameter on; the key comes after them. */
    static final String WRITTEN = "origin, began, ends, times, reason";

    /** The columns in the order in which they are read. */
    static final String READ = "network, " + WRITTEN;

    private static final int ORIGIN_CHARS = 300;
    private static final int REASON_CHARS = 1_000;

    private BanColumns() {}

    /** Sets the parameters 1 to 5. A longer reason is cut at 1,000 characters. */
    static void set(PreparedStatement statement, Ban ban) throws SQLException {
        String reason = ban.reason();
        statement.setString(1, ban.origin().toString());
        statement.setLong(2, millis(ban.since()));
        statement.setLong(3, millis(ban.until()));
        statement.setInt(4, ban.count());
        statement.setString(5, reason.substring(0, Math.min(reason.length(), REASON_CHARS)));
    }

    /**
     * Returns the ban of the current row, whose first columns are {@link #READ}.
     *
     * @throws IllegalArgumentException if the row cannot be one
     */
    static Ban read(ResultSet row) throws SQLException {
        return new Ban(
                NetworkKey.parse(row.getBytes(1)),
                Origin.parse(row.getString(2)),
                Instant.ofEpochMilli(row.getLong(3)),
                Instant.ofEpochMilli(row.getLong(4)),
                row.getInt(5),
                row.getString(6));
    }

    static long millis(Instant time) {
        return (time.isAfter(Ban.FOREVER) ? Ban.FOREVER : time).toEpochMilli();
    }

    /** Throws if the ban cannot be stored; so that no transaction begins that would have to be taken back. */
    static void check(Ban ban) {
        String origin = ban.origin().toString();
        if (origin.length() > ORIGIN_CHARS) {
            throw new IllegalArgumentException(
                    "origin has " + origin.length() + " characters, of " + ORIGIN_CHARS + " at most");
        }
    }
}

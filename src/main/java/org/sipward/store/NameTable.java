package org.sipward.store;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sipward.ban.HostNames;
import org.sipward.net.IpAddress;

/** The addresses of the allowlist's names, 16 bytes each. It has few rows, all of them in memory. */
final class NameTable {
    private final Database database;

    NameTable(Database database) {
        this.database = database;
    }

    Map<String, List<IpAddress>> all(Consumer<String> unreadable) throws SQLException {
        Map<String, List<IpAddress>> all = new HashMap<>();
        try (ResultSet rows =
                database.prepare("SELECT name, addresses FROM names").executeQuery()) {
            while (rows.next()) {
                byte[] packed = rows.getBytes(2);
                if (packed.length % 16 != 0) {
                    unreadable.accept(packed.length + " bytes of addresses");
                    continue;
                }
                List<IpAddress> addresses = new ArrayList<>();
                ByteBuffer bytes = ByteBuffer.wrap(packed);
                while (bytes.hasRemaining()) {
                    addresses.add(new IpAddress(bytes.getLong(), bytes.getLong()));
                }
                all.put(rows.getString(1), List.copyOf(addresses));
            }
        }
        return all;
    }

    /** Replaces the addresses of a name. Returns how many rows were changed. */
    int put(String name, List<IpAddress> addresses) throws SQLException {
        if (addresses.size() > HostNames.MAX_ADDRESSES) {
            throw new IllegalArgumentException("name has " + addresses.size() + " addresses");
        }
        ByteBuffer bytes = ByteBuffer.allocate(addresses.size() * 16);
        for (IpAddress address : addresses) {
            bytes.putLong(address.high()).putLong(address.low());
        }
        remove(List.of(name));
        PreparedStatement insert = database.prepare("INSERT INTO names (name, addresses) VALUES (?, ?)");
        insert.setString(1, name);
        insert.setBytes(2, bytes.array());
        return insert.executeUpdate();
    }

    /** Removes these names. Returns how many rows were removed. */
    int remove(Collection<String> names) throws SQLException {
        PreparedStatement delete = database.prepare("DELETE FROM names WHERE name = ?");
        int removed = 0;
        for (String name : names) {
            delete.setString(1, name);
            removed += delete.executeUpdate();
        }
        return removed;
    }
}

package org.sipward.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Networks as the tables hold them: 16 bytes of the first address (IPv4 as IPv4-mapped) and one of the prefix length.
 *
 * <p>Compared byte by byte, keys order as networks do, so all networks inside one stand together in an index.
 */
final class NetworkKey {
    /** Comes before every key. */
    static final byte[] FIRST = {};

    private static final int BYTES = 17;

    private NetworkKey() {}

    static byte[] of(Network network) {
        IpAddress address = network.address();
        return ByteBuffer.allocate(BYTES)
                .putLong(address.high())
                .putLong(address.low())
                .put((byte) network.prefix())
                .array();
    }

    /** Returns a key that no network inside this one comes after. */
    static byte[] lastWithin(Network network) {
        int free = network.address().bits() - network.prefix();
        byte[] key = of(network);
        for (int at = BYTES - 2; free > 0; at--, free -= 8) {
            key[at] |= (byte) (free >= 8 ? 0xff : (1 << free) - 1);
        }
        key[BYTES - 1] = (byte) 0xff;
        return key;
    }

    /**
     * Returns the network with this key.
     *
     * @throws IllegalArgumentException if no network has it
     */
    static Network parse(byte[] key) {
        if (key.length == BYTES) {
            ByteBuffer bytes = ByteBuffer.wrap(key);
            IpAddress address = new IpAddress(bytes.getLong(), bytes.getLong());
            Network network = new Network(address, bytes.get() & 0xff);
            if (Arrays.equals(of(network), key)) {
                return network;
            }
        }
        throw new IllegalArgumentException("key of a network has " + key.length + " bytes, or bits behind its prefix");
    }
}

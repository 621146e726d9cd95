package org.sipward.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Networks as keys in the tables: 16 bytes of the first address (IPv4 as IPv4-mapped) and one byte of the prefix
 * length.
 *
 * <p>Keys compared byte by byte have the order of the networks, so in an index all networks inside a network are
 * together.
 */
final class NetworkKey {
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

    /**
     * Returns the network with this key.
     *
     * @throws IllegalArgumentException if no network has this key
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
        throw new IllegalArgumentException(
                "network key of " + key.length + " bytes has a wrong length or bits after its prefix");
    }
}

package org.sipward.ban;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * The addresses without which this machine would be cut off: its own, its default gateways, its resolvers, and the peers
 * of the SSH sessions that are open now. None of them is ever banned.
 *
 * <p>Read from the kernel's files under {@code /proc} (proc(5): {@code net/route}, {@code net/ipv6_route},
 * {@code net/tcp}) and {@code /etc/resolv.conf}; what cannot be read is left out.
 */
final class Surroundings {
    private static final int SSH_PORT = 22;
    private static final String ESTABLISHED = "01";
    private static final String DEFAULT_V4 = "00000000";
    private static final String DEFAULT_V6 = "0".repeat(32);

    private final Path root;

    /** Looks below this folder for {@code proc} and {@code etc}: the root of the file system, except in tests. */
    Surroundings(Path root) {
        this.root = root;
    }

    /** Returns the addresses as they are now, each with what it is in the operator's words. */
    Map<Network, String> look() {
        Map<Network, String> found = new TreeMap<>();
        for (IpAddress own : ownAddresses()) {
            found.put(Network.host(own), "own address");
        }
        for (String[] route : table("proc/net/route", 11)) {
            if (route[1].equals(DEFAULT_V4) && route[7].equals(DEFAULT_V4)) {
                hexV4(route[2]).ifPresent(gateway -> found.putIfAbsent(Network.host(gateway), "default gateway"));
            }
        }
        for (String[] route : table("proc/net/ipv6_route", 10)) {
            if (route[0].equals(DEFAULT_V6) && route[1].equals("00")) {
                bigEndianV6(route[4]).ifPresent(gateway -> found.putIfAbsent(Network.host(gateway), "default gateway"));
            }
        }
        for (String[] line : table("etc/resolv.conf", 2)) {
            if (line[0].equals("nameserver")) {
                // A zone, as in fe80::1%eth0, says nothing about a packet's source.
                IpAddress.parse(line[1].replaceFirst("%.*", ""))
                        .ifPresent(resolver -> found.putIfAbsent(Network.host(resolver), "resolver"));
            }
        }
        for (String file : List.of("proc/net/tcp", "proc/net/tcp6")) {
            for (String[] socket : table(file, 4)) {
                if (socket[3].equals(ESTABLISHED) && port(socket[1]) == SSH_PORT) {
                    peer(socket[2]).ifPresent(peer -> found.putIfAbsent(Network.host(peer), "peer of an SSH session"));
                }
            }
        }
        // Routes without a gateway name 0.0.0.0 or ::.
        found.remove(Network.host(IpAddress.v4(0)));
        found.remove(Network.host(new IpAddress(0, 0)));
        return found;
    }

    private static List<IpAddress> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(IpAddress::of)
                    .toList();
        } catch (SocketException noInterfaces) {
            return List.of();
        }
    }

    /** Returns the lines of a small file, split at blanks, that have at least so many columns. */
    private List<String[]> table(String file, int columns) {
        List<String[]> rows = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(root.resolve(file), StandardCharsets.ISO_8859_1)) {
                String[] row = line.trim().split("\\s+", -1);
                if (row.length >= columns) {
                    rows.add(row);
                }
            }
        } catch (IOException notHere) {
            return rows;
        }
        return rows;
    }

    private static int port(String endpoint) {
        int colon = endpoint.indexOf(':');
        return colon < 0 ? -1 : (int) hex(endpoint.substring(colon + 1));
    }

    private static Optional<IpAddress> peer(String endpoint) {
        String address = endpoint.substring(0, Math.max(0, endpoint.indexOf(':')));
        return address.length() == 8 ? hexV4(address) : hostOrderV6(address);
    }

    /** The kernel prints an IPv4 address as one number in the machine's byte order, which is little-endian. */
    private static Optional<IpAddress> hexV4(String text) {
        long bits = text.length() == 8 ? hex(text) : -1;
        return bits < 0 ? Optional.empty() : Optional.of(IpAddress.v4(Integer.reverseBytes((int) bits)));
    }

    /** In tcp6, an IPv6 address is four such numbers. */
    private static Optional<IpAddress> hostOrderV6(String text) {
        if (text.length() != 32) {
            return Optional.empty();
        }
        StringBuilder swapped = new StringBuilder(32);
        for (int word = 0; word < 32; word += 8) {
            for (int octet = 6; octet >= 0; octet -= 2) {
                swapped.append(text, word + octet, word + octet + 2);
            }
        }
        return bigEndianV6(swapped.toString());
    }

    private static Optional<IpAddress> bigEndianV6(String text) {
        long upper = text.length() == 32 ? hex(text.substring(0, 8)) : -1;
        if (upper < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new IpAddress(
                    Long.parseUnsignedLong(text.substring(0, 16), 16), Long.parseUnsignedLong(text.substring(16), 16)));
        } catch (NumberFormatException damaged) {
            return Optional.empty();
        }
    }

    /** Returns the number, or -1 if the text is none of up to eight hexadecimal digits. */
    private static long hex(String text) {
        try {
            return text.length() > 8 ? -1 : Long.parseLong(text, 16);
        } catch (NumberFormatException notHex) {
            return -1;
        }
    }
}

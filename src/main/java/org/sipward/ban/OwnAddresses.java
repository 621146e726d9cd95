package org.sipward.ban;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * The addresses without which this machine would be cut off: its own, its default gateways, its resolvers, and the
 * addresses from which users are logged in now. None of them is ever banned.
 *
 * <p>Read from the kernel's files under {@code /proc} (proc(5): {@code net/route}, {@code net/ipv6_route}), from
 * {@code /run/utmp}, {@code /etc/resolv.conf}, and the file of systemd-resolved that names the servers it asks. A file
 * that cannot be read is skipped. Not thread-safe. Memory: only the addresses found; a router's million routes are read
 * one by one.
 */
final class OwnAddresses {
    private static final int UTMP_RECORD = 384;
    private static final int UTMP_ADDRESS = 348;
    private static final int UTMP_USER_PROCESS = 7;
    private static final int MAX_UTMP_BYTES = 1 << 20;
    private static final List<String> RESOLVERS = List.of("etc/resolv.conf", "run/systemd/resolve/resolv.conf");
    private static final String DEFAULT_V4 = "00000000";
    private static final String DEFAULT_V6 = "0".repeat(32);

    private final Path root;
    private final Interfaces interfaces;

    /** Stays the same if the kernel does not answer. */
    private List<IpAddress> own = List.of();

    /** Looks for {@code proc} and {@code etc} below this folder, which is {@code /} except in tests. */
    OwnAddresses(Path root) {
        this(root, OwnAddresses::ofInterfaces);
    }

    OwnAddresses(Path root, Interfaces interfaces) {
        this.root = root;
        this.interfaces = interfaces;
    }

    /** Returns the current addresses, each with a short description for the operator. */
    Map<Network, String> look() {
        Map<Network, String> found = new TreeMap<>();
        own = ownAddresses();
        for (IpAddress address : own) {
            found.put(Network.host(address), "own address");
        }
        rows("proc/net/route", 11, route -> {
            if (route[1].equals(DEFAULT_V4) && route[7].equals(DEFAULT_V4)) {
                hexV4(route[2]).ifPresent(gateway -> found.putIfAbsent(Network.host(gateway), "default gateway"));
            }
        });
        rows("proc/net/ipv6_route", 10, route -> {
            if (route[0].equals(DEFAULT_V6) && route[1].equals("00")) {
                bigEndianV6(route[4]).ifPresent(gateway -> found.putIfAbsent(Network.host(gateway), "default gateway"));
            }
        });
        for (String file : RESOLVERS) {
            rows(file, 2, line -> {
                if (line[0].equals("nameserver")) {
                    // A packet's source has no zone, such as %eth0 in fe80::1%eth0.
                    IpAddress.parse(line[1].replaceFirst("%.*", ""))
                            .ifPresent(resolver -> found.putIfAbsent(Network.host(resolver), "resolver"));
                }
            });
        }
        for (IpAddress peer : loggedIn()) {
            found.putIfAbsent(Network.host(peer), "peer of a login session");
        }
        // Routes without a gateway have 0.0.0.0 or :: there.
        found.remove(Network.host(IpAddress.v4(0)));
        found.remove(Network.host(new IpAddress(0, 0)));
        return found;
    }

    /**
     * Returns the /64s around this machine's IPv6 addresses, as of {@link #look}. Its neighbours are in these networks,
     * and a ban of such a network would ban all of them. A ban of the link-local network would cut the machine off.
     */
    Set<Network> onLink() {
        return own.stream()
                .map(Network::ofOffender)
                .filter(network -> !network.isHost())
                .collect(Collectors.toSet());
    }

    private List<IpAddress> ownAddresses() {
        try {
            return interfaces.addresses();
        } catch (SocketException notToldNow) {
            return own;
        }
    }

    private static List<IpAddress> ofInterfaces() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(IpAddress::of)
                .toList();
    }

    /** Splits the lines of a file at blanks, and passes on those that have at least so many columns. */
    private void rows(String file, int columns, Consumer<String[]> row) {
        try (BufferedReader lines = Files.newBufferedReader(root.resolve(file), StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.trim().split("\\s+", -1);
                if (cells.length >= columns) {
                    row.accept(cells);
                }
            }
        } catch (IOException notHere) {
            // For example a machine without IPv6 or without a resolver: there are no such addresses to protect.
        }
    }

    /**
     * Returns the addresses from which users are logged in, as utmp(5) records them: 384 bytes a record, the type in
     * the first two bytes, the address in 16 bytes from offset 348 on. A mere connection to the SSH port is not in this
     * file.
     */
    private List<IpAddress> loggedIn() {
        List<IpAddress> peers = new ArrayList<>();
        try (InputStream file = Files.newInputStream(root.resolve("run/utmp"))) {
            ByteBuffer records = ByteBuffer.wrap(file.readNBytes(MAX_UTMP_BYTES));
            for (int at = 0; at + UTMP_RECORD <= records.limit(); at += UTMP_RECORD) {
                if (records.get(at) == UTMP_USER_PROCESS) {
                    int first = records.getInt(at + UTMP_ADDRESS);
                    long rest = records.getInt(at + UTMP_ADDRESS + 4) & 0xffff_ffffL;
                    long low = records.getLong(at + UTMP_ADDRESS + 8);
                    boolean v4 = rest == 0 && low == 0;
                    peers.add(v4 ? IpAddress.v4(first) : new IpAddress(((long) first << 32) | rest, low));
                }
            }
        } catch (IOException notHere) {
            return peers;
        }
        return peers;
    }

    /** The kernel prints an IPv4 address as one number in the machine's byte order, which is little-endian. */
    private static Optional<IpAddress> hexV4(String text) {
        long bits = text.length() == 8 ? hex(text) : -1;
        return bits < 0 ? Optional.empty() : Optional.of(IpAddress.v4(Integer.reverseBytes((int) bits)));
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

    /** Returns the number, or -1 if the text does not consist of up to eight hexadecimal digits. */
    private static long hex(String text) {
        try {
            return text.length() > 8 ? -1 : Long.parseLong(text, 16);
        } catch (NumberFormatException notHex) {
            return -1;
        }
    }

    /** Tells which addresses this machine has. */
    @FunctionalInterface
    interface Interfaces {
        List<IpAddress> addresses() throws SocketException;
    }
}

package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class AllowlistTest {
    @TempDir
    private Path root;

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(root.resolve("proc/net"));
        Files.createDirectories(root.resolve("etc"));
    }

    @Test
    void containsGatewaysResolversAndSshPeers() throws IOException {
        write("proc/net/route", """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
                eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
                """);
        write("proc/net/ipv6_route", """
                00000000000000000000000000000000 00 00000000000000000000000000000000 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003 eth0
                """);
        write("etc/resolv.conf", """
                # comment
                nameserver 203.0.113.53
                nameserver fe80::53%eth0
                options edns0
                """);
        Files.createDirectories(root.resolve("run/systemd/resolve"));
        write("run/systemd/resolve/resolv.conf", "nameserver 203.0.113.54\n");
        ByteBuffer utmp = ByteBuffer.allocate(3 * 384);
        utmp.put(0, (byte) 7).position(348);
        utmp.put(InetAddress.getByName("203.0.113.7").getAddress());
        utmp.put(384, (byte) 7).position(384 + 348);
        utmp.put(InetAddress.getByName("2001:db8::adba").getAddress());
        utmp.put(768, (byte) 8).position(768 + 348);
        utmp.put(InetAddress.getByName("203.0.113.8").getAddress());
        Files.createDirectories(root.resolve("run"));
        Files.write(root.resolve("run/utmp"), utmp.array());

        Map<Network, String> found = new OwnAddresses(root).look();

        assertThat(found)
                .containsEntry(network("192.168.0.1"), "default gateway")
                .containsEntry(network("2001:db8::1"), "default gateway")
                .containsEntry(network("203.0.113.53"), "resolver")
                .containsEntry(network("fe80::53"), "resolver")
                .containsEntry(network("203.0.113.54"), "resolver")
                .containsEntry(network("203.0.113.7"), "peer of a login session")
                .containsEntry(network("2001:db8::adba"), "peer of a login session")
                .doesNotContainKey(network("203.0.113.8"))
                .doesNotContainKey(network("0.0.0.0"));
    }

    @Test
    void containsItsOwnAddresses() {
        assertThat(new OwnAddresses(root).look()).containsEntry(network("127.0.0.1"), "own address");
    }

    @Test
    void survivesDamagedFiles() throws IOException {
        write("proc/net/route", "a b\n\n\u0000\n");
        Files.createDirectories(root.resolve("run"));
        Files.writeString(root.resolve("run/utmp"), "no record");
        write("etc/resolv.conf", "nameserver\nnameserver not-an-address\n");

        assertThat(new OwnAddresses(root).look().values()).containsOnly("own address");
    }

    @Test
    void looksUpNamesAndFilesWhenRefreshed() throws Exception {
        Path file = Files.writeString(root.resolve("trunks"), "203.0.113.0/28 # provider\n\nlocalhost\n");
        Allowlist list = list("localhost", "file:" + file);

        list.refresh(Duration.ofSeconds(30));

        assertThat(list.reason(network("203.0.113.1"))).contains("allowlist file:" + file);
        assertThat(list.networks()).contains(network("203.0.113.0/28"));
    }

    @Test
    void noticesThatAFileHasChanged() throws IOException {
        Path file = Files.writeString(root.resolve("trunks"), "203.0.113.1\n");
        Allowlist list = list("file:" + file);
        list.refresh();
        assertThat(list.refresh()).isFalse();

        Files.writeString(file, "203.0.113.1\n203.0.113.2\n");

        assertThat(list.refresh()).isTrue();
        assertThat(list.reason(network("203.0.113.2"))).isPresent();
    }

    @Test
    void keepsTheEntriesOfAFileThatIsGone() throws IOException {
        Path file = Files.writeString(root.resolve("trunks"), "203.0.113.1\n");
        Allowlist list = list("file:" + file);
        list.refresh();

        Files.delete(file);

        assertThat(list.refresh()).isFalse();
        assertThat(list.reason(network("203.0.113.1"))).isPresent();
    }

    @Test
    void keepsEveryOtherEntryWhenOneCannotBeRead() {
        Allowlist list = list("file:" + root, "198.51.100.7", "no name at all");

        list.refresh();

        assertThat(list.reason(network("198.51.100.7"))).isPresent();
    }

    @Test
    void doesNotTakeHalfAnAddressForAName() throws IOException {
        Path file = Files.writeString(root.resolve("trunks"), "198.51.100\n9\n");
        Allowlist list = list("file:" + file);

        list.refresh();

        assertThat(list.reason(network("198.51.0.100"))).isEmpty();
        assertThat(list.reason(network("203.0.113.9"))).isEmpty();
    }

    @Test
    void ignoresALineThatWouldAllowEverybody() throws IOException {
        Path file = Files.writeString(root.resolve("trunks"), "0.0.0.0/0\n::/0\n203.0.113.1\n");
        Allowlist list = list("file:" + file);

        list.refresh();

        assertThat(list.reason(network("192.0.2.1"))).isEmpty();
        assertThat(list.reason(network("203.0.113.1"))).isPresent();
    }

    @Test
    void doesNotWaitForNamesBeforeTheOtherEntriesAreInForce() throws IOException {
        Path file = Files.writeString(root.resolve("trunks"), "203.0.113.0/28\nhangs.example.net\n");
        CountDownLatch never = new CountDownLatch(1);
        HostNames hanging = new HostNames(new FakeStore(), name -> {
            try {
                never.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        });
        List<String> entries = List.of("trunk.example.net", "198.51.100.7", "192.0.2.0/24", "file:" + file);
        Allowlist list = new Allowlist(entries, false, hanging, new OwnAddresses(root));

        list.refresh();

        assertThat(list.reason(network("198.51.100.7"))).isPresent();
        assertThat(list.reason(network("192.0.2.9"))).isPresent();
        assertThat(list.reason(network("203.0.113.1"))).isPresent();
        assertThat(list.trouble()).hasSize(2).allMatch(what -> what.contains("is being looked up"));
        hanging.close();
    }

    @Test
    void reportsFilesThatProtectNothing() throws Exception {
        Path pipe = root.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path wrong = Files.writeString(root.resolve("wrong"), "203.0.113.1\n300.1.1.1\n");
        Path empty = Files.writeString(root.resolve("empty"), "# nothing yet\n");
        Path gone = Files.writeString(root.resolve("gone"), "203.0.113.2\n");
        Allowlist list = list("file:" + pipe, "file:" + wrong, "file:" + empty, "file:" + gone, "file:/nope");
        list.refresh();
        Files.delete(gone);

        list.refresh();

        assertThat(list.trouble())
                .containsExactly(
                        "cannot read " + pipe + " (is not a regular file), nothing from it is allowed",
                        wrong + ":2: 300.1.1.1 is not an address, prefix or host name and is ignored",
                        empty + " contains no address, prefix or host name",
                        "cannot read " + gone + " (does not exist), the 1 entries of the last reading stay allowed",
                        "cannot read /nope (does not exist), nothing from it is allowed");
    }

    @Test
    void keepsStoredNamesUntilAFileIsReadForTheFirstTime() throws IOException {
        FakeStore store = new FakeStore();
        store.names.put("trunk.example.net", List.of(IpAddress.v4(0xcb007107)));
        HostNames names = new HostNames(store, name -> {
            throw new UnknownHostException(name);
        });
        Path file = root.resolve("trunks");
        Allowlist list = new Allowlist(List.of("file:" + file), false, names, new OwnAddresses(root));
        list.refresh();
        assertThat(list.reason(network("203.0.113.7"))).isEmpty();

        Files.writeString(file, "trunk.example.net\n");
        list.refresh();

        assertThat(list.reason(network("203.0.113.7"))).isPresent();
        names.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.7",
                "::ffff:198.51.100.7",
                "2002:c633:6407::1",
                "2002:c633:6407:bad::/64",
                "2001:0:4136:e378:8000:63bf:39cc:9bf8",
                "64:ff9b::198.51.100.7",
                "64:ff9b:1::198.51.100.7",
                "::198.51.100.7",
                "fe80::5efe:198.51.100.7"
            })
    void allowsAnIpv4AddressInEveryIpv6Form(String form) {
        Allowlist list = new Allowlist(List.of("198.51.100.0/24"), true, new OwnAddresses(root));
        list.refresh();

        assertThat(list.reason(network(form))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2002:c633:6507::1",
                "2001:0:c633:6407:8000:63bf:34ff:8ef8",
                "64:ff9b::198.51.101.7",
                "2001:db8:bad::5efe:198.51.100.7",
                "2002:c633:6300::/39"
            })
    void doesNotAllowOtherIpv6AddressesForAnIpv4Address(String other) {
        Allowlist list = list("198.51.100.0/24");
        list.refresh();

        assertThat(list.reason(network(other))).isEmpty();
    }

    @Test
    void givesTheFirewallTheIpv6FormsOfAllowedNetworks() {
        Allowlist list = list("198.51.100.0/24", "10.0.0.0/8", "2001:db8:7::/48");
        list.refresh();

        assertThat(list.networks())
                .contains(network("198.51.100.0/24"), network("2002:c633:6400::/40"), network("64:ff9b::c633:6400/120"))
                .doesNotContain(network("2002:a00::/24"));
    }

    @Test
    void neverBansTheWholeIpv4InternetBehindATranslator() {
        Allowlist list = new Allowlist(List.of(), true, new OwnAddresses(root));
        list.refresh();

        assertThat(list.reason(network("64:ff9b::/64"))).contains("stands for the whole IPv4 internet");
        assertThat(list.reason(network("64:ff9b::/96"))).isPresent();
        assertThat(list.reason(network("64:ff9b::/32"))).isPresent();
        assertThat(list.reason(network("64:ff9b::203.0.113.7"))).isEmpty();
    }

    @Test
    void noticesThatAnAddressOrNetworkOfThisMachineHasChanged() {
        List<IpAddress> own = new ArrayList<>(List.of(address("203.0.113.10"), address("2001:db8:5060::10")));
        Allowlist list = new Allowlist(List.of(), false, new OwnAddresses(root, () -> own));
        list.refresh();
        assertThat(list.refresh()).isFalse();
        assertThat(list.reason(network("2001:db8:5060::/64"))).contains("the network that this machine is in");

        own.set(1, address("2001:db8:5061::10"));

        assertThat(list.refresh()).isTrue();
        assertThat(list.reason(network("2001:db8:5060::/64"))).isEmpty();
        assertThat(list.reason(network("2001:db8:5061::10"))).contains("own address");
    }

    @Test
    void readsTheDefaultRouteAmongManyRoutes() throws IOException {
        StringBuilder routes = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            routes.append("eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
        }
        routes.append("eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
        write("proc/net/route", routes.toString());

        assertThat(new OwnAddresses(root).look()).containsEntry(network("192.168.0.1"), "default gateway");
    }

    @Test
    void allowsAPrefixOnlyWithAllItsAddresses() {
        Allowlist list = list("203.0.113.7");
        list.refresh();

        assertThat(list.reason(network("203.0.113.0/24"))).isEmpty();
        assertThat(list.reason(network("203.0.113.7"))).contains("allowlist 203.0.113.7");
    }

    private Allowlist list(String... entries) {
        return new Allowlist(List.of(entries), false, new OwnAddresses(root));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(root.resolve(file), text);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }
}

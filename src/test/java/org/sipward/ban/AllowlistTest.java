package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void holdsGatewaysResolversAndSshPeers() throws IOException {
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
        ByteBuffer utmp = ByteBuffer.allocate(3 * 384);
        utmp.put(0, (byte) 7).position(348);
        utmp.put(IpAddress.parse("203.0.113.7").orElseThrow().toInetAddress().getAddress());
        utmp.put(384, (byte) 7).position(384 + 348);
        utmp.put(IpAddress.parse("2001:db8::adba").orElseThrow().toInetAddress().getAddress());
        utmp.put(768, (byte) 8).position(768 + 348);
        utmp.put(IpAddress.parse("203.0.113.8").orElseThrow().toInetAddress().getAddress());
        Files.createDirectories(root.resolve("run"));
        Files.write(root.resolve("run/utmp"), utmp.array());

        Map<Network, String> found = new Surroundings(root).look();

        assertThat(found)
                .containsEntry(network("192.168.0.1"), "default gateway")
                .containsEntry(network("2001:db8::1"), "default gateway")
                .containsEntry(network("203.0.113.53"), "resolver")
                .containsEntry(network("fe80::53"), "resolver")
                .containsEntry(network("203.0.113.7"), "peer of a login session")
                .containsEntry(network("2001:db8::adba"), "peer of a login session")
                .doesNotContainKey(network("203.0.113.8"))
                .doesNotContainKey(network("0.0.0.0"));
    }

    @Test
    void holdsItsOwnAddresses() {
        assertThat(new Surroundings(root).look()).containsEntry(network("127.0.0.1"), "own address");
    }

    @Test
    void survivesDamagedFiles() throws IOException {
        write("proc/net/route", "a b\n\n\u0000\n");
        Files.createDirectories(root.resolve("run"));
        Files.writeString(root.resolve("run/utmp"), "no record");
        write("etc/resolv.conf", "nameserver\nnameserver not-an-address\n");

        assertThat(new Surroundings(root).look().values()).containsOnly("own address");
    }

    @Test
    void looksUpNamesAndFilesWhenRefreshed() throws IOException {
        Path file = Files.writeString(root.resolve("trunks"), "203.0.113.0/28 # provider\n\nlocalhost\n");
        Allowlist list = list("localhost", "file:" + file);

        assertThat(list.refresh()).isTrue();

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
    void keepsWhatItKnewWhenAFileIsGone() throws IOException {
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
    void takesNoHalfAddressForAName() throws IOException {
        Path file = Files.writeString(root.resolve("trunks"), "198.51.100\n9\n");
        Allowlist list = list("file:" + file);

        list.refresh();

        assertThat(list.reason(network("198.51.0.100"))).isEmpty();
        assertThat(list.reason(network("203.0.113.9"))).isEmpty();
    }

    @Test
    void passesOverALineThatWouldAllowEverybody() throws IOException {
        Path file = Files.writeString(root.resolve("trunks"), "0.0.0.0/0\n::/0\n203.0.113.1\n");
        Allowlist list = list("file:" + file);

        list.refresh();

        assertThat(list.reason(network("192.0.2.1"))).isEmpty();
        assertThat(list.reason(network("203.0.113.1"))).isPresent();
    }

    @Test
    void allowsAPrefixOnlyWithAllItsAddresses() {
        Allowlist list = list("203.0.113.7");
        list.refresh();

        assertThat(list.reason(network("203.0.113.0/24"))).isEmpty();
        assertThat(list.reason(network("203.0.113.7"))).contains("allowlist 203.0.113.7");
    }

    private Allowlist list(String... entries) {
        return new Allowlist(List.of(entries), false, new Surroundings(root));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(root.resolve(file), text);
    }

    private static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }
}

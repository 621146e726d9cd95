package org.sipward.ban;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.testing.MovableClock;

/** A ban list with a fake firewall and a fake store, which only record calls. 198.51.100.0/24 is allowed. */
abstract class BanListFixture {
    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    static final BanTime HOUR = new BanTime(Duration.ofHours(1), true, Duration.ofHours(3));
    static final Origin FEED = Origin.feed("apiban");

    @TempDir
    Path root;

    final MovableClock clock = new MovableClock(START);
    final FakeFirewall firewall = new FakeFirewall();
    final FakeStore store = new FakeStore();
    BanList list;

    @BeforeEach
    void open() throws IOException {
        list = list("198.51.100.0/24");
        list.open();
        firewall.calls.clear();
    }

    static BanRequest campaign(String network) {
        Network wide = network(network);
        return new BanRequest(wide.address(), wide, Origin.jail("test"), START, HOUR, "campaign", true);
    }

    BanList list(String... allowed) {
        return new BanList(
                allowlist(false, allowed),
                store,
                firewall,
                clock,
                () -> clock.millis() * 1_000_000,
                any -> Optional.empty());
    }

    Allowlist allowlist(boolean banPrivate, String... entries) {
        Allowlist allowlist = new Allowlist(Arrays.asList(entries), banPrivate, new OwnAddresses(root));
        allowlist.refresh();
        return allowlist;
    }

    static BanRequest request(String address) {
        return request(address, START);
    }

    static BanRequest request(String address, Instant time) {
        return new BanRequest(IpAddress.parse(address).orElseThrow(), Origin.jail("test"), time, HOUR, "5 failed");
    }

    static BanRequest unproven(String address, Instant time) {
        IpAddress offender = IpAddress.parse(address).orElseThrow();
        Network network = Network.ofOffender(offender);
        return new BanRequest(offender, network, Origin.jail("test"), time, HOUR, "5 failed, unproven", false);
    }

    static Ban listed(String network, Instant until) {
        return new Ban(network(network), FEED, START, until, 1, "listed");
    }

    static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }
}

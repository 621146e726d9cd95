package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipward.net.Network;

/** A ban list when the store or the firewall fails, when the firewall is flushed, and after a restart. */
class BanListOutagesTest extends BanListFixture {
    @Test
    void letsTheFirewallGetReadyBeforeItStores() {
        firewall.whenExpected = store.bans::size;

        list.ban(List.of(request("203.0.113.7"), request("203.0.113.8")));

        assertThat(firewall.expected).isZero();
        assertThat(firewall.calls).containsExactly("block 2");
    }

    @Test
    void doesNotLetTheFirewallGetReadyIfNothingWillBeBlocked() {
        list.ban(List.of(request("198.51.100.9")));
        assertThat(firewall.expected).isNegative();

        firewall.failing = true;
        list.ban(List.of(request("203.0.113.7")));
        firewall.expected = -1;
        list.ban(List.of(request("203.0.113.8")));
        assertThat(firewall.expected).isNegative();
    }

    @Test
    void banIsInTheStoreBeforeItIsInTheFirewall() {
        firewall.failing = true;

        list.ban(List.of(request("203.0.113.7")));

        assertThat(store.bans).hasSize(1);
    }

    @Test
    void listsABanThatTheFirewallRefusedAndRetriesIt() {
        firewall.failing = true;
        list.ban(List.of(request("203.0.113.7")));
        assertThat(list.difference().missing()).hasSize(1);
        assertThat(list.trouble()).containsExactly("firewall: nft is broken");

        firewall.failing = false;
        list.tend();

        assertThat(firewall.blocked).hasSize(1);
        assertThat(list.difference().missing()).isEmpty();
        assertThat(list.trouble()).isEmpty();
    }

    @Test
    void defendsEvenWhileTheStoreFailsAndStoresLater() {
        store.failing = true;
        list.ban(List.of(request("203.0.113.7")));
        assertThat(firewall.blocked).hasSize(1);
        assertThat(list.trouble()).containsExactly("store: disk is full");

        store.failing = false;
        list.tend();

        assertThat(store.bans).hasSize(1);
        assertThat(list.trouble()).isEmpty();
    }

    @Test
    void removesABanLaterThatTheStoreCouldNotRemove() {
        list.ban(List.of(request("203.0.113.7")));
        store.failing = true;
        list.unban(ban -> network("203.0.113.7").contains(ban.network()));

        store.failing = false;
        list.tend();

        assertThat(store.bans).isEmpty();
        assertThat(list.trouble()).isEmpty();
    }

    @Test
    void makesAFlushedFirewallAgreeAtOnce() {
        list.ban(List.of(request("203.0.113.7")));
        firewall.blocked.clear();
        firewall.intact = false;

        list.tend();

        assertThat(firewall.blocked).hasSize(1);
        assertThat(firewall.allowed).isNotEmpty();
    }

    @Test
    void checksTheFirewallByAFewOfManyBans() {
        List<Ban> many = IntStream.range(0, 3_000)
                .mapToObj(n -> listed("46.0." + n / 250 + "." + n % 250, START.plus(Duration.ofDays(1))))
                .toList();
        list.impose(many.subList(0, Enforcement.SHOWN));
        list.tend();
        assertThat(firewall.shown).hasSize(Enforcement.SHOWN);

        list.impose(many);
        Set<Network> shown = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            list.tend();
            assertThat(firewall.shown).hasSize(Enforcement.SHOWN);
            shown.addAll(firewall.shown);
        }

        assertThat(shown).hasSize(3_000);
    }

    @Test
    void makesTheFirewallAgreeEveryFiveMinutesEvenIfItLooksRight() {
        list.ban(List.of(request("203.0.113.7")));
        firewall.blocked.clear();

        list.tend();
        assertThat(firewall.blocked).isEmpty();
        clock.move(Enforcement.ENFORCE.plusSeconds(1));
        list.tend();

        assertThat(firewall.blocked).hasSize(1);
    }

    @Test
    void doesNothingAtRest() {
        list.tend();

        assertThat(firewall.calls).isEmpty();
    }

    @Test
    void hasAllBansAfterARestart() throws IOException {
        list.ban(List.of(request("203.0.113.7")));
        list.impose(List.of(listed("192.0.2.77", START.plus(Duration.ofDays(7)))));
        firewall.blocked.clear();

        BanList restarted = list("198.51.100.0/24");
        restarted.open();

        assertThat(restarted.bans()).containsExactlyInAnyOrderElementsOf(list.bans());
        assertThat(firewall.blocked).hasSize(2);
    }

    @Test
    void takesOverBansFromTheFirewallThatTheStoreHasLost() throws IOException {
        list.ban(List.of(request("203.0.113.7"), request("203.0.113.8")));
        List<Ban> held = list.bans();
        store.bans.values().removeIf(ban -> ban.network().equals(network("203.0.113.8")));
        firewall.held = held.stream()
                .map(ban -> new Ban(ban.network(), Origin.jail("kernel"), START, ban.until(), 0, "found"))
                .toList();

        BanList whole = list("198.51.100.0/24");
        whole.open();
        assertThat(whole.bans()).hasSize(1);

        store.losses = List.of("the end of the log is missing");
        BanList damaged = list("198.51.100.0/24");
        damaged.open();
        assertThat(damaged.bans()).contains(held.get(0)).hasSize(2);
        assertThat(store.bans).hasSize(2);
        assertThat(firewall.blocked).hasSize(2);
        assertThat(damaged.losses()).hasSize(1);
    }

    @Test
    void doesNotBanAgainForAFailureThatWasJudgedBeforeARestart() throws IOException {
        list.ban(List.of(request("203.0.113.7")));
        list.unban(ban -> network("203.0.113.7").contains(ban.network()));

        BanList restarted = list("198.51.100.0/24");
        restarted.open();

        assertThat(restarted.ban(List.of(request("203.0.113.7")))).isEmpty();
        assertThat(restarted.ban(List.of(request("203.0.113.7", START.plusSeconds(1)))))
                .hasSize(1);
    }

    @Test
    void anAllowanceThatIsOverEndsNoBanAtARestart() throws IOException {
        list.allow(network("203.0.113.7"), START.plus(Duration.ofHours(1)));
        clock.move(Duration.ofHours(2));
        list.tend();
        list.ban(List.of(request("203.0.113.7", clock.instant())));

        BanList restarted = list("198.51.100.0/24");
        restarted.open();

        assertThat(restarted.bans()).hasSize(1);
        assertThat(store.allowed).isEmpty();
    }

    @Test
    void storesBothBansOfAHostThatTheStoreMissed() {
        store.failing = true;
        list.ban(List.of(request("203.0.113.7")));
        list.impose(List.of(listed("203.0.113.7", START.plusSeconds(60))));
        assertThat(list.isStored()).isFalse();

        store.failing = false;
        list.tend();

        assertThat(store.bans).hasSize(2);
        assertThat(list.isStored()).isTrue();
    }

    @Test
    void doesNotAllowANetworkIfThatCannotBeStored() {
        store.failing = true;

        assertThatThrownBy(() -> list.allow(network("203.0.113.7"), START.plusSeconds(60)))
                .isInstanceOf(IOException.class);
        assertThat(list.ban(List.of(request("203.0.113.7")))).hasSize(1);
    }
}

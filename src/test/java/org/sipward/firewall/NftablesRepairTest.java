package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipward.firewall.Bans.DAY;
import static org.sipward.firewall.Bans.NOW;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.ban.Ban;
import org.sipward.ban.Difference;
import org.sipward.net.Network;

/** The repair of a table that somebody else changed. */
class NftablesRepairTest {
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final List<Ban> BANS = List.of(
            Bans.jail("203.0.113.7", DAY), Bans.feed("2001:db8:1:2::/64", DAY), Bans.operator("198.51.100.0/24", DAY));
    private static final List<Network> ALLOWED = List.of(Bans.network("198.51.100.200"));

    private final NetworkNamespace namespace;
    private final KernelTable kernel;
    private final Nftables firewall;

    NftablesRepairTest() throws IOException {
        namespace = NetworkNamespace.open();
        kernel = new KernelTable(namespace);
        firewall = another();
    }

    @AfterEach
    void closeNamespace() throws IOException {
        namespace.close();
    }

    private Nftables another() {
        Flows flows = new Flows(namespace.command("conntrack"), Path.of("/nonexistent"), CLOCK);
        return new Nftables(List.of(), CLOCK, namespace.command("nft"), flows, ForeignChanges.unheard());
    }

    private void nft(String script) throws IOException {
        namespace.feed("nft", script, "-f", "-");
    }

    private Optional<String> changed() throws IOException {
        return firewall.change(BANS, true, ALLOWED, NOW);
    }

    private void assertHolds() throws IOException {
        assertThat(kernel.set("jail4")).isEqualTo(Map.of("203.0.113.7", 86_400));
        assertThat(kernel.set("feed6")).isEqualTo(Map.of("2001:db8:1:2::", 86_400));
        assertThat(kernel.set("net4")).isEqualTo(Map.of("198.51.100.0/24", 86_400));
        assertThat(kernel.set("allow4")).containsOnlyKeys("198.51.100.200");
        assertThat(kernel.rules()).hasSize(8);
        assertThat(kernel.chains()).contains("guard filter prerouting -300 accept");
        assertThat(changed()).isEmpty();
    }

    @Test
    void reportsAChangeBeforeTheTableIsCreated() throws IOException {
        assertThat(changed()).isPresent();

        firewall.enforce(BANS, ALLOWED, NOW);

        assertThat(changed()).isEmpty();
    }

    @Test
    void blocksNothingBeforeTheTableIsCreated() {
        assertThatThrownBy(() -> firewall.block(BANS, NOW))
                .isInstanceOf(IOException.class)
                .hasMessage("table inet sipward has not been created yet");
    }

    /** Changes by somebody else, as nft scripts. */
    private static Stream<String> changes() {
        return Stream.of(
                "flush ruleset",
                "delete table inet sipward",
                "flush table inet sipward",
                "flush chain inet sipward guard",
                "flush chain inet sipward guard; delete set inet sipward net6",
                "flush chain inet sipward guard; delete chain inet sipward guard",
                "flush chain inet sipward guard; add rule inet sipward guard accept",
                "delete table inet sipward; add table inet sipward",
                "add table inet sipward { flags dormant; }",
                "insert rule inet sipward guard accept",
                "add rule inet sipward guard ip saddr 203.0.113.7 accept",
                "add chain inet sipward guard { policy drop; }",
                "add chain inet sipward other",
                "add set inet sipward mine { type ipv4_addr; }",
                "flush set inet sipward jail4",
                "flush set inet sipward feed6",
                "flush set inet sipward net4",
                "flush set inet sipward allow4",
                "delete element inet sipward jail4 { 203.0.113.7 }",
                "add element inet sipward allow4 { 45.0.0.0/8 }",
                "add element inet sipward allow4 { 45.0.0.1-45.0.0.9 }",
                "add element inet sipward allow6 { ::/0 }",
                "delete element inet sipward allow4 { 198.51.100.200 }");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void noticesAndRepairsAChange(String script) throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);

        nft(script);

        Difference difference = firewall.compare(BANS, ALLOWED, NOW);
        assertThat(difference.words()).isPresent();
        assertThat(changed()).isPresent();
        firewall.enforce(BANS, ALLOWED, NOW);
        assertHolds();
        assertThat(firewall.compare(BANS, ALLOWED, NOW)).isEqualTo(Difference.NONE);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void noticesAChangeWithoutListingManyBans(String script) throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        assertThat(firewall.change(BANS, false, ALLOWED, NOW)).isEmpty();
        String before = namespace.run("nft", "-a", "list", "ruleset");

        assertThat(firewall.change(BANS, false, ALLOWED, NOW)).isEmpty();
        assertThat(namespace.run("nft", "-a", "list", "ruleset").replaceAll("expires \\S+", ""))
                .isEqualTo(before.replaceAll("expires \\S+", ""));
        nft(script);

        assertThat(firewall.change(BANS, false, ALLOWED, NOW)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "add element inet sipward jail4 { 192.0.2.1 timeout 1d }, 'set jail4 holds 192.0.2.1, which is not banned'",
        "add element inet sipward net4 { 192.0.2.0/24 timeout 1d }, 'set net4 holds 192.0.2.0/24, which is not banned'",
        "add element inet sipward allow4 { 45.0.0.0/8 }, 'set allow4 holds 45.0.0.0/8, which is not allowed'",
        "delete element inet sipward allow4 { 198.51.100.200 }, 'set allow4 lacks 198.51.100.200'"
    })
    void namesTheStrangeElement(String script, String words) throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);

        nft(script);

        assertThat(firewall.compare(BANS, ALLOWED, NOW)).isEqualTo(new Difference(List.of(), List.of(words)));
    }

    @Test
    void noticesABanThatEndsTooEarlyOrTooLate() throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        nft(
                "delete element inet sipward jail4 { 203.0.113.7 }; add element inet sipward jail4 { 203.0.113.7 timeout 1h }");
        assertThat(firewall.compare(BANS, ALLOWED, NOW).missing()).containsExactly(BANS.get(0));

        nft(
                "delete element inet sipward jail4 { 203.0.113.7 }; add element inet sipward jail4 { 203.0.113.7 timeout 2d }");
        assertThat(firewall.compare(BANS, ALLOWED, NOW))
                .isEqualTo(new Difference(List.of(), List.of("set jail4 holds 203.0.113.7 for longer than its ban")));
    }

    @Test
    void reportsNoDifferenceForAnyKindOfBans() throws IOException {
        List<Ban> bans = List.of(
                Bans.jail("203.0.113.7", DAY),
                Bans.feed("203.0.113.7", DAY.multipliedBy(7)),
                Bans.operator("203.0.113.0/24", DAY),
                Bans.operator("203.0.113.128/25", DAY.multipliedBy(2)),
                Bans.jail("203.0.113.8", DAY.multipliedBy(5_000)),
                Bans.forever("192.0.2.1"),
                Bans.forever("2001:db8:5::/48"),
                Bans.forever("2001:db8:9::1"));
        List<Network> allowed = List.of(
                Bans.network("198.51.100.0/25"),
                Bans.network("198.51.100.128/25"),
                Bans.network("198.51.100.7"),
                Bans.network("2001:db8:1::/48"));

        firewall.enforce(bans, allowed, NOW);

        assertThat(firewall.compare(bans, allowed, NOW)).isEqualTo(Difference.NONE);
        assertThat(firewall.change(bans, true, allowed, NOW)).isEmpty();
        assertThat(firewall.change(bans, false, allowed, NOW)).isEmpty();
    }

    @Test
    void noticesThatOneRuleWasRemoved() throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        String handle = namespace
                .run("nft", "-a", "list", "chain", "inet", "sipward", "guard")
                .lines()
                .filter(line -> line.contains("@net6"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();

        nft("delete rule inet sipward guard handle " + handle);

        assertThat(changed()).isPresent();
    }

    @Test
    void checksWithoutChangingAnything() throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        String before = namespace.run("nft", "-a", "-t", "list", "ruleset");

        assertThat(changed()).isEmpty();

        assertThat(namespace.run("nft", "-a", "-t", "list", "ruleset")).isEqualTo(before);
    }

    @Test
    void reportsThatTheTableIsGoneWhenItBlocks() throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        nft("flush ruleset");

        assertThatThrownBy(() -> firewall.block(BANS, NOW))
                .isInstanceOf(IOException.class)
                .hasMessage("table inet sipward or a part of it is gone: somebody flushed the ruleset");
        assertThatThrownBy(() -> firewall.unblock(BANS)).isInstanceOf(IOException.class);

        firewall.enforce(BANS, ALLOWED, NOW);
        assertHolds();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "add table inet sipward { flags dormant; }",
                "add table inet sipward; add set inet sipward jail4 { type ipv6_addr; flags interval; }",
                """
                table inet sipward {
                    set jail4 { type ipv4_addr; elements = { 192.0.2.1 } }
                    map m { type ipv4_addr : verdict; }
                    chain guard { type filter hook input priority 5; policy drop; ip saddr @jail4 accept; }
                    chain other { jump third; }
                    chain third { }
                }"""
            })
    void replacesAForeignTableOfItsName(String script) throws IOException {
        nft(script);

        firewall.enforce(BANS, ALLOWED, NOW);

        assertHolds();
        assertThat(kernel.sets()).hasSize(8);
        assertThat(kernel.chains()).hasSize(1);
    }

    @Test
    void removesForeignElementsAndRules() throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        nft("add element inet sipward jail4 { 192.0.2.1 timeout 1d }; add element inet sipward allow4 { 192.0.2.2 }");
        nft("delete element inet sipward jail4 { 203.0.113.7 }; insert rule inet sipward guard accept");

        firewall.enforce(BANS, ALLOWED, NOW);

        assertHolds();
    }

    @Test
    void leavesOtherTablesAlone() throws IOException {
        nft("add table inet other; add table ip sipward; add set inet other jail4 { type ipv4_addr; }");

        firewall.enforce(BANS, ALLOWED, NOW);
        firewall.enforce(List.of(), List.of(), NOW);

        assertThat(kernel.tables()).containsExactlyInAnyOrder("inet other", "ip sipward", "inet sipward");
    }

    @Test
    void takesOverTheTableOfAnEarlierRun() throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        Nftables next = another();

        next.enforce(BANS, ALLOWED, NOW);
        assertThat(next.change(BANS, true, ALLOWED, NOW)).isEmpty();
        next.block(List.of(Bans.operator("198.51.0.0/16", DAY)), NOW);

        assertThat(kernel.set("jail4")).containsOnlyKeys("203.0.113.7");
        assertThat(kernel.set("net4")).containsOnlyKeys("198.51.0.0/16");
    }

    @Test
    void returnsTheBansInTheKernelToTheNextRun() throws IOException {
        List<Ban> held = new ArrayList<>();
        another().held(NOW, held::add);
        assertThat(held).isEmpty();
        firewall.enforce(BANS, ALLOWED, NOW);
        another().held(NOW, held::add);

        assertThat(held)
                .extracting(Ban::network)
                .containsExactlyInAnyOrder(
                        Bans.network("203.0.113.7"),
                        Bans.network("2001:db8:1:2::/64"),
                        Bans.network("198.51.100.0/24"));
        assertThat(held)
                .extracting(ban -> ban.origin().toString())
                .containsExactlyInAnyOrder("jail:kernel", "feed:kernel", "jail:kernel");
        assertThat(held).allMatch(ban -> ban.until().isAfter(NOW.plus(DAY.minusSeconds(60))) && ban.count() == 0);
    }

    @Test
    void keepsAnUnchangedTableAndItsCounters() throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        String before = namespace.run("nft", "-a", "-t", "list", "ruleset");

        firewall.enforce(List.of(), ALLOWED, NOW);

        assertThat(namespace.run("nft", "-a", "-t", "list", "ruleset")).isEqualTo(before);
        assertThat(kernel.set("jail4")).isEmpty();
    }

    @Test
    void changesNothingIfAScriptIsCutShort() throws IOException {
        firewall.enforce(BANS, ALLOWED, NOW);
        StringBuilder whole = new StringBuilder();
        try (StringWriter writer = new StringWriter()) {
            new Script(writer, NOW).contents(Map.of(KernelSet.JAIL4, elements(20), KernelSet.FEED4, elements(20)));
            whole.append(writer);
        }
        int open = whole.indexOf("{");

        for (int end :
                Stream.of(open + 1, whole.length() / 2, whole.length() - 2).toList()) {
            String cut = whole.substring(0, end);
            assertThatThrownBy(() -> nft(cut)).isInstanceOf(IOException.class);
        }

        assertHolds();
    }

    private static List<Element> elements(int count) {
        return Bans.many(count).stream().map(Element::of).toList();
    }
}

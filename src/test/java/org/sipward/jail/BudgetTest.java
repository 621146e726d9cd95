package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;

class BudgetTest {
    private static final int FINDTIME = 600;
    private static final int KB = 1024;

    private final Budget budget = new Budget(1_000 * KB);

    @Test
    void noNumberOfTablesAndNoRowSizeExceedsIt() {
        SplittableRandom random = new SplittableRandom(1);
        List<FailureTable> jails = new ArrayList<>();
        List<AddressTable> detectors = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            jails.add(new FailureTable(budget, 1 + i * i, FINDTIME));
            detectors.add(new AddressTable(budget, 10_000, 1 + i, FINDTIME));
        }

        for (int i = 0; i < 200_000; i++) {
            boolean proven = random.nextInt(4) == 0;
            IpAddress address = IpAddress.v4(random.nextInt(1_000_000));
            jails.get(random.nextInt(jails.size())).add(address, i / 500, 1, proven, 0, 0);
            detectors.get(random.nextInt(detectors.size())).touch(address, proven, i / 500);
            assertThat(budget.used()).isLessThanOrEqualTo(1_000 * KB);
        }

        jails.forEach(FailureTable::clear);
        detectors.forEach(AddressTable::clear);
        assertThat(budget.used()).isZero();
    }

    @Test
    void forgetsNoProvenAttackerForSpoofedSendersInAnyTable() {
        FailureTable jail = new FailureTable(budget, 5, FINDTIME);
        FailureTable other = new FailureTable(budget, 5, FINDTIME);
        for (int i = 0; i < 1_000; i++) {
            jail.add(IpAddress.v4(i), 0, 1, true, 0, 0);
        }

        for (int i = 0; i < 200_000; i++) {
            jail.add(IpAddress.v4(1_000_000 + i), 1, 1, false, 0, 0);
            other.add(IpAddress.v4(1_000_000 + i), 1, 1, false, 0, 0);
        }

        for (int i = 0; i < 1_000; i++) {
            assertThat(jail.count(jail.find(IpAddress.v4(i)))).isEqualTo(1);
        }
        assertThat(jail.find(IpAddress.v4(1_000_000))).isNegative();
        assertThat(jail.find(IpAddress.v4(1_199_999))).isNotNegative();
    }

    @Test
    void anAddressBecomesProvenByOneFailureThatProvesIt() {
        FailureTable jail = new FailureTable(budget, 5, FINDTIME);
        IpAddress attacker = IpAddress.v4(7);
        jail.add(attacker, 0, 1, false, 0, 0);
        jail.add(attacker, 0, 1, true, 0, 0);

        fill(jail, 100_000, 1);

        assertThat(jail.count(jail.find(attacker))).isEqualTo(2);
    }

    @Test
    void givesAProvenAttackerTheMemoryOfUnprovenAddressesInAnyTable() {
        FailureTable flooded = new FailureTable(budget, 5, FINDTIME);
        fill(flooded, 50_000, 0);
        int before = flooded.size();
        FailureTable jail = new FailureTable(budget, 5, FINDTIME);

        for (int i = 0; i < 5_000; i++) {
            assertThat(jail.add(IpAddress.v4(i), 1, 1, true, 0, 0)).isNotNegative();
        }

        assertThat(jail.size()).isEqualTo(5_000);
        assertThat(flooded.size()).isLessThan(before - 4_000);
    }

    @Test
    void leavesAJailItsShareHoweverFullAnotherJailsLogIs() {
        FailureTable flooded = new FailureTable(budget, 5, FINDTIME);
        fill(flooded, 50_000, 0);
        FailureTable jail = new FailureTable(budget, 5, FINDTIME);

        fill(jail, 50_000, 1);
        fill(flooded, 50_000, 2);

        assertThat(jail.size()).isBetween(flooded.size() / 2, flooded.size() * 2);
    }

    @Test
    void sharesMemoryFairlyIfAllAddressesAreProven() {
        FailureTable first = new FailureTable(budget, 5, FINDTIME);
        FailureTable second = new FailureTable(budget, 50, FINDTIME);
        for (int i = 0; i < 50_000; i++) {
            first.add(IpAddress.v4(i), 0, 1, true, 0, 0);
        }

        for (int i = 0; i < 50_000; i++) {
            assertThat(second.add(IpAddress.v4(i), 1, 1, true, 0, 0)).isNotNegative();
        }

        assertThat((long) second.size() * FailureTable.bytesEach(50)).isGreaterThan(400 * KB);
        assertThat(first.find(IpAddress.v4(49_999))).isNotNegative();
    }

    @Test
    void firstForgetsAddressesInAnyTableThatWereSilentForFindtime() {
        FailureTable silent = new FailureTable(budget, 5, FINDTIME);
        for (int i = 0; i < 50_000; i++) {
            silent.add(IpAddress.v4(i), 0, 1, true, 0, 0);
        }
        FailureTable jail = new FailureTable(budget, 5, FINDTIME);

        fill(jail, 10_000, FINDTIME + 1);

        assertThat(silent.size()).isZero();
        assertThat(jail.size()).isEqualTo(10_000);
    }

    @Test
    void trustComesFirst() {
        FailureTable jail = new FailureTable(budget, 5, FINDTIME);
        for (int i = 0; i < 50_000; i++) {
            jail.add(IpAddress.v4(i), 0, 1, true, 0, 0);
        }
        AddressTable trusted = new AddressTable(budget, 5_000, 2, AddressIndex.FOR_EVER);

        for (int i = 0; i < 5_000; i++) {
            trusted.touch(IpAddress.v4(i), true, 1);
        }
        fill(jail, 50_000, 2);

        assertThat(trusted.size()).isEqualTo(5_000);
        assertThat(budget.used()).isLessThanOrEqualTo(1_000 * KB);
    }

    @Test
    void movingATableToAnotherNeedsNoMemoryForBoth() {
        FailureTable old = new FailureTable(budget, 5, FINDTIME);
        for (int i = 0; i < 12_000; i++) {
            old.add(IpAddress.v4(i), 0, 1, i % 2 == 0, 0, 0);
        }
        int before = old.size();
        FailureTable fresh = new FailureTable(budget, 5, FINDTIME);

        old.drain((address, table, slot) -> fresh.add(address, table.time(slot, 0), 1, table.isProven(slot, 0), 0, 0));

        assertThat(before).isGreaterThan(10_000);
        assertThat(fresh.size()).isBetween(before - 500, before);
        assertThat(old.size()).isZero();
    }

    private static void fill(FailureTable table, int count, int second) {
        for (int i = 0; i < count; i++) {
            table.add(IpAddress.v4(10_000_000 + i), second, 1, false, 0, 0);
        }
    }
}

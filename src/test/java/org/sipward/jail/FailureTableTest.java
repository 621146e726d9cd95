package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;

class FailureTableTest {
    @Test
    void isFullWhenTheLastMaxretryFailuresLieWithinFindtime() {
        FailureTable table = new FailureTable(new Budget(), 3, 600);

        assertThat(table.isFull(table.add(IpAddress.v4(1), 0, 0))).isFalse();
        assertThat(table.isFull(table.add(IpAddress.v4(1), 500, 0))).isFalse();
        assertThat(table.isFull(table.add(IpAddress.v4(1), 601, 0))).isFalse();
        assertThat(table.isFull(table.add(IpAddress.v4(1), 1100, 0))).isTrue();
    }

    @Test
    void countsFailuresThatComeOutOfOrder() {
        FailureTable table = new FailureTable(new Budget(), 3, 10);

        table.add(IpAddress.v4(1), 100, 0);
        table.add(IpAddress.v4(1), 105, 1);
        int slot = table.add(IpAddress.v4(1), 95, 2);

        assertThat(table.isFull(slot)).isTrue();
        assertThat(List.of(table.time(slot, 0), table.time(slot, 1), table.time(slot, 2)))
                .containsExactly(95, 100, 105);
        assertThat(table.pattern(slot, 0)).isEqualTo(2);
    }

    @Test
    void agreesWithAPlainMapUnderRandomUse() {
        SplittableRandom random = new SplittableRandom(42);
        int maxretry = 4;
        FailureTable table = new FailureTable(new Budget(), maxretry, Integer.MAX_VALUE);
        Map<IpAddress, List<Integer>> plain = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            // Half of them are IPv6 addresses, of which the table ignores the lower half.
            IpAddress address =
                    random.nextBoolean() ? IpAddress.v4(random.nextInt(2000)) : new IpAddress(random.nextInt(2000), 0);
            if (random.nextInt(10) == 0) {
                table.remove(address);
                plain.remove(address);
            } else {
                int slot = table.add(address, i, i % 100);
                List<Integer> times = plain.computeIfAbsent(address, any -> new ArrayList<>());
                times.add(i);
                if (times.size() > maxretry) {
                    times.remove(0);
                }
                assertThat(table.count(slot)).isEqualTo(times.size());
            }
        }

        assertThat(table.size()).isEqualTo(plain.size());
        plain.forEach((address, times) -> {
            int slot = table.find(address);
            for (int i = 0; i < times.size(); i++) {
                assertThat(table.time(slot, i)).isEqualTo(times.get(i));
                assertThat(table.pattern(slot, i)).isEqualTo(times.get(i) % 100);
            }
        });
    }

    @Test
    void givesTheSlotOfAnAddressThatWasSilentForFindtimeToANewAddress() {
        FailureTable table = new FailureTable(new Budget(), 2, 10);
        table.add(IpAddress.v4(1), 100, 5);
        table.add(IpAddress.v4(2), 105, 6);

        int slot = table.add(IpAddress.v4(3), 111, 7);

        assertThat(table.find(IpAddress.v4(1))).isEqualTo(-1);
        assertThat(table.count(slot)).isEqualTo(1);
        assertThat(table.pattern(slot, 0)).isEqualTo(7);
        assertThat(table.pattern(table.find(IpAddress.v4(2)), 0)).isEqualTo(6);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void forgetsTheAddressSilentForLongestWhenFull() {
        FailureTable table = new FailureTable(new Budget(), 5, 1_000_000_000);
        for (int i = 0; i < FailureTable.MAX_TRACKED; i++) {
            table.add(IpAddress.v4(i), 1, 0);
        }
        table.add(IpAddress.v4(0), 2, 0);

        table.add(IpAddress.v4(-1), 3, 0);

        assertThat(table.size()).isEqualTo(FailureTable.MAX_TRACKED);
        assertThat(table.find(IpAddress.v4(0))).isNotNegative();
        assertThat(table.find(IpAddress.v4(1))).isNegative();
        assertThat(table.find(IpAddress.v4(-1))).isNotNegative();
    }

    @Test
    void countsAnUnprovenAddressHoweverManyProvenOnesThereAre() {
        FailureTable table = new FailureTable(new Budget(), 5, 600);
        for (int i = 0; i < FailureTable.MAX_TRACKED; i++) {
            table.add(IpAddress.v4(i), 1, 0, true, 0, 0);
        }
        IpAddress attacker = IpAddress.v4(-1);

        for (int i = 0; i < 5; i++) {
            table.add(attacker, 2, 0, false, 0, 0);
            for (int n = 0; n < 1_000; n++) {
                table.add(IpAddress.v4(1_000_000 + 1_000 * i + n), 2, 0, true, 0, 0);
            }
        }

        assertThat(table.isFull(table.find(attacker))).isTrue();
        assertThat(table.size()).isEqualTo(FailureTable.MAX_TRACKED);
    }

    @Test
    void givesUnprovenAddressesNoMoreThanTheirShareOfATableOfProvenOnes() {
        FailureTable table = new FailureTable(new Budget(), 5, 600);
        for (int i = 0; i < FailureTable.MAX_TRACKED; i++) {
            table.add(IpAddress.v4(i), 1, 0, true, 0, 0);
        }

        for (int i = 0; i < 2 * FailureTable.MAX_TRACKED; i++) {
            table.add(IpAddress.v4(1_000_000 + i), 2, 0, false, 0, 0);
        }

        assertThat(table.find(IpAddress.v4(FailureTable.MAX_TRACKED / 8 + 1))).isNotNegative();
    }

    @Test
    void doesNotGrowWhileOldAddressesAreSilentForFindtime() {
        FailureTable table = new FailureTable(new Budget(), 5, 600);

        for (int i = 0; i < 1_000_000; i++) {
            table.add(IpAddress.v4(i), i, 0);
        }

        assertThat(table.size()).isLessThan(1_000);
    }

    @Test
    void costsAtMost80BytesAnAddressWithTheDefaults() {
        assertThat(FailureTable.bytesEach(5)).isLessThanOrEqualTo(80);
    }
}

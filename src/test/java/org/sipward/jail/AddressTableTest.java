package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.net.IpAddress;

class AddressTableTest {
    @Test
    void forgetsTheAddressTouchedLongestAgo() {
        AddressTable table = new AddressTable(new Budget(), 3, 1, 600);
        for (int i = 1; i <= 3; i++) {
            table.touch(IpAddress.v4(i), true, 0);
        }
        table.touch(IpAddress.v4(1), true, 0);

        table.touch(IpAddress.v4(4), true, 0);

        assertThat(table.find(IpAddress.v4(2))).isEqualTo(AddressTable.NONE);
        assertThat(table.find(IpAddress.v4(1))).isNotEqualTo(AddressTable.NONE);
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void forgetsNoProvenAddressForAnUnprovenOne() {
        AddressTable table = new AddressTable(new Budget(), 1, 1, 600);
        table.touch(IpAddress.v4(1), true, 0);

        assertThat(table.touch(IpAddress.v4(2), false, 0)).isEqualTo(AddressTable.NONE);
        assertThat(table.find(IpAddress.v4(1))).isNotEqualTo(AddressTable.NONE);
    }

    @Test
    void agreesWithAMapUnderRandomUse() {
        AddressTable table = new AddressTable(new Budget(), 1_000, 2, 600);
        Map<Integer, Long> model = new HashMap<>();
        Random random = new Random(7);

        for (int i = 0; i < 50_000; i++) {
            int key = random.nextInt(900);
            if (random.nextInt(4) == 0) {
                table.remove(IpAddress.v4(key));
                model.remove(key);
            } else {
                int slot = table.touch(IpAddress.v4(key), true, 0);
                assertThat(table.get(slot, 1)).isEqualTo(model.getOrDefault(key, 0L));
                table.set(slot, 1, i);
                model.put(key, (long) i);
            }
        }

        assertThat(table.size()).isEqualTo(model.size());
    }

    @ParameterizedTest
    @CsvSource({"10600, 10601", "9400, 9399"})
    void countsAnewOnceTheWindowIsOverOrTheClockWasSetBackByMoreThanThat(long within, long over) {
        AddressTable table = new AddressTable(new Budget(), 10, 2, 600);
        IpAddress address = IpAddress.v4(1);
        table.set(table.touch(address, true, 10_000, 600), 1, 7);

        assertThat(table.get(table.touch(address, true, within, 600), 1)).isEqualTo(7);
        int slot = table.touch(address, true, over, 600);
        assertThat(table.get(slot, 1)).isZero();
        assertThat(table.get(slot, AddressTable.START)).isEqualTo(over);
    }

    @Test
    void inheritsTheContentAndTheHashOfAnotherTable() {
        Budget budget = new Budget();
        AddressTable table = new AddressTable(budget, 10, 1, 600);
        AddressTable other = new AddressTable(budget, 10, 1, 600);
        table.touch(IpAddress.v4(1), true, 0);
        other.set(other.touch(IpAddress.v4(2), true, 0), 0, other.hash().of("100"));

        table.inherit(other);

        assertThat(table.find(IpAddress.v4(1))).isEqualTo(AddressTable.NONE);
        assertThat(table.get(table.find(IpAddress.v4(2)), 0))
                .isEqualTo(table.hash().of("100"));
        assertThat(other.size()).isZero();
        assertThat(other.hash()).isNotSameAs(table.hash());
    }
}

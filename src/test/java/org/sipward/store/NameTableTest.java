package org.sipward.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipward.store.Samples.network;
import static org.sipward.store.Samples.open;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.HostNames;
import org.sipward.net.IpAddress;

class NameTableTest {
    private static final IpAddress V4 = network("203.0.113.7").address();
    private static final IpAddress V6 = network("2001:db8::7").address();

    @TempDir
    Path folder;

    @Test
    void keepsTheAddressesOfNamesOverARestart() throws IOException {
        try (HsqlStore store = open(folder)) {
            store.saveName("a.example.net", List.of(V4));
            store.saveName("a.example.net", List.of(V4, V6));
            store.saveName("b.example.net", List.of(V6));
            store.saveName("c.example.net", List.of(V6));
            store.forgetNames(List.of("b.example.net", "never.example.net"));
        }
        try (HsqlStore store = open(folder)) {
            assertThat(store.names())
                    .containsOnlyKeys("a.example.net", "c.example.net")
                    .containsEntry("a.example.net", List.of(V4, V6));
        }
    }

    @Test
    void storesTheLongestNameWithTheMostAddresses() throws IOException {
        String name = "a".repeat(253);
        List<IpAddress> addresses = Collections.nCopies(HostNames.MAX_ADDRESSES, V6);
        try (HsqlStore store = open(folder)) {
            store.saveName(name, addresses);

            assertThat(store.names()).containsEntry(name, addresses);
            assertThatThrownBy(() -> store.saveName("b", Collections.nCopies(HostNames.MAX_ADDRESSES + 1, V6)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}

package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetListingTest {
    private static List<String> read(String json) throws IOException {
        List<String> networks = new ArrayList<>();
        SetListing.read(
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                network -> networks.add(network.toString()));
        return networks;
    }

    @Test
    void readsElementsWithAndWithoutTimeout() throws IOException {
        assertThat(read("""
                {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
                 {"set": {"family": "inet", "name": "net4", "table": "sipward", "type": "ipv4_addr", "handle": 6,
                  "flags": ["interval", "timeout"], "elem": [
                   {"elem": {"val": "192.0.2.1", "timeout": 3600, "expires": 3599}},
                   "192.0.2.2",
                   {"prefix": {"addr": "198.51.100.0", "len": 24}},
                   {"elem": {"val": {"prefix": {"addr": "2001:db8::", "len": 48}}, "timeout": 9, "expires": 8}},
                   {"range": ["203.0.113.1", "203.0.113.9"]}]}}]}
                """)).containsExactly("192.0.2.1", "192.0.2.2", "198.51.100.0/24", "2001:db8::/48");
    }

    @Test
    void readsNothingOutOfNothing() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("{\"nftables\": [{\"set\": {\"name\": \"jail4\"}}]}")).isEmpty();
    }

    @Test
    void refusesWhatIsCutShort() {
        assertThatThrownBy(() -> read("{\"nftables\": [{\"set\": {\"elem\": [\"192.0.2.1\", \"192.0"))
                .isInstanceOf(IOException.class);
    }
}

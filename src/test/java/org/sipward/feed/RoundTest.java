package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipward.apiban.PageAnswer;
import org.sipward.apiban.PageId;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class RoundTest {
    @Test
    void doesNotBelieveAListThatDoesNotEndAfterAThousandPages() {
        Round round = new Round(Round.Kind.FIRST, PageId.START, 0, 0);
        for (int i = 1; i <= Round.MAX_PAGES; i++) {
            PageAnswer.Page page = page(1000 + i);
            assertThat(round.doubt(page, networks(1), List::of)).isEmpty();
            round.advance(page, networks(1));
        }

        assertThat(round.doubt(page(9999), networks(1), List::of).orElseThrow()).contains("does not end after 1000");
    }

    @Test
    void doesNotTakeMoreThanTheLongestListEvenByForce() {
        Round round = new Round(Round.Kind.FORCED, PageId.START, 3000, 3000);
        Set<Network> full = networks(Round.MAX_LISTED);

        assertThat(round.doubt(page(1000), full, List::of)).isEmpty();
        round.advance(page(1000), full);
        assertThat(round.doubt(page(1001), Set.of(Network.parse("9.9.9.9").orElseThrow()), List::of)
                        .orElseThrow())
                .contains("holds more than 200000 networks");
    }

    @Test
    void countsARepeatedNetworkOnce() {
        Round round = new Round(Round.Kind.AGAIN, PageId.START, 10, 10);
        Set<Network> thousand = networks(Round.SMALL);

        round.advance(page(1000), thousand);

        assertThat(round.doubt(page(1001), thousand, List::of)).isEmpty();
    }

    private static PageAnswer.Page page(int id) {
        return new PageAnswer.Page(List.of(), Optional.of(Integer.toString(id)));
    }

    private static Set<Network> networks(int count) {
        Set<Network> networks = new HashSet<>();
        for (int i = 0; i < count; i++) {
            networks.add(Network.host(IpAddress.v4(0x0b000000 + i)));
        }
        return networks;
    }
}

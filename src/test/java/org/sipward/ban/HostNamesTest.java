package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class HostNamesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FakeStore store = new FakeStore();
    private final Map<String, List<IpAddress>> zone = new ConcurrentHashMap<>();
    private final CountDownLatch answers = new CountDownLatch(1);
    private final List<HostNames> made = new ArrayList<>();

    @AfterEach
    void close() {
        answers.countDown();
        made.forEach(HostNames::close);
    }

    @Test
    void hasTheAddressesOfANameWhenTheDnsHasAnswered() throws InterruptedException {
        zone.put("trunk.example.net", addresses("203.0.113.7", "2001:db8::7"));
        CountDownLatch changed = new CountDownLatch(1);
        HostNames names = names();
        names.onChange(changed::countDown);

        assertThat(names.networks("Trunk.example.net.")).isEmpty();
        assertThat(names.trouble()).singleElement().asString().contains("trunk.example.net is being looked up");
        answers.countDown();
        assertThat(names.await(PATIENCE)).isTrue();

        assertThat(changed.getCount()).isZero();
        assertThat(names.networks("trunk.example.net")).containsExactly(network("203.0.113.7"), network("2001:db8::7"));
        assertThat(names.trouble()).isEmpty();
        assertThat(store.names).containsEntry("trunk.example.net", addresses("203.0.113.7", "2001:db8::7"));
    }

    @Test
    void usesTheStoredAddressesUntilTheDnsAnswers() throws InterruptedException {
        store.names.put("trunk.example.net", addresses("203.0.113.7"));
        HostNames names = names();

        assertThat(names.networks("trunk.example.net")).containsExactly(network("203.0.113.7"));

        answers.countDown();
        names.await(PATIENCE);
        assertThat(names.networks("trunk.example.net")).containsExactly(network("203.0.113.7"));
        assertThat(names.trouble())
                .singleElement()
                .asString()
                .contains("trunk.example.net cannot be looked up (Name or service not known)")
                .contains("of the last answer stay allowed: 203.0.113.7");
    }

    @Test
    void looksUpANameWhileAnotherOneHangs() throws InterruptedException {
        zone.put("good.example.net", addresses("203.0.113.7"));
        CountDownLatch changed = new CountDownLatch(1);
        HostNames names = names(name -> {
            if (name.startsWith("hang")) {
                hang();
            }
            return zone.getOrDefault(name, List.of());
        });
        names.onChange(changed::countDown);

        for (int i = 1; i < HostNames.THREADS; i++) {
            names.networks("hang" + i + ".example.net");
        }
        names.networks("good.example.net");
        changed.await();

        assertThat(names.networks("good.example.net")).containsExactly(network("203.0.113.7"));
    }

    @Test
    void hasFewThreadsEvenIfManyNamesHang() {
        Set<Thread> hanging = ConcurrentHashMap.newKeySet();
        CountDownLatch started = new CountDownLatch(HostNames.THREADS);
        HostNames names = names(name -> {
            hanging.add(Thread.currentThread());
            started.countDown();
            hang();
            return List.of();
        });

        List<String> many = IntStream.rangeClosed(0, HostNames.MAX_NAMES)
                .mapToObj(i -> "hang" + i + ".example.net")
                .toList();
        many.forEach(names::networks);
        names.keepOnly(many);
        names.lookUp();
        awaitQuietly(started);

        assertThat(hanging).hasSize(HostNames.THREADS);
        assertThat(names.trouble())
                .hasSizeLessThan(15)
                .anyMatch(what -> what.contains("more than 1000 host names: the rest are not looked up"));
    }

    @Test
    void takesOnlyAFewPossibleSourcesFromAHostileAnswer() throws InterruptedException {
        answers.countDown();
        zone.put(
                "sink.example.net",
                addresses("0.0.0.0", "127.0.0.1", "::", "::1", "224.0.0.1", "255.255.255.255", "ff02::1"));
        zone.put(
                "many.example.net",
                IntStream.range(0, 1_000)
                        .mapToObj(i -> IpAddress.v4(0xcb007100 + i))
                        .toList());
        zone.put("inside.example.net", addresses("10.0.0.7"));
        HostNames names = names();
        zone.keySet().forEach(names::networks);
        names.await(PATIENCE);

        assertThat(names.networks("sink.example.net")).isEmpty();
        assertThat(names.networks("many.example.net")).hasSize(HostNames.MAX_ADDRESSES);
        assertThat(names.networks("inside.example.net")).containsExactly(network("10.0.0.7"));
        assertThat(names.trouble())
                .anyMatch(what ->
                        what.contains("sink.example.net cannot be looked up (no address in the answer: 0.0.0.0"))
                .anyMatch(what -> what.contains("many.example.net has more than 64 addresses, 936 are not allowed"))
                .hasSize(2);
    }

    @Test
    void asksAgainForNamesThatFailed() throws InterruptedException {
        answers.countDown();
        HostNames names = names();
        names.networks("trunk.example.net");
        names.await(PATIENCE);
        zone.put("trunk.example.net", addresses("203.0.113.7"));

        names.retry();
        names.await(PATIENCE);

        assertThat(names.networks("trunk.example.net")).containsExactly(network("203.0.113.7"));
        assertThat(names.trouble()).isEmpty();
    }

    @Test
    void forgetsANameThatIsNoLongerConfigured() throws InterruptedException {
        answers.countDown();
        zone.put("a.example.net", addresses("203.0.113.7"));
        zone.put("b.example.net", addresses("203.0.113.8"));
        HostNames names = names();
        zone.keySet().forEach(names::networks);
        names.await(PATIENCE);
        zone.clear();

        names.keepOnly(List.of("a.example.net"));

        assertThat(store.names).containsOnlyKeys("a.example.net");
        assertThat(names.networks("a.example.net")).containsExactly(network("203.0.113.7"));
        assertThat(names.networks("b.example.net")).isEmpty();
    }

    @Test
    void storesAddressesLaterThatTheStoreRefused() throws InterruptedException {
        answers.countDown();
        zone.put("trunk.example.net", addresses("203.0.113.7"));
        store.failing = true;
        HostNames names = names();
        names.networks("trunk.example.net");
        names.await(PATIENCE);
        assertThat(names.networks("trunk.example.net")).isNotEmpty();
        store.failing = false;

        names.lookUp();
        names.await(PATIENCE);

        assertThat(store.names).containsOnlyKeys("trunk.example.net");
    }

    private HostNames names() {
        return names(name -> {
            hang();
            List<IpAddress> found = zone.get(name);
            if (found == null) {
                throw new UnknownHostException(name + ": Name or service not known");
            }
            return found;
        });
    }

    private HostNames names(HostNames.Resolver resolver) {
        HostNames names = new HostNames(store, resolver);
        made.add(names);
        return names;
    }

    private void hang() {
        awaitQuietly(answers);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<IpAddress> addresses(String... texts) {
        return Arrays.stream(texts)
                .map(text -> IpAddress.parse(text).orElseThrow())
                .toList();
    }

    private static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }
}

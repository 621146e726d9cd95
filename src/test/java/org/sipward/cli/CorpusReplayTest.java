package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.Corpus;
import org.sipward.ban.Allowlist;
import org.sipward.ban.BanTime;
import org.sipward.config.FilterReader;
import org.sipward.filter.Filter;
import org.sipward.jail.Detection;
import org.sipward.jail.Jail;
import org.sipward.jail.Limits;
import org.sipward.jail.Trust;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.source.LineSplitter;
import org.sipward.source.file.LogFile;

/** Judges the corpus with the shipped filters and the default limits, and everything noticed that is by default. */
class CorpusReplayTest {
    private final Map<String, Filter> filters = new HashMap<>();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"t_", "a_", "b_", "s_", "m_", "i_"})
    void bansTheAttackersAndNobodyElse(String kind) throws Exception {
        List<String> wrong = new ArrayList<>();
        int files = 0;
        int attackers = 0;
        int innocents = 0;
        try (Corpus corpus = Corpus.open()) {
            for (Corpus.Verdict verdict : corpus.verdicts()) {
                if (!verdict.scenario().startsWith(kind)) {
                    continue;
                }
                files++;
                attackers += verdict.mustBan().size();
                innocents += verdict.mustNotBan().size();
                Set<Network> banned = banned(verdict, corpus.bytes(verdict.file()));
                verdict.mustBan().stream()
                        .filter(address -> !holds(banned, address))
                        .forEach(address -> wrong.add(verdict.file() + " lets off " + address));
                verdict.mustNotBan().stream()
                        .filter(address -> holds(banned, address))
                        .forEach(address -> wrong.add(verdict.file() + " bans the innocent " + address));
            }
        }

        System.out.printf("corpus %s: %d files, %d attackers, %d innocents%n", kind, files, attackers, innocents);
        assertThat(files).isGreaterThan(50);
        assertThat(wrong).isEmpty();
    }

    @Test
    void knowsTheFilterOfEveryServer() throws Exception {
        try (Corpus corpus = Corpus.open()) {
            Set<String> names = new TreeSet<>();
            corpus.verdicts().forEach(verdict -> names.add(verdict.filter()));

            assertThat(names).containsExactly("asterisk", "freeswitch", "kamailio", "opensips");
        }
    }

    private Set<Network> banned(Corpus.Verdict verdict, byte[] bytes) throws Exception {
        Set<Network> banned = new TreeSet<>();
        // Most of the corpus' phones have private addresses, which must not be what saves them.
        Allowlist nobody = new Allowlist(List.of(), true);
        Replay replay = new Replay(
                List.of(jail(verdict.filter())),
                nobody,
                outcome -> outcome.ban().ifPresent(ban -> banned.add(ban.network())));
        Path log = Files.write(folder.resolve("log"), bytes);
        try (LogFile file = LogFile.open(log, new LineSplitter())) {
            boolean more = true;
            while (more) {
                more = file.poll(line -> replay.judge(log, line));
            }
        }
        replay.end();
        return banned;
    }

    private Jail jail(String name) throws Exception {
        if (!filters.containsKey(name)) {
            filters.put(name, new FilterReader(Path.of("none"), List.of(Path.of("filters"))).read(name));
        }
        BanTime day = new BanTime(Duration.ofDays(1), false, Duration.ofDays(1));
        Limits.Lenience lenience = new Limits.Lenience(Duration.ofDays(1), 50, 3, Duration.ofMinutes(10));
        Limits limits = new Limits(5, Duration.ofMinutes(10), day, Duration.ofHours(1), Optional.of(lenience));
        Trust trust = new Trust();
        Jail jail = new Jail(name, filters.get(name), ZoneOffset.UTC, limits, trust);
        jail.detect(shippedDetection(trust));
        return jail;
    }

    private static Detection shippedDetection(Trust trust) {
        Detection detection = new Detection(network -> false, trust.budget());
        detection.enumeration(10, Duration.ofHours(1));
        detection.slowGuessing(20, Duration.ofDays(7));
        detection.tollFraud(3, Duration.ofMinutes(10));
        detection.attackTools(List.of("friendly-scanner", "sipvicious", "sipcli", "sundayddr", "pplsip"));
        return detection;
    }

    private static boolean holds(Set<Network> banned, String address) {
        IpAddress parsed = IpAddress.parse(address).orElseThrow();
        return banned.stream().anyMatch(network -> network.contains(parsed));
    }
}

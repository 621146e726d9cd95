package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Allowlist;
import org.sipward.ban.BanTime;
import org.sipward.config.FilterReader;
import org.sipward.filter.Filter;
import org.sipward.jail.Jail;
import org.sipward.source.Line;

class ReplayTest {
    private static final String DAY = "[2026-11-30 10:%02d:10] NOTICE[1638] ";
    private static final String PEER = "chan_iax2.c: No registration for peer 'x' (from 203.0.113.9)";
    private static final String FAILED =
            "chan_sip.c: Registration from '<sip:1@x>' failed for '203.0.113.7:5060' - Wrong password";

    @Test
    void releasesWhatWaitsByTheTimeOfTheLog() throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(DAY.formatted(0) + PEER);
        for (int minute = 1; minute <= 6; minute++) {
            lines.add(DAY.formatted(minute) + FAILED);
        }
        lines.add("server asterisk[123]: [Nov 30 10:06:14] NOTICE[566]: chan_sip.c:28926 handle_request_register: "
                + "Registration from '<sip:1@x>' failed for '203.0.113.8' (from 203.0.113.8)");

        assertThat(banned(lines)).containsExactly("203.0.113.7");
        assertThat(banned(lines.subList(0, 7))).containsExactly("203.0.113.7");
    }

    @Test
    void releasesNothingThatCameAtOnceWithWhatShowsAForgery() throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(DAY.formatted(0) + PEER);
        for (int i = 1; i <= 6; i++) {
            lines.add(DAY.formatted(0) + FAILED);
        }
        lines.add("x' (from 203.0.113.8)");

        assertThat(banned(lines)).isEmpty();
    }

    private static List<String> banned(List<String> lines) throws Exception {
        Filter filter = new FilterReader(Path.of("none"), List.of(Path.of("filters"))).read("asterisk");
        BanTime day = new BanTime(Duration.ofDays(1), false, Duration.ofDays(1));
        Jail jail = new Jail("asterisk", filter, ZoneOffset.UTC, 5, Duration.ofMinutes(10), day);
        List<String> banned = new ArrayList<>();
        Replay replay = new Replay(
                List.of(jail),
                new Allowlist(List.of(), true),
                outcome ->
                        outcome.ban().ifPresent(ban -> banned.add(ban.network().toString())));
        long written = Instant.parse("2026-12-01T00:00:00Z").toEpochMilli();
        lines.forEach(line -> replay.judge(Path.of("log"), Line.of(line, written, false)));
        replay.end();
        return banned;
    }
}

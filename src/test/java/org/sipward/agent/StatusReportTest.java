package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipward.ban.Ban;
import org.sipward.ban.Difference;
import org.sipward.ban.Origin;
import org.sipward.config.Config.FeedConfig;
import org.sipward.net.Network;
import org.sipward.status.AgentStatus;
import org.sipward.status.JailStatus;

@Timeout(60)
class StatusReportTest extends AgentFixture {
    private StatusReport report;

    @BeforeEach
    void open() {
        report = new StatusReport(bans, firewall, logs, feeds, trust, List.of(tasks), clock);
    }

    @Test
    void tellsWhatIsReadCountedAndBanned() throws Exception {
        read(folder.jailOf("test", "messages"));
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1", "failed 45.10.0.2", "logged in 45.10.0.3");
        drain();
        clock.move(Duration.ofMinutes(1));

        AgentStatus status = report.now();

        assertThat(status.trouble()).isEmpty();
        assertThat(status.isWell()).isTrue();
        assertThat(status.since()).isEqualTo(START);
        assertThat(status.uptime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(status.firewall()).isEqualTo("idle");
        assertThat(status.bans()).isEqualTo(1);
        assertThat(status.enforced()).hasValue(1);
        assertThat(status.origins()).isEqualTo(Map.of("jail:test", 1));
        assertThat(status.trusted()).isEqualTo(1);
        assertThat(status.jails()).containsExactly(new JailStatus("test", 3, 0, 1));
        assertThat(status.logs()).singleElement().satisfies(log -> {
            assertThat(log.name()).isEqualTo("" + folder.at("messages"));
            assertThat(log.jails()).containsExactly("test");
            assertThat(log.lines()).isEqualTo(4);
            assertThat(log.state().words()).isEqualTo("following");
        });
        assertThat(status.feeds()).isEmpty();
    }

    @Test
    void isContentWhenOneOfTheLogsIsThereAndNotWhenNoneIs() throws Exception {
        String jails = folder.jailOf("test", "messages") + folder.jailOf("other", "other");
        read(jails);
        assertThat(report.now().trouble()).containsExactly("none of the logs is there");

        folder.log("messages", "failed 45.10.0.1");
        drain();

        assertThat(report.now().trouble()).isEmpty();
    }

    @Test
    void namesALogThatCannotBeRead() throws Exception {
        Files.write(folder.at("messages"), new byte[] {0x1f, (byte) 0x8b, 8, 0});

        read(folder.jailOf("test", "messages"));

        AgentStatus status = report.now();
        assertThat(status.logs().get(0).isFailing()).isTrue();
        assertThat(status.trouble())
                .singleElement()
                .asString()
                .startsWith(folder.at("messages") + ": ")
                .endsWith(status.logs().get(0).trouble());
    }

    @Test
    void namesABanThatTheKernelLacks() throws Exception {
        bans.impose(List.of(ban("45.10.0.1"), ban("45.10.0.2")));
        firewall.difference = new Difference(List.of(ban("45.10.0.1")), List.of("the set jail4 is missing"));

        AgentStatus status = report.now();

        assertThat(status.bans()).isEqualTo(2);
        assertThat(status.enforced()).hasValue(1);
        assertThat(status.trouble())
                .containsExactly(
                        "1 ban not in the kernel yet, such as 45.10.0.1; will retry",
                        "firewall: the set jail4 is missing");
    }

    @Test
    void answersInTimeThoughTheFirewallHangs() throws Exception {
        firewall.hang();

        AgentStatus status = report.now();

        assertThat(status.enforced()).isEmpty();
        assertThat(status.trouble())
                .containsExactly("it is not known what the kernel holds: the firewall or the store does not answer");
    }

    @Test
    void tellsWhatAFeedLacks() throws Exception {
        feeds.configure(List.of(new FeedConfig(
                "apiban", "http://127.0.0.1:1/", folder.at("key"), "sip", Duration.ofMinutes(4), Duration.ofDays(7))));
        while (report.now().isWell()) {
            Thread.onSpinWait();
        }

        assertThat(report.now().trouble())
                .containsExactly("feed apiban: failing: key file is missing: " + folder.at("key"));
    }

    @Test
    void tellsWhichTaskFails() throws Exception {
        tasks.every(Duration.ofMillis(1), "counting", () -> {
            throw new IOException("no fingers");
        });
        while (report.now().isWell()) {
            Thread.onSpinWait();
        }

        assertThat(report.now().trouble())
                .containsExactly("counting failed; will retry: java.io.IOException: no fingers");
    }

    private static Ban ban(String address) {
        return new Ban(
                Network.parse(address).orElseThrow(), Origin.OPERATOR, START, START.plusSeconds(3600), 1, "by command");
    }
}

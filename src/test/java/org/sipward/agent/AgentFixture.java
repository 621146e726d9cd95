package org.sipward.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Allowlist;
import org.sipward.ban.BanList;
import org.sipward.ban.FakeStore;
import org.sipward.jail.Trust;
import org.sipward.testing.MovableClock;

/** The parts of an agent on a folder, with a clock that the test moves; {@value #ALLOWED} is allowed. */
abstract class AgentFixture {
    static final Instant START = Instant.parse(ConfigFolder.STAMP);
    static final String ALLOWED = "45.91.9.9";

    @TempDir
    Path path;

    final MovableClock clock = new MovableClock(START);
    final FakeStore store = new FakeStore();
    final MemoryCursors cursors = new MemoryCursors();
    final Trust trust = new Trust();
    final Spared spared = new Spared(clock);
    final IdleFirewall firewall = new IdleFirewall();
    ConfigFolder folder;
    BanList bans;
    Logs logs;
    Tasks tasks;
    Feeds feeds;

    @BeforeEach
    final void openParts() throws IOException {
        folder = new ConfigFolder(path);
        Allowlist allowlist = new Allowlist(List.of(ALLOWED), false);
        allowlist.refresh();
        bans = new BanList(
                allowlist,
                store,
                firewall,
                clock,
                () -> clock.millis() * 1_000_000,
                address -> trust.at(address, clock.instant()));
        bans.open();
        logs = new Logs(bans, cursors, trust, clock);
        tasks = new Tasks(2, "test");
        feeds = new Feeds(bans, spared, cursors, tasks, new SpareMemory(tasks), clock);
    }

    @AfterEach
    final void closeParts() throws IOException {
        firewall.answer();
        feeds.close();
        tasks.close();
        logs.close();
    }

    /** Has the jails of this configuration read everything that their sources have now. */
    void read(String jails) throws Exception {
        logs.begin(folder.config("jails:\n" + jails).jails());
        drain();
    }

    void drain() {
        logs.reading().forEach(pipeline -> {
            while (pipeline.drain()) {}
        });
    }

    List<String> banned() {
        return bans.bans().stream().map(ban -> ban.network().toString()).toList();
    }
}

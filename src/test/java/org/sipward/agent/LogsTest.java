package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipward.jail.Jail;

@Timeout(60)
class LogsTest extends AgentFixture {
    @Test
    void readsALogThatAppearsLaterFromItsFirstLine() throws Exception {
        read(folder.jailOf("test", "messages"));
        assertThat(logs.reading().get(0).status().isNotThere()).isTrue();
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1");

        drain();

        assertThat(banned()).containsExactly("45.10.0.1");
        assertThat(logs.reading().get(0).status().isNotThere()).isFalse();
    }

    @Test
    void keepsWhatAJailHasCountedWhenTheConfigurationChanges() throws Exception {
        read(folder.jailOf("test", "messages"));
        folder.log("messages", "failed 45.10.0.1");
        drain();

        read(folder.jailOf("test", "messages") + folder.jailOf("other", "other"));
        folder.log("messages", "failed 45.10.0.1");
        drain();

        assertThat(logs.jails()).extracting(Jail::name).containsExactly("test", "other");
        assertThat(banned()).containsExactly("45.10.0.1");
    }

    @Test
    void readsALogToItsEndBeforeItLeavesIt() throws Exception {
        read(folder.jailOf("test", "messages"));
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1");

        read(folder.jailOf("test", "other"));

        assertThat(banned()).containsExactly("45.10.0.1");
        assertThat(logs.reading()).extracting(Pipeline::name).containsExactly("" + folder.at("other"));
        assertThat(cursors.cursors()).containsExactly("" + folder.at("messages"));
    }

    @Test
    void goesOnWhereItsCursorIsAfterARestart() throws Exception {
        read(folder.jailOf("test", "messages"));
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1");
        drain();
        logs.reading().forEach(Pipeline::saveCursor);
        logs.close();
        bans.unban(any -> true);
        folder.log("messages", "failed 45.10.0.2", "failed 45.10.0.2");

        logs = new Logs(bans, cursors, trust, clock);
        read(folder.jailOf("test", "messages"));

        assertThat(banned()).containsExactly("45.10.0.2");
    }

    @Test
    void startsAtTheEndOfALogAndSaysSoWhenTheStoreFails() throws Exception {
        folder.log("messages", "failed 45.10.0.1");
        cursors.failing = true;
        try (LogRecorder said = new LogRecorder(Logs.class)) {
            read(folder.jailOf("test", "messages"));

            assertThat(said.with("could not load how far")).hasSize(1);
        }
        folder.log("messages", "failed 45.10.0.2", "failed 45.10.0.2");
        drain();

        assertThat(banned()).containsExactly("45.10.0.2");
    }

    @Test
    void readsUntilItIsStoppedAndThenSavesItsPlace() throws Exception {
        read(folder.jailOf("test", "messages"));
        Thread reader = start();
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1");
        while (banned().isEmpty()) {
            Thread.onSpinWait();
        }

        logs.stop();
        reader.join();

        assertThat(cursors.cursors()).containsExactly("" + folder.at("messages"));
    }

    @Test
    void hasAppliedAChangeOfJailsWhenItReturns() throws Exception {
        Thread reader = start();

        logs.configure(
                folder.config("jails:\n" + folder.jailOf("test", "messages")).jails());

        assertThat(logs.jails()).hasSize(1);
        assertThat(logs.reading()).hasSize(1);
        logs.stop();
        reader.join();
    }

    @Test
    void forgetsTheCursorsOfDatedLogsThatWereDeleted() throws Exception {
        folder.log("sip-2026-11-21.log", "failed 45.10.0.1");
        folder.log("sip-2026-11-22.log", "failed 45.10.0.1");
        String jails = folder.jailOf("test", "sip-*.log");
        read(jails);
        logs.reading().forEach(Pipeline::saveCursor);
        assertThat(cursors.cursors()).hasSize(2);
        Files.delete(folder.at("sip-2026-11-21.log"));
        Thread reader = start();

        forgetOldCursors(jails);
        assertThat(cursors.cursors()).hasSize(2);
        clock.move(OldCursors.KEPT);
        forgetOldCursors(jails);

        assertThat(cursors.cursors()).containsExactly("" + folder.at("sip-2026-11-22.log"));
        logs.stop();
        reader.join();
    }

    /** Returns when the reading thread has looked for old cursors: it takes requests in their order. */
    private void forgetOldCursors(String jails) throws Exception {
        logs.configure(folder.config("jails:\n" + jails).jails());
        logs.forgetOldCursors();
        logs.configure(folder.config("jails:\n" + jails).jails());
    }

    private Thread start() {
        Thread reader = new Thread(logs::run);
        reader.setDaemon(true);
        reader.start();
        return reader;
    }
}

package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Kamailio, a real sipp that guesses passwords, and a phone (a sipp, too) that knows its own. */
class KamailioIT {
    private static final String SERVER = "192.0.2.10";
    private static final String PHONE = "192.0.2.20";
    private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();
    private static final Pattern FAILED = Pattern.compile("Failed call +\\| +[0-9]+ +\\| +([0-9]+)");

    @TempDir
    static Path folder;

    private static Host server;
    private static Host internet;
    private static Path log;
    private static Sipward sipward;

    @BeforeAll
    static void startKamailioAndTheAgent() throws Exception {
        assumeTrue(Host.isInstalled("kamailio") && Host.isInstalled("sipp"), "needs kamailio and sip-tester");
        server = Host.open();
        internet = Host.open();
        server.join(
                internet,
                List.of(SERVER + "/24", "203.0.113.254/24"),
                List.of(PHONE + "/24", "203.0.113.1/24", "203.0.113.2/24"));
        log = Files.createFile(folder.resolve("kamailio.log"));
        String config = RESOURCES.resolve("kamailio.cfg").toString();
        String here = folder.toString();
        server.start(
                Redirect.appendTo(log.toFile()),
                "kamailio",
                "-f",
                config,
                "-DD",
                "-E",
                "-l",
                "udp:" + SERVER + ":5060",
                "-w",
                here,
                "-Y",
                here);
        sipward = new Sipward(
                folder, "jails:\n  kamailio: {filter: kamailio, source: {file: " + log + "}}\nallowlist: []");
        sipward.start(server);
        Sipward.await("kamailio to answer", () -> sipp("register", PHONE, 1).waitFor() == 0);
    }

    @AfterAll
    static void close() {
        if (internet != null) {
            internet.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void stopsABruteForce() throws Exception {
        String attacker = "203.0.113.1";
        Process attack = sipp("guess", attacker, 40);
        Sipward.await("the ban", () -> isBanned(attacker));
        assertThat(attack.waitFor()).isEqualTo(1);
        assertThat(sipward.command("why", attacker).text()).contains("5 auth-failed");
        // When the server has answered somebody else, it has handled all packets of the attacker.
        assertThat(sipp("register", PHONE, 1).waitFor()).isZero();
        long logged = logged(attacker);
        long dropped = Kernel.dropped(server, "jail4");

        assertThat(sipp("guess", attacker, 10).waitFor()).isEqualTo(1);

        assertThat(failedCalls("guess", attacker)).isEqualTo(10);
        assertThat(Kernel.dropped(server, "jail4")).isGreaterThanOrEqualTo(dropped + 10);
        assertThat(sipp("register", PHONE, 1).waitFor()).isZero();
        assertThat(logged(attacker)).isEqualTo(logged);
    }

    @Test
    void letsAPhoneRegisterBeforeWhileAndAfterAnAttackerIsBanned() throws Exception {
        String attacker = "203.0.113.2";
        assertThat(sipp("register", PHONE, 3).waitFor()).isZero();

        Process attack = sipp("guess", attacker, 40);
        do {
            assertThat(sipp("register", PHONE, 3).waitFor()).isZero();
        } while (attack.isAlive() || !isBanned(attacker));

        assertThat(failedCalls("guess", attacker)).isPositive();
        assertThat(sipp("register", PHONE, 3).waitFor()).isZero();
        assertThat(isBanned(PHONE)).isFalse();
    }

    /** Makes {@code calls} calls of a scenario from this address, 20 a second. A guesser does not wait long. */
    private static Process sipp(String scenario, String from, int calls) throws IOException {
        String patience = scenario.equals("guess") ? "1000" : "20000";
        return internet.start(
                Redirect.to(folder.resolve(scenario + from).toFile()),
                "sipp",
                SERVER + ":5060",
                "-i",
                from,
                "-sf",
                RESOURCES + "/sipp-" + scenario + ".xml",
                "-nostdin",
                "-m",
                String.valueOf(calls),
                "-r",
                "20",
                "-recv_timeout",
                patience);
    }

    private static boolean isBanned(String address) throws Exception {
        return Kernel.members(server, "jail4").containsKey(address);
    }

    private static long logged(String address) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("auth-failed src=[" + address + "]"))
                .count();
    }

    /** Returns how many calls the last sipp of this scenario and address says have failed. */
    private static int failedCalls(String scenario, String from) throws IOException {
        List<String> counts = FAILED.matcher(Files.readString(folder.resolve(scenario + from)))
                .results()
                .map(found -> found.group(1))
                .toList();
        return Integer.parseInt(counts.get(counts.size() - 1));
    }
}

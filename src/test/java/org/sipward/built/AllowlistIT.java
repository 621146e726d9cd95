package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The allowlist: names that cannot be looked up, other forms of an address, and neighbours of this machine. */
class AllowlistIT extends SiteFixture {
    private static final String TRUNK = "198.51.100.77";
    private static final String ATTACKER = "203.0.113.9";
    private static final String SERVER = "127.0.0.5";

    private String[] ownResolver;

    @BeforeEach
    void writeResolver() throws Exception {
        Path resolver = Files.writeString(folder.resolve("resolv.conf"), "nameserver " + SERVER + "\n");
        ownResolver = new String[] {
            "unshare", "-m", "sh", "-c", "mount --bind " + resolver + " /etc/resolv.conf && exec \"$@\"", "sh"
        };
    }

    @Test
    void allowsAddressesBeforeTheDnsAnswers() throws Exception {
        Path trunks = Files.writeString(folder.resolve("trunks"), "198.51.100.70\nhang3.example.net\n");
        allow("hang1.example.net, hang2.example.net, 198.51.100.71, 198.51.100.80/28, \"file:" + trunks + "\"");
        // This server receives questions and never answers.
        startServer();
        site.pbx.run("ip", "route", "add", "default", "via", "192.0.2.1");

        site.startBy(ownResolver);
        for (String address : List.of("198.51.100.70", "198.51.100.71", "198.51.100.81", Site.PBX, "192.0.2.1")) {
            site.fail(address, 6);
        }
        site.fail(ATTACKER, 6);
        site.awaitBan(ATTACKER);

        assertThat(Kernel.members(site.pbx, "jail4")).containsOnlyKeys(ATTACKER);
        Sipward.Answer status = site.sipward.command("status");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.text()).contains("allowlist: hang1.example.net").contains("allowlist: hang3.example.net");
    }

    @Test
    void keepsTheAddressesOfANameOverARestartWhileTheDnsIsDown() throws Exception {
        allow("trunk.example.net");
        Process server = startServer("trunk.example.net=" + TRUNK);
        site.startBy(ownResolver);
        Sipward.await(
                "the name", () -> site.sipward.command("why", TRUNK).text().contains("trunk.example.net"));
        assertThat(site.sipward.command("status").exit()).isZero();
        site.kill();
        server.destroyForcibly().waitFor();

        site.startBy(ownResolver);
        site.fail(TRUNK, 6);
        site.fail(ATTACKER, 6);
        site.awaitBan(ATTACKER);

        assertThat(Kernel.members(site.pbx, "jail4")).containsOnlyKeys(ATTACKER);
        assertThat(Kernel.members(site.pbx, "allow4")).containsKey(TRUNK);
    }

    @Test
    void endsTheBanOfAHostWhenItsNameIsLookedUp() throws Exception {
        allow("trunk.example.net");
        site.startBy(ownResolver);
        site.fail(TRUNK, 6);
        site.awaitBan(TRUNK);
        assertThat(site.sipward.command("status").exit()).isEqualTo(1);

        startServer("trunk.example.net=" + TRUNK);

        Sipward.await(
                "the end of the ban", () -> Kernel.members(site.pbx, "jail4").isEmpty());
        assertThat(site.sipward.command("status").exit()).isZero();
    }

    @Test
    void reportsEntriesThatProtectNothing() throws Exception {
        startServer();
        site.startBy(ownResolver);
        assertThat(site.sipward.command("status").exit()).isZero();
        Path wrong = Files.writeString(folder.resolve("wrong"), "198.51.100.70\n300.1.1.1\n");
        Path pipe = folder.resolve("pipe");
        site.pbx.run("mkfifo", pipe.toString());

        allow("nosuch.example.net, \"file:/nope\", \"file:" + wrong + "\", \"file:" + pipe + "\"");

        for (String command : List.of("reload", "status")) {
            Sipward.Answer answer = site.sipward.command(command);
            assertThat(answer.exit()).isEqualTo(command.equals("status") ? 1 : 0);
            assertThat(answer.text())
                    .contains("allowlist: nosuch.example.net cannot be looked up")
                    .contains("allowlist: cannot read /nope (does not exist)")
                    .contains("allowlist: " + wrong + ":2: 300.1.1.1 is not an address")
                    .contains("allowlist: cannot read " + pipe + " (is not a regular file)");
        }
        Sipward.Answer check = site.sipward.command("check");
        assertThat(check.exit()).isEqualTo(78);
        assertThat(check.text())
                .contains("file:/nope: cannot be read: it does not exist")
                .contains(wrong + ":2: 300.1.1.1: is not an address")
                .contains("file:" + pipe + ": cannot be read: it is not a regular file");
    }

    @Test
    void bansNeitherAnotherFormOfAnAllowedAddressNorItsOwnNetwork() throws Exception {
        site.start();
        List<String> innocent = List.of(
                "2002:c633:6407::1", "2001:0:4136:e378:8000:63bf:39cc:9bf8", "64:ff9b::198.51.100.7", Site.PBX6);
        for (String address : innocent) {
            site.fail(address, 6);
            assertThat(site.sipward.command("ban", address).exit()).isEqualTo(1);
        }
        site.fail("2001:db8:5060::bad", 6);
        site.fail("64:ff9b::203.0.113.9", 6);
        site.fail(ATTACKER, 6);
        site.awaitBan(ATTACKER);

        assertThat(Kernel.members(site.pbx, "jail6")).isEmpty();
        assertThat(Kernel.members(site.pbx, "net6")).containsOnlyKeys("2001:db8:5060::bad", "64:ff9b::cb00:7109");
        assertThat(Kernel.members(site.pbx, "allow6")).containsKeys("2002:c633:6407::/48", "64:ff9b::c633:6407");
    }

    @Test
    void bansOnlyTheNeighboursAddressByCommandToo() throws Exception {
        site.start();

        assertThat(site.sipward.command("ban", "2001:db8:5060::/64").text())
                .contains("the network that this machine is in");
        assertThat(site.sipward.command("ban", Site.PBX6).text()).contains("own address");
        assertThat(site.sipward.command("ban", "2001:db8:5060::bad").exit()).isZero();
        assertThat(Kernel.members(site.pbx, "net6")).containsOnlyKeys("2001:db8:5060::bad");
        assertThat(site.sipward.command("unban", "2001:db8:5060::bad").exit()).isZero();

        assertThat(Kernel.members(site.pbx, "net6")).isEmpty();
    }

    @Test
    void noticesSoonThatThisMachineHasAnotherAddress() throws Exception {
        site.start();

        site.pbx.run("ip", "addr", "add", "203.0.113.201/32", "dev", "lo");

        Sipward.await(
                "the new address",
                () -> site.sipward.command("why", "203.0.113.201").text().contains("own address"));
    }

    private void allow(String entries) throws Exception {
        site.sipward.configure(site.yaml.replace("allowlist: [", "allowlist: [" + entries + ", "));
    }

    private Process startServer(String... zone) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(SERVER));
        arguments.addAll(List.of(zone));
        Path output = folder.resolve("server.out");
        Process server = site.pbx.startJava(
                ProcessBuilder.Redirect.to(output.toFile()), NameServer.class, arguments.toArray(String[]::new));
        Sipward.await("the name server", () -> Files.readString(output).contains("ready"));
        return server;
    }
}

package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The agent while nft or its terminal hangs, and after unusual signals and input. */
class HangIT extends SiteFixture {
    /** Twice the promised time: the machine of a test may be busy. */
    private static final Duration SOON = Duration.ofSeconds(4);

    @Test
    void answersSoonAndReadsOnWhileNftHangs() throws Exception {
        Path mode = Files.writeString(folder.resolve("mode"), "works");
        site.startWithNft("[ \"$(cat " + mode + ")\" = works ] || exec sleep 1000", "exec " + folder + "/nft \"$@\"");
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");

        Files.writeString(mode, "hangs");
        assertThat(ask("{\"command\":\"ban\",\"address\":\"203.0.113.2\",\"for\":\"1h\"}"))
                .contains("\"exit\":1")
                .containsAnyOf("not done yet", "NOT YET IN THE KERNEL");
        assertThat(ask("{\"command\":\"status\"}")).contains("\"exit\":1");
        assertThat(ask("{\"command\":\"bans\"}")).contains("203.0.113.1").contains("\"exit\":0");
        assertThat(ask("{\"command\":\"why\",\"address\":\"203.0.113.1\"}")).contains("banned");
        assertThat(ask("{\"command\":\"unban\",\"address\":\"203.0.113.1\"}")).contains("\"exit\":1");
        site.fail("203.0.113.3", 5);
        Sipward.await(
                "the ban to be listed", () -> ask("{\"command\":\"bans\"}").contains("203.0.113.3"));
        assertThat(ask("{\"command\":\"allow\",\"address\":\"203.0.113.4\",\"for\":\"1h\"}"))
                .contains("\"exit\":1");

        Files.writeString(mode, "works");
        site.awaitBan("203.0.113.2");
        site.awaitBan("203.0.113.3");
        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey("203.0.113.1");
        Sipward.await("all to be well", () -> ask("{\"command\":\"status\"}").contains("\"exit\":0"));
    }

    @Test
    void bansWhileNobodyReadsItsOutput() throws Exception {
        Process agent = site.sipward.launch(site.pbx, ProcessBuilder.Redirect.PIPE);
        Sipward.await("the agent to run", () -> site.sipward.command("status").exit() == 0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            lines.addAll(Corpus.failures("198.18." + i / 250 + "." + (i % 250 + 1), 0, 6));
        }
        site.write(lines);
        Sipward.await("the bans", () -> Kernel.members(site.pbx, "jail4").size() >= 1_990);

        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");

        assertThat(agent.isAlive()).isTrue();
    }

    @Test
    void bansAfterTheReaderOfItsOutputIsGone() throws Exception {
        Process agent = site.sipward.launch(site.pbx, ProcessBuilder.Redirect.PIPE);
        Sipward.await("the agent to run", () -> site.sipward.command("status").exit() == 0);
        agent.getInputStream().close();

        site.fail("203.0.113.1", 5);
        site.fail("203.0.113.2", 5);
        site.awaitBan("203.0.113.1");
        site.awaitBan("203.0.113.2");

        assertThat(agent.isAlive()).isTrue();
    }

    @Test
    void reloadsOnSighupAndKeepsTheOldConfigurationIfTheNewOneIsWrong() throws Exception {
        site.start();
        Path late = Files.createFile(folder.resolve("second.log"));
        site.sipward.configure(site.yaml.replace(site.log.toString(), site.log + ", " + late));
        hangUp();
        Sipward.await("the reload", () -> site.sipward.output().contains("SIGHUP: reloaded: 1 jail,"));
        assertThat(site.sipward.output()).contains("watching " + late);

        site.sipward.configure(site.yaml.replace("filter: asterisk", "filter: astrisk"));
        hangUp();
        Sipward.await(
                "the refusal",
                () -> site.sipward.output().contains("not reloaded: the agent keeps its running configuration"));
        assertThat(site.sipward.output()).contains("SIGHUP: ").contains("astrisk");
        Files.write(late, Corpus.failures("203.0.113.1", 0, 5));
        site.awaitBan("203.0.113.1");

        site.pbx.run("kill", "-USR1", "" + site.agent().pid());
        site.fail("203.0.113.2", 5);
        site.awaitBan("203.0.113.2");
    }

    @Test
    void readsOnAfterAnUnusualDatagram() throws Exception {
        site.sipward.configure(site.yaml + "\n  s: {filter: kamailio, source: {syslog: {listen: \"127.0.0.1:5514\"}}}");
        site.start();

        String line = "<133>2026-11-22T11:03:37.588158+00:00 pbxyz1 ";
        site.pbx.run("bash", "-c", "printf '" + line + "' > /dev/udp/127.0.0.1/5514");
        site.pbx.run("bash", "-c", "printf '" + line + "\\n' > /dev/tcp/127.0.0.1/5514");
        Sipward.await("the lines", () -> ask("{\"command\":\"status\"}").contains("\"lines\":2"));

        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");
        assertThat(site.agent().isAlive()).isTrue();
        assertThat(ask("{\"command\":\"status\"}")).doesNotContain("bug");
    }

    private void hangUp() throws Exception {
        site.pbx.run("kill", "-HUP", "" + site.agent().pid());
    }

    /** Returns the answer to a request, which must come soon. */
    private String ask(String request) throws Exception {
        long begin = System.nanoTime();
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(site.sipward.socket()));
            client.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
            String answer = new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .describedAs(answer)
                    .isLessThan(SOON);
            return answer;
        }
    }
}

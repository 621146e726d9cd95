package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PBX with Sipward on it, and the internet at the other end of a cable. The PBX's SIP server is replaced by a file to
 * which the test writes log lines, and a program that prints the packets that reach port 5060.
 */
final class Site implements AutoCloseable {
    static final String PBX = "192.0.2.10";
    static final String PBX6 = "2001:db8:5060::10";
    /** The addresses of the allowlist. */
    static final String FRIEND = "198.51.100.7";

    static final String FRIEND6 = "2001:db8:bad:6::7";
    static final String NFT = "/usr/sbin/nft";

    private static final int END_SECONDS = 15;

    final Host pbx;
    final Host internet;
    final Path log;
    final Sipward sipward;
    final String yaml;
    private final Path arrived;
    private Process agent;
    private BufferedWriter sender;
    private int sent;
    private int written;

    /** Opens a site. Its agent is not started yet. */
    Site(Path folder) throws Exception {
        pbx = Host.open();
        internet = Host.open();
        log = folder.resolve("messages.log");
        arrived = folder.resolve("arrived");
        yaml = "allowlist: [" + FRIEND + ", \"" + FRIEND6 + "\"]\n"
                + "jails:\n"
                + "  asterisk: {filter: asterisk, source: {file: [" + log + ", " + folder + "/late-*.log]}}";
        Files.createFile(log);
        sipward = new Sipward(folder, yaml);
        List<String> others = new ArrayList<>(List.of(FRIEND + "/24", "198.51.100.240/24", "192.0.2.1/24"));
        for (int i = 1; i < 20; i++) {
            others.add("203.0.113." + i + "/24");
        }
        others.addAll(List.of(FRIEND6 + "/32", "2001:db8:bad:5c5::88ec/32", "2001:db8:bad:5c5::1/32"));
        pbx.join(internet, List.of(PBX + "/24", "198.51.100.1/24", "203.0.113.254/24", PBX6 + "/32"), others);
    }

    /** Starts the agent and returns when it watches its log. */
    Site start() throws Exception {
        agent = sipward.start(pbx);
        return this;
    }

    /** Starts the agent by another program, such as nsenter, and returns when it watches its log. */
    void startBy(String... starter) throws Exception {
        agent = sipward.startBy(pbx, starter);
    }

    /**
     * Makes a mount namespace like that of the machine, except that this file is nft. Returns the option of nsenter
     * that enters it.
     */
    String placeWithNft(String instead) throws Exception {
        Process place = pbx.start(ProcessBuilder.Redirect.DISCARD, "sleep", "600");
        String mounts = "--mount=/proc/" + place.pid() + "/ns/mnt";
        Sipward.await(
                "the place",
                () -> pbx.ask("nsenter", mounts, "mount", "--bind", instead, NFT)
                                .exit()
                        == 0);
        return mounts;
    }

    /** Starts the agent in such a namespace, where nft is a script of these lines. The site's folder has the real nft. */
    void startWithNft(String... lines) throws Exception {
        Path real = Files.copy(Path.of(NFT).toRealPath(), log.resolveSibling("nft"));
        Path script = Files.writeString(log.resolveSibling("script"), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        startBy("nsenter", placeWithNft(script.toString()));
    }

    Process agent() {
        return agent;
    }

    /** Tells the agent to end, and returns its exit code. */
    int stop() throws Exception {
        agent.destroy();
        assertThat(agent.waitFor(END_SECONDS, TimeUnit.SECONDS))
                .describedAs(sipward.output())
                .isTrue();
        return agent.exitValue();
    }

    /** Kills the agent by SIGKILL. */
    void kill() throws Exception {
        agent.destroyForcibly();
        assertThat(agent.waitFor(END_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** Writes lines to the log. */
    void write(List<String> lines) throws IOException {
        Files.write(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Writes lines to the log that report {@code count} wrong passwords from this address. */
    void fail(String address, int count) throws IOException {
        write(Corpus.failures(address, written, count));
        written += count;
    }

    /** Returns when the agent has counted so many failures of this address. */
    void awaitCount(String address, int failures) throws Exception {
        Sipward.await(
                failures + " failures of " + address,
                () -> sipward.command("why", address).text().contains("counted: " + failures + " failures"));
    }

    /** Returns when the address is in the kernel's set of hosts banned by jails. */
    void awaitBan(String address) throws Exception {
        String set = address.contains(":") ? "jail6" : "jail4";
        Sipward.await(
                address + " in " + set,
                () -> Kernel.members(pbx, set).containsKey(address.contains(":") ? prefix(address) : address));
    }

    /** Returns whether a packet from this address reaches the PBX. A packet from a friend must reach it. */
    boolean reaches(String from) throws Exception {
        if (sender == null) {
            listen();
        }
        boolean v6 = from.contains(":");
        String to = v6 ? PBX6 : PBX;
        String friend = v6 ? FRIEND6 : FRIEND;
        String text = ++sent + "-" + from;
        // Packets on one cable stay in order: if this packet did not come before the friend's, it was dropped.
        String end = sent + "-end";
        sender.write(from + " " + to + " 5060 " + text + "\n" + friend + " " + to + " 5060 " + end + "\n");
        sender.flush();
        Sipward.await("the friend's packet", () -> Files.readAllLines(arrived).contains(end));
        return Files.readAllLines(arrived).contains(text);
    }

    private void listen() throws Exception {
        pbx.startJava(ProcessBuilder.Redirect.to(arrived.toFile()), Datagrams.class, "receive", "5060");
        Process sending = internet.startJava(ProcessBuilder.Redirect.DISCARD, Datagrams.class, "send");
        sender = new BufferedWriter(new OutputStreamWriter(sending.getOutputStream(), StandardCharsets.UTF_8));
        Sipward.await("the listener", () -> Files.readString(arrived).contains("ready"));
    }

    /** Returns the first address of an address's /64 as text. The host part must not contain a run of zeros. */
    private static String prefix(String address) {
        return address.substring(0, address.indexOf("::") + 2);
    }

    @Override
    public void close() {
        internet.close();
        pbx.close();
    }
}

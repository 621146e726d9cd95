package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bans by events of the manager interface, also after a restart of the server. */
class ManagerIT {
    private static final String PORT = "5038";

    @TempDir
    Path folder;

    private Host host;
    private Sipward sipward;

    @BeforeEach
    void open() throws Exception {
        host = Host.open();
        Path secret = Files.writeString(folder.resolve("ami"), "pa55\n");
        sipward = new Sipward(
                folder,
                "jails:\n  asterisk: {filter: asterisk, source: {ami: {user: sipward, secretfile: " + secret + "}}}");
    }

    @AfterEach
    void close() {
        if (host != null) {
            host.close();
        }
    }

    @Test
    void bansAddressesInEventsAndReconnectsAfterARestartOfTheServer() throws Exception {
        Process server = serve("server.1");
        sipward.start(host);
        Sipward.await("the login", () -> status().text().contains("connected to Asterisk Call Manager"));
        assertThat(sipward.output()).contains("watching ami sipward@127.0.0.1:5038 for asterisk");

        fail(server, "203.0.113.7");
        awaitBan("203.0.113.7");

        server.destroyForcibly().onExit().join();
        Sipward.await("the trouble", () -> status().exit() == 1);
        assertThat(sipward.output())
                .contains("ami sipward@127.0.0.1:5038 cannot be read; will retry: ")
                .doesNotContain("pa55");
        Process again = serve("server.2");
        Sipward.await("the second login", () -> status().exit() == 0);
        assertThat(sipward.output()).contains("ami sipward@127.0.0.1:5038 can be read again");

        fail(again, "203.0.113.8");
        awaitBan("203.0.113.8");
        assertThat(Kernel.members(host, "jail4")).containsOnlyKeys("203.0.113.7", "203.0.113.8");
    }

    private Process serve(String name) throws Exception {
        Path output = folder.resolve(name);
        Process server = host.startJava(ProcessBuilder.Redirect.to(output.toFile()), ManagerServer.class, PORT);
        Sipward.await("the server", () -> Files.readString(output).contains("ready"));
        return server;
    }

    private static void fail(Process server, String address) throws IOException {
        server.getOutputStream().write((address + "\n").getBytes(StandardCharsets.US_ASCII));
        server.getOutputStream().flush();
    }

    private void awaitBan(String address) throws Exception {
        Sipward.await(
                "the ban of " + address, () -> Kernel.members(host, "jail4").containsKey(address));
    }

    private Sipward.Answer status() throws Exception {
        return sipward.command("status");
    }
}

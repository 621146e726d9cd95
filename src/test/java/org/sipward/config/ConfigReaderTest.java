package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipward.config.Config.FeedConfig;
import org.sipward.config.Config.FirewallConfig;
import org.sipward.config.Config.FirewallConfig.Backend;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Durations;

class ConfigReaderTest extends ConfigFixture {
    private static final String JAIL = "jails: {a: {filter: asterisk, source: {file: /var/log/none/a.log}}}\n";

    @Test
    void fillsInTheDefaults() throws ConfigException {
        Config config = folder.read(JAIL).config();

        assertThat(config.file()).isEqualTo(directory.resolve("sipward.yaml"));
        assertThat(config.allowlist().entries()).isEmpty();
        assertThat(config.allowlist().banPrivate()).isFalse();
        assertThat(config.feeds()).isEmpty();
        assertThat(config.firewall()).isEqualTo(new FirewallConfig(Backend.NFTABLES, List.of()));
        assertThat(config.store()).isEqualTo(Path.of("/var/lib/sipward"));
        assertThat(config.socket()).isEqualTo(Path.of("/run/sipward/sipward.sock"));
        JailConfig jail = Jails.named("a", config);
        assertThat(jail.filter().name()).isEqualTo("asterisk");
        assertThat(jail.sources()).containsExactly(new SourceConfig.Files(List.of("/var/log/none/a.log")));
        assertThat(jail.zone()).isEqualTo(ZoneId.systemDefault());
        assertThat(jail.maxretry()).isEqualTo(5);
        assertThat(jail.findtime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(jail.bantime()).isEqualTo(Duration.ofDays(1));
        assertThat(jail.increment()).isTrue();
        assertThat(jail.maxBantime()).isEqualTo(Duration.ofDays(28));
    }

    @Test
    void findsTheSocketWhateverElseIsWrong() {
        Path wrong = folder.write("sipward.yaml", "jails: {a: {filter: none, maxretry: x}}\nsocket: /run/other.sock\n");

        assertThat(new ConfigReader().socket(wrong)).isEqualTo(Path.of("/run/other.sock"));
    }

    @Test
    void takesTheDefaultSocketWhereTheFileIsNoYamlOrNotThere() {
        Path wrong = folder.write("sipward.yaml", "jails: {\nsocket: /run/other.sock\n");

        assertThat(new ConfigReader().socket(wrong)).isEqualTo(Path.of("/run/sipward/sipward.sock"));
        assertThat(new ConfigReader().socket(directory.resolve("none.yaml")))
                .isEqualTo(Path.of("/run/sipward/sipward.sock"));
    }

    @Test
    void readsTheSampleOfTheDesign() throws ConfigException {
        folder.withFilters("voip");
        ConfigReader.Checked checked = folder.read("""
                defaults: {maxretry: 5, findtime: 10m, bantime: 1d, bantime.increment: true, maxbantime: 4w}
                allowlist: [198.51.100.200, 2001:db8::/48, trunk.example.net, "file:/etc/sipward/trunks"]   # always wins
                jails:
                  asterisk: {filter: asterisk, source: {file: [/var/log/none/messages, "/var/log/none/*.log"]}}
                  kamailio: {filter: kamailio, source: {file: [/var/log/none/kamailio.log]}, maxretry: 3}
                  journal:  {filter: sshd, source: {journal: {unit: ssh.service}}, enabled: false}
                feeds:
                  apiban: {keyfile: /etc/sipward/none.key, set: sip, every: 4m, bantime: 7d}          # url: for a hub
                report: {hub: {url: https://hub.example.net, keyfile: …}, enabled: false}
                firewall: {backend: nftables, ports: all}       # nftables | ipset | none; all | sip | [5060, 5061]
                store: {path: /var/lib/sipward}
                metrics: {listen: 127.0.0.1:9191}               # Prometheus, and the status page
                """);

        Config config = checked.config();
        assertThat(config.jails()).extracting(JailConfig::name).containsExactly("asterisk", "kamailio");
        assertThat(Jails.named("kamailio", config).maxretry()).isEqualTo(3);
        assertThat(config.allowlist().entries())
                .containsExactly("198.51.100.200", "2001:db8::/48", "trunk.example.net", "file:/etc/sipward/trunks");
        assertThat(config.feeds())
                .containsExactly(new FeedConfig(
                        "apiban",
                        "https://apiban.org/",
                        Path.of("/etc/sipward/none.key"),
                        "sip",
                        Duration.ofMinutes(4),
                        Duration.ofDays(7)));
        String absent = "not found; turn on the log, or correct the path; it is watched as soon as it exists";
        assertThat(folder.texts(checked.warnings()))
                .containsExactly(
                        "sipward.yaml:2: allowlist[3]: file:/etc/sipward/trunks: cannot be read: it does not exist;"
                                + " write this file, one address per line",
                        "sipward.yaml:4: jails.asterisk.source.file: /var/log/none/messages, /var/log/none/*.log: "
                                + absent,
                        "sipward.yaml:5: jails.kamailio.source.file: /var/log/none/kamailio.log: " + absent,
                        "sipward.yaml:8: feeds.apiban.keyfile: the key file does not exist; write the key into it, and"
                                + " nothing else",
                        "sipward.yaml:12: metrics: is not supported by this version and is ignored; delete it, or set"
                                + " enabled: false in it");
    }

    @Test
    void letsAJailOverrideTheDefaults() throws ConfigException {
        Config config = folder.read("""
                defaults: {maxretry: 7, findtime: 1h, bantime: 2d, bantime.increment: no, maxbantime: 1w, timezone: Asia/Tokyo}
                jails:
                  a: {filter: asterisk, source: {file: /a.log}}
                  b: {filter: asterisk, source: {file: /b.log}, maxretry: 1, findtime: 600, bantime: 1d12h,
                      bantime.increment: on, maxbantime: 10d, timezone: "+02:00"}
                """).config();

        JailConfig a = Jails.named("a", config);
        assertThat(List.of(a.maxretry(), a.findtime(), a.bantime(), a.increment(), a.maxBantime(), a.zone()))
                .containsExactly(
                        7, Duration.ofHours(1), Duration.ofDays(2), false, Duration.ofDays(7), ZoneId.of("Asia/Tokyo"));
        JailConfig b = Jails.named("b", config);
        assertThat(List.of(b.maxretry(), b.findtime(), b.bantime(), b.increment(), b.maxBantime(), b.zone()))
                .containsExactly(
                        1,
                        Duration.ofMinutes(10),
                        Duration.ofHours(36),
                        true,
                        Duration.ofDays(10),
                        ZoneId.of("+02:00"));
    }

    @Test
    void neverIncrementsABanWithoutEnd() throws ConfigException {
        JailConfig jail =
                folder.read("defaults: {bantime: -1}\n" + JAIL).config().jails().get(0);

        assertThat(jail.bantime()).isEqualTo(Durations.FOREVER);
        assertThat(jail.maxBantime()).isEqualTo(Durations.FOREVER);
        assertThat(jail.increment()).isFalse();
    }

    @Test
    void keepsTheDefaultMaximumInAJailThatEndsWhatTheDefaultsDoNot() throws ConfigException {
        JailConfig jail = folder.read(
                        "defaults: {bantime: forever}\njails: {a: {filter: asterisk, source: {file: /a}, bantime: 1d}}")
                .config()
                .jails()
                .get(0);

        assertThat(jail.maxBantime()).isEqualTo(Duration.ofDays(28));
    }

    @Test
    void looksIntoTheFilesOfTheAllowlist() throws Exception {
        Path trunks = folder.write("trunks", "203.0.113.7\n300.1.1.1\ntrunk.example.net\n0.0.0.0/0\n");
        Path empty = folder.write("empty", "# none yet\n");
        Path pipe = empty.resolveSibling("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        ConfigReader.Checked checked = folder.read("allowlist: ['file:" + trunks + "', 'file:" + empty + "', 'file:"
                + pipe + "', 'file:" + pipe.getParent() + "', 'file:/dev/zero']\n" + JAIL);

        String file = "cannot be read: it is not a regular file; write this file, one address per line";
        String line = "; write one such as 198.51.100.0/24, or delete the line";
        assertThat(folder.texts(checked.missing()))
                .containsExactlyInAnyOrder(
                        "trunks:2: 300.1.1.1: is not an address, prefix or host name" + line,
                        "trunks:4: 0.0.0.0/0: would allow everybody" + line,
                        "sipward.yaml:1: allowlist[2]: file:pipe: " + file,
                        "sipward.yaml:1: allowlist[3]: file:" + pipe.getParent()
                                + ": cannot be read: it is a directory; write this file, one address per line",
                        "sipward.yaml:1: allowlist[4]: file:/dev/zero: " + file);
        assertThat(folder.texts(checked.warnings()))
                .contains(
                        "sipward.yaml:1: allowlist[1]: file:empty: holds no address; write one address per line into it");
    }

    @Test
    void takesFail2bansIgnoreipIntoTheAllowlist() throws ConfigException {
        Config config = folder.read(
                        "allowlist: [192.0.2.1]\nignoreip: 127.0.0.1/8 ::1, pbx.example.net\nbanprivate: yes\n" + JAIL)
                .config();

        assertThat(config.allowlist().entries()).containsExactly("192.0.2.1", "127.0.0.1/8", "::1", "pbx.example.net");
        assertThat(config.allowlist().banPrivate()).isTrue();
    }

    @Test
    void warnsOfAnAllowlistThatHoldsALargePartOfTheInternet() throws ConfigException {
        assertThat(folder.texts(folder.read("allowlist: [128.0.0.0/1]\n" + JAIL).warnings()))
                .contains(
                        "sipward.yaml:1: allowlist[0]: 128.0.0.0/1: is a large part of the internet; list only addresses"
                                + " that you trust");
    }

    @Test
    void takesSectionsWithNothingInThemAsAbsent() throws ConfigException {
        Config config = folder.read(JAIL + "defaults:\nallowlist:\nfeeds:\nfirewall:\nstore:\n")
                .config();

        assertThat(config.store()).isEqualTo(Path.of("/var/lib/sipward"));
        assertThat(config.feeds()).isEmpty();
    }

    @Test
    void readsTheFirewallsPorts() throws ConfigException {
        assertThat(ports("sip")).containsExactly(5060, 5061);
        assertThat(ports("[5060, 5080, 5060]")).containsExactly(5060, 5080);
        assertThat(ports("5070")).containsExactly(5070);
        assertThat(ports("all")).isEmpty();
    }

    private List<Integer> ports(String yaml) throws ConfigException {
        return folder.read("firewall: {backend: none, ports: " + yaml + "}\n" + JAIL)
                .config()
                .firewall()
                .ports();
    }

    @Test
    void readsAFeedOfAHub() throws ConfigException {
        FeedConfig feed = folder.read(
                        "feeds: {hub: {url: https://hub.example.net/list, keyfile: /k, set: all, every: 10m, bantime: 1d}}")
                .config()
                .feeds()
                .get(0);

        assertThat(feed)
                .isEqualTo(new FeedConfig(
                        "hub",
                        "https://hub.example.net/list/",
                        Path.of("/k"),
                        "all",
                        Duration.ofMinutes(10),
                        Duration.ofDays(1)));
    }

    @Test
    void letsAFeedBePlainHttpOnlyWhereNoStrangerListens() throws ConfigException {
        for (String host : List.of("127.0.0.1:8080", "[::1]:8080", "localhost", "10.1.2.3")) {
            assertThat(folder.read("feeds: {hub: {url: 'http://" + host + "/', keyfile: /k}}")
                            .config()
                            .feeds())
                    .hasSize(1);
        }
    }

    @Test
    void warnsOfAKeyThatEveryUserCanRead() throws ConfigException, IOException {
        Path key = folder.write("key", "secret");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(folder.texts(
                        folder.read("feeds: {apiban: {keyfile: " + key + "}}").warnings()))
                .containsExactly(
                        "sipward.yaml:1: feeds.apiban.keyfile: every user can read the key; run chmod 600 on the key file");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(folder.read("feeds: {apiban: {keyfile: " + key + "}}").warnings())
                .isEmpty();
    }

    @Test
    void warnsOfAJailsLogsOnce() throws ConfigException {
        Path log = folder.write("here.log", "");

        assertThat(folder.texts(folder.read("jails: {a: {filter: asterisk, source: {file: [" + log + ", " + directory
                                + "/x.log, " + directory + "/no/*, '" + directory + "/*.log']}}}")
                        .warnings()))
                .containsExactly("sipward.yaml:1: jails.a.source.file: x.log, no/*: not found; turn on the log, or"
                        + " correct the path; it is watched as soon as it exists");
    }

    @Test
    void takesALogThatIsNamedTwiceOnce() throws ConfigException {
        Config config = folder.read("jails: {a: {filter: asterisk, source: {file: [/a.log, /b.log, /a.log]}}}")
                .config();

        assertThat(config.jails().get(0).sources())
                .containsExactly(new SourceConfig.Files(List.of("/a.log", "/b.log")));
    }

    @Test
    void takesAFilterOfItsOwnFolderBeforeAShippedOne() throws ConfigException {
        Folder shipped = new Folder(directory.resolve("shipped")).withFilters("asterisk", "opensips");
        shipped.write("filters/asterisk.yaml", Folder.filter("asterisk").replace("wrong-password", "shipped"));
        Path file = folder.write("sipward.yaml", """
                jails:
                  a: {filter: asterisk, source: {file: /a.log}}
                  o: {filter: opensips, source: {file: /o.log}}
                """);

        Config config = new ConfigReader(directory.resolve("shipped/filters"))
                .read(file)
                .config();

        assertThat(config.jails()).extracting(jail -> jail.filter().name()).containsExactly("asterisk", "opensips");
        assertThat(config.jails().get(0).filter().spec().patterns().get(0).name())
                .isEqualTo("wrong-password");
    }

    @Test
    void takesAFilterByItsPath() throws ConfigException {
        folder.write("mine/special.yaml", Folder.filter("special"));

        assertThat(folder.read("jails: {a: {filter: ./mine/special.yaml, source: {file: /a.log}}}")
                        .config()
                        .jails())
                .extracting(jail -> jail.filter().name())
                .containsExactly("special");
    }

    @Test
    void compilesAFilterOnceForAllItsJails() throws ConfigException {
        Config config = folder.read(
                        "jails: {a: {filter: asterisk, source: {file: /a}}, b: {filter: asterisk, source: {file: /b}}}")
                .config();

        assertThat(config.jails().get(0).filter())
                .isSameAs(config.jails().get(1).filter());
    }
}

package org.sipward.fail2ban;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.config.Config;
import org.sipward.config.ConfigReader;
import org.sipward.config.JailConfig;
import org.sipward.config.Jails;

/** A folder of fail2ban's, and what comes of it. */
class Fail2banTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeTheSetUp() throws IOException {
        write("jail.conf", """
                # a comment
                [INCLUDES]
                before = paths.conf
                [DEFAULT]
                ignoreip = 127.0.0.1/8 ::1
                           trunk.example.net
                bantime = 10m
                findtime = 10m   ; as ever
                maxretry = 5
                enabled = false
                mode = normal
                filter = %(__name__)s[mode=%(mode)s]
                action_ = nftables-multiport[port="%(port)s", protocol="tcp"]
                action = %(action_)s
                port = 0:65535
                [door]
                logpath = %(door_log)s
                [window]
                logpath = /var/log/window.log
                """);
        write("paths.conf", "[DEFAULT]\ndoor_log = /var/log/door.log\n           /var/log/door/*.log tail\n");
        write("filter.d/door.conf", """
                [INCLUDES]
                before = base.conf
                [Definition]
                _daemon = door
                failregex = ^%(__line)sknock from <HOST>$
                            <mdre-<mode>>
                mdre-normal =
                mdre-hard = ^%(__line)skick from <HOST>$
                mode = normal
                """);
        write("filter.d/base.conf", "[DEFAULT]\n_daemon = \\S+\n__line = \\s*(?:\\S+ )?%(_daemon)s: \n");
    }

    @Test
    void turnsAnEnabledJailWithAllThatItInherits() throws Exception {
        write("jail.d/a.conf", "[door]\nenabled = false\nmaxretry = 2\n");
        write("jail.local", "[door]\nenabled = true\nbantime = 1h\nmode = hard\n");

        Imported imported = Fail2ban.read(folder, false);

        assertThat(imported.losses()).isEmpty();
        JailConfig jail = Jails.named("door", checked(imported));
        assertThat(jail.maxretry()).isEqualTo(2);
        assertThat(jail.bantime()).hasHours(1);
        assertThat(jail.increment()).isFalse();
        assertThat(jail.sources()).hasToString("[Files[paths=[/var/log/door.log, /var/log/door/*.log]]]");
        assertThat(jail.filter().spec().patterns()).hasSize(2);
        assertThat(checked(imported).allowlist().entries()).containsExactly("127.0.0.1/8", "::1", "trunk.example.net");
    }

    @Test
    void letsAJailAddToItsFiltersPatterns() throws Exception {
        write("jail.local", "[door]\nenabled = true\nfailregex = %(known/failregex)s\n   ^hit from <HOST>$\n");

        JailConfig jail = Jails.named("door", checked(Fail2ban.read(folder, false)));

        assertThat(jail.filter().spec().patterns()).hasSize(2);
    }

    @Test
    void makesALongerBanForRepeatersOfRecidive() throws Exception {
        write(
                "jail.local",
                "[door]\nenabled=1\n[recidive]\nenabled = true\nbantime = 5w\nlogpath = /var/log/fail2ban.log\n");

        Imported imported = Fail2ban.read(folder, false);

        JailConfig jail = Jails.named("door", checked(imported));
        assertThat(imported.jails()).isEqualTo(1);
        assertThat(jail.increment()).isTrue();
        assertThat(jail.maxBantime()).hasDays(35);
        assertThat(imported.notes()).anyMatch(note -> note.startsWith("jail recidive: not needed"));
    }

    @Test
    void namesWhatItCannotTurn() throws Exception {
        write("jail.local", """
                [door]
                enabled = true
                ignorecommand = /bin/true <ip>
                action = %(action_)s
                         sendmail-whois[name=door, dest="root"]
                [window]
                enabled = true
                """);

        Imported imported = Fail2ban.read(folder, false);

        assertThat(imported.losses())
                .extracting(Loss::where)
                .containsExactly("jail door: ignorecommand", "jail door: action sendmail-whois", "jail window");
        assertThat(imported.jails()).isEqualTo(1);
    }

    @Test
    void allowsOnlyWhatCanBeAllowed() throws Exception {
        write("jail.local", "[door]\nenabled = true\nignoreip = 198.51.100.7 0.0.0.0/0 a$b 300.1.1.1 bar/33 .x\n");

        Imported imported = Fail2ban.read(folder, false);

        assertThat(checked(imported).allowlist().entries())
                .contains("198.51.100.7")
                .doesNotContain("0.0.0.0/0");
        assertThat(imported.losses())
                .extracting(Loss::text)
                .containsExactly("0.0.0.0/0", "a$b", "300.1.1.1", "bar/33", ".x");
    }

    @Test
    void givesAFilterThatTwoJailsUseDifferentlyTwoNames() throws Exception {
        write(
                "jail.local",
                "[door]\nenabled=true\n[Back Door]\nenabled=true\nfilter=door[mode=hard]\nlogpath=/var/log/b\n");

        Imported imported = Fail2ban.read(folder, false);

        assertThat(imported.files())
                .containsOnlyKeys("sipward.yaml", "filters/door.yaml", "filters/door-back-door.yaml");
        assertThat(checked(imported).jails()).extracting(JailConfig::name).contains("back-door");
    }

    @Test
    void takesTheNearestOfNumbersThatAreOutOfRangeAndSaysSo() throws Exception {
        write("jail.local", "[door]\nenabled=true\nmaxretry = 0\nfindtime = 15552000\nbantime = -1\n");

        Imported imported = Fail2ban.read(folder, false);

        JailConfig jail = Jails.named("door", checked(imported));
        assertThat(jail.maxretry()).isEqualTo(1);
        assertThat(jail.findtime()).hasDays(7);
        assertThat(imported.losses()).isEmpty();
        assertThat(imported.notes())
                .contains("jail door: maxretry 0 is out of Sipward's range; the nearest value, 1, is used")
                .anyMatch(note -> note.startsWith("jail door: findtime 15552000 is out of Sipward's range"));
    }

    @Test
    void keepsTheLongerOfMaxtimeAndRecidive() throws Exception {
        write("jail.local", """
                [DEFAULT]
                bantime.maxtime = 5w
                bantime.factor = 4
                [door]
                enabled = 1
                [recidive]
                enabled = true
                bantime = 1w
                logpath = /var/log/fail2ban.log
                """);

        Imported imported = Fail2ban.read(folder, false);

        assertThat(Jails.named("door", checked(imported)).maxBantime()).hasDays(35);
        assertThat(imported.notes()).anyMatch(note -> note.contains("bantime.factor is not converted"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
            _SYSTEMD_UNIT=door.service + _COMM=doord           @ [Journal[units=[door.service], identifiers=[doord]]]
            _SYSTEMD_UNIT=a.service _SYSTEMD_UNIT=b.service    @ [Journal[units=[a.service, b.service], identifiers=[]]]
            SYSLOG_IDENTIFIER=door                             @ [Journal[units=[], identifiers=[door]]]
            """)
    void readsTheJournalWhereTheJailDid(String match, String sources) throws Exception {
        write(
                "jail.local",
                "[window]\nenabled = true\nfilter = door\nbackend = systemd\njournalmatch = " + match + "\n");

        JailConfig jail = Jails.named("window", checked(Fail2ban.read(folder, false)));

        assertThat(jail.sources()).hasToString(sources);
    }

    @Test
    void readsTheJournalThatTheFilterNames() throws Exception {
        write(
                "filter.d/gate.conf",
                "[Definition]\nfailregex = ^knock from <HOST>$\njournalmatch = _SYSTEMD_UNIT=gate.service\n");
        write("jail.local", "[gate]\nenabled = true\nbackend = systemd[journalfiles=/x]\n");

        JailConfig jail = Jails.named("gate", checked(Fail2ban.read(folder, false)));

        assertThat(jail.sources()).hasToString("[Journal[units=[gate.service], identifiers=[]]]");
    }

    @Test
    void saysThatAJailOfTheWholeJournalNeedsAUnit() throws Exception {
        write("filter.d/gate.conf", "[Definition]\nfailregex = ^knock from <HOST>$\n");
        write("jail.local", "[gate]\nenabled = true\nbackend = systemd\n");

        Imported imported = Fail2ban.read(folder, false);

        assertThat(imported.losses()).extracting(Loss::where).containsExactly("jail gate: journalmatch");
        assertThat(imported.jails()).isZero();
    }

    @Test
    void takesOurFilterWhereFail2bansIsUnchanged() throws Exception {
        Path stock = StockSamples.CONFIG.resolve("filter.d/asterisk.conf");
        assumeTrue(Files.exists(stock), "dist/test unpacks Debian's package fail2ban in target");
        String text = Files.readString(stock);
        write("filter.d/common.conf", Files.readString(stock.resolveSibling("common.conf")));
        write("filter.d/asterisk.conf", "# our PBX\n\n" + text);
        write("jail.local", "[asterisk]\nenabled = true\nlogpath = /var/log/asterisk/messages\n");

        Imported unchanged = Fail2ban.read(folder, false);
        write("filter.d/asterisk.conf", text.replace("No matching peer found", "No matching phone found"));
        Imported changed = Fail2ban.read(folder, false);
        write("filter.d/asterisk.conf", text);
        write("filter.d/asterisk.local", "[Definition]\nignoreregex = from 198\\.51\\.100\\.7\n");
        Imported local = Fail2ban.read(folder, false);

        assertThat(unchanged.files()).containsOnlyKeys("sipward.yaml");
        assertThat(unchanged.files().get("sipward.yaml")).contains("filter: asterisk");
        assertThat(unchanged.notes())
                .anyMatch(note -> note.startsWith("filter asterisk: is fail2ban's own, unchanged"));
        assertThat(changed.files()).containsKey("filters/asterisk.yaml");
        assertThat(local.files()).containsKey("filters/asterisk.yaml");
    }

    @Test
    void saysThatASectionIsNotClosed() throws Exception {
        write("jail.local", "[door\nenabled = true\n");

        assertThatThrownBy(() -> Fail2ban.read(folder, false))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("jail.local:1: section header is not closed: missing ]");
    }

    @Test
    void saysWhereAFileIsWrong() throws Exception {
        write("jail.local", "[door]\nenabled = true\n  and so on\nthis is nothing\n");

        assertThatThrownBy(() -> Fail2ban.read(folder, false))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("jail.local:4: is neither [section] nor KEY = VALUE");
    }

    @Test
    void refusesFilesThatIncludeOneAnotherForEver() throws Exception {
        write("paths.conf", "[INCLUDES]\nbefore = a.conf\n b.conf\n");
        write("a.conf", "[INCLUDES]\nbefore = b.conf\nafter = b.conf\n");
        write("b.conf", "[INCLUDES]\nbefore = a.conf\nafter = a.conf\n");
        write("jail.local", "[door]\nenabled = true\nlogpath = /var/log/x\n");

        assertThat(Fail2ban.read(folder, false).jails()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "10m, 600",
        "1d12h, 129600",
        "24*60*60, 86400",
        "1 hour, 3600",
        "1y, 31557600",
        "-1, -1",
        "7mo, 18408600"
    })
    void readsTimesAsFail2banDoes(String text, long seconds) {
        assertThat(JailConverter.seconds(text)).contains(seconds);
    }

    private Config checked(Imported imported) throws Exception {
        Path to = folder.resolve("out");
        for (Map.Entry<String, String> file : imported.files().entrySet()) {
            Path path = to.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return new ConfigReader().read(to.resolve("sipward.yaml")).config();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}

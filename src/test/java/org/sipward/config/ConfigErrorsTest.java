package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipward.yaml.ConfigException;

/** Each kind of error that is none of a jail's or a feed's, word for word as the operator reads it. */
class ConfigErrorsTest extends ConfigFixture {
    static Stream<Arguments> top() {
        return Stream.of(
                error("defualts: {}", "defualts: unknown key; did you mean defaults?"),
                error("whitelist: [192.0.2.1]", "whitelist: unknown key; did you mean allowlist?"),
                error(
                        "zzz: 1",
                        "zzz: unknown key; use one of: defaults, allowlist, ignoreip, banprivate, decoys, jails,"
                                + " feeds, report, firewall, store, socket, metrics"),
                error("defaults: 5", "defaults: is a single value; write KEY: VALUE lines below it"),
                error("defaults: [5]", "defaults: is a list; write KEY: VALUE lines below it"),
                error("defaults: {maxretry: 0}", "defaults.maxretry: 0: is too small; write a number from 1 to 1000"),
                error(
                        "defaults: {trust: maybe}",
                        "defaults.trust: maybe: is not a valid value for trust; write {time: 1d, maxretry: 50}, or off"),
                error(
                        "defaults: {trust: {accuonts: 3}}",
                        "defaults.trust.accuonts: unknown key; did you mean accounts?"),
                error(
                        "defaults: {trust: {maxretry: 4}}",
                        "defaults.trust: maxretry 4 of trust is less than maxretry 5;"
                                + " raise the maxretry of trust, or lower the other"),
                error(
                        "defaults: {maxretry: 100}",
                        "defaults.maxretry: maxretry 50 of trust is less than maxretry 100;"
                                + " raise the maxretry of trust, or lower the other"),
                error(
                        "defaults: {unproven: {bantime: 0s}}",
                        "defaults.unproven.bantime: 0s: is too short; write 1s to 3650d"),
                error(
                        "defaults: {maxretry: 1001}",
                        "defaults.maxretry: 1001: is too large; write a number from 1 to 1000"),
                error(
                        "defaults: {maxretry: 99999999999}",
                        "defaults.maxretry: 99999999999: is too large; write a number from 1 to 1000"),
                error(
                        "defaults: {maxretry: five}",
                        "defaults.maxretry: five: is not a whole number; write a number from 1 to 1000"),
                error(
                        "defaults: {maxretry: 0x10}",
                        "defaults.maxretry: 0x10: is not a whole number; write a number from 1 to 1000"),
                error(
                        "defaults: {maxretry: 010}",
                        "defaults.maxretry: 010: is not a whole number; write a number from 1 to 1000"),
                error(
                        "defaults: {maxretry: -3}",
                        "defaults.maxretry: -3: is not a whole number; write a number from 1 to 1000"),
                error(
                        "defaults: {maxretry: }",
                        "defaults.maxretry: has no value; write one, or delete the line to use the default"),
                error("defaults: {maxretry: [3]}", "defaults.maxretry: is a list; write one value"),
                error(
                        "defaults: {bantime: 1dd}",
                        "defaults.bantime: 1dd: is not a duration; write 30s, 10m, 2h, 1d or 4w"),
                error("defaults: {bantime: 0}", "defaults.bantime: 0: is too short; write 1s to 3650d, or forever"),
                error(
                        "defaults: {bantime: 11000d}",
                        "defaults.bantime: 11000d: is too long; write 1s to 3650d, or forever"),
                error(
                        "defaults: {bantime: 36500d}",
                        "defaults.bantime: 36500d: is too long; write 1s to 3650d, or forever"),
                error("defaults: {findtime: 8d}", "defaults.findtime: 8d: is too long; write 1s to 1w"),
                error("defaults: {findtime: -1}", "defaults.findtime: -1: cannot be forever here; write 1s to 1w"),
                error(
                        "defaults: {maxbantime: forever}",
                        "defaults.maxbantime: forever: cannot be forever here; write 1s to 3650d"),
                error(
                        "defaults: {bantime: 8w}",
                        "defaults.bantime: bantime 8w is longer than maxbantime 4w; raise maxbantime or shorten bantime"),
                error(
                        "defaults: {maxbantime: 1h}",
                        "defaults.maxbantime: bantime 1d is longer than maxbantime 1h; raise maxbantime or shorten bantime"),
                error(
                        "defaults: {bantime: 8w, maxbantime: x}",
                        "defaults.maxbantime: x: is not a duration; write 30s, 10m, 2h, 1d or 4w"),
                error(
                        "defaults: {bantime.increment: maybe}",
                        "defaults.bantime.increment: maybe: is neither true nor false; write true or false"),
                error(
                        "defaults: {timezone: Europe/Berln}",
                        "defaults.timezone: Europe/Berln: is not a time zone; did you mean Europe/Berlin?"),
                error(
                        "defaults: {timezone: Qx}",
                        "defaults.timezone: Qx: is not a time zone; write UTC, or one such as Europe/Berlin"),
                error(
                        "defaults: {enabled: true}",
                        "defaults.enabled: unknown key; use one of: maxretry, findtime, bantime, bantime.increment, maxbantime, timezone, trust, unproven, detect"),
                error(
                        "allowlist: [0.0.0.0/0]",
                        "allowlist[0]: 0.0.0.0/0: would turn protection off; list only addresses that you trust"),
                error(
                        "allowlist: ['::/0']",
                        "allowlist[0]: ::/0: would turn protection off; list only addresses that you trust"),
                error(
                        "ignoreip: 192.0.2.1 0.0.0.0/0",
                        "ignoreip: 0.0.0.0/0: would turn protection off; list only addresses that you trust"),
                notAllowed("203.0.113.300"),
                notAllowed("192.0.2.0/33"),
                notAllowed("192.0.2.1-192.0.2.9"),
                notAllowed("fe80::1%eth0"),
                notAllowed("192.0.2.1:5060"),
                notAllowed("pbx_.-example"),
                notAllowed("a..b"),
                notAllowed("https://example.net"),
                notAllowed("b\u00fcro.example.net"),
                notAllowed("12345"),
                error(
                        "allowlist: ['file:trunks']",
                        "allowlist[0]: file:trunks: is not an absolute path; write file:/PATH"),
                error("allowlist: {a: 1}", "allowlist: is a map; write a list"),
                error(
                        "allowlist: [2001:db8::]",
                        "allowlist[0]: is a map; write one value, in quotes if it holds a colon"),
                error("banprivate: maybe", "banprivate: maybe: is neither true nor false; write true or false"),
                error(
                        "firewall: {backend: ipset}",
                        "firewall.backend: ipset: is not supported by this version; write nftables or none"),
                error("firewall: {backend: pf}", "firewall.backend: pf: is not a backend; write nftables or none"),
                error(
                        "firewall: {ports: some}",
                        "firewall.ports: some: is not a port; write all, sip, or numbers as in [5060, 5061]"),
                error(
                        "firewall: {ports: []}",
                        "firewall.ports: names no port; write all, sip, or numbers as in [5060, 5061]"),
                error("firewall: {ports: [0]}", "firewall.ports[0]: 0: is too small; write a number from 1 to 65535"),
                error(
                        "firewall: {ports: [65536]}",
                        "firewall.ports[0]: 65536: is too large; write a number from 1 to 65535"),
                error("firewall: {port: all}", "firewall.port: unknown key; did you mean ports?"),
                error(
                        "store: {path: var/lib}",
                        "store.path: var/lib: is not the absolute path of a file; write a path that begins with /"),
                error(
                        "store: {path: /}",
                        "store.path: /: is not the absolute path of a file; write a path that begins with /"),
                error(
                        "store: {path: \"/a\\0b\"}",
                        "store.path: /a\\u0000b: is not the absolute path of a file; write a path that begins with /"),
                error(
                        "store: {path: /..}",
                        "store.path: /..: is not the absolute path of a file; write a path that begins with /"),
                error("store: /var/lib", "store: is a single value; write KEY: VALUE lines below it"),
                error(
                        "socket: /" + "s".repeat(107),
                        "socket: /" + "s".repeat(107)
                                + ": is too long for a socket; write a path of at most 107 bytes"));
    }

    private static Arguments notAllowed(String entry) {
        return error(
                "allowlist: ['" + entry + "']",
                "allowlist[0]: " + entry
                        + ": is not an address, prefix, host name or file:/PATH; write one such as 198.51.100.0/24");
    }

    @ParameterizedTest
    @MethodSource("top")
    void saysWhatIsWrongAtTheTop(String yaml, List<String> errors) {
        assertThat(folder.errors(FEED + yaml)).containsExactlyInAnyOrderElementsOf(inLine(2, errors));
    }

    @ParameterizedTest
    @MethodSource("nothing")
    void saysThatThereIsNothingToDo(String yaml, int line) {
        assertThat(folder.errors(yaml))
                .containsExactlyElementsOf(inLine(
                        line,
                        List.of((yaml.contains("jails") ? "jails: " : "")
                                + "nothing to do: no jail and no feed is enabled; enable a jail, as in the"
                                + " shipped file")));
    }

    static Stream<Arguments> nothing() {
        return Stream.of(
                Arguments.of("banprivate: false", 1),
                Arguments.of("banprivate: false\njails: {a: {enabled: false}}", 2),
                Arguments.of("\njails: {}\nfeeds: {apiban: {enabled: false}}", 2));
    }

    @Test
    void saysThatAFileOfPlainTextIsNoConfiguration() {
        assertThat(folder.errors("just text"))
                .contains("sipward.yaml:1: is a single value; write KEY: VALUE lines below it");
    }

    @Test
    void saysEverythingAtOnceInTheOrderOfTheLines() {
        folder.write("filters/broken.yaml", "name: other\ntime: syslog\nfailregex: {a: '^x<ADDR>$'}\nprefx: ''\n");

        List<String> errors = folder.errors("""
                jails:
                  a:
                    filter: broken
                    source: {journal: {}}
                    findtime: 10 m
                  b:
                    filter: asteriks
                    source: {file: relative.log}
                    source: {file: /b.log}
                feeds:
                  apiban: {set: sips}
                allowlist:
                  - 192.0.2.1
                  - 0.0.0.0/0
                defaults: {maxretry: 0, bantme: 1d}
                firewall: {backend: ipset}
                """);

        assertThat(errors)
                .containsExactly(
                        "sipward.yaml:4: jails.a.source.journal.unit: is missing; write the name of a service, such as unit: asterisk.service",
                        "sipward.yaml:5: jails.a.findtime: 10 m: is not a duration; write 30s, 10m, 2h, 1d or 4w",
                        "sipward.yaml:7: jails.b.filter: asteriks: no such filter; there are asterisk, broken, kamailio;"
                                + " did you mean asterisk?",
                        "sipward.yaml:8: jails.b.source.file: relative.log: is not the absolute path of a file;"
                                + " write one such as /var/log/NAME.log",
                        "sipward.yaml:9: jails.b.source: is written twice, first in line 8; delete one of the two",
                        "sipward.yaml:11: feeds.apiban.set: sips: is not a set; write sip, http or all",
                        "sipward.yaml:11: feeds.apiban.keyfile: is missing; write the key into a file and its path here",
                        "sipward.yaml:14: allowlist[1]: 0.0.0.0/0: would turn protection off; list only addresses that you"
                                + " trust",
                        "sipward.yaml:15: defaults.bantme: unknown key; did you mean bantime?",
                        "sipward.yaml:15: defaults.maxretry: 0: is too small; write a number from 1 to 1000",
                        "sipward.yaml:16: firewall.backend: ipset: is not supported by this version; write nftables or"
                                + " none",
                        "filters/broken.yaml:1: name: other: is not the name of the file; write name: broken",
                        "filters/broken.yaml:4: prefx: unknown key; did you mean prefix?");
    }

    @Test
    void printsOneProblemALine() {
        Path file = folder.write("sipward.yaml", FEED + "a: 1\nstore: {path: \"x\\ny\\e[2J\\u202e\"}\n");

        assertThatThrownBy(() -> new ConfigReader().read(file))
                .isInstanceOf(ConfigException.class)
                .message()
                .satisfies(message -> assertThat(message.lines()).hasSize(2))
                .contains("store.path: x\\u000ay\\u001b[2J\\u202e: is not");
    }

    @Test
    void keepsTheWarningsWithTheErrors() {
        assertThatThrownBy(() -> folder.read("feeds: {apiban: {keyfile: /none/k}}\nzzz: 1"))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.warnings()).hasSize(1));
    }
}

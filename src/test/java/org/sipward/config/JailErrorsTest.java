package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of error in a jail, word for word as the operator reads it. */
class JailErrorsTest extends ConfigFixture {
    static Stream<Arguments> jails() {
        return Stream.of(
                error(
                        "a: {filter: asterisk, secretword: k7Q, source: {file: /a}}",
                        "jails.a.secretword: is not a secret word; use 5 to 32 letters and digits, no blanks, no brackets"),
                error(
                        "a: {filter: asterisk, secretword: k7Q, source: {file: a.log}}",
                        "jails.a.secretword: is not a secret word; use 5 to 32 letters and digits, no blanks, no brackets",
                        "jails.a.source.file: a.log: is not the absolute path of a file; write one such as /var/log/NAME.log"),
                error(
                        "a: {filter: no, secretword: k7Q, source: {file: /a}}",
                        "jails.a.filter: no: no such filter; there are asterisk, kamailio; choose one of these, or write a path",
                        "jails.a.secretword: is not a secret word; use 5 to 32 letters and digits, no blanks, no brackets"),
                error(
                        "a: {filter: asterisk, source: {file: /a}, port: 5060, ignoreip: 192.0.2.1, usedns: no, action: x}",
                        "jails.a.port: unknown key; write firewall: {ports: ...} at the top level; by default a ban blocks all ports",
                        "jails.a.ignoreip: unknown key; write allowlist: [...] at the top level; it applies to all jails",
                        "jails.a.usedns: unknown key; delete it: names in logs are never looked up",
                        "jails.a.action: unknown key; delete it: Sipward bans in nftables, and runs no command"),
                error(
                        "a: {filter: asterisk, secretword: 'k7Qz9 ]', source: {file: /a}}",
                        "jails.a.secretword: is not a secret word; use 5 to 32 letters and digits, no blanks, no brackets"),
                error(
                        "a: {filter: kamailio, secretword: k7Qz9, source: {file: /a}}",
                        "jails.a.secretword: is only for log files of Asterisk; delete the line"),
                error(
                        "a: {filter: asterisk, secretword: k7Qz9, source: {file: /a, journal: {unit: a.service}}}",
                        "jails.a.secretword: is only for log files of Asterisk; delete the line",
                        "jails.a.secretword: is for files: this jail would ignore the lines of its other sources; give the files a jail of their own"),
                error(
                        "Bad Name: {filter: asterisk, source: {file: /a}}",
                        "jails.Bad Name: is not a name for a jail; use a to z, 0 to 9, - and _, at most 40"),
                error(
                        "a: {filter: astrisk, source: {file: /a}}",
                        "jails.a.filter: astrisk: no such filter; there are asterisk, kamailio; did you mean asterisk?"),
                error(
                        "a: {filter: postfix, source: {file: /a}}",
                        "jails.a.filter: postfix: no such filter; there are asterisk, kamailio; choose one of these, or write a path"),
                error(
                        "a: {filter: ../x, source: {file: /a}}",
                        "jails.a.filter: ../x: no such file; check the path, or write the name of a filter"),
                error(
                        "a: {filter: \"/a\\0\", source: {file: /a}}",
                        "jails.a.filter: /a\\u0000: no such file; check the path, or write the name of a filter"),
                error(
                        "a: {source: {file: /a}}",
                        "jails.a.filter: is missing; write the name of a filter, such as filter: a"),
                error("a: {filter: asterisk}", "jails.a.source: is missing; write source: {file: /var/log/NAME.log}"),
                error(
                        "a: {filter: asterisk, source: }",
                        "jails.a.source.file: is missing; write source: {file: /var/log/NAME.log}"),
                error(
                        "a: {filter: asterisk, source: {}}",
                        "jails.a.source.file: is missing; write source: {file: /var/log/NAME.log}"),
                error(
                        "a: {filter: asterisk, source: {file: []}}",
                        "jails.a.source.file: names no file; write source: {file: /var/log/NAME.log}"),
                error(
                        "a: {filter: asterisk, source: /a}",
                        "jails.a.source: is a single value; write KEY: VALUE lines below it"),
                error(
                        "a: {filter: asterisk, source: {flie: /a}}",
                        "jails.a.source.flie: unknown key; did you mean file?"),
                error(
                        "a: {filter: asterisk, source: {file: a.log}}",
                        "jails.a.source.file: a.log: is not the absolute path of a file; write one such as /var/log/NAME.log"),
                error(
                        "a: {filter: asterisk, source: {file: /var/log/}}",
                        "jails.a.source.file: /var/log/: is not the absolute path of a file; write one such as /var/log/NAME.log"),
                error(
                        "a: {filter: asterisk, source: {file: /etc}}",
                        "jails.a.source.file: /etc: is a directory; name a file, or write /etc/*.log"),
                error(
                        "a: {filter: asterisk, source: {file: '/a/[x'}}",
                        "jails.a.source.file: /a/[x: is not a glob; close each [ and {, or put \\ before it"),
                error(
                        "a: {filter: asterisk, source: {file: [/a, {b: 1}]}}",
                        "jails.a.source.file[1]: is a map; write one value, in quotes if it holds a colon"),
                error(
                        "a: {filter: asterisk, source: {file: /a}, maxrety: 3}",
                        "jails.a.maxrety: unknown key; did you mean maxretry?"),
                error(
                        "a: {filter: asterisk, source: {file: /a}, logpath: /b}",
                        "jails.a.logpath: unknown key; did you mean source?"),
                error(
                        "a: {filter: asterisk, source: {file: /a}, bantime: 8w}",
                        "jails.a.bantime: bantime 8w is longer than maxbantime 4w; raise maxbantime or shorten bantime"),
                error(
                        "a: {enabled: false, maxretry: x, flter: y}",
                        "jails.a.maxretry: x: is not a whole number; write a number from 1 to 1000",
                        "jails.a.flter: unknown key; did you mean filter?"),
                error(
                        "a: asterisk",
                        "jails.a: is a single value; write KEY: VALUE lines below it",
                        "jails.a.filter: is missing; write the name of a filter, such as filter: a",
                        "jails.a.source: is missing; write source: {file: /var/log/NAME.log}"));
    }

    @ParameterizedTest
    @MethodSource("jails")
    void saysWhatIsWrongWithAJail(String yaml, List<String> errors) {
        assertThat(folder.errors(FEED + "jails:\n  " + yaml)).containsExactlyInAnyOrderElementsOf(inLine(3, errors));
    }

    @Test
    void refusesFiltersThatAreTooLargeTogether() {
        for (String name : List.of("x", "y")) {
            StringBuilder filter = new StringBuilder("name: " + name + "\ntime: syslog\nfailregex:\n");
            for (int i = 0; i < 20; i++) {
                filter.append("  a" + i + ": '^(?:x{200}){10} <ADDR>$'\n");
            }
            folder.write("filters/" + name + ".yaml", filter.toString());
        }
        String jails = "jails:\n  a: {filter: x, source: {file: /a}}\n  b: {filter: x, source: {file: /b}}\n";

        assertThat(folder.errors(jails)).isEmpty();
        assertThat(folder.errors(jails + "  c: {filter: y, source: {file: /c}}\n"))
                .singleElement()
                .asString()
                .startsWith(
                        "sipward.yaml:4: jails.c.filter: the filters of all jails up to here are too large together: ")
                .contains("at most 150000");
    }
}

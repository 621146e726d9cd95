package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.filter.Filter;
import org.sipward.filter.Match;
import org.sipward.source.Line;

/** Under which name of the program a jail takes what a line says as proven. */
class JailProgramTest {
    private static final long ARRIVAL = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source: {file: /a.log} | false",
                "program: pbx7, source: {file: /a.log} | true",
                "program: [other, pbx], source: {file: /a.log} | false",
                "source: {journal: {unit: pbx.service}} | true",
                "source: {journal: {identifier: pbx7}} | true",
                "source: {journal: {unit: docker.service}} | false",
                "source: {journal: {unit: docker.service, identifier: pbx7}} | true",
                "source: {journal: {unit: pbx.service}, file: /a.log} | false",
            })
    void provesWhatALineSaysByTheNameOrByTheUnitOfTheJournal(String jail, boolean proven) throws Exception {
        assertThat(match(jail, "pbx7")).extracting(Match::proven).containsExactly(proven);
    }

    @Test
    void neverTakesAnotherServersLines() throws Exception {
        assertThat(match("source: {journal: {unit: pbx.service}}", "kamailio")).isEmpty();
    }

    private List<Match> match(String jail, String program) throws Exception {
        Folder folder = new Folder(directory);
        folder.write("filters/sip.yaml", """
                name: sip
                time: [syslog]
                program: [sipserver]
                prefix: '^<SYSLOG>'
                failregex: {wrong-password: '^wrong password from <ADDR>$'}
                """);
        Config config =
                folder.read("jails:\n  a: {filter: sip, " + jail + "}\n").config();
        Filter filter = config.jails().get(0).filter();
        String line = "Nov 22 11:00:00 host " + program + "[7]: wrong password from 203.0.113.7";
        return filter.reader(ZoneOffset.UTC).match(Line.of(line, ARRIVAL, false)).stream()
                .toList();
    }
}

package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.yaml.ConfigException;

class SourceReaderTest {
    @TempDir
    Path directory;

    private Folder folder = new Folder(Path.of("."));
    private Path secret = Path.of(".");

    @BeforeEach
    void write() throws Exception {
        folder = new Folder(directory).withFilters("asterisk");
        secret = folder.write("secret", "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void readsSeveralSourcesOfAJail() throws ConfigException {
        ConfigReader.Checked checked = folder.read(
                yaml(
                        "{file: " + secret + ", ami: {user: sipward, secretfile: " + secret
                                + "}, esl: {host: \"::1\", port: 8022, passwordfile: " + secret
                                + "}, journal: {unit: [a.service, b.service], identifier: asterisk}, syslog: {listen: \"127.0.0.1:5514\"}}"));

        assertThat(checked.config().jails().get(0).sources())
                .containsExactly(
                        new SourceConfig.Files(List.of(secret.toString())),
                        new SourceConfig.Ami("127.0.0.1", 5038, "sipward", secret),
                        new SourceConfig.Esl("::1", 8022, secret),
                        new SourceConfig.Journal(List.of("a.service", "b.service"), List.of("asterisk")),
                        new SourceConfig.Syslog(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5514)));
        assertThat(checked.config().jails().get(0).sources())
                .extracting(SourceConfig::name)
                .containsExactly(
                        secret.toString(),
                        "ami sipward@127.0.0.1:5038",
                        "esl ::1:8022",
                        "journal a.service,b.service asterisk",
                        "syslog 127.0.0.1:5514");
        assertThat(checked.warnings()).isEmpty();
    }

    @Test
    void readsTheSocketOfASyslog() throws ConfigException {
        assertThat(folder.read(yaml("{syslog: {socket: /run/sipward/syslog.sock}}"))
                        .config()
                        .jails()
                        .get(0)
                        .sources())
                .containsExactly(new SourceConfig.Syslog(UnixDomainSocketAddress.of("/run/sipward/syslog.sock")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ami: {user: x}} | ami.secretfile: is missing",
                "{ami: {secretfile: /s}} | ami.user: is missing",
                "{ami: {user: x, secretfile: s}} | ami.secretfile: is not the absolute path of a file",
                "{ami: {user: 'a b', secretfile: /s}} | ami.user: a b: is not a name",
                "{ami: {user: x, secretfile: /s, port: 65536}} | ami.port: 65536: is too large",
                "{ami: {user: x, secretfile: /s, secret: y}} | ami.secret: unknown key",
                "{ami: {user: x, secretfile: /s, host: 'a/b'}} | ami.host: a/b: is not an address or a host name",
                "{ami: x} | ami: is a single value",
                "{esl: {port: 0, passwordfile: /s}} | esl.port: 0: is too small",
                "{esl: {}} | esl.passwordfile: is missing",
                "{journal: {}} | journal.unit: is missing",
                "{journal: {unit: '--flush'}} | journal.unit: --flush: is not a name",
                "{journal: {units: x}} | journal.units: unknown key; did you mean unit?",
                "{syslog: {}} | syslog.listen: is missing",
                "{syslog: {listen: '127.0.0.1:5514', socket: /s}} | syslog.listen: is missing",
                "{syslog: {listen: '0.0.0.0:5514'}} | syslog.listen: 0.0.0.0:5514: could be reached by other machines",
                "{syslog: {listen: '192.0.2.1:5514'}} | syslog.listen: 192.0.2.1:5514: could be reached by other machines",
                "{syslog: {listen: 'localhost:5514'}} | syslog.listen: localhost:5514: is not an address with a port",
                "{syslog: {listen: '127.0.0.1:65536'}} | syslog.listen: 127.0.0.1:65536: is not an address with a port",
                "{syslog: {listen: 5514}} | syslog.listen: 5514: is not an address with a port",
            })
    void saysWhatIsWrong(String source, String error) {
        assertThat(folder.errors(yaml(source)))
                .anySatisfy(text -> assertThat(text).contains("jails.a.source." + error));
    }

    @Test
    void refusesASocketWithALongPath() {
        assertThat(folder.errors(yaml("{syslog: {socket: /" + "x".repeat(120) + "}}")))
                .singleElement()
                .asString()
                .contains("is too long for a socket");
    }

    @Test
    void saysAllAtOnce() {
        assertThat(folder.errors(yaml("{ami: {port: x}, esl: {prot: 1}, syslog: {listen: a}}")))
                .hasSize(6);
    }

    @Test
    void warnsOfAFarServerAndOfAnOpenSecretWithoutShowingIt() throws Exception {
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));

        List<String> warnings = folder.texts(folder.read(yaml(
                        "{ami: {host: 192.0.2.10, user: x, secretfile: " + secret + "}, esl: {passwordfile: /none}}"))
                .warnings());

        assertThat(warnings).hasSize(3);
        assertThat(warnings.get(0))
                .contains("ami.host: 192.0.2.10: the connection to another machine is not encrypted");
        assertThat(warnings.get(1))
                .contains("ami.secretfile: every user can read the password; run chmod 600 on the file");
        assertThat(warnings.get(2)).contains("esl.passwordfile: the file does not exist");
    }

    private static String yaml(String source) {
        return "jails:\n  a:\n    filter: asterisk\n    source: " + source + "\n";
    }
}

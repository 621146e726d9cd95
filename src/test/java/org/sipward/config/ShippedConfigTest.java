package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.yaml.ConfigException;

/** Pins the defaults: what the shipped file shows is what the program does. */
class ShippedConfigTest {
    private static final Path SHIPPED = Path.of("conf/sipward.yaml");
    private static final Pattern COMMENTED = Pattern.compile("^( *)#(?=[a-z])", Pattern.MULTILINE);

    @TempDir
    Path directory;

    @Test
    void watchesWhatIsCommonlyThere() throws ConfigException, IOException {
        Config config = read(Files.readString(SHIPPED));

        assertThat(config.jails())
                .extracting(JailConfig::name)
                .containsExactly("asterisk", "asterisk-full", "kamailio", "opensips", "freeswitch");
        assertThat(config.jails())
                .extracting(jail -> jail.filter().name())
                .containsOnly("asterisk", "kamailio", "opensips", "freeswitch");
        assertThat(config.feeds()).isEmpty();
    }

    @Test
    void showsTheDefaultsThatTheProgramHas() throws ConfigException, IOException {
        String shipped = Files.readString(SHIPPED);
        // Enabled, so that the feed's defaults are compared as well.
        String asShipped = shipped.replace("enabled: false", "enabled: true");
        String uncommented = COMMENTED.matcher(asShipped).replaceAll("$1");
        assertThat(uncommented).isNotEqualTo(asShipped);

        assertThat(read(uncommented)).usingRecursiveComparison().isEqualTo(read(asShipped));
    }

    @Test
    void showsEveryKey() throws IOException {
        String uncommented = COMMENTED.matcher(Files.readString(SHIPPED)).replaceAll("$1");
        Set<String> keys = Stream.of(
                        ConfigReader.KEYS,
                        JailDefaults.KEYS,
                        JailReader.KEYS,
                        FeedReader.KEYS,
                        DetectReader.KEYS,
                        DetectReader.DECOY_KEYS)
                .flatMap(list -> list.stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        // Another word for allowlist; not in this version; of the machine, not of the program; of the site.
        keys.removeAll(Set.of("ignoreip", "report", "metrics", "timezone", "secretword", "program"));
        keys.addAll(Set.of("backend", "ports", "path"));

        assertThat(keys)
                .allSatisfy(key -> assertThat(uncommented).containsPattern("(?m)^ *" + Pattern.quote(key) + ":"));
        assertThat(Files.readString(SHIPPED)).contains("# timezone:", "# secretword:");
    }

    private Config read(String yaml) throws ConfigException {
        return new Folder(directory)
                .withFilters("asterisk", "kamailio", "opensips", "freeswitch", "sshd")
                .read(yaml)
                .config();
    }
}

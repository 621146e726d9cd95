package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.config.DetectConfig.Campaign;
import org.sipward.config.DetectConfig.Decoys;
import org.sipward.config.DetectConfig.Enumeration;
import org.sipward.config.DetectConfig.Slow;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Problem;

class DetectReaderTest {
    private static final String JAIL = "jails: {asterisk: {filter: asterisk, source: {file: /var/log/a}%s}}\n";

    @TempDir
    Path directory;

    private Folder folder = new Folder(Path.of("."));

    @BeforeEach
    void filters() {
        folder = new Folder(directory).withFilters("asterisk");
    }

    @Test
    void takesWhatIsShippedWhereNothingIsSaid() throws ConfigException {
        assertThat(detect("", "")).isEqualTo(DetectConfig.shipped());
    }

    @Test
    void bansNoNetworkUnlessToldTo() throws ConfigException {
        assertThat(detect("", "").campaign()).isEmpty();
        assertThat(detect("", ", detect: {campaign: on}").campaign()).contains(Campaign.SHIPPED);
    }

    @Test
    void keepsWhatTheJailDoesNotSay() throws ConfigException {
        DetectConfig detect =
                detect("detect: {slow: {failures: 30}, enumeration: off}", ", detect: {slow: {findtime: 2w}}");

        assertThat(detect.slow()).contains(new Slow(30, Duration.ofDays(14)));
        assertThat(detect.enumeration()).isEmpty();
        assertThat(detect.tollfraud()).isPresent();
    }

    @Test
    void switchesOnAgainInAJail() throws ConfigException {
        DetectConfig detect = detect("detect: off", ", detect: {enumeration: on, agents: [foo]}");

        assertThat(detect.enumeration()).contains(Enumeration.SHIPPED);
        assertThat(detect.slow()).isEmpty();
        assertThat(detect.agents()).containsExactly("foo");
    }

    @Test
    void handsDecoysToEveryJailAlsoWhereTheRestIsOff() throws ConfigException {
        String decoys = "decoys: {accounts: [admin9], numbers: [\"00442012345678\"]}\n";
        Config config = folder.read(decoys + JAIL.formatted(", detect: off")).config();

        assertThat(config.jails().get(0).detect().decoys())
                .isEqualTo(new Decoys(List.of("admin9"), List.of("00442012345678")));
    }

    @Test
    void warnsOfDecoysThatPeopleTouch() throws ConfigException {
        String decoys = "decoys: {accounts: [anonymous, 101, 1000, admin9], numbers: [112, 00442012345678]}\n";

        assertThat(folder.read(decoys + JAIL.formatted("")).warnings())
                .extracting(Problem::value)
                .contains("anonymous", "101", "112")
                .doesNotContain("admin9", "00442012345678");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {enumeration: {accounts: 2}} | detect.enumeration.accounts: 2: is too small; write a number from 3 to 100
            {slow: {findtime: 1h}} | detect.slow.findtime: 1h: is too short; write 1d to 4w
            {campaign: {adresses: 9}} | detect.campaign.adresses: unknown key; did you mean addresses?
            {campaign: {addresses: 1}} | detect.campaign.addresses: 1: is too small; write a number from 4 to 200
            {tollfraud: 3} | detect.tollfraud: 3: is neither off nor KEY: VALUE lines; write off, or values as in the shipped file
            {agents: [ab]} | detect.agents[0]: ab: is not a part of a program's name; write 3 to 64 ASCII characters
            {enumerations: off} | detect.enumerations: unknown key; did you mean enumeration?
            sometimes | detect: is a single value; write KEY: VALUE lines below it
            """)
    void saysWhatIsWrong(String detect, String error) {
        assertThat(folder.errors("defaults: {detect: " + detect + "}\n" + JAIL.formatted("")))
                .containsExactly("sipward.yaml:1: defaults." + error);
    }

    @Test
    void refusesDecoysThatCannotBeMet() {
        String decoys = "decoys: {accounts: [\"a b\"], numbers: [zero]}\n";

        assertThat(folder.errors(decoys + JAIL.formatted("")))
                .containsExactly(
                        "sipward.yaml:1: decoys.accounts[0]: a b: is not an account; write the part before the @,"
                                + " at most 64 characters",
                        "sipward.yaml:1: decoys.numbers[0]: zero: is not a number; write its digits as they are"
                                + " dialled, in quotes");
    }

    private DetectConfig detect(String defaults, String jail) throws ConfigException {
        return folder.read("defaults: {" + defaults + "}\n" + JAIL.formatted(jail))
                .config()
                .jails()
                .get(0)
                .detect();
    }
}

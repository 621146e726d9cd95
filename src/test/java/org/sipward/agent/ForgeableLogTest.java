package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;

class ForgeableLogTest {
    @Test
    void knowsTheFilesOfAllLevelsThatAsteriskItselfWrites() throws Exception {
        assertThat(ForgeableLog.is(Path.of("/var/log/asterisk/messages"), filter("asterisk")))
                .isTrue();
        assertThat(ForgeableLog.is(Path.of("/var/log/asterisk/full"), filter("asterisk")))
                .isTrue();
        assertThat(ForgeableLog.is(Path.of("/var/log/asterisk/messages.log"), filter("asterisk")))
                .isTrue();
    }

    @Test
    void hasNothingAgainstOtherFiles() throws Exception {
        assertThat(ForgeableLog.is(Path.of("/var/log/asterisk/security"), filter("asterisk")))
                .isFalse();
        // Written by the syslog daemon, which escapes line breaks.
        assertThat(ForgeableLog.is(Path.of("/var/log/messages"), filter("asterisk")))
                .isFalse();
        assertThat(ForgeableLog.is(Path.of("/var/log/asterisk/messages"), filter("kamailio")))
                .isFalse();
    }

    private static Filter filter(String name) throws Exception {
        return Filter.compile(new FilterSpec(
                name,
                "",
                List.of("iso8601"),
                "",
                List.of(new FilterSpec.Pattern(Kind.FAILURE, "failed", "^failed <ADDR>$", 1, false))));
    }
}

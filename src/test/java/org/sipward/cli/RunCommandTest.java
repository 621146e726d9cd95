package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"run", "run -c a.yaml", "run --config a.yaml --dry-run", "run --dry-run -v -c a", "run --verbose"
            })
    void readsThePlainRunByItself(String words) {
        assertThat(RunCommand.plain(words.split(" "))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "check",
                "-v run",
                "run -c",
                "run -c --dry-run",
                "run -c @file",
                "run -c a -c b",
                "run -c a --config b",
                "run -v --verbose",
                "run --config=a",
                "run -ca",
                "run -vc a",
                "run --dry",
                "run --help",
                "run --version",
                "run a",
                "run @a"
            })
    void leavesAllElseToPicocli(String words) {
        assertThat(RunCommand.plain(words.split(" "))).isEmpty();
    }

    @Test
    void tellsWhetherToSayMore() {
        assertThat(RunCommand.plain("run", "-c", "v").orElseThrow().verbose()).isFalse();
        assertThat(RunCommand.plain("run", "-v").orElseThrow().verbose()).isTrue();
    }
}

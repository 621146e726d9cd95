package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipward.firewall.Bans.NOW;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages for the operator when nft fails. */
class NftablesFailureTest {
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private Nftables on(Command nft) {
        Flows flows = new Flows(nft, Path.of("/nonexistent"), CLOCK);
        return new Nftables(List.of(), CLOCK, nft, flows, ForeignChanges.unheard());
    }

    static Stream<Arguments> reportsTheProblemAndTheFix() {
        return Stream.of(
                Arguments.of(
                        "echo 'Operation not permitted (you must be root)'",
                        "nft is not permitted to change the firewall: run as root, or with CAP_NET_ADMIN"),
                Arguments.of(
                        "echo '/dev/stdin:1:1-23: Error: Could not process rule: Operation not permitted'",
                        "nft is not permitted to change the firewall: run as root, or with CAP_NET_ADMIN"),
                Arguments.of(
                        "echo 'Unable to initialize Netlink socket: Protocol not supported'",
                        "this kernel has no nf_tables: run 'modprobe nf_tables', or install a kernel that has it"),
                Arguments.of(
                        "echo 'warning'; printf '/dev/stdin:1:2-3: Error: odd\\033[31m thing\\nmore\\n'",
                        "nft failed: Error: odd?[31m thing"),
                Arguments.of(
                        "echo; echo 'internal:0:0-0: Error: No buffer space available'",
                        "nft failed: Error: No buffer space available"),
                Arguments.of("echo 'something else'", "nft failed: something else"),
                Arguments.of("true", "nft failed with exit code 1"));
    }

    @ParameterizedTest
    @MethodSource
    void reportsTheProblemAndTheFix(String complaint, String message) throws IOException {
        Command nft = FakeProgram.write(
                directory, "nft", Duration.ofSeconds(30), "cat >/dev/null", "{ " + complaint + "; } >&2", "exit 1");

        assertThatThrownBy(() -> on(nft).enforce(List.of(), List.of(), NOW))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @Test
    void shortensTheErrorsOfNft() throws IOException {
        Command nft = FakeProgram.write(
                directory, "nft", Duration.ofSeconds(30), "head -c 100000 /dev/zero | tr '\\0' x >&2", "exit 1");

        assertThatThrownBy(() -> on(nft).enforce(List.of(), List.of(), NOW))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
    }

    @Test
    void reportsThatNftIsNotInstalledAndFindsItLater() throws IOException {
        Nftables firewall = on(new Command("nft", List.of(directory), List.of(), Duration.ofSeconds(30)));
        assertThatThrownBy(() -> firewall.enforce(List.of(), List.of(), NOW))
                .hasMessage("nft is not installed: apt install nftables");

        FakeProgram.write(directory, "nft", Duration.ofSeconds(30), "cat >/dev/null");

        firewall.enforce(List.of(), List.of(), NOW);
    }

    @Test
    void givesUpOnNftThatHangs() throws IOException {
        Command nft = FakeProgram.write(directory, "nft", Duration.ofMillis(200), "exec sleep 1000");

        assertThatThrownBy(() -> on(nft).enforce(Bans.many(20_000), List.of(), NOW))
                .isInstanceOf(IOException.class)
                .hasMessage("nft did not end within 0.2 s and was killed");
    }

    @Test
    void refusesAnInvalidPort() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nftables.open(List.of(5060, 65_536), CLOCK))
                .withMessage("firewall: port is 65536");
    }
}

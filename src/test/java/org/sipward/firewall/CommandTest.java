package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path directory;

    private Command program(Duration limit, String... lines) throws IOException {
        return FakeProgram.write(directory, "program", limit, lines);
    }

    private static String output(Command command, String input, String... arguments) throws IOException {
        StringBuilder output = new StringBuilder();
        command.run(
                List.of(arguments),
                out -> out.write(input),
                in -> output.append(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        return output.toString();
    }

    private static boolean succeeds(Command command, String... arguments) throws IOException {
        return command.run(List.of(arguments), Command.Input.NONE, Command.Output.NONE)
                .isSuccess();
    }

    @Test
    void passesInputOutputAndExitCode() throws IOException {
        assertThat(output(program(LONG, "cat"), "a\nb\n")).isEqualTo("a\nb\n");

        Command.Result result =
                program(LONG, "echo no >&2; exit 3").run(List.of(), Command.Input.NONE, Command.Output.NONE);
        assertThat(result).isEqualTo(new Command.Result(3, "no\n"));
    }

    @Test
    void letsAProgramThatWasStartedAheadWaitForItsInput() throws IOException {
        Command cat = program(LONG, "cat > " + directory + "/all");

        try (Command.Run run = cat.start(List.of())) {
            assertThat(run.finish(out -> out.write("a\n"), Command.Output.NONE).isSuccess())
                    .isTrue();
        }

        assertThat(directory.resolve("all")).hasContent("a\n");
    }

    @Test
    void killsAProgramThatWasStartedAheadForNothing() throws Exception {
        Set<ProcessHandle> before = ProcessHandle.current().children().collect(Collectors.toSet());
        Command.Run run = program(LONG, "exec cat").start(List.of());
        ProcessHandle process = ProcessHandle.current()
                .children()
                .filter(child -> !before.contains(child))
                .findFirst()
                .orElseThrow();

        run.close();

        assertThat(process.onExit().get(LONG.toSeconds(), TimeUnit.SECONDS).isAlive())
                .isFalse();
    }

    @Test
    void passesArgumentsUnchanged() throws IOException {
        assertThat(output(program(LONG, "printf '%s|' \"$@\""), "", "a b", "$(id)", "; ls", ""))
                .isEqualTo("a b|$(id)|; ls||");
    }

    @Test
    void passesNothingOfTheEnvironment() throws IOException {
        assertThat(output(program(LONG, "/usr/bin/env"), "").lines())
                .contains("LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
                .allMatch(line -> line.matches("(LC_ALL|PATH|PWD|OLDPWD|SHLVL|_)=.*"));
    }

    @Test
    void copesWithMuchInputAndThenMuchOutput() throws IOException {
        String much = "0123456789abcdef".repeat(100_000);

        assertThat(output(program(LONG, "cat > " + directory + "/all; cat " + directory + "/all"), much))
                .isEqualTo(much);
    }

    @Test
    void keepsOnlyTheBeginningOfTheErrors() throws IOException {
        Command.Result result = program(LONG, "head -c 1000000 /dev/zero >&2; exit 1")
                .run(List.of(), Command.Input.NONE, Command.Output.NONE);

        assertThat(result.errors()).hasSize(Command.MAX_ERROR_BYTES);
    }

    @Test
    void returnsTheExitCodeOfAProgramThatDoesNotReadItsInput() throws IOException {
        Command.Result result = program(LONG, "exec <&-", "echo refused >&2; exit 1")
                .run(List.of(), out -> out.write("x".repeat(1_000_000)), Command.Output.NONE);

        assertThat(result).isEqualTo(new Command.Result(1, "refused\n"));
    }

    @Test
    void killsAProgramThatDoesNotEnd() throws IOException {
        Command hangs = program(SHORT, "exec sleep 1000");
        Command hangsWithChild = FakeProgram.write(directory, "other", SHORT, "sleep 1000; true");

        assertThatThrownBy(() -> hangs.run(List.of(), out -> out.write("x".repeat(1_000_000)), Command.Output.NONE))
                .isInstanceOf(IOException.class)
                .hasMessage("program did not end within 0.3 s and was killed");
        assertThatThrownBy(() -> hangsWithChild.run(List.of(), Command.Input.NONE, Command.Output.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was killed");
    }

    /** The JVM closes the pipes of a program that has ended, unless somebody reads them already: the child holds those. */
    @Test
    void doesNotWaitForAChildThatAProgramLeavesBehind() throws IOException {
        Command leaves = program(SHORT, "setsid sleep 60 &");
        long begin = System.nanoTime();

        Throwable failure = catchThrowable(() -> succeeds(leaves));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);
        assertThat(failure)
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        late -> assertThat(late).isInstanceOf(InterruptedIOException.class));
    }

    @Test
    void givesALongInputMoreTime() throws IOException {
        String much = "x".repeat(10 * Command.BYTES_A_SECOND);

        assertThat(program(SHORT, "cat >/dev/null; sleep 0.6")
                        .run(List.of(), out -> out.write(much), Command.Output.NONE)
                        .isSuccess())
                .isTrue();
    }

    @Test
    void goesByTheExitCodeAndNotByTheOutput() throws IOException {
        assertThat(succeeds(program(LONG, "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; cat")))
                .isTrue();
        assertThat(succeeds(program(LONG, "exit \"$1\""), "3")).isFalse();
        Command hangs = program(SHORT, "exec sleep 1000");
        assertThatThrownBy(() -> succeeds(hangs))
                .isInstanceOf(IOException.class)
                .hasMessage("program did not end within 0.3 s and was killed");
    }

    @Test
    void letsAProgramEndAlthoughItIsInterrupted() throws IOException {
        Command takesItsTime = program(LONG, "sleep 0.2");

        Thread.currentThread().interrupt();
        boolean succeeded = succeeds(takesItsTime);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(succeeded).isTrue();
    }

    @Test
    void namesThePackageToInstall() {
        Command nft = new Command("nft", List.of(directory), List.of(), LONG);
        Command conntrack = new Command("conntrack", List.of(directory), List.of(), LONG);

        assertThat(nft.isInstalled()).isFalse();
        assertThatThrownBy(() -> nft.run(List.of(), Command.Input.NONE, Command.Output.NONE))
                .hasMessage("nft is not installed: apt install nftables");
        assertThatThrownBy(() -> conntrack.run(List.of(), Command.Input.NONE, Command.Output.NONE))
                .hasMessage("conntrack is not installed: apt install conntrack");
    }

    @Test
    void givesTheProgramNoPartialInputIfTheInputThrows() throws IOException {
        Path seen = directory.resolve("seen");
        Command command = program(LONG, "cat >/dev/null && touch " + seen);

        assertThatThrownBy(() -> command.run(
                        List.of(),
                        out -> {
                            out.write("half");
                            throw new IllegalStateException("broken");
                        },
                        Command.Output.NONE))
                .isInstanceOf(IllegalStateException.class);

        assertThat(seen).doesNotExist();
    }

    @Test
    void finishesAndStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        try {
            assertThat(output(program(LONG, "cat"), "whole")).isEqualTo("whole");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}

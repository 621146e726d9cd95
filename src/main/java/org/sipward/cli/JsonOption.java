package org.sipward.cli;

import picocli.CommandLine.Option;

/** The option {@code --json} of every command that prints an answer. */
final class JsonOption {
    @Option(names = "--json", description = "Print one JSON object per line, for programs.")
    boolean json;
}

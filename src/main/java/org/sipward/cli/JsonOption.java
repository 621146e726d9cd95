package org.sipward.cli;

import picocli.CommandLine.Option;

/** The option {@code --json} of every command that answers something. */
final class JsonOption {
    @Option(names = "--json", description = "Print one JSON object a line, for programs.")
    boolean json;
}

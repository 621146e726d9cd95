package org.sipward.firewall;

import java.io.IOException;

/** Turns an error of nft into a message for the operator, with the fix if there is one. */
final class NftError {
    private static final int MAX_CHARS = 200;

    private NftError() {}

    /** Returns whether nft failed because the table, or something in it, is not there. */
    static boolean isAbsent(Command.Result result) {
        return !result.isSuccess() && result.errors().contains("No such file or directory");
    }

    static IOException of(Command.Result result) {
        String errors = result.errors();
        if (errors.contains("Operation not permitted")) {
            return new IOException("nft is not permitted to change the firewall: run as root, or with CAP_NET_ADMIN");
        }
        if (errors.contains("Unable to initialize Netlink socket") || errors.contains("Protocol not supported")) {
            return new IOException(
                    "this kernel has no nf_tables: run 'modprobe nf_tables', or install a kernel that has it");
        }
        if (isAbsent(result)) {
            return new IOException("table " + Script.TABLE + " or a part of it is gone: somebody flushed the ruleset");
        }
        String line = line(errors);
        return new IOException(line.isEmpty() ? "nft failed with exit code " + result.exit() : "nft failed: " + line);
    }

    /** Returns the first line with an error, without control characters; empty if there is none. */
    static String line(String errors) {
        String first = errors.lines()
                .filter(line -> line.contains("rror:"))
                .findFirst()
                .or(() -> errors.lines().filter(line -> !line.isBlank()).findFirst())
                .orElse("");
        String clean = first.substring(Math.max(0, first.indexOf("Error:"))).replaceAll("\\p{Cntrl}", "?");
        return clean.substring(0, Math.min(MAX_CHARS, clean.length()));
    }
}

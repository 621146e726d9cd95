package org.sipward.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;

/** Looks whether a file that holds a key or a password is there, for this user and for no other. */
final class SecretFiles {
    private SecretFiles() {}

    /**
     * Adds what is wrong with the file, if anything.
     *
     * @param name what the operator calls the file
     * @param secret what it holds
     */
    static void check(Problems problems, Place place, Path file, String name, String secret) {
        if (Files.notExists(file) || (Files.exists(file) && !Files.isRegularFile(file))) {
            problems.missing(
                    place, "the " + name + " is not there", "write the " + secret + " into it, and nothing else");
        } else if (!Files.isReadable(file)) {
            problems.warn(
                    place,
                    "",
                    "the " + name + " may not be read by this user",
                    "run as root, or let this user read it");
        } else if (letsOthers(PosixFilePermission.OTHERS_READ, file)) {
            problems.warn(place, "", "every user can read the " + secret, "chmod 600 the " + name);
        }
    }

    /** Returns whether every user may do this with the file; false if it is gone. */
    static boolean letsOthers(PosixFilePermission act, Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(act);
        } catch (IOException gone) {
            return false;
        }
    }
}

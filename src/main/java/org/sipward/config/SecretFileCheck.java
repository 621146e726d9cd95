package org.sipward.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.sipward.file.SmallFile;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;

/** Checks that a file with a key or a password exists, that this user can read it, and that not every user can. */
final class SecretFileCheck {
    private SecretFileCheck() {}

    /**
     * Notes what is wrong with the file, if anything.
     *
     * @param name what the operator calls the file
     * @param secret what the operator calls its content
     */
    static void check(Problems problems, Place place, Path file, String name, String secret) {
        if (Files.notExists(file) || (Files.exists(file) && !Files.isRegularFile(file))) {
            String what = Files.notExists(file) ? " does not exist" : " is not a regular file";
            problems.missing(place, "the " + name + what, "write the " + secret + " into it, and nothing else");
        } else if (!Files.isReadable(file)) {
            problems.warn(
                    place,
                    "",
                    "the " + name + " is not readable by this user",
                    "run as root, or let this user read it");
        } else if (SmallFile.letsOthers(PosixFilePermission.OTHERS_READ, file)) {
            problems.warn(place, "", "every user can read the " + secret, "run chmod 600 on the " + name);
        }
    }
}

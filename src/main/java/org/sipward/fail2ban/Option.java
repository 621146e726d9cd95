package org.sipward.fail2ban;

import java.nio.file.Path;

/**
 * A value as it stands in a file, not yet filled in.
 *
 * @param text lines are parted by {@code \n}
 * @param line the first one, from 1
 */
record Option(String text, Path file, int line) {
    String place() {
        return file.getFileName() + ":" + line;
    }
}

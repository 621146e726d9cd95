package org.sipward.fail2ban;

import java.nio.file.Path;

/**
 * A value as written in a file, before its names are filled in.
 *
 * @param text the value; its lines are separated by {@code \n}
 * @param line the number of its first line, from 1
 */
record Option(String text, Path file, int line) {
    String place() {
        return file.getFileName() + ":" + line;
    }
}

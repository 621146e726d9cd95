package org.sipward.fail2ban;

import java.util.List;
import java.util.Map;

/**
 * A fail2ban set-up in our words.
 *
 * @param files the text of each file by its path below the folder of the configuration; {@code sipward.yaml} comes first
 * @param jails how many jails {@code sipward.yaml} has
 * @param losses what could not be turned, and matters
 * @param notes what is different now, or needed no turning
 */
public record Imported(Map<String, String> files, int jails, List<Loss> losses, List<String> notes) {
    /** The path of the configuration in {@link #files}. */
    public static final String CONFIGURATION = "sipward.yaml";

    public Imported {
        losses = List.copyOf(losses);
        notes = List.copyOf(notes);
    }
}

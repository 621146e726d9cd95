package org.sipward.fail2ban;

import java.util.List;
import java.util.Map;

/**
 * A converted fail2ban setup.
 *
 * @param files the text of each file by its path below the folder of the configuration; {@code sipward.yaml} comes
 *     first
 * @param jails how many jails {@code sipward.yaml} has
 * @param losses what could not be converted, and matters
 * @param notes what is different now, or did not need to be converted
 */
public record Imported(Map<String, String> files, int jails, List<Loss> losses, List<String> notes) {
    /** The path of the configuration in {@link #files}. */
    public static final String CONFIGURATION = "sipward.yaml";

    public Imported {
        losses = List.copyOf(losses);
        notes = List.copyOf(notes);
    }
}

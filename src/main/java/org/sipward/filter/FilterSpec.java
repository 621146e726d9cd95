package org.sipward.filter;

import java.util.List;
import org.sipward.stamp.TimeFormat;

/**
 * A filter as its file writes it, not yet compiled.
 *
 * @param name the filter's name, that of its file
 * @param description in words
 * @param time names of {@link TimeFormat}s that may stand in front of a line
 * @param programs what syslog calls the server: each may be part of a longer name; empty if the prefix knows no
 *     {@code <SYSLOG>}, or any program may write such lines
 * @param prefix a pattern for everything between the time stamp and the message; may be empty
 * @param patterns failregex, successregex, ignoreregex, doubtregex and alarmregex, in the order of the file
 * @param rawprefix as prefix, of logs whose carrier lets line breaks through: blocks are looked for behind it only
 * @param blocks text that a sender may spread over several lines
 * @param glued what the beginning of a message looks like, from within a time stamp on, that stands on the line of another one
 *     because that was cut together with its line break; empty where that cannot be
 */
public record FilterSpec(
        String name,
        String description,
        List<String> time,
        List<String> programs,
        String prefix,
        List<Pattern> patterns,
        String rawprefix,
        List<Block> blocks,
        String glued) {
    /** Makes a filter of lines that any program may have written. */
    public FilterSpec(
            String name,
            String description,
            List<String> time,
            String prefix,
            List<Pattern> patterns,
            String rawprefix,
            List<Block> blocks,
            String glued) {
        this(name, description, time, List.of(), prefix, patterns, rawprefix, blocks, glued);
    }

    /** Makes a filter of records that are one line each. */
    public FilterSpec(String name, String description, List<String> time, String prefix, List<Pattern> patterns) {
        this(name, description, time, prefix, patterns, "", List.of(), "");
    }

    /**
     * A message whose text a sender may have spread over several lines.
     *
     * @param name its name, unique among patterns and blocks
     * @param begin matches the line that it begins on, behind time stamp and rawprefix. If it has an {@code <ADDR>}, where the
     *     server wrote the sender's address, lines within the block are believed of him, though they prove nothing
     * @param end matches the line that it ends on, from its first byte; the sender may write the same. Empty if nothing shows
     *     the end: the block then has all its bytes
     * @param bytes the most that the message can have, counted from {@code <F-TEXT>} in begin, or from the line's start
     * @param join whether the lines are put together again and read as one record
     * @param hold whether the line that it begins on may itself be forged: the address stands behind the sender's text
     * @param isShort whether a sender's text in it is too short for an end and a begin of the same kind: a line with both is
     *     whole, and one with a begin ends no other message. Behind a begin without an end, nothing is believed for as many
     *     bytes as the message can have, counted from the end of that line, whatever looks like an end
     * @param remains matches a line that may be what remains of an end that was cut or bent: it ends nothing, but shows that
     *     an end before it was the sender's; empty if there is no such line
     */
    public record Block(
            String name,
            String begin,
            String end,
            int bytes,
            boolean join,
            boolean hold,
            boolean isShort,
            String remains) {
        /** Makes a block of text that may be long, whose ends are never bent. */
        public Block(String name, String begin, String end, int bytes, boolean join, boolean hold) {
            this(name, begin, end, bytes, join, hold, false, "");
        }

        /** Returns where one of the block's patterns stands in the file, as in {@code blocks.dump.end}. */
        public String path(String key) {
            return "blocks." + name + "." + key;
        }
    }

    /**
     * One pattern.
     *
     * @param kind which of the lists it stands in
     * @param name its name, unique in the filter
     * @param regex RE2 syntax, beginning with {@code ^}, with one {@code <HOST>} or {@code <ADDR>} if the kind is
     *     FAILURE or SUCCESS
     * @param weight how many failures a match counts as, at least 1
     * @param spoofable whether one packet with a made-up source address can bring such a line about, unless the pattern
     *     captures {@code <F-PROVEN>} from it
     * @param lines how many lines that it matches one attempt can have, at least 1
     * @param forgeable whether a caller who knows the format can have such a line written about another
     */
    public record Pattern(
            Kind kind, String name, String regex, int weight, boolean spoofable, int lines, boolean forgeable) {
        /** Makes a pattern of lines that callers cannot forge, of which an attempt has one. */
        public Pattern(Kind kind, String name, String regex, int weight, boolean spoofable) {
            this(kind, name, regex, weight, spoofable, 1, false);
        }

        /** Returns where the pattern stands in the file, as in {@code failregex.auth-failed}. */
        public String path() {
            return kind.key() + "." + name;
        }
    }

    /** The lists of patterns that a filter has. */
    public enum Kind {
        FAILURE("failregex"),
        SUCCESS("successregex"),
        IGNORE("ignoreregex"),
        /** Lines whose beginning may be a sender's words, not the server's: they accuse nobody, and show somebody forging. */
        DOUBT("doubtregex"),
        /** Lines without an address that show somebody hiding. */
        ALARM("alarmregex");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** Returns whether its patterns read an address. */
        public boolean hasAddress() {
            return this == FAILURE || this == SUCCESS;
        }

        /** Returns whether its patterns only warn, of lines that any part of the server may have written. */
        public boolean warns() {
            return this == DOUBT || this == ALARM;
        }

        /** Returns the list's key in the file. */
        public String key() {
            return key;
        }
    }
}

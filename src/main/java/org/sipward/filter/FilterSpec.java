package org.sipward.filter;

import java.util.List;
import org.sipward.stamp.TimeFormat;

/**
 * A filter as its file has it, not yet compiled.
 *
 * @param name the filter's name, which is that of its file
 * @param description of the filter, in words
 * @param time names of the {@link TimeFormat}s that may stand at the start of a line
 * @param json the kind of JSON that the server may write in place of text, {@code asterisk} or {@code sentrypeer}; may
 *     be empty
 * @param programs the server's names in syslog: each may be part of a longer name. Empty if the prefix has no
 *     {@code <SYSLOG>}, or any program may write such lines
 * @param prefix a pattern for everything between the time stamp and the message; may be empty
 * @param patterns failregex, successregex, ignoreregex, doubtregex and alarmregex, in the order of the file
 * @param rawprefix as prefix, for logs that show line breaks as they are: blocks begin only behind it
 * @param blocks messages in which a caller's text may go over several lines
 * @param glued matches the beginning of a message in the middle of a line, from somewhere in its time stamp on. Some
 *     servers cut a long message together with its line break, so the next message stands on the same line. May be
 *     empty
 */
public record FilterSpec(
        String name,
        String description,
        List<String> time,
        String json,
        List<String> programs,
        String prefix,
        List<Pattern> patterns,
        String rawprefix,
        List<Block> blocks,
        String glued) {
    /** Makes a filter for lines that any program may have written, without JSON. */
    public FilterSpec(
            String name,
            String description,
            List<String> time,
            String prefix,
            List<Pattern> patterns,
            String rawprefix,
            List<Block> blocks,
            String glued) {
        this(name, description, time, "", List.of(), prefix, patterns, rawprefix, blocks, glued);
    }

    /** Makes a filter for records of one line each. */
    public FilterSpec(String name, String description, List<String> time, String prefix, List<Pattern> patterns) {
        this(name, description, time, prefix, patterns, "", List.of(), "");
    }

    /**
     * A message in which a caller's text may go over several lines.
     *
     * @param name unique among the filter's patterns and blocks
     * @param begin matches the line on which the message begins, behind time stamp and rawprefix. It may have an
     *     {@code <ADDR>} where the server wrote the caller's address: lines within the block that accuse that address
     *     are believed then, but prove nothing
     * @param end matches the line on which the message ends, from its first byte on. A caller may write such a line
     *     too. Empty if nothing shows the end: the block then has as many bytes as it can have
     * @param bytes the most bytes that the message can have, counted from {@code <F-TEXT>} in begin, or else from the
     *     start of the line
     * @param join whether the lines are joined and read as one record
     * @param hold whether the line on which the message begins may be forged too, because the address stands behind the
     *     caller's text
     * @param isShort whether a caller's text in the message is too short for both an end and another begin. So a line
     *     with a begin and an end is a whole message, and a line with a begin ends no other message. Behind a begin
     *     without an end, nothing is believed for as many bytes as the message can have, counted from the end of that
     *     line, whatever looks like an end
     * @param remains matches a line that may be the rest of an end that was cut. Such a line ends nothing, but shows
     *     that an end before it was the caller's. May be empty
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
        /** Makes a block of text that may be long, and whose ends are never cut. */
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
     * @param kind the list that it stands in
     * @param name unique in the filter
     * @param regex RE2 syntax, beginning with {@code ^}. It has one {@code <HOST>} or {@code <ADDR>} if the kind is
     *     FAILURE or SUCCESS
     * @param weight how many failures a match counts as, at least 1
     * @param spoofable whether one packet with a made-up source address can cause such a line. Lines in which the
     *     pattern captures {@code <F-PROVEN>} count as proven all the same
     * @param lines how many matching lines one attempt can cause, at least 1
     * @param forgeable whether a caller who knows the format can cause such a line with another address in it
     */
    public record Pattern(
            Kind kind, String name, String regex, int weight, boolean spoofable, int lines, boolean forgeable) {
        /** Makes a pattern for lines that callers cannot forge, and of which an attempt causes one. */
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
        /**
         * Lines that may begin with a caller's words, not the server's: they accuse nobody, and show that somebody
         * forges.
         */
        DOUBT("doubtregex"),
        /** Lines without an address which show that somebody hides. */
        ALARM("alarmregex");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** Returns whether its patterns read an address. */
        public boolean hasAddress() {
            return this == FAILURE || this == SUCCESS;
        }

        /** Returns whether its patterns only warn. Any part of the server may write the lines that they match. */
        public boolean warns() {
            return this == DOUBT || this == ALARM;
        }

        /** Returns the list's key in the file. */
        public String key() {
            return key;
        }
    }
}

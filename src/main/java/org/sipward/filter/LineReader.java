package org.sipward.filter;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.sipward.regex.Lead;
import org.sipward.source.Line;
import org.sipward.stamp.DateReader;
import org.sipward.stamp.Stamp;
import org.sipward.stamp.TimeFormat;

/**
 * Reads single lines of one log with one filter, in two steps. {@link #look} finds the time stamps that the line may
 * begin with, and which patterns and blocks can match behind each of them. For most lines that is none, and nothing
 * more is done. Otherwise {@link #match} and {@link #begin} tell what the line says.
 *
 * <p>Lines must be {@linkplain ContainerLog#unwrap unwrapped}. A line that says nothing costs no allocation. Not
 * thread-safe.
 */
final class LineReader {
    private static final int[] NOTHING = {};
    private static final Lead NOWHERE = new Lead();

    private final Filter filter;
    private final ZoneId zone;
    private final TimeFormat[] formats;
    private final Recogniser recogniser;
    private final Numbers numbers;
    private final Verdict verdict;
    private final DateReader dates = new DateReader();
    private final Line rest = new Line();

    /** For each time format: where the line goes on behind such a stamp, or -1 if it has none. */
    private final int[] ends;
    /** For each time format: the numbers of what may be found behind such a stamp, in ascending order. */
    private final int[][] found;
    /** For each time format: how far the automaton has read before anything could begin. */
    private final Lead[] leads;
    /** For each time format: the bits of the blocks that may begin behind such a stamp. */
    private final long[] begun;

    /** The same behind any stamp. */
    private long allBegun;

    /** The bits of the blocks that begin and end on the line. */
    private long whole;

    /** The format whose moment is known, or -1, and that moment. */
    private int timed = -1;

    private Optional<Instant> moment = Optional.empty();
    private boolean glued;
    private boolean stamped;
    /** The line as it stands in the log, and as the patterns read it: two lines only if the server wrote JSON. */
    private Line line = rest;

    private Line record = rest;

    LineReader(Filter filter, ZoneId zone) {
        this.filter = filter;
        this.zone = zone;
        this.formats = filter.formats().toArray(TimeFormat[]::new);
        this.recogniser = filter.recogniser();
        this.numbers = recogniser.numbers();
        this.verdict = new Verdict(recogniser.patterns(), filter.program());
        this.ends = new int[formats.length];
        this.found = new int[formats.length][];
        this.leads = Stream.generate(Lead::new).limit(formats.length).toArray(Lead[]::new);
        this.begun = new long[formats.length];
    }

    /**
     * Looks at a line. The line must not change before the look at the next one.
     *
     * @return false if the line certainly says nothing
     */
    boolean look(Line seen) {
        line = seen;
        record = filter.unwrapJson(seen);
        boolean any = false;
        whole = 0;
        allBegun = 0;
        timed = -1;
        glued = false;
        stamped = false;
        for (int i = 0; i < ends.length; i++) {
            begun[i] = 0;
            found[i] = NOTHING;
            if (record.length() > 0 && !formats[i].mayStart(record.charAt(0))) {
                ends[i] = -1;
                continue;
            }
            // A filter may read lines without a stamp too; a line that has one is not such a line.
            boolean none = stamped && formats[i] == TimeFormat.NONE;
            int end = none ? -1 : formats[i].end(record, dates);
            ends[i] = end;
            if (end >= 0 && !isKnown(end, i)) {
                found[i] = recogniser.find(record, record.from() + end, leads[i]);
                any |= found[i].length > 0;
                noteBlocks(i);
            }
            stamped |= end >= 0;
        }
        glued |= (!stamped || record != line) && isGlued(-1);
        return any || glued;
    }

    /** Returns whether another format found a stamp that ends here: then the line has been looked at from here on. */
    private boolean isKnown(int end, int format) {
        for (int i = 0; i < format; i++) {
            if (ends[i] == end) {
                return true;
            }
        }
        return false;
    }

    private void noteBlocks(int format) {
        int[] all = found[format];
        for (int i = all.length - 1; i >= 0 && !numbers.isPattern(all[i]); i--) {
            begun[format] |= numbers.begun(all[i]);
            whole |= numbers.whole(all[i]);
            glued |= numbers.isGlue(all[i]) && isGlued(ends[format]);
        }
        allBegun |= begun[format];
    }

    private boolean isGlued(int end) {
        // JSON is looked at as it stands in the log: unwrapping could hide what the server wrote behind a caller's
        // text.
        return filter.glue().isPresent() && filter.glue().get().isOn(line, record == line ? end : -1);
    }

    /** Returns whether a second message begins on the line that was looked at. */
    boolean isGlued() {
        return glued;
    }

    /** Returns the bits of the blocks that may begin on the line that was looked at. None begins on a line of JSON. */
    long begun() {
        return record == line ? allBegun : 0;
    }

    /** Returns whether the block is certain to begin and end on the line that was looked at; false is not certain. */
    boolean isWhole(BlockPattern block) {
        return (whole & block.bit()) != 0 && record == line;
    }

    /** Returns what the line says that was looked at, or empty if it says nothing. */
    Optional<Match> match() {
        for (int i = 0; i < formats.length && record.length() <= Filter.MAX_LINE_BYTES; i++) {
            boolean candidates = found[i].length > 0 && numbers.isPattern(found[i][0]);
            if (!candidates || !filter.isBelieved(record, ends[i])) {
                continue;
            }
            boolean hasStamp = formats[i] != TimeFormat.NONE;
            Optional<Instant> time = time(i);
            if (!hasStamp || time.isPresent()) {
                Optional<Match> match = verdict.of(rest(i), found[i], leads[i], time, hasStamp);
                if (match.isPresent()) {
                    return glued ? match.map(Match::disbelieved) : match;
                }
            }
        }
        return glued
                ? Optional.of(Match.suspicious(Glue.NAME, Optional.empty(), record.arrival(), record.isLive()))
                : Optional.empty();
    }

    /** Returns how this block begins on the line that was looked at, if it does. None begins on a line of JSON. */
    Optional<BlockPattern.Begin> begin(BlockPattern block) {
        for (int i = 0; i < formats.length && record == line; i++) {
            boolean may = (begun[i] & block.bit()) != 0 && filter.isBelieved(record, ends[i]);
            if (may && (formats[i] == TimeFormat.NONE || time(i).isPresent())) {
                Optional<BlockPattern.Begin> begin = block.begin(rest(i), leads[i], ends[i], filter.program());
                if (begin.isPresent()) {
                    return begin;
                }
            }
        }
        return Optional.empty();
    }

    /** Returns the rest of the line behind a stamp; valid until the next call. */
    private Line rest(int format) {
        rest.set(record.buffer(), record.from() + ends[format], record.to(), record.arrival(), record.isLive());
        return rest;
    }

    /** Returns the moment of a stamp; empty if the format has none, or there is no such moment, as on February 30. */
    private Optional<Instant> time(int format) {
        if (timed != format) {
            boolean isStamped = formats[format] != TimeFormat.NONE && formats[format].end(record, dates) >= 0;
            OptionalLong millis = isStamped ? dates.millis(record.arrival(), zone) : OptionalLong.empty();
            timed = format;
            moment = millis.isPresent() ? Optional.of(Instant.ofEpochMilli(millis.getAsLong())) : Optional.empty();
        }
        return moment;
    }

    /**
     * Returns how many bytes at the start of each line of the log are a carrier's, as far as the line tells that was
     * looked at; or -1 if it does not tell.
     */
    int carrier() {
        int tagged = ContainerLog.carrier(line);
        char first = line.length() > 0 ? line.charAt(0) : ' ';
        // The JSON of the filter's server has no carrier. In any other JSON, nobody knows where the line begins.
        boolean own = filter.json().isPresent() && filter.json().get().isStartOf(line);
        boolean foreign = first == '{' && !own;
        return tagged > 0 || (!foreign && (first == '[' || !stamped)) ? tagged : -1;
    }

    /**
     * Returns whether a line begins like a record of a log that lets line breaks through. It may be the caller's own
     * text.
     */
    boolean isRecord(Line any) {
        return filter.formats().stream()
                .flatMap(format -> format.read(any, zone).stream())
                .filter(stamp -> filter.isBelieved(any, stamp.end()))
                .anyMatch(stamp -> filter.rawprefix().isOn(any, stamp.end()));
    }

    /**
     * Returns the time stamp of a line in milliseconds since 1970. Returns empty if none of the filter's stamps stands
     * at its start, or the filter reads lines without a stamp.
     */
    OptionalLong stamp(Line any) {
        Line plain = filter.unwrapJson(any);
        for (TimeFormat format : formats) {
            Optional<Stamp> stamp = format.read(plain, zone);
            if (stamp.isPresent()) {
                return format == TimeFormat.NONE
                        ? OptionalLong.empty()
                        : OptionalLong.of(stamp.get().millis());
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Returns the name of the ignoreregex that matches a line, if one does. For tools: it asks each pattern by itself.
     */
    Optional<String> ignoredBy(Line any) {
        List<String> names = any.length() > Filter.MAX_LINE_BYTES ? List.of() : patternsOf(any);
        return recogniser.patterns().stream()
                .filter(pattern -> pattern.kind() == FilterSpec.Kind.IGNORE)
                .map(CompiledPattern::name)
                .filter(names::contains)
                .findFirst();
    }

    /**
     * Returns the names of all patterns that match a line, except those that only warn, whatever {@link #match}
     * returns.
     */
    List<String> patternsOf(Line any) {
        Line plain = filter.unwrapJson(any);
        return filter.formats().stream()
                .flatMap(format -> format.read(plain, zone).stream()
                        .map(stamp -> plain.rest(stamp.end()))
                        .flatMap(text -> patternsOf(text, format != TimeFormat.NONE)))
                .distinct()
                .toList();
    }

    private Stream<String> patternsOf(Line text, boolean hasStamp) {
        return recogniser.patterns().stream()
                .filter(pattern -> !pattern.kind().warns())
                .filter(pattern -> pattern.read(text, NOWHERE)
                        .filter(reading -> verdict.isBelieved(reading, hasStamp))
                        .isPresent())
                .map(CompiledPattern::name);
    }
}

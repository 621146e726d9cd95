package org.sipward.filter;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.sipward.regex.Lead;
import org.sipward.source.Line;
import org.sipward.stamp.DateReader;
import org.sipward.stamp.TimeFormat;

/**
 * What a first look at a line shows: where its message begins behind each time stamp that it may have, and which patterns
 * and blocks can match there. For most lines that is none, and nothing more is done.
 *
 * <p>One object serves all lines of one reader, and makes no other for a line that says nothing. Not thread-safe.
 */
final class FirstLook {
    private static final int[] NOTHING = {};

    private final ProgramName program;
    private final Recogniser recogniser;
    private final TimeFormat[] formats;

    private final Optional<Glue> glue;
    private final DateReader dates = new DateReader();
    private final Line rest = new Line();
    private final int[] ends;
    private final int[][] candidates;
    private final Lead[] leads;
    /** The bits of the blocks that may begin on the line, and of those that begin and end on it. */
    private long begun;

    private long whole;
    private boolean glued;
    private boolean stamped;
    private Line line = rest;
    private Line record = rest;

    FirstLook(ProgramName program, Recogniser recogniser, List<TimeFormat> formats, Optional<Glue> glue) {
        this.program = program;
        this.recogniser = recogniser;
        this.glue = glue;
        this.formats = formats.toArray(TimeFormat[]::new);
        this.ends = new int[formats.size()];
        this.candidates = new int[formats.size()][];
        this.leads = formats.stream().map(any -> new Lead()).toArray(Lead[]::new);
    }

    /**
     * Looks at a line. It must not change before the look at the next one.
     *
     * @return false if it certainly says nothing
     */
    boolean at(Line seen) {
        line = ContainerLog.unwrap(seen, program);
        record = Filter.unwrapServers(line);
        boolean any = false;
        begun = 0;
        whole = 0;
        glued = false;
        stamped = false;
        for (int i = 0; i < ends.length; i++) {
            if (record.length() > 0 && !formats[i].mayStart(record.charAt(0))) {
                ends[i] = -1;
                candidates[i] = NOTHING;
                continue;
            }
            // A line with a stamp is none of those without.
            boolean none = stamped && formats[i] == TimeFormat.NONE;
            int end = none ? -1 : formats[i].end(record, dates);
            ends[i] = end;
            candidates[i] =
                    end < 0 || isKnown(end, i) ? NOTHING : recogniser.candidates(record, record.from() + end, leads[i]);
            any |= candidates[i].length > 0;
            for (int j = candidates[i].length - 1; j >= 0 && recogniser.isNoPattern(candidates[i][j]); j--) {
                begun |= recogniser.begun(candidates[i][j]);
                whole |= recogniser.whole(candidates[i][j]);
                glued |= recogniser.isGlued(candidates[i][j]) && isGlued(end);
            }
            stamped |= end >= 0;
        }
        glued |= (!stamped || record != line) && isGlued(-1);
        return any || glued;
    }

    /** Returns the line in the form that patterns are for. */
    Line record() {
        return record;
    }

    /** Returns whether one of the filter's time stamps stands at the line's start. */
    boolean isStamped() {
        return stamped;
    }

    /** Returns whether a second message begins on the line. */
    boolean isGlued() {
        return glued;
    }

    private boolean isGlued(int end) {
        // What was unwrapped is looked at as it stands in the log: no escapes hide what the server wrote behind a
        // sender's text.
        return glue.isPresent() && glue.get().isOn(line, record == line ? end : -1);
    }

    /** Returns whether the block may begin on the line; of a line that was unwrapped, none. */
    boolean mayBegin(BlockPattern block) {
        return (begun & recogniser.bit(block)) != 0 && record == line;
    }

    /** Returns whether the block is known to begin and end on the line; if not, it may all the same. */
    boolean isWhole(BlockPattern block) {
        return (whole & recogniser.bit(block)) != 0 && record == line;
    }

    /** Returns where the message begins behind the i-th kind of stamp, or -1 if there is none. */
    int end(int format) {
        return ends[format];
    }

    /** Returns the numbers of what can match behind the i-th kind of stamp, in order. Not to be changed. */
    int[] candidates(int format) {
        return candidates[format];
    }

    /** Returns how far the line was gone over behind the i-th kind of stamp. */
    Lead lead(int format) {
        return leads[format];
    }

    /** Returns what stands behind the i-th kind of stamp; good until the next call. */
    Line rest(int format) {
        rest.set(record.buffer(), record.from() + ends[format], record.to(), record.arrival(), record.isLive());
        return rest;
    }

    /** Returns whether there is such a moment as the i-th kind of stamp says, or it needs none. */
    boolean isStamp(int format, ZoneId zone) {
        return formats[format] == TimeFormat.NONE || millis(format, zone).isPresent();
    }

    /** Returns the moment of the i-th kind of stamp in milliseconds since 1970, or empty if there is none such. */
    OptionalLong millis(int format, ZoneId zone) {
        return formats[format] == TimeFormat.NONE || formats[format].end(record, dates) < 0
                ? OptionalLong.empty()
                : dates.millis(record.arrival(), zone);
    }

    /** What stands behind this stamp was looked at already, behind one of another kind. */
    private boolean isKnown(int end, int format) {
        for (int i = 0; i < format; i++) {
            if (ends[i] == end) {
                return true;
            }
        }
        return false;
    }
}

package org.sipward.filter;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sipward.source.Line;

/**
 * Reads one log with one filter, line by line, in order. A line goes this way:
 *
 * <pre>
 * {@link #read}
 *   -&gt; {@link ContainerLog} takes off what Docker or containerd put around it
 *   -&gt; {@link Transcript} judges it by the lines before it
 *        -&gt; {@link LineReader} finds the patterns that can match, and reads the {@link Match}
 *   -&gt; the match is handed on: at once, or later from within another call
 * </pre>
 *
 * <p>A match may have to wait until it is known that no caller has written its line. Matches that wait are lost in a
 * crash, unless the log is read again from before them: save no cursor while {@link #isWaiting}.
 *
 * <p>Memory is bounded, see {@link HeldMatches}, {@link Joined} and {@link LongLine}. Not thread-safe: the thread that
 * reads the log owns it.
 */
public final class LogReader {
    private final Filter filter;
    private final ContainerLog container;
    private final LineReader lines;
    private final LogClock clock;
    private final Transcript transcript;
    /** The line that is coming in parts, because it is too long. */
    private @Nullable LongLine longLine;

    LogReader(Filter filter, ZoneId zone) {
        this.filter = filter;
        this.container = new ContainerLog(filter.program());
        this.lines = new LineReader(filter, zone);
        this.clock = new LogClock(lines);
        this.transcript = new Transcript(filter, lines, clock);
    }

    /**
     * Reads the next line, and hands on what it says, if anything: at once, or later from within another call.
     *
     * @return whether it says anything, or may be part of a message that does
     */
    public boolean read(Line record, Consumer<Match> found) {
        boolean goesOn = record.part() == Line.Part.MIDDLE || record.part() == Line.Part.END;
        Line line = goesOn ? record : container.unwrap(record);
        if (transcript.isWaiting() && clock.goesByStamps()) {
            transcript.settle(clock.settled(line));
        }
        if (goesOn) {
            goOn(record, found);
            return false;
        }
        if (longLine != null) {
            // The end of that line never came.
            longLine = null;
            transcript.doubtNext(line);
        }
        if (record.length() > Filter.MAX_LINE_BYTES || line.length() > Filter.MAX_LINE_BYTES) {
            return readLong(record, line, found);
        }
        if (container.isPiece(line)) {
            transcript.skip(line);
            return false;
        }
        return transcript.read(line, found);
    }

    /**
     * Passes over a line at which {@link #read} has failed. It is treated like a line that is too long: no match that
     * waits is believed, nor are the next lines, for as many bytes as a message can have.
     */
    public void passOver(Line line) {
        transcript.passOver(line);
    }

    private boolean readLong(Line record, Line line, Consumer<Match> found) {
        boolean says = transcript.readStart(line, found);
        LongLine begun = new LongLine(record, lines.carrier());
        transcript.advance(record.length());
        if (record.part() == Line.Part.BEGIN) {
            longLine = begun;
        } else {
            endLong(begun, record, found);
        }
        return says;
    }

    private void goOn(Line part, Consumer<Match> found) {
        LongLine open = longLine;
        transcript.advance(part.length());
        if (open == null) {
            // The beginning of that line was read before a restart, if at all.
            transcript.doubtNext(part);
            return;
        }
        open.add(part);
        if (part.part() == Line.Part.END) {
            longLine = null;
            endLong(open, part, found);
        }
    }

    /** Reads the last message of a line that is too long, if it is certain to be the server's. */
    private void endLong(LongLine open, Line last, Consumer<Match> found) {
        Line bytes = open.line(last);
        transcript.advance(-bytes.length());
        Line line = open.isWhole() ? container.unwrap(bytes) : bytes;
        int certain = Rest.lastOf(line, filter);
        if (certain > 0 && line.length() - certain <= Filter.MAX_LINE_BYTES) {
            transcript.advance(certain);
            transcript.read(line.rest(certain), found);
            return;
        }
        transcript.goOnAfter(line, open.carrier());
        transcript.advance(line.length() + 1);
    }

    /**
     * Hands on the matches that have waited for {@value Window#PAUSE_MILLIS} ms. Call it only when the log was read to
     * its end: the next line may be the one that shows a forgery.
     *
     * @param now milliseconds since 1970, by the clock of the lines' arrivals
     */
    public void settle(long now) {
        transcript.settle(now);
    }

    /** Hands on all matches that wait: no line will come any more. */
    public void end() {
        transcript.end();
    }

    /**
     * Lets the stamps of the lines settle what waits, as {@link #settle} does by a clock: for old logs. A caller who
     * can write lines can make that happen sooner.
     */
    public void settleByStamps() {
        clock.goByStamps();
    }

    /** Returns whether {@link #settle} should be called within a second, whether a line comes or not. */
    public boolean isWaiting() {
        return transcript.isWaiting();
    }

    /**
     * Returns what a line says by itself, or empty if it says nothing. As all methods from here on, it reads a line
     * that need not be the log's next one, and remembers nothing of it.
     */
    public Optional<Match> match(Line line) {
        return lines.look(container.unwrap(line)) ? lines.match() : Optional.empty();
    }

    /**
     * Returns the time stamp of a line in milliseconds since 1970. Returns empty if none of the filter's stamps stands
     * at its start, or the filter reads lines without a stamp.
     */
    public OptionalLong stamp(Line line) {
        return lines.stamp(container.unwrap(line));
    }

    /** Returns the name of the ignoreregex that matches a line, if one does. Slow: for tools. */
    public Optional<String> ignoredBy(Line line) {
        return lines.ignoredBy(container.unwrap(line));
    }

    /**
     * Returns the names of all patterns that match a line, except those that only warn, whatever {@link #match}
     * returns.
     */
    List<String> patternsOf(Line line) {
        return lines.patternsOf(container.unwrap(line));
    }
}

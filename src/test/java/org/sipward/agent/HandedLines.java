package org.sipward.agent;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.sipward.source.Counts;
import org.sipward.source.Line;
import org.sipward.source.LineSink;
import org.sipward.source.LogSource;
import org.sipward.source.SourceState;

/** A source of the lines that a test hands to it, one chunk for each poll. */
final class HandedLines implements LogSource {
    private final Deque<List<Line>> chunks = new ArrayDeque<>();
    private final int failingPoll;
    private int polls;
    private long lines;

    HandedLines() {
        this(-1);
    }

    /** @param failingPoll the number of the poll that fails, counted from 0 */
    HandedLines(int failingPoll) {
        this.failingPoll = failingPoll;
    }

    /** Adds a chunk. */
    void add(Line... chunk) {
        chunks.add(List.of(chunk));
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public boolean poll(LineSink sink) throws IOException {
        if (polls++ == failingPoll) {
            throw new IOException("broken");
        }
        List<Line> chunk = chunks.isEmpty() ? List.of() : chunks.remove();
        lines += chunk.size();
        chunk.forEach(sink::accept);
        return !chunks.isEmpty() || polls == failingPoll;
    }

    @Override
    public String cursor() {
        return "after " + lines;
    }

    @Override
    public boolean isRepeating() {
        return false;
    }

    @Override
    public boolean isReady() {
        return false;
    }

    @Override
    public SourceState state() {
        return SourceState.FOLLOWING;
    }

    @Override
    public String trouble() {
        return "";
    }

    @Override
    public Counts counts() {
        return new Counts(lines, lines, 0);
    }

    @Override
    public void close() {}
}

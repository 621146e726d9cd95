package org.sipward.ban;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a few numbers each. Rows are added and removed at the end only.
 *
 * <p>Memory: 8 bytes for a number, in chunks, so that growing copies nothing. Not thread-safe.
 */
final class Rows {
    private static final int CHUNK_ROWS = 1024;

    private final int width;
    private final List<long[]> chunks = new ArrayList<>();

    /** Makes rows of {@code width} numbers. */
    Rows(int width) {
        this.width = width;
    }

    long get(int row, int field) {
        return chunks.get(row / CHUNK_ROWS)[row % CHUNK_ROWS * width + field];
    }

    void set(int row, int field, long number) {
        chunks.get(row / CHUNK_ROWS)[row % CHUNK_ROWS * width + field] = number;
    }

    /** Makes room for one more row. There are {@code rows} now. */
    void grow(int rows) {
        if (rows == chunks.size() * CHUNK_ROWS) {
            chunks.add(new long[CHUNK_ROWS * width]);
        }
    }

    void copy(int from, int to) {
        System.arraycopy(
                chunks.get(from / CHUNK_ROWS),
                from % CHUNK_ROWS * width,
                chunks.get(to / CHUNK_ROWS),
                to % CHUNK_ROWS * width,
                width);
    }

    /** Frees memory: only {@code rows} are left. One spare chunk stays, so that rows can come and go at no cost. */
    void trim(int rows) {
        if (chunks.size() * CHUNK_ROWS >= rows + 2 * CHUNK_ROWS) {
            chunks.remove(chunks.size() - 1);
        }
    }
}

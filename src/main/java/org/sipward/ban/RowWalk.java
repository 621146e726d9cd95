package org.sipward.ban;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** Goes from row to row until {@link Queues#NONE}, and makes of each what is iterated over. Not thread-safe. */
final class RowWalk<T> implements Iterator<T> {
    private final IntUnaryOperator behind;
    private final IntFunction<T> made;
    private int row;

    RowWalk(int first, IntUnaryOperator behind, IntFunction<T> made) {
        this.row = first;
        this.behind = behind;
        this.made = made;
    }

    @Override
    public boolean hasNext() {
        return row != Queues.NONE;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        T one = made.apply(row);
        row = behind.applyAsInt(row);
        return one;
    }
}

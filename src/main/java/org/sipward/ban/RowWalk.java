package org.sipward.ban;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** Goes from row to row until {@link Queues#NONE}, and turns each row into an element. Not thread-safe. */
final class RowWalk<T> implements Iterator<T> {
    private final IntUnaryOperator following;
    private final IntFunction<T> element;
    private int row;

    RowWalk(int first, IntUnaryOperator following, IntFunction<T> element) {
        this.row = first;
        this.following = following;
        this.element = element;
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
        T next = element.apply(row);
        row = following.applyAsInt(row);
        return next;
    }
}

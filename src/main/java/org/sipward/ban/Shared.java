package org.sipward.ban;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pool of values that many rows share. Each value is held once, under a number, as long as it is used.
 *
 * <p>Not thread-safe. Memory: some 120 bytes for a value, and the value.
 */
final class Shared<T> {
    private final Map<T, Use> uses = new HashMap<>();
    private final List<Optional<T>> values = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    /** Counts one more use of the value, and returns the number of the value. */
    int use(T value) {
        Use use = uses.get(value);
        if (use == null) {
            use = new Use(free.isEmpty() ? values.size() : free.pop());
            uses.put(value, use);
            if (use.number == values.size()) {
                values.add(Optional.of(value));
            } else {
                values.set(use.number, Optional.of(value));
            }
        }
        use.count++;
        return use.number;
    }

    /** Returns the value of this number, which is in use. */
    T value(int number) {
        return values.get(number).orElseThrow();
    }

    /** Undoes one {@link #use}. With its last use the value is removed. */
    void release(int number) {
        T value = value(number);
        Use use = uses.get(value);
        if (use != null && --use.count == 0) {
            uses.remove(value);
            values.set(number, Optional.empty());
            free.push(number);
        }
    }

    /** Returns the number of values. */
    int size() {
        return uses.size();
    }

    private static final class Use {
        private final int number;
        private int count;

        Use(int number) {
            this.number = number;
        }
    }
}

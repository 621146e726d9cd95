package org.sipward.store;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts unreadable rows, which are skipped, and reports them in one log line. */
final class Unreadable implements Consumer<String> {
    private static final Logger log = LoggerFactory.getLogger(Unreadable.class);

    private final String what;
    private int count;
    private @Nullable String first;

    Unreadable(String what) {
        this.what = what;
    }

    @Override
    public void accept(String reason) {
        count++;
        if (first == null) {
            first = reason;
        }
    }

    int count() {
        return count;
    }

    void report() {
        if (count > 0) {
            log.warn("store: skipped {} {} that cannot be read; the first one: {}", count, what, first);
        }
    }
}

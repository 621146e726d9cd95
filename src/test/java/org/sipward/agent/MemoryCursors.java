package org.sipward.agent;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.sipward.store.CursorStore;

/** Keeps cursors in memory, and fails when told to. */
final class MemoryCursors implements CursorStore {
    private final Map<String, String> cursors = new ConcurrentHashMap<>();
    volatile boolean failing;

    @Override
    public Optional<String> cursor(String name) throws IOException {
        check();
        return Optional.ofNullable(cursors.get(name));
    }

    @Override
    public void saveCursor(String name, String cursor) throws IOException {
        check();
        cursors.put(name, cursor);
    }

    @Override
    public Set<String> cursors() throws IOException {
        check();
        return Set.copyOf(cursors.keySet());
    }

    @Override
    public void forgetCursors(Collection<String> names) throws IOException {
        check();
        cursors.keySet().removeAll(names);
    }

    private void check() throws IOException {
        if (failing) {
            throw new IOException("the disk is full");
        }
    }
}

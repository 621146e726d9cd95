package org.sipward.store;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps cursors: how far each log and each feed has been read, as text that only its reader understands.
 *
 * <p>A saved cursor survives the death of the process. A call that throws has changed nothing.
 */
public interface CursorStore {
    /** Returns the cursor last saved under this name. */
    Optional<String> cursor(String name) throws IOException;

    /** Saves a cursor in place of an earlier one of this name. Saving the same text again does not touch the disk. */
    void saveCursor(String name, String cursor) throws IOException;

    /** Returns the names of all cursors. */
    Set<String> cursors() throws IOException;

    /** Forgets the cursors of these names. */
    void forgetCursors(Collection<String> names) throws IOException;
}

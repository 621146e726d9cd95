package org.sipward.source.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of one log in the order in which they were written: the file being read, and those to be read after it.
 * Remembers the files that were finished, so that neither they nor their copies are read again.
 *
 * <p>Not thread-safe. Memory: at most {@value RotatedFiles#MAX_OPEN} files and {@value #MAX_LEFT} cursors.
 */
final class Succession implements Closeable {
    private static final int MAX_LEFT = 32;

    private final Path path;
    private final RotatedFiles rotated;
    private final DirectoryGate gate;

    /** The file being read, then those to be read after it. The writer has left all of them but the last. */
    private final Deque<OpenFile> files = new ArrayDeque<>();

    private final Deque<FileCursor> left = new ArrayDeque<>();

    /** Older files that were written to since this time are unread, */
    private FileTime since = FileTime.fromMillis(0);
    /** except for these, which existed before. */
    private Set<Object> before = Set.of();

    /** Whether a rotated file is still empty: its writer may yet begin it. */
    private boolean emptyIsThere;

    Succession(Path path) {
        this.path = path;
        this.rotated = new RotatedFiles(path);
        this.gate = new DirectoryGate(rotated);
    }

    RotatedFiles rotated() {
        return rotated;
    }

    /** Returns the files; the caller adds to them when it begins the first. */
    Deque<OpenFile> files() {
        return files;
    }

    Deque<FileCursor> left() {
        return left;
    }

    /** Returns where the last finished file was left. */
    Optional<FileCursor> lastLeft() {
        return Optional.ofNullable(left.peekLast());
    }

    /** Closes all files before this one. */
    void only(OpenFile file) throws IOException {
        while (files.getFirst() != file) {
            files.removeFirst().close();
        }
    }

    /** Treats all existing content as read, except this file and anything written from now on. */
    void beginAt(OpenFile file) {
        since = file.modified();
        before = Set.of();
        if (file.offset() == 0) {
            gate.shut();
            before = rotated.keys();
        }
    }

    /**
     * Returns whether the writer has left the file: for another file at the log's path, or for a file that has already
     * been rotated away, which is then queued.
     */
    boolean isLeft(OpenFile file, Optional<FileStat> atPath) throws IOException {
        if (files.size() > 1) {
            return true;
        }
        if (atPath.filter(file::is).isPresent()) {
            return false;
        }
        // A path that is not a regular file is reported when it is opened.
        if (atPath.filter(now -> now.size() > 0 || !now.regular()).isPresent()) {
            return true;
        }
        if (!gate.isOpen() && !emptyIsThere) {
            return false;
        }
        List<OpenFile> later = rotated.since(file, atPath, Optional.empty(), left);
        if (!isStill(atPath)) {
            // The file at the path may have been rotated by now, and then belongs among these.
            closeAll(later);
            emptyIsThere = true;
            return isLeft(file, FileStat.of(path));
        }
        emptyIsThere = closeNotBegun(later);
        return files.addAll(later);
    }

    /**
     * Looks for unread copies of the log at the path: content that came and went between two polls.
     *
     * @return whether there are any; they are queued before the file
     */
    boolean cameAndWent(OpenFile file) throws IOException {
        if (file.offset() > 0 || !gate.isOpen()) {
            return false;
        }
        List<OpenFile> copies = rotated.copiesOf(file, since, before, left);
        // If the file itself was rotated away, these copies may be newer than it.
        if (!hasContent(copies) || !isStill(Optional.of(file.stat()))) {
            closeAll(copies);
            return false;
        }
        putCopies(copies);
        return true;
    }

    private boolean isStill(Optional<FileStat> before) throws IOException {
        Optional<FileStat> now = FileStat.of(path);
        return now.isPresent() == before.isPresent()
                && now.filter(stat -> before.filter(stat::isSameFile).isEmpty()).isEmpty();
    }

    private static boolean hasContent(List<OpenFile> later) throws IOException {
        boolean content = false;
        for (OpenFile file : later) {
            content |= !file.isEmpty();
        }
        return content;
    }

    /** Removes empty files at the end: they do not prove that the writer left the file before them. */
    private static boolean closeNotBegun(List<OpenFile> later) throws IOException {
        boolean closed = false;
        for (int i = later.size() - 1; i >= 0 && later.get(i).isEmpty(); i--) {
            later.remove(i).close();
            closed = true;
        }
        return closed;
    }

    private static void closeAll(List<OpenFile> unused) throws IOException {
        for (OpenFile file : unused) {
            file.close();
        }
    }

    /**
     * Queues the files after this one: those rotated away since, and the file at the path if its writer has begun it.
     *
     * @param current the file at the path
     * @param free whether the file at the path may be queued
     * @return false if the file at the path was rotated just now: nothing is queued, and the caller must retry
     */
    boolean queueAfter(OpenFile file, Optional<OpenFile> current, boolean free) throws IOException {
        List<OpenFile> later = rotated.since(file, Optional.empty(), current, left);
        if (!isStill(current.map(OpenFile::stat))) {
            closeAll(later);
            return false;
        }
        // If there are too many at once, the others are searched for when these have been read.
        boolean last = free && later.size() < RotatedFiles.MAX_OPEN;
        boolean begun = last && current.isPresent() && current.get().bytes().size() > 0;
        if (!begun) {
            closeNotBegun(later);
        }
        files.addAll(later);
        if (begun) {
            files.add(current.get());
        }
        return true;
    }

    /**
     * Handles a first file whose content was replaced: its unread part may be in a copy that was made before.
     *
     * @param place how far the file was read
     * @return whether there is such a copy; it is queued before the file, followed by later copies
     */
    boolean putCopyFirst(OpenFile file, FileCursor place) throws IOException {
        Optional<OpenFile> copy = rotated.find(place, Optional.of(file));
        if (copy.isEmpty()) {
            remember(place);
            beginAt(file);
            return false;
        }
        OpenFile older = copy.get();
        since = older.modified();
        before = Set.of();
        putCopies(rotated.since(older, Optional.empty(), Optional.of(file), left));
        if (wasLeft(older)) {
            older.close();
        } else {
            files.addFirst(older);
        }
        return true;
    }

    private boolean wasLeft(OpenFile file) throws IOException {
        for (FileCursor cursor : left) {
            if (file.hasInodeOf(cursor) && cursor.length() > 0 && file.beginsLike(cursor)) {
                return true;
            }
        }
        return false;
    }

    private void putCopies(List<OpenFile> copies) {
        for (int i = copies.size() - 1; i >= 0; i--) {
            copies.get(i).markCopy();
            files.addFirst(copies.get(i));
        }
    }

    /** Finishes the first file, which was read to its end. */
    void leave() throws IOException {
        OpenFile file = files.removeFirst();
        remember(file.cursor());
        since = file.modified();
        before = Set.of();
        // An empty file is searched for again after the next file.
        emptyIsThere = true;
        file.close();
    }

    private void remember(FileCursor cursor) {
        left.remove(cursor);
        left.addLast(cursor);
        if (left.size() > MAX_LEFT) {
            left.removeFirst();
        }
    }

    void closeUnused(Optional<OpenFile> file) throws IOException {
        if (file.isPresent() && !files.contains(file.get())) {
            file.get().close();
        }
    }

    /** Closes all files for good, and remembers how far the first was read. */
    void leaveAll() throws IOException {
        if (!files.isEmpty()) {
            remember(files.getFirst().cursor());
        }
        close();
    }

    @Override
    public void close() throws IOException {
        for (OpenFile file = files.poll(); file != null; file = files.poll()) {
            file.close();
        }
    }
}

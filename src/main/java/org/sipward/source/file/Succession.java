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
 * The files of one log in the order of their writing: the one being read, those to be read after it, and a memory of
 * those that were left, so that neither they nor copies of them are read again.
 *
 * <p>Not thread-safe. Memory: at most {@value RotatedFiles#MAX_OPEN} files and {@value #MAX_LEFT} cursors.
 */
final class Succession implements Closeable {
    private static final int MAX_LEFT = 32;

    private final Path path;
    private final RotatedFiles rotated;
    private final DirectoryGate gate;

    /** The file being read, then those to be read after it. Any but the last has been left by its writer. */
    private final Deque<OpenFile> files = new ArrayDeque<>();

    private final Deque<FileCursor> left = new ArrayDeque<>();

    /** What is written to an older file from then on was not read, */
    private FileTime since = FileTime.fromMillis(0);
    /** but in these, which were there before. */
    private Set<Object> before = Set.of();

    /** Whether a file was rotated away that its writer may still begin. */
    private boolean emptyIsThere;

    Succession(Path path) {
        this.path = path;
        this.rotated = new RotatedFiles(path);
        this.gate = new DirectoryGate(rotated);
    }

    RotatedFiles rotated() {
        return rotated;
    }

    /** Returns the files, to be added to when the first of them is begun. */
    Deque<OpenFile> files() {
        return files;
    }

    Deque<FileCursor> left() {
        return left;
    }

    /** Returns what was left last. */
    Optional<FileCursor> lastLeft() {
        return Optional.ofNullable(left.peekLast());
    }

    /** Closes all files but this one. */
    void only(OpenFile file) throws IOException {
        while (files.getFirst() != file) {
            files.removeFirst().close();
        }
    }

    /** Takes what is there now for read, but what is read of this file and written from now on. */
    void beginAt(OpenFile file) {
        since = file.modified();
        before = Set.of();
        if (file.offset() == 0) {
            gate.shut();
            before = rotated.keys();
        }
    }

    /**
     * Returns whether the file was left by its writer: for another one at the log's path, or for one that was rotated
     * away meanwhile, which is then queued.
     */
    boolean isLeft(OpenFile file, Optional<FileStat> atPath) throws IOException {
        if (files.size() > 1) {
            return true;
        }
        if (atPath.filter(file::is).isPresent()) {
            return false;
        }
        // What is not a file is told when it is opened.
        if (atPath.filter(now -> now.size() > 0 || !now.regular()).isPresent()) {
            return true;
        }
        if (!gate.isOpen() && !emptyIsThere) {
            return false;
        }
        List<OpenFile> later = rotated.since(file, atPath, Optional.empty(), left);
        if (!isStill(atPath)) {
            // What was at the path is perhaps rotated by now, and belongs among these.
            closeAll(later);
            emptyIsThere = true;
            return isLeft(file, FileStat.of(path));
        }
        emptyIsThere = closeNotBegun(later);
        return files.addAll(later);
    }

    /**
     * Looks for copies of the log at the path, of which nothing was read: content that came and went between two looks.
     *
     * @return whether there are any; they are queued before it
     */
    boolean cameAndWent(OpenFile file) throws IOException {
        if (file.offset() > 0 || !gate.isOpen()) {
            return false;
        }
        List<OpenFile> copies = rotated.copiesOf(file, since, before, left);
        // If it was rotated away itself, these are perhaps newer.
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

    /** Takes out the empty ones at the end: they do not show that the file before them was left. */
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
     * Queues what came after a file: those rotated away since, and the one at the path if its writer has begun it.
     *
     * @param current the one at the path
     * @param free whether it may be queued
     * @return false if it was rotated away just now: nothing is queued, and this is to be tried again
     */
    boolean queueAfter(OpenFile file, Optional<OpenFile> current, boolean free) throws IOException {
        List<OpenFile> later = rotated.since(file, Optional.empty(), current, left);
        if (!isStill(current.map(OpenFile::stat))) {
            closeAll(later);
            return false;
        }
        // With too many at once, the rest is looked for when these are read.
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
     * The content of the first file was replaced: what was not read of it may stand in a copy that was made before.
     *
     * @param place what was read of it
     * @return whether a copy is there; it is queued before the file, with what came and went after it
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

    /** Leaves the first file, which is read to its end. */
    void leave() throws IOException {
        OpenFile file = files.removeFirst();
        remember(file.cursor());
        since = file.modified();
        before = Set.of();
        // Looked for again after the next one.
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

    /** Leaves all files for good, and remembers how far the first was read. */
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

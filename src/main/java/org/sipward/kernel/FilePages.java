package org.sipward.kernel;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.graalvm.word.Pointer;
import org.graalvm.word.WordFactory;

/**
 * The pages of the program's own files that are in memory as they are on disk: code, and data that it has not changed.
 * A start or the reading of a list needs many of them only once. The kernel takes none back before memory is short.
 */
public final class FilePages {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final String PAGES = "/proc/self/pagemap";

    private FilePages() {}

    /** Returns whether this program can give pages back: on a JVM it cannot. */
    public static boolean canBeGivenBack() {
        return NativeProgram.isThis();
    }

    /**
     * Gives all these pages back to the kernel. A page that is needed again is read from the file again. Takes a few
     * milliseconds. Does nothing to files of another user.
     *
     * @throws IOException if the kernel does not know how, as Linux before 5.4, or if /proc cannot be read
     */
    public static void giveBack() throws IOException {
        long pageBytes = Native.pageBytes();
        List<String> maps = Files.readAllLines(MAPS);
        for (String line : maps) {
            Optional<MappedFile> file = MappedFile.of(line);
            if (file.isPresent()) {
                giveBack(file.get(), pageBytes);
            }
        }
    }

    private static void giveBack(MappedFile file, long pageBytes) throws IOException {
        PageRuns runs =
                new PageRuns((first, count) -> Native.giveBack(file.start() + first * pageBytes, count * pageBytes));
        try (FileInputStream pages = new FileInputStream(PAGES);
                DataInputStream numbers = new DataInputStream(new BufferedInputStream(pages))) {
            pages.getChannel().position(file.start() / pageBytes * Long.BYTES);
            for (long left = file.size() / pageBytes; left > 0; left--) {
                long page = numbers.readLong();
                runs.add(ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? page : Long.reverseBytes(page));
            }
        }
        runs.end();
    }

    /** Apart, so that a JVM does not load it. */
    private static final class Native {
        /** Not MADV_DONTNEED: that would also throw away what the program writes at the same time. */
        private static final int MADV_PAGEOUT = 21;

        private static final int PAGE_SIZE = 30;
        private static final int EINVAL = 22;

        static long pageBytes() {
            return LibC.sysconf(PAGE_SIZE).rawValue();
        }

        static void giveBack(long start, long bytes) throws IOException {
            Pointer at = WordFactory.pointer(start);
            if (LibC.madvise(at, WordFactory.unsigned(bytes), MADV_PAGEOUT) != 0 && LibC.errno() == EINVAL) {
                throw new IOException("the kernel cannot take pages back; Linux 5.4 and later can");
            }
        }
    }
}

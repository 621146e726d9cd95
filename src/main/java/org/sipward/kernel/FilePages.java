package org.sipward.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.graalvm.word.Pointer;
import org.graalvm.word.WordFactory;

/**
 * The pages of the program's own files that are in memory: code and data that it only reads. What a start or the
 * reading of a list needed stays in memory otherwise, since the kernel takes nothing back before memory is short.
 */
public final class FilePages {
    private static final Path MAPS = Path.of("/proc/self/maps");

    private FilePages() {}

    /** Returns whether this program can give pages back: on a JVM it cannot. */
    public static boolean canBeGivenBack() {
        return NativeProgram.isThis();
    }

    /**
     * Gives all these pages back to the kernel. A page that is needed again is read from the file again.
     *
     * @throws IOException if the kernel does not know how: Linux before 5.4
     */
    public static void giveBack() throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(MAPS)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<MappedFile> file = MappedFile.of(line);
                if (file.isPresent()) {
                    Native.giveBack(file.get());
                }
            }
        }
    }

    /** Apart, so that a JVM does not load it. */
    private static final class Native {
        /** Not MADV_DONTNEED: that would also throw away pages that the loader has changed. */
        private static final int MADV_PAGEOUT = 21;

        private static final int EINVAL = 22;

        static void giveBack(MappedFile file) throws IOException {
            Pointer start = WordFactory.pointer(file.start());
            if (LibC.madvise(start, WordFactory.unsigned(file.size()), MADV_PAGEOUT) != 0 && LibC.errno() == EINVAL) {
                throw new IOException("the kernel cannot take pages back; Linux 5.4 and later can");
            }
        }
    }
}

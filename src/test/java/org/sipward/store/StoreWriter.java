package org.sipward.store;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.sipward.ban.Ban;

/** A process that writes to a store until it is killed. It prints what it is about to store and what it has stored. */
final class StoreWriter {
    /** Sizes of transactions: one ban, a chunk of lines, and more than the database keeps in memory. */
    private static final int[] SIZES = {1, 1, 1, 40, 2_500};

    private StoreWriter() {}

    /** Arguments: the folder, the number of the first ban, and a seed. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        int from = Integer.parseInt(args[1]);
        Random random = new Random(Long.parseLong(args[2]));
        out.println("opening");
        try (HsqlStore store = Samples.open(Path.of(args[0]))) {
            // The process also ends when nobody reads its output.
            while (!out.checkError()) {
                int to = from + SIZES[random.nextInt(SIZES.length)];
                List<Ban> bans = Samples.numbered(from, to, Samples.JAIL);
                out.println("storing " + to);
                store.add(bans);
                out.println("stored " + to);
                store.saveCursor("log", "" + to);
                out.println("cursor " + to);
                from = to;
            }
        }
    }
}

package org.sipward.firewall;

import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The input of {@code nft -f -}. nft first reads all of it, then makes one transaction of it.
 *
 * <p>The text is made while it is written: 50,000 elements need no buffer. If the agent dies while it writes, nft sees
 * a script that is cut short. If that script replaces contents, it ends inside a brace and changes nothing. If it adds
 * or removes hosts, it may end just between two statements; then the next {@code enforce} completes the change.
 */
final class Script {
    static final String NAME = "sipward";
    static final String TABLE = "inet " + NAME;
    static final String CHAIN = "guard";

    /** How many elements one statement has. */
    private static final int STATEMENT = 500;

    /** How many elements one line has: nft quotes the line in an error message. */
    private static final int LINE = 50;

    /** nft 1.0.6 accepts no more than eight digits of seconds: three years. */
    static final long MOST_SECONDS = 99_999_999;

    /** The kernel accepts up to 584 years. A longer ban than a hundred years gets no timeout: nobody will notice. */
    static final long LONGEST = Duration.ofDays(36_500).toMillis();

    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Writer out;
    /** In milliseconds since 1970. */
    private final long now;

    Script(Writer out, Instant now) {
        this.out = out;
        this.now = now.toEpochMilli();
    }

    /** Creates the table with these elements. Replaces any table of that name. */
    void table(List<Integer> ports, Map<KernelSet, Iterable<Element>> elements) throws IOException {
        // We add it first, because deleting a missing table is an error.
        out.write("add table " + TABLE + "\ndelete table " + TABLE + "\n");
        out.write("table " + TABLE + " {\n");
        sets(elements);
        out.write("chain " + CHAIN + " {\ntype filter hook prerouting priority raw; policy accept;\n");
        for (KernelSet set : KernelSet.values()) {
            out.write(rule(set, ports) + "\n");
        }
        out.write("}\n}\n");
    }

    /** Replaces the contents of the sets, and leaves the chain and its counters alone. */
    void contents(Map<KernelSet, Iterable<Element>> elements) throws IOException {
        for (KernelSet set : KernelSet.values()) {
            flush(set);
        }
        out.write("table " + TABLE + " {\n");
        sets(elements);
        out.write("}\n");
    }

    /** Replaces the contents of one set. */
    void contents(KernelSet set, List<Element> elements) throws IOException {
        flush(set);
        out.write("table " + TABLE + " {\n");
        sets(Map.of(set, elements));
        out.write("}\n");
    }

    /** Adds elements. The whole script fails if one of them exists. */
    void create(KernelSet set, List<Element> elements) throws IOException {
        for (int from = 0; from < elements.size(); from += STATEMENT) {
            statement("create", set, elements.subList(from, Math.min(from + STATEMENT, elements.size())), true);
        }
    }

    /** Adds elements, and replaces those that exist. */
    void renew(KernelSet set, List<Element> elements) throws IOException {
        for (int from = 0; from < elements.size(); from += STATEMENT) {
            List<Element> part = elements.subList(from, Math.min(from + STATEMENT, elements.size()));
            // We remove them first, because kernels up to 6.11 keep the old timeout of an element that is added again;
            // and add them before that, because removing a missing element is an error.
            remove(set, part);
            statement("add", set, part, true);
        }
    }

    /** Removes those elements that exist. */
    void remove(KernelSet set, List<Element> elements) throws IOException {
        for (int from = 0; from < elements.size(); from += STATEMENT) {
            List<Element> part = elements.subList(from, Math.min(from + STATEMENT, elements.size()));
            statement("add", set, part, false);
            statement("delete", set, part, false);
        }
    }

    /** Deletes elements. All of them must exist. */
    void delete(KernelSet set, List<Element> elements) throws IOException {
        statement("delete", set, elements, false);
    }

    /** Lists all tables of family {@code inet}, without their elements if nft runs with {@code -t}. */
    void listing() throws IOException {
        out.write("list ruleset inet\n");
    }

    /** Returns whether this listing of the table has exactly as many rules, chains and sets as {@link #table} makes. */
    static boolean isWhole(String listing) {
        int sets = KernelSet.values().length;
        return count(listing, "rule ") == sets && count(listing, "set ") == sets && count(listing, "") == 2 * sets + 2;
    }

    private static long count(String listing, String kind) {
        return listing.lines().filter(line -> line.startsWith(kind)).count();
    }

    private void flush(KernelSet set) throws IOException {
        out.write("flush set " + TABLE + " " + set.kernelName() + "\n");
    }

    private void sets(Map<KernelSet, Iterable<Element>> elements) throws IOException {
        for (KernelSet set : KernelSet.values()) {
            if (elements.containsKey(set)) {
                out.write("set " + set.kernelName() + " { " + set.definition());
                Iterator<Element> held = elements.get(set).iterator();
                if (held.hasNext()) {
                    out.write(" elements = ");
                    list(set, held, !set.isAllowed());
                }
                out.write(" }\n");
            }
        }
    }

    private void statement(String verb, KernelSet set, List<Element> elements, boolean timeouts) throws IOException {
        out.write(verb + " element " + TABLE + " " + set.kernelName() + " ");
        list(set, elements.iterator(), timeouts);
        out.write("\n");
    }

    private void list(KernelSet set, Iterator<Element> elements, boolean timeouts) throws IOException {
        String separator = "{ ";
        int count = 0;
        while (elements.hasNext()) {
            Element element = elements.next();
            out.write(separator);
            out.write(set.text(element.network()));
            if (timeouts) {
                out.write(timeout(element.until()));
            }
            separator = ++count % LINE == 0 ? ",\n" : ", ";
        }
        out.write(" }");
    }

    /**
     * Returns the remaining time in whole seconds, or in days if it is long, rounded up; an empty text if there is no
     * end.
     */
    private String timeout(Instant until) {
        long rest = until.toEpochMilli() - now;
        if (rest > LONGEST) {
            return "";
        }
        long seconds = Math.floorDiv(rest + 999, 1_000);
        return " timeout " + (seconds <= MOST_SECONDS ? seconds + "s" : rest / DAY + 1 + "d");
    }

    private static String rule(KernelSet set, List<Integer> ports) {
        if (set.isAllowed()) {
            return set.match() + " accept";
        }
        if (ports.isEmpty()) {
            return set.match() + " counter drop";
        }
        String list = ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return set.match() + " meta l4proto { tcp, udp, sctp } th dport { " + list + " } counter drop";
    }
}

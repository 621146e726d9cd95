package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Puts every byte, every separator and whole records into every field that a sender controls, of every message that is
 * read, on every carrier: the address read is the true one, or none.
 *
 * <p>Left out is what no reader of lines can know: an ESC in NOTICE lines where Asterisk deletes from it to the next m,
 * and, in a long field with line breaks, a last line that is a whole record together with the server's end of the message.
 */
class ForgeriesTest {
    private static final int LINES = Integer.getInteger("sipward.forgeries", 1_000_000);
    private static final long SEED = Long.getLong("sipward.seed", 20261122);
    private static final String BAIT = "192.0.2.1";
    private static final String BAIT6 = "2001:db8:feed::1";

    /** The carriers on which a long message loses its line break. */
    private static final List<Carrier> CUTTING = List.of(Carrier.FILE, Carrier.PLAIN, Carrier.CONSOLE);

    private final Random random = new Random(SEED);
    private final Map<String, Filter> filters = new HashMap<>();
    private final List<String> pieces = pieces();
    /** No whole records: those are long, and there are many. */
    private final List<String> shortPieces =
            pieces.stream().filter(piece -> piece.length() < 60).toList();

    private final IdentityHashMap<LogReader, Set<String>> splitters = new IdentityHashMap<>();
    private long lines;
    private long accusing;

    @Test
    void readsTheTrueAddressOrNone() throws Exception {
        System.out.println("forgeries: -Dsipward.seed=" + SEED + " -Dsipward.forgeries=" + LINES);
        Map<Carrier, Map<String, LogReader>> logs = new EnumMap<>(Carrier.class);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        List<Template> templates = Template.all();
        for (int i = 0; lines < LINES; i++) {
            Template template = templates.get(i % templates.size());
            List<Carrier> carriers = Carrier.of(template.program());
            Carrier carrier = carriers.get(random.nextInt(carriers.size()));
            String address = random.nextInt(4) == 0 && !template.parts().contains(Template.ADDRESS4)
                    ? "2001:db8:bad::" + Integer.toHexString(1 + random.nextInt(65535))
                    : "203.0.113." + random.nextInt(256);
            String text = template.write(address, field -> forge(field, template, carrier));
            LogReader log = logs.computeIfAbsent(carrier, key -> new HashMap<>())
                    .computeIfAbsent(template.program(), key -> filter(key).reader(ZoneOffset.UTC));
            write(log, carrier, template, address, text);
            if (random.nextInt(8) == 0) {
                log.end();
                splitters.remove(log);
            }
        }
        logs.values().forEach(all -> all.values().forEach(LogReader::end));
        System.out.printf(
                "forgeries: %d lines, %d accuse, in %d ms of a core%n",
                lines, accusing, (threads.getCurrentThreadCpuTime() - start) / 1_000_000);
        assertThat(accusing).isGreaterThan(lines / 100);
    }

    @Test
    void readsEveryMessageThatIsNotForged() throws Exception {
        for (Template template : Template.all()) {
            List<Carrier> carriers = Carrier.of(template.program());
            for (Carrier carrier : carriers) {
                String text = template.write("203.0.113.7", field -> "1001");
                String log = carrier.write(template.message(text));
                if (!template.accuses()) {
                    continue;
                }
                assertThat(Reading.accused(filter(template.program()), log))
                        .as(log)
                        .containsExactly("203.0.113.7");
            }
        }
    }

    private void write(LogReader log, Carrier carrier, Template template, String address, String text) {
        boolean canBeCut = template.program().equals("asterisk") && CUTTING.contains(carrier);
        String cut = canBeCut && random.nextInt(40) == 0 ? cutMessage(carrier) : "";
        String written = cut + carrier.write(template.message(text));
        // If an ESC deleted the end of a message, the end of a later message with line breaks is joined to it. The
        // address in that end is its own caller's, so it is true.
        Set<String> known = splitters.computeIfAbsent(log, key -> new HashSet<>());
        if (text.contains("\n")) {
            known.add(address);
        }
        for (String line : written.split("\n", -1)) {
            lines++;
            log.read(Reading.line(line), match -> {
                if (match.address().isPresent()) {
                    accusing++;
                    String found = match.address().get().toString();
                    boolean praise = match.kind() == Match.Kind.SUCCESS && !SecurityEvents.praises(text);
                    if (praise || !(found.equals(address) || known.contains(found))) {
                        throw new AssertionError("seed " + SEED + ", " + carrier + ", " + match.pattern() + ": read "
                                + (praise ? "praise of " : "") + found + ", true is " + address + ":\n" + written);
                    }
                }
            });
        }
    }

    /** Returns a message that is cut with its line break, full of beginnings, and perhaps short where an ESC deleted some of it. */
    private String cutMessage(Carrier carrier) {
        StringBuilder callId = new StringBuilder("A".repeat(random.nextInt(9_000)));
        while (callId.length() < 9_000) {
            String piece = pieces.get(random.nextInt(pieces.size())).replace("\n", "");
            callId.append(random.nextInt(3) == 0 ? "\u001b" + piece + "m" : piece)
                    .append("A".repeat(random.nextInt(900)));
        }
        String text = SecurityEvents.head("InvalidAccountID", "PJSIP") + "u\",SessionID=\"" + callId;
        Template head = Template.all().stream()
                .filter(template -> template.file().equals("res_security_log.c"))
                .findFirst()
                .orElseThrow();
        int headBytes = random.nextBoolean() ? carrier.write(head.message("")).length() : 0;
        return carrier.write(head.message(text.substring(0, 8_191 - headBytes)));
    }

    private String forge(Template.Field field, Template template, Carrier carrier) {
        StringBuilder text = new StringBuilder();
        int count = Math.max(0, random.nextInt(4) - 1);
        for (int i = 0; i < count; i++) {
            text.append(
                    switch (random.nextInt(4)) {
                        case 0 -> String.valueOf((char) random.nextInt(256));
                        case 1, 2 -> shortPieces.get(random.nextInt(shortPieces.size()));
                        default -> pieces.get(random.nextInt(pieces.size()));
                    });
        }
        if (field.allowed().test('\n') && random.nextInt(2) == 0) {
            text.append('\n').append(pieces.get(random.nextInt(pieces.size()))).append('\n');
        }
        StringBuilder kept = new StringBuilder();
        boolean escape = !carrier.strips() || !template.message("").level().equals("NOTICE");
        text.chars()
                .filter(field.allowed())
                .filter(c -> escape || c != 0x1b)
                .limit(field.max())
                .forEach(c -> kept.append((char) c));
        String made = field.quote().apply(kept.toString());
        int last = made.lastIndexOf('\n');
        // The last line: see above.
        boolean isLong = field.max() > SecurityEvents.MAX_NUMBER;
        return isLong && last >= 0 && field.allowed().test('\n') && looksLikeRecord(made.substring(last + 1))
                ? made + "\n"
                : made;
    }

    private static final Pattern RECORD = Pattern.compile("^(?:\\[|[0-9 ]|<|[A-Z][a-z]{2} |\\{).*", Pattern.DOTALL);

    private static boolean looksLikeRecord(String text) {
        return RECORD.matcher(text).matches();
    }

    private Filter filter(String name) {
        return filters.computeIfAbsent(name, key -> {
            try {
                return Reading.filter(key);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Returns what a sender would write: separators, ends of fields, and whole records of each message and carrier. */
    private static List<String> pieces() {
        List<String> pieces = new ArrayList<>(List.of(
                "\n",
                "\r",
                "\r\n",
                "\0",
                "\t",
                "\u0085",
                "\u00e2\u0080\u00a8",
                "\u00ff",
                "#012",
                "#015#012",
                "\\",
                "\"",
                "'",
                "(",
                ")",
                "<",
                ">",
                "[",
                "]",
                "} ",
                "\u001b",
                "\u001b[0m",
                "m",
                "-- end of packet.",
                "' rejected because extension not found in context 'public'.",
                "' failed for '" + BAIT + ":5060' ",
                "' failed for '" + BAIT + ":5060' - Wrong password",
                " failed for '[" + BAIT6 + "]:5060' (callid: x) - No matching endpoint found",
                "\",RemoteAddress=\"IPV4/UDP/" + BAIT + "/5060\"",
                "oteAddress=\"IPV4/UDP/" + BAIT + "/5060\"",
                "\",SessionID=\"x\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV6/UDP/" + BAIT6
                        + "/1\"",
                "' (from " + BAIT + ")",
                " != 0a1b)",
                "') ",
                " from " + BAIT,
                "] from " + BAIT,
                " [" + BAIT + "]",
                " (" + BAIT + ":5060)",
                " IP:" + BAIT + ":5060",
                " cause -2",
                "} <script>: ",
                "} b} ",
                "} x: ",
                ": ",
                "} <script>: auth-failed src=[" + BAIT + "] port=1 proto=udp method=X code=-2 user=",
                "src=[" + BAIT + "] port=1 proto=udp method=X code=-2 user=x",
                "<script>: Blocking traffic from " + BAIT,
                "core:receive_msg: Unable to parse msg received from [" + BAIT + ":1]",
                "receive_msg(): core parsing of SIP message failed (" + BAIT + ":1/1)",
                "::1",
                "1.2.3.4.5",
                BAIT,
                BAIT6));
        // The shortest forged ends, for short fields.
        for (String own : List.of("", ",UsingPassword=\"1\"", ",ACLName=\"a_b_c_d_e\"", ",Challenge=\"\"")) {
            String end = "\",SessionID=\"0x1234567\",LocalAddress=\"IPV4/WS/1.1.1.1/111\",RemoteAddress=\"IPV4/WS/"
                    + BAIT + "/111\"" + own;
            pieces.add(end);
            for (String kind : List.of("FailedACL", "InvalidPassword", "InvalidAccountID", "SessionLimit")) {
                String head = SecurityEvents.head(kind, "SIP").replaceFirst("20[0-9T:.-]+\\+0000", "1795345568-12");
                String record = "[1795345568] SECURITY[1] res_security_log.c: " + head;
                pieces.add(record);
                pieces.add(end + "\n" + record);
                pieces.add("\n" + record + end + "\n");
            }
        }
        for (Template template : Template.all()) {
            String text = template.write(BAIT, field -> "x");
            List<Carrier> carriers = Carrier.of(template.program());
            carriers.forEach(carrier -> pieces.add(carrier.write(template.message(text)) + "\n"));
        }
        return pieces;
    }
}

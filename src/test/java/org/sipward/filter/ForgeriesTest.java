package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.sipward.filter.Carrier.Message;

/**
 * Puts every byte, every separator and whole records into every field that a sender controls, of every message that is
 * read, on every carrier: the address read is the true one, or none.
 *
 * <p>Left out is what no reader of lines can know: an ESC in NOTICE lines where Asterisk deletes from it to the next m,
 * and, in a field with line breaks, a last line that is a whole record together with the server's end of the message.
 */
class ForgeriesTest {
    private static final int LINES = Integer.getInteger("sipward.forgeries", 1_000_000);
    private static final long SEED = Long.getLong("sipward.seed", System.nanoTime());
    private static final String BAIT = "192.0.2.1";
    private static final String BAIT6 = "2001:db8:feed::1";
    private static final String MUST_DEFINE =
            "You must define a domain called '%s' in your directory and add a user with the id=\"1\" attribute\nand you must configure your device to use the proper domain in its authentication credentials.";

    private final Random random = new Random(SEED);
    private final Map<String, Filter> filters = new HashMap<>();
    private final List<String> pieces = pieces();
    private long lines;
    private long accusing;

    @Test
    void readsTheTrueAddressOrNone() throws Exception {
        System.out.println("forgeries: -Dsipward.seed=" + SEED + " -Dsipward.forgeries=" + LINES);
        Map<Carrier, Map<String, Transcript>> logs = new EnumMap<>(Carrier.class);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        List<Template> templates = templates();
        for (int i = 0; lines < LINES; i++) {
            Template template = templates.get(i % templates.size());
            List<Carrier> carriers = template.program.equals("asterisk") ? Carrier.ofAsterisk() : Carrier.ofOthers();
            Carrier carrier = carriers.get(random.nextInt(carriers.size()));
            String address = random.nextInt(4) == 0 && !template.parts.contains(ADDRESS4)
                    ? "2001:db8:bad::" + Integer.toHexString(1 + random.nextInt(65535))
                    : "203.0.113." + random.nextInt(256);
            String text = template.write(address, field -> forge(field, template, carrier));
            Transcript log = logs.computeIfAbsent(carrier, key -> new HashMap<>())
                    .computeIfAbsent(template.program, key -> new Transcript(filter(key), ZoneOffset.UTC));
            write(log, carrier, template, address, text);
            if (random.nextInt(8) == 0) {
                log.end();
            }
        }
        logs.values().forEach(all -> all.values().forEach(Transcript::end));
        System.out.printf(
                "forgeries: %d lines, %d accuse, in %d ms of a core%n",
                lines, accusing, (threads.getCurrentThreadCpuTime() - start) / 1_000_000);
        assertThat(accusing).isGreaterThan(lines / 100);
    }

    @Test
    void readsEveryMessageThatIsNotForged() throws Exception {
        for (Template template : templates()) {
            List<Carrier> carriers = template.program.equals("asterisk") ? Carrier.ofAsterisk() : Carrier.ofOthers();
            for (Carrier carrier : carriers) {
                String text = template.write("203.0.113.7", field -> "1001");
                String log = carrier.write(template.message(text));
                if (!template.accuses) {
                    continue;
                }
                assertThat(Reading.accused(filter(template.program), log))
                        .as(log)
                        .containsExactly("203.0.113.7");
            }
        }
    }

    private void write(Transcript log, Carrier carrier, Template template, String address, String text) {
        String written = carrier.write(template.message(text));
        for (String line : written.split("\n", -1)) {
            lines++;
            log.read(Reading.line(line), match -> {
                if (match.address().isPresent()) {
                    accusing++;
                    String found = match.address().get().toString();
                    if (!found.equals(address)) {
                        throw new AssertionError("seed " + SEED + ", " + carrier + ", " + match.pattern() + ": read "
                                + found + ", true is " + address + ":\n" + written);
                    }
                }
            });
        }
    }

    private String forge(Field field, Template template, Carrier carrier) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            text.append(
                    random.nextInt(3) == 0
                            ? String.valueOf((char) random.nextInt(256))
                            : pieces.get(random.nextInt(pieces.size())));
        }
        if (field.allowed.test('\n') && random.nextInt(2) == 0) {
            text.append('\n').append(pieces.get(random.nextInt(pieces.size()))).append('\n');
        }
        StringBuilder kept = new StringBuilder();
        boolean escape = !carrier.strips() || !template.message("").level().equals("NOTICE");
        text.chars()
                .filter(field.allowed)
                .filter(c -> escape || c != 0x1b)
                .limit(field.max)
                .forEach(c -> kept.append((char) c));
        String made = field.quote.apply(kept.toString());
        int last = made.lastIndexOf('\n');
        // The last line: see above.
        return last >= 0 && field.allowed.test('\n') && looksLikeRecord(made.substring(last + 1)) ? made + "\n" : made;
    }

    private static final Pattern RECORD = Pattern.compile("^(?:\\[|[0-9 ]|<|[A-Z][a-z]{2} |\\{).*", Pattern.DOTALL);

    private static boolean looksLikeRecord(String text) {
        return RECORD.matcher(text).matches();
    }

    private static boolean isAny(int c) {
        return true;
    }

    private static boolean isLine(int c) {
        return c != '\n';
    }

    private static boolean isHeader(int c) {
        return c != '\n' && c != '\r' && c != 0;
    }

    private static boolean isToken(int c) {
        return c > ' ' && c != 0x7f;
    }

    private static boolean isUri(int c) {
        return c > ' ' && "<>\"".indexOf(c) < 0 && c < 0x7f;
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
                "src=[" + BAIT + "] port=1 proto=udp method=X code=-2 user=x",
                "<script>: Blocking traffic from " + BAIT,
                "core:receive_msg: Unable to parse msg received from [" + BAIT + ":1]",
                "receive_msg(): core parsing of SIP message failed (" + BAIT + ":1/1)",
                "::1",
                "1.2.3.4.5",
                BAIT,
                BAIT6));
        for (Template template : templates()) {
            String text = template.write(BAIT, field -> "x");
            List<Carrier> carriers = template.program.equals("asterisk") ? Carrier.ofAsterisk() : Carrier.ofOthers();
            carriers.forEach(carrier -> pieces.add(carrier.write(template.message(text)) + "\n"));
        }
        return pieces;
    }

    private static List<Template> templates() {
        Field quoted = new Field(
                ForgeriesTest::isLine,
                300,
                text -> text.isEmpty() ? "" : "\"" + text.replace("\\", "").replace("\"", "\\\"") + "\" ");
        Field user = new Field(ForgeriesTest::isUri, 120, text -> text);
        Field callId = new Field(ForgeriesTest::isHeader, 256, text -> text);
        Field header = new Field(ForgeriesTest::isHeader, 500, text -> text);
        Field token = new Field(ForgeriesTest::isToken, 40, text -> text);
        Field any = new Field(ForgeriesTest::isAny, 500, text -> text);
        Field account = new Field(ForgeriesTest::isAny, 36, text -> text);
        Field number = new Field(ForgeriesTest::isAny, 79, text -> text);
        Field name = new Field(ForgeriesTest::isLine, 500, text -> text);
        Field word = new Field(c -> c > ' ' && c != 0x7f && c != '@', 200, text -> text);
        Field response = new Field(
                ForgeriesTest::isHeader, 300, text -> text.replace("\\", "").replace("\"", "\\\""));
        Field packet = new Field(ForgeriesTest::isAny, 900, text -> text);
        Field short40 = new Field(c -> c != '\n' && c != '\r', 40, text -> text);
        List<Template> all = new ArrayList<>();
        String pjsip = "res_pjsip/pjsip_distributor.c";
        all.add(notice(
                pjsip,
                "Request '",
                token,
                "' from '",
                quoted,
                "<sip:",
                user,
                "@192.0.2.10>' failed for '",
                ADDRESS_PORT,
                "' (callid: ",
                callId,
                ") - No matching endpoint found"));
        all.add(notice(
                pjsip,
                "Request 'REGISTER' from '",
                quoted,
                "<sip:1001@192.0.2.10>' failed for '",
                ADDRESS_PORT,
                "' (callid: ",
                callId,
                ") - Failed to authenticate"));
        all.add(notice(
                "chan_sip.c", "Registration from '", header, "' failed for '", ADDRESS_PORT, "' - Wrong password"));
        all.add(notice(
                "chan_sip.c",
                "Registration from '",
                header,
                "' failed for '",
                ADDRESS_PORT,
                "' - No matching peer found"));
        all.add(notice(
                "chan_sip.c",
                "Call from '' (",
                ADDRESS_PORT,
                ") to extension '",
                any,
                "' rejected because extension not found in context 'public'."));
        all.add(notice(
                "res_pjsip_session.c",
                " anonymous: Call (UDP:",
                ADDRESS_PORT,
                ") to extension '",
                number,
                "' rejected because extension not found in context 'from-trunk'."));
        all.add(notice("chan_iax2.c", "No registration for peer '", any, "' (from ", ADDRESS, ")"));
        all.add(notice(
                "chan_iax2.c",
                "Host ",
                ADDRESS,
                " failed MD5 authentication for '1001' (",
                any,
                " != 0123456789abcdef)"));
        all.add(notice(
                "chan_iax2.c", "Rejected connect attempt from ", ADDRESS, ", who was trying to reach '", any, "@x'"));
        all.add(notice("manager.c", ADDRESS, " failed to authenticate as '", name, "'"));
        all.add(notice("manager.c", ADDRESS, " tried to authenticate with nonexistent user '", any, "'"));
        for (String[] event : new String[][] {
            {"InvalidAccountID", ""},
            {"ChallengeResponseFailed", ",Challenge=\"1/2\",Response=\""},
            {"InvalidPassword", ",Challenge=\"1\",ReceivedChallenge=\"1\",ReceivedHash=\""}
        }) {
            Object[] start = {
                "SecurityEvent=\"" + event[0]
                        + "\",EventTV=\"2026-11-22T11:05:15.631+0000\",Severity=\"Error\",Service=\"PJSIP\",EventVersion=\"1\",AccountID=\"",
                event[1].isEmpty() ? account : "1001",
                "\",SessionID=\"",
                header,
                "\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/",
                ADDRESS,
                "/5060\"" + event[1],
                event[1].isEmpty() ? "" : response,
                event[1].isEmpty() ? "" : "\""
            };
            all.add(new Template("asterisk", "SECURITY", "res_security_log.c", "", List.of(start), true));
        }
        all.add(new Template(
                "asterisk",
                "SECURITY",
                "res_security_log.c",
                "",
                List.of(
                        "SecurityEvent=\"InvalidAccountID\",EventTV=\"2026-11-22T11:05:15.631+0000\",Severity=\"Error\",Service=\"AMI\",EventVersion=\"1\",AccountID=\"",
                        any,
                        "\",SessionID=\"0x7f\",LocalAddress=\"IPV4/TCP/192.0.2.10/8088\",RemoteAddress=\"IPV4/TCP/",
                        ADDRESS,
                        "/5060\",SessionTV=\"1970-01-01T00:00:00.000+0000\""),
                true));
        all.add(new Template(
                "asterisk",
                "ERROR",
                "pjproject",
                "",
                List.of(
                        "\t        sip_endpoint.c Error processing packet from 203.0.113.9:33131: Missing required header(s) (PJSIP_EMISSINGHDR) Call-ID [code 171050]:\n",
                        packet,
                        "\n-- end of packet."),
                false));
        String kamailio = " 1(27200) NOTICE: ";
        all.add(new Template(
                "kamailio",
                "",
                "",
                kamailio,
                List.of(
                        "<script>: auth-failed src=[",
                        ADDRESS,
                        "] port=5 proto=udp method=REGISTER code=-2 user=",
                        short40),
                true));
        all.add(new Template(
                "kamailio",
                "",
                "",
                kamailio,
                List.of(
                        "{1 4561 REGISTER ",
                        callId,
                        "} <script>: auth failed src=",
                        ADDRESS4,
                        ":58512 proto=udp method=REGISTER code=-2 auser=",
                        callId,
                        " from=",
                        callId),
                true));
        all.add(new Template(
                "kamailio",
                "",
                "",
                kamailio,
                List.of("<script>: Scanner detected: ", callId, " from ", callId, " (", ADDRESS4, ":40067)"),
                true));
        all.add(new Template(
                "kamailio",
                "",
                "",
                kamailio,
                List.of("<script>: Auth user not found ", callId, " [", ADDRESS4, "]"),
                true));
        all.add(new Template(
                "kamailio",
                "",
                "",
                " 1(27200) ERROR: ",
                List.of(
                        "<core> [core/parser/msg_parser.c:749]: parse_msg(): ERROR: parse_msg: message=<",
                        packet,
                        ">\n 1(27200) ERROR: <core> [core/receive.c:376]: receive_msg(): core parsing of SIP message failed (203.0.113.189:33087/1)"),
                false));
        all.add(new Template(
                "opensips",
                "",
                "",
                "Nov 22 10:37:56 [11391] NOTICE:",
                List.of("Auth error for ", callId, " from ", ADDRESS4, " cause -2"),
                true));
        all.add(new Template(
                "opensips",
                "",
                "",
                "Nov 22 10:37:56 [11391] ERROR:",
                List.of(
                        "core:parse_msg: message=<",
                        packet,
                        ">\nNov 22 10:37:56 [11391] ERROR:core:receive_msg: Unable to parse msg received from [203.0.113.23:48732]"),
                false));
        all.add(new Template(
                "freeswitch",
                "",
                "",
                "2026-11-22 10:57:23.783347 54.43% [WARNING] ",
                List.of(
                        "sofia_reg.c:1787 SIP auth failure (REGISTER) on sofia profile 'internal' for [",
                        word,
                        "@",
                        word,
                        "] from ip ",
                        ADDRESS),
                true));
        Field realm = new Field(ForgeriesTest::isAny, 200, text -> text);
        all.add(new Template(
                "freeswitch",
                "",
                "",
                "2026-11-22 10:57:23.783347 54.43% [WARNING] ",
                List.of(
                        "sofia_reg.c:3210 Can't find user [1001@",
                        realm,
                        "] from ",
                        ADDRESS,
                        "\n" + MUST_DEFINE.formatted("x")),
                true));
        return all;
    }

    private static Template notice(String file, Object... parts) {
        return new Template("asterisk", "NOTICE", file, "", List.of(parts), true);
    }

    private enum Address {
        ALONE,
        FOUR,
        WITH_PORT
    }

    private static final Address ADDRESS = Address.ALONE;
    private static final Address ADDRESS4 = Address.FOUR;
    private static final Address ADDRESS_PORT = Address.WITH_PORT;

    /**
     * What a sender controls.
     *
     * @param allowed the bytes that it can hold
     * @param max the most of them
     * @param quote what the server makes of it
     */
    private record Field(IntPredicate allowed, int max, Function<String, String> quote) {}

    /**
     * A message as a server writes it.
     *
     * @param parts text, addresses and fields
     * @param accuses whether it names its sender where a filter looks for it
     */
    private record Template(
            String program, String level, String file, String head, List<Object> parts, boolean accuses) {
        String write(String address, Function<Field, String> fields) {
            boolean six = address.contains(":");
            StringBuilder text = new StringBuilder();
            for (Object part : parts) {
                if (part instanceof Field field) {
                    text.append(fields.apply(field));
                } else if (part instanceof Address form) {
                    text.append(form == Address.WITH_PORT ? (six ? "[" + address + "]" : address) + ":5071" : address);
                } else {
                    text.append(part);
                }
            }
            return text.toString();
        }

        Message message(String text) {
            return new Message(program, level, file, head, text);
        }
    }
}

package org.sipward.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.sipward.filter.Carrier.Message;

/**
 * A message as a server writes it.
 *
 * @param parts text, addresses and fields
 * @param accuses whether it names its sender where a filter looks for it
 */
record Template(String program, String level, String file, String head, List<Object> parts, boolean accuses) {
    private static final String MUST_DEFINE =
            "You must define a domain called '%s' in your directory and add a user with the id=\"1\" attribute\nand you must configure your device to use the proper domain in its authentication credentials.";

    static List<Template> all() {
        Field quoted = new Field(
                Template::isLine,
                300,
                text -> text.isEmpty() ? "" : "\"" + text.replace("\\", "").replace("\"", "\\\"") + "\" ");
        Field user = new Field(Template::isUri, 120, text -> text);
        Field callId = Field.header(256);
        Field header = Field.header(500);
        Field token = new Field(Template::isToken, 40, text -> text);
        Field any = Field.any(500);
        Field number = Field.any(79);
        Field name = Field.line(500);
        Field word = new Field(c -> c > ' ' && c != 0x7f && c != '@', 200, text -> text);
        Field packet = Field.any(900);
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
        all.add(new Template(
                "asterisk",
                "VERBOSE",
                "pbx.c",
                "",
                List.of(
                        "Executing [",
                        number,
                        "@from-sip-external:1] NoOp(\"PJSIP/anonymous-00000008\", \"Received a call to ",
                        number,
                        "\") in new stack"),
                false));
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
        all.addAll(SecurityEvents.all());
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
        for (String head : List.of(kamailio, "NOTICE: ")) {
            for (Object[] message : new Object[][] {
                {"<script>: auth-failed src=[", ADDRESS, "] port=5 proto=udp method=REGISTER code=-2 user=", short40},
                {"<script>: Auth error for ", callId, " from ", ADDRESS, " cause -2"},
                {"<script>: INVITE ua=", callId},
                {"pike [pike_funcs.c:135]: pike_check_ipaddr(): PIKE - BLOCKing ip 203.0.113.9, node=0x7f"},
                {"<core> [core/parser/parse_uri.c:1]: parse_uri(): bad uri <", callId, ">"}
            }) {
                // A NUL in the Call-ID cuts off the end of log_prefix.
                for (String end : List.of("} ", "")) {
                    List<Object> parts = new ArrayList<>(List.of("{1 4561 REGISTER ", callId, end));
                    parts.addAll(List.of(message));
                    all.add(new Template("kamailio", "", "", head, parts, parts.contains(ADDRESS)));
                }
            }
        }
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
        Field realm = Field.any(200);
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

    enum Address {
        ALONE,
        FOUR,
        WITH_PORT
    }

    static final Address ADDRESS = Address.ALONE;
    static final Address ADDRESS4 = Address.FOUR;
    static final Address ADDRESS_PORT = Address.WITH_PORT;

    /**
     * A part of a message that the caller controls.
     *
     * @param allowed the bytes that it can hold
     * @param max the most bytes
     * @param quote how the server writes it
     */
    record Field(IntPredicate allowed, int max, UnaryOperator<String> quote) {
        static Field any(int max) {
            return new Field(Template::isAny, max, text -> text);
        }

        static Field line(int max) {
            return new Field(Template::isLine, max, text -> text);
        }

        static Field header(int max) {
            return new Field(Template::isHeader, max, text -> text);
        }

        Field quoted(UnaryOperator<String> by) {
            return new Field(allowed, max, by);
        }
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

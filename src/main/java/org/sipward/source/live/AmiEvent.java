package org.sipward.source.live;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A security event of Asterisk's manager interface, as far as it has arrived. Asterisk writes the fields in an order
 * that never changes, each on its own line, and does not escape values. Only the account's value can contain line
 * breaks:
 *
 * <pre>
 * Event: InvalidPassword        the head
 * Privilege: security,all
 * EventTV: 2026-11-22T10:16:35.563+0000
 * Severity: Error
 * Service: SIP
 * EventVersion: 2
 * AccountID: 1001               the caller chose this value: it may have several lines, empty ones too
 * SessionID: 0x7f6454038048     the chain
 * LocalAddress: IPV4/UDP/192.0.2.10/5060
 * RemoteAddress: IPV4/UDP/203.0.113.7/5061
 * Challenge: 4a065aff           the chain's own fields, which differ for each kind of event
 * </pre>
 *
 * <p>The head comes before the caller's text, the chain after it. So everything is read strictly, and if there are
 * several chains, the last one is the server's.
 *
 * <p>Memory: the text that goes into the line, with long values cut. Not thread-safe.
 */
final class AmiEvent {
    /** Small enough for all fields to fit into the 7,000 bytes of a line. */
    private static final int MAX_VALUE = 450;

    /**
     * The server writes the lines between Privilege and EventTV: Timestamp, SequenceNumber, SystemName and the like.
     */
    private static final Pattern HEAD = Pattern.compile("Event: ([A-Za-z]{1,40})\r\n"
            + "Privilege: security,all\r\n"
            + "(?:(?!EventTV:)[A-Za-z]{1,40}: [^\r\n]*\r\n){0,8}"
            + "EventTV: (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?[+-]\\d{4})\r\n"
            + "Severity: (Error|Informational)\r\n"
            + "Service: ([A-Za-z0-9_]{1,40})\r\n"
            + "EventVersion: (\\d{1,4})\r\n"
            + "(AccountID|SessionID): ");

    private static final Pattern FIELD = Pattern.compile("([A-Za-z]{1,40}): (.*)", Pattern.DOTALL);
    private static final Pattern ADDRESS =
            Pattern.compile("IPV[46]/(?:UDP|TCP|TLS|WSS?)/[0-9A-Fa-f.:]{2,45}(?:%[0-9A-Za-z._-]{1,16})?/\\d{1,5}");
    private static final Pattern POINTER = Pattern.compile("0x[0-9a-f]{7,16}");

    private static final String USUAL = "(?:Module )?(?:SessionTV )?";
    private static final String HASHES = "Challenge ReceivedChallenge ReceivedHash ";
    /**
     * The names of each kind's own fields. A kind has a second entry for one service if that service always sends
     * fields that others may leave out: the more fields a chain must have, the longer a forged chain has to be.
     * Asterisk 12 and some later versions write ACLName before SessionTV.
     */
    private static final Map<String, Pattern> OWN = Map.ofEntries(
            own("FailedACL", "(?:Module )?(?:(?:SessionTV )?(?:ACLName )?|ACLName SessionTV )"),
            own("FailedACL/SIP", "(?:Module )?(?:(?:SessionTV )?ACLName |ACLName SessionTV )"),
            own("InvalidAccountID", USUAL),
            own("SessionLimit", USUAL),
            own("MemoryLimit", USUAL),
            own("LoadAverageLimit", USUAL),
            own("RequestNotSupported", "RequestType " + USUAL),
            own("RequestNotAllowed", "RequestType " + USUAL + "(?:RequestParams )?"),
            own("AuthMethodNotAllowed", "AuthMethod " + USUAL),
            own("SuccessfulAuth", "UsingPassword " + USUAL),
            own("UnexpectedAddress", "ExpectedAddress " + USUAL),
            own("ChallengeResponseFailed", "Challenge Response ExpectedResponse " + USUAL),
            own("InvalidPassword", USUAL + "(?:Challenge )?(?:ReceivedChallenge )?(?:ReceivedHash )?"),
            own("InvalidPassword/SIP", USUAL + HASHES),
            own("ChallengeSent", "Challenge " + USUAL),
            own("InvalidTransport", "AttemptedTransport " + USUAL));

    private static final Pattern OTHERS = order("(?:[A-Za-z]+ )*");

    private final boolean hasPointer;
    private final Pattern order;
    private final boolean isKnown;
    private final String head;
    private Optional<String> chain = Optional.empty();

    private AmiEvent(Matcher matcher, String account) {
        String kind = matcher.group(1);
        String service = matcher.group(4);
        hasPointer = service.equals("SIP") || service.equals("AMI");
        isKnown = OWN.containsKey(kind);
        order = OWN.getOrDefault(kind + "/" + service, OWN.getOrDefault(kind, OTHERS));
        StringBuilder line =
                new StringBuilder(matcher.group(2)).append(" ami asterisk: SECURITY[0]: res_security_log.c: ");
        Escape.field(line, "SecurityEvent", kind, MAX_VALUE);
        append(line, "EventTV", matcher.group(2));
        append(line, "Severity", matcher.group(3));
        append(line, "Service", service);
        append(line, "EventVersion", matcher.group(5));
        append(line, "AccountID", account);
        head = line.toString();
    }

    /** Returns the event that begins with this block, or empty if the block does not begin an event. */
    static Optional<AmiEvent> of(Block block) {
        List<String> lines = block.lines();
        // No line contains CR LF, so no line can look like two.
        String start = String.join("\r\n", lines.subList(0, Math.min(lines.size(), Block.FIRST_FIELDS)));
        Matcher matcher = HEAD.matcher(start);
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        if (matcher.group(6).equals("SessionID") && !matcher.group(1).equals("RequestBadFormat")) {
            // Only RequestBadFormat may name no account, or name it last.
            return Optional.empty();
        }
        int end = start.indexOf("\r\n", matcher.end());
        AmiEvent event = new AmiEvent(matcher, start.substring(matcher.end(), end < 0 ? start.length() : end));
        event.add(block);
        return Optional.of(event);
    }

    /**
     * Adds a block of the event. If the block ends with a chain, that chain is taken for the server's until another
     * arrives.
     */
    void add(Block block) {
        List<String> lines = block.lines();
        int start = lines.size() - 1;
        while (start >= 0 && !lines.get(start).startsWith("SessionID: ")) {
            start--;
        }
        if (start >= 0) {
            chain(lines.subList(start, lines.size())).ifPresent(found -> chain = Optional.of(found));
        }
    }

    private Optional<String> chain(List<String> lines) {
        StringBuilder text = new StringBuilder();
        StringBuilder names = new StringBuilder();
        for (String line : lines) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                return Optional.empty();
            }
            String name = field.group(1);
            String value = field.group(2);
            if (!isValue(name, value)) {
                return Optional.empty();
            }
            names.append(name).append(' ');
            if (isKnown) {
                append(text, name, value);
            }
        }
        return order.matcher(names).matches() ? Optional.of(text.toString()) : Optional.empty();
    }

    private boolean isValue(String name, String value) {
        return switch (name) {
            case "SessionID" -> !hasPointer || POINTER.matcher(value).matches();
            case "LocalAddress", "RemoteAddress" -> ADDRESS.matcher(value).matches();
            default -> true;
        };
    }

    /** Returns whether there is a chain; the server never ends an event without one. */
    boolean isWhole() {
        return chain.isPresent();
    }

    /**
     * Returns the line, or empty for a kind that is not in the table. Without a chain the line names neither session
     * nor address, so it cannot get anyone banned, and filters can count it as damaged.
     */
    Optional<byte[]> line() {
        return isKnown ? Optional.of(Escape.bytes(head + chain.orElse(""))) : Optional.empty();
    }

    private static void append(StringBuilder line, String name, String value) {
        Escape.field(line.append(','), name, value, MAX_VALUE);
    }

    private static Map.Entry<String, Pattern> own(String kind, String names) {
        return Map.entry(kind, order(names));
    }

    private static Pattern order(String names) {
        return Pattern.compile("SessionID LocalAddress RemoteAddress " + names);
    }
}

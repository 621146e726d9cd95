package org.sipward.source.live;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A security event of Asterisk's manager interface, as far as it has come. Asterisk writes the fields in an order that never
 * changes, each on a line of its own, and values as they are. Of the values, only the account can hold line breaks:
 *
 * <pre>
 * Event: InvalidPassword        the head
 * Privilege: security,all
 * EventTV: 2026-11-22T10:16:35.563+0000
 * Severity: Error
 * Service: SIP
 * EventVersion: 2
 * AccountID: 1001               what follows may be a stranger's, several lines and empty ones too
 * SessionID: 0x7f6454038048     the chain
 * LocalAddress: IPV4/UDP/192.0.2.10/5060
 * RemoteAddress: IPV4/UDP/203.0.113.7/5061
 * Challenge: 4a065aff           the chain's own fields, other ones for each kind of event
 * </pre>
 *
 * <p>The head stands before what a stranger wrote, the chain behind it. So all is read strictly, and of several chains the
 * last one is the server's.
 *
 * <p>Memory: what goes into the line, with long values cut. Not thread-safe.
 */
final class AmiEvent {
    /** Leaves room for all fields in the 7,000 bytes of a line. */
    private static final int MAX_VALUE = 450;

    /** Lines between Privilege and EventTV are the server's: Timestamp, SequenceNumber, SystemName and the like. */
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
     * The names of the own fields of each kind; of a kind for one service, where that always sends what others may leave
     * out: the more must be there, the longer is a chain of a stranger's. Asterisk 12 and some later ones write ACLName
     * before SessionTV.
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

    /** Returns the event that begins with this block, or empty if none does. */
    static Optional<AmiEvent> of(Block block) {
        List<String> lines = block.lines();
        // No line holds a CR LF: none of these can pass for two.
        String start = String.join("\r\n", lines.subList(0, Math.min(lines.size(), Block.FIRST_FIELDS)));
        Matcher matcher = HEAD.matcher(start);
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        if (matcher.group(6).equals("SessionID") && !matcher.group(1).equals("RequestBadFormat")) {
            // That one alone names the account last, if at all.
            return Optional.empty();
        }
        int end = start.indexOf("\r\n", matcher.end());
        AmiEvent event = new AmiEvent(matcher, start.substring(matcher.end(), end < 0 ? start.length() : end));
        event.add(block);
        return Optional.of(event);
    }

    /** Takes in a block of the event. If it ends in a chain, this is the server's until another comes. */
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

    /** Returns whether there is a chain: the server never ends an event without. */
    boolean isWhole() {
        return chain.isPresent();
    }

    /**
     * Returns the line, or empty for the kinds that are not in the table. Without a chain it names neither session nor address, so that
     * it accuses nobody, and filters can count it as damaged.
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

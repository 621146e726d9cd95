package org.sipward.feed;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.Reach;

/**
 * The question whether a list holds one address. Only a clear answer counts: with a bad key, or in any trouble, the
 * answer is unknown and never "not listed".
 */
final class Inquiry {
    private static final Duration TOO_MANY = Duration.ofMinutes(2);

    private final Wire wire;
    private final KeyFile keyFile;
    private final Pace pace;
    private final Clock clock;

    Inquiry(Wire wire, KeyFile keyFile, Pace pace, Clock clock) {
        this.wire = wire;
        this.keyFile = keyFile;
        this.pace = pace;
        this.clock = clock;
    }

    /** Asks in this version of the protocol, and in version 1 if the server does not speak it. */
    Listing ask(IpAddress address, int version) {
        if (Reach.isLocal(Network.host(address))) {
            return Listing.unknown(address + " is not a public address, so no list holds it");
        }
        try {
            ApiKey key = keyFile.read();
            Optional<Reply> reply = send(version, key, address);
            if (version == 2
                    && reply.map(Answer::of)
                            .filter(Answer.NotSpoken.class::isInstance)
                            .isPresent()) {
                reply = send(1, key, address);
            }
            return reply.map(answer -> judge(answer, address)).orElseGet(this::mustWait);
        } catch (IOException e) {
            return Listing.unknown(String.valueOf(e.getMessage()));
        }
    }

    private Optional<Reply> send(int version, ApiKey key, IpAddress address) throws IOException {
        if (!pace.take(clock.instant(), Pace.ALL)) {
            return Optional.empty();
        }
        return Optional.of(wire.check(version, key, address));
    }

    private Listing mustWait() {
        Duration wait = pace.wait(clock.instant(), Pace.ALL);
        return Listing.unknown("not asked, the key's limit is reached for another " + (wait.toSeconds() + 1) + " s");
    }

    private Listing judge(Reply reply, IpAddress address) {
        Answer general = Answer.of(reply);
        if (general instanceof Answer.TooMany) {
            pace.hold(clock.instant(), TOO_MANY);
            return Listing.unknown(wire.host() + " answers that there were too many requests");
        }
        if (general instanceof Answer.BadKey) {
            return Listing.unknown(wire.host() + " does not accept the key");
        }
        Optional<Body> body = reply.body().filter(any -> reply.redirect().isEmpty());
        if (body.isPresent() && isListed(body.get(), reply, address)) {
            return new Listing(Listing.Verdict.LISTED, wire.host());
        }
        if (body.isPresent() && isClean(body.get(), reply.status())) {
            return new Listing(Listing.Verdict.NOT_LISTED, wire.host());
        }
        return Listing.unknown(wire.host() + " gives no clear answer (HTTP " + reply.status() + ")");
    }

    /** The address itself in an array today; the word {@code blocked} in the first generation of the protocol. */
    private static boolean isListed(Body body, Reply reply, IpAddress address) {
        List<String> addresses = body.addresses().orElse(List.of());
        boolean named = addresses.stream()
                .flatMap(text -> Network.parse(text).stream())
                .anyMatch(network -> network.contains(address));
        return reply.isSuccess() && body.id().filter(Cursor::isId).isPresent() && (named || body.says("blocked"));
    }

    /** {@code not blocked} with ID {@code none} today; {@code ok} with ID 0 in the first generation of the protocol. */
    private static boolean isClean(Body body, int status) {
        boolean said =
                (body.says("not blocked") && body.id().filter("none"::equals).isPresent())
                        || (body.says("ok") && body.id().filter("0"::equals).isPresent());
        return said && (status == 200 || status == 400 || status == 404);
    }
}

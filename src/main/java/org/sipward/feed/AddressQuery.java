package org.sipward.feed;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sipward.apiban.ApiKey;
import org.sipward.apiban.Body;
import org.sipward.apiban.KeyFile;
import org.sipward.apiban.PageAnswer;
import org.sipward.apiban.PageId;
import org.sipward.apiban.Reply;
import org.sipward.apiban.Wire;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.Reach;

/**
 * Asks a server whether its list holds one address. Only a clear answer counts: with a bad key, or after any failure,
 * the answer is unknown, never "not listed".
 */
final class AddressQuery {
    private static final Duration TOO_MANY = Duration.ofMinutes(2);

    private final Wire wire;
    private final KeyFile keyFile;
    private final RateLimit rateLimit;
    private final Clock clock;

    AddressQuery(Wire wire, KeyFile keyFile, RateLimit rateLimit, Clock clock) {
        this.wire = wire;
        this.keyFile = keyFile;
        this.rateLimit = rateLimit;
        this.clock = clock;
    }

    /** Asks in this version of the protocol, and in version 1 if the server does not know it. */
    ListCheck ask(IpAddress address, int version) {
        if (Reach.isLocal(Network.host(address))) {
            return ListCheck.unknown(address + " is not a public address, so no list holds it");
        }
        try {
            ApiKey key = keyFile.read();
            Optional<Reply> reply = send(version, key, address);
            if (version == 2
                    && reply.map(PageAnswer::of)
                            .filter(PageAnswer.NotSpoken.class::isInstance)
                            .isPresent()) {
                reply = send(1, key, address);
            }
            return reply.map(answer -> judge(answer, address)).orElseGet(this::mustWait);
        } catch (IOException e) {
            return ListCheck.unknown(String.valueOf(e.getMessage()));
        }
    }

    private Optional<Reply> send(int version, ApiKey key, IpAddress address) throws IOException {
        if (!rateLimit.take(clock.instant(), RateLimit.ALL)) {
            return Optional.empty();
        }
        return Optional.of(wire.check(version, key, address));
    }

    private ListCheck mustWait() {
        Duration wait = rateLimit.wait(clock.instant(), RateLimit.ALL);
        return ListCheck.unknown(
                "not asked: the key's rate limit is reached for another " + (wait.toSeconds() + 1) + " s");
    }

    private ListCheck judge(Reply reply, IpAddress address) {
        PageAnswer general = PageAnswer.of(reply);
        if (general instanceof PageAnswer.TooMany) {
            rateLimit.hold(clock.instant(), TOO_MANY);
            return ListCheck.unknown(wire.host() + " reports too many requests");
        }
        if (general instanceof PageAnswer.BadKey) {
            return ListCheck.unknown(wire.host() + " does not accept the key");
        }
        Optional<Body> body = reply.body().filter(any -> reply.redirect().isEmpty());
        if (body.isPresent() && isListed(body.get(), reply, address)) {
            return new ListCheck(ListCheck.Verdict.LISTED, wire.host());
        }
        if (body.isPresent() && isClean(body.get(), reply.status())) {
            return new ListCheck(ListCheck.Verdict.NOT_LISTED, wire.host());
        }
        return ListCheck.unknown(wire.host() + " gives no clear answer (HTTP " + reply.status() + ")");
    }

    /** Today's protocol names the address in an array; the first one said {@code blocked}. */
    private static boolean isListed(Body body, Reply reply, IpAddress address) {
        List<String> addresses = body.addresses().orElse(List.of());
        boolean named = addresses.stream()
                .flatMap(text -> Network.parse(text).stream())
                .anyMatch(network -> network.contains(address));
        return reply.isSuccess() && body.id().filter(PageId::isId).isPresent() && (named || body.says("blocked"));
    }

    /** Today's protocol says {@code not blocked} with ID {@code none}; the first one said {@code ok} with ID 0. */
    private static boolean isClean(Body body, int status) {
        boolean said =
                (body.says("not blocked") && body.id().filter("none"::equals).isPresent())
                        || (body.says("ok") && body.id().filter("0"::equals).isPresent());
        return said && (status == 200 || status == 400 || status == 404);
    }
}

package org.sipward.apiban;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sipward.net.Network;

/**
 * The meaning of the answer to a request for a page. The body decides first and the status second, because APIBAN's
 * statuses have changed over the years and its "nothing new" is a 400.
 *
 * <p>Only a page can bring bans, and only with a status of success. Any unclear answer is {@link Trouble}, and changes
 * nothing.
 */
public sealed interface PageAnswer {
    /** Addresses, and the place after them. Without a place this is the end of the list. */
    record Page(List<String> addresses, Optional<String> id) implements PageAnswer {}

    /** There is nothing after the requested place. */
    record End() implements PageAnswer {}

    /** The key is not accepted. */
    record BadKey(int status) implements PageAnswer {}

    /** There were too many requests. */
    record TooMany(Optional<Duration> retryAfter) implements PageAnswer {}

    /** The server does not know this version of the protocol. */
    record NotSpoken(int status) implements PageAnswer {}

    /** Anything else, in words that do not quote the answer. */
    record Trouble(String words, Optional<Duration> retryAfter) implements PageAnswer {}

    static PageAnswer of(Reply reply) {
        if (reply.redirect().isPresent()) {
            return new Trouble("redirects to " + reply.redirect().get() + ", which is not followed", Optional.empty());
        }
        return reply.body()
                .map(body -> ofBody(body, reply))
                .orElseGet(() -> ofStatus(reply, "something that is not a valid APIBAN answer", true));
    }

    /** Returns whether the text is an address or prefix, of any kind. */
    static boolean isAddress(String text) {
        return Network.parse(text).isPresent();
    }

    private static PageAnswer ofBody(Body body, Reply reply) {
        List<String> addresses = body.addresses().orElse(List.of());
        String id = body.id().orElse("");
        // This answer has the ID of a bad key, so check it first.
        if (body.says("rate limit exceeded")) {
            return new TooMany(reply.retryAfter());
        }
        if (id.equalsIgnoreCase("unauthorized")) {
            return new BadKey(reply.status());
        }
        if (body.says("no new bans")) {
            return new End();
        }
        boolean none = id.equalsIgnoreCase("none");
        if (none && addresses.stream().noneMatch(PageAnswer::isAddress)) {
            return new End();
        }
        if (!reply.isSuccess()) {
            return ofStatus(reply, "addresses", false);
        }
        if (addresses.size() > Body.MAX_ADDRESSES) {
            return trouble(reply, "a page of more than " + Body.MAX_ADDRESSES + " addresses");
        }
        if (none) {
            return new Page(addresses, Optional.empty());
        }
        if (!PageId.isId(id)) {
            return trouble(reply, body.id().isEmpty() ? "a page without ID" : "a page with an ID that is not a number");
        }
        return addresses.isEmpty() ? new End() : new Page(addresses, Optional.of(id));
    }

    private static PageAnswer ofStatus(Reply reply, String content, boolean foreign) {
        int status = reply.status();
        if (status == 401 || status == 403) {
            return new BadKey(status);
        }
        if (status == 429) {
            return new TooMany(reply.retryAfter());
        }
        if (foreign && (status == 404 || status == 405 || status == 501)) {
            return new NotSpoken(status);
        }
        return trouble(reply, content);
    }

    private static PageAnswer trouble(Reply reply, String content) {
        return new Trouble("answers with " + content + " (HTTP " + reply.status() + ")", reply.retryAfter());
    }
}

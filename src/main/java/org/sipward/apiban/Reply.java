package org.sipward.apiban;

import java.time.Duration;
import java.util.Optional;

/**
 * A server's answer, not yet interpreted.
 *
 * @param status the HTTP status
 * @param body its fields; empty if it is not an APIBAN answer
 * @param retryAfter from the header, if it is in the future
 * @param redirect the target of the redirect in our own words: the address itself may hold the key
 */
public record Reply(int status, Optional<Body> body, Optional<Duration> retryAfter, Optional<String> redirect) {
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}

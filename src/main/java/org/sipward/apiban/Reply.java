package org.sipward.apiban;

import java.time.Duration;
import java.util.Optional;

/**
 * What a server answered, before anybody has asked what it means.
 *
 * @param status the HTTP status
 * @param body its fields; empty if it is no APIBAN answer
 * @param retryAfter from the header, where it is a time to come
 * @param redirect where it points, in words of our own: the address itself may hold the key
 */
public record Reply(int status, Optional<Body> body, Optional<Duration> retryAfter, Optional<String> redirect) {
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}

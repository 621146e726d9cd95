package org.sipward.source.live;

import java.io.IOException;

/** Says that the other side refuses us, for example because of a wrong password. The source retries, but seldom. */
final class RefusedException extends IOException {
    RefusedException(String message) {
        super(message);
    }
}

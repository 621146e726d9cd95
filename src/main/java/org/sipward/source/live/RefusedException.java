package org.sipward.source.live;

import java.io.IOException;

/** Says that the other side will not have us, such as for a wrong password: it is asked again, but seldom. */
final class RefusedException extends IOException {
    RefusedException(String message) {
        super(message);
    }
}

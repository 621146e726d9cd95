package org.sipward.filter;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sipward.source.Line;

/**
 * The kinds of JSON that servers write their logs in. Their names are those of the key {@code json} in filters. A
 * filter reads such a line as the plain text that it stands for.
 */
enum JsonFormat {
    /** Asterisk's {@code [json]} formatter, see {@link AsteriskJson}. */
    ASTERISK {
        @Override
        boolean isStartOf(Line line) {
            return line.startsWith(AsteriskJson.START);
        }

        @Override
        Line unwrap(Line line) {
            return AsteriskJson.unwrap(line);
        }
    },
    /** SentryPeer's log, see {@link SentryPeerJson}. */
    SENTRYPEER {
        @Override
        boolean isStartOf(Line line) {
            return line.startsWith(SentryPeerJson.START);
        }

        @Override
        Line unwrap(Line line) {
            return SentryPeerJson.unwrap(line);
        }
    };

    /** Returns the format that filters call by this name. */
    static Optional<JsonFormat> named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.key().equals(name))
                .findFirst();
    }

    /** Returns the names of all formats. */
    static List<String> names() {
        return Arrays.stream(values()).map(JsonFormat::key).toList();
    }

    private String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether the line begins like a record in this format. It may be a damaged one, or only its beginning. */
    abstract boolean isStartOf(Line line);

    /** Returns the plain text of a record. Returns any other line, and a damaged record, as it is. */
    abstract Line unwrap(Line line);
}

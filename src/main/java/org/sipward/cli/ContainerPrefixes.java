package org.sipward.cli;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the prefixes that container tools put before lines, where they keep a filter from reading the lines, and
 * prints what to do about them. Memory is bounded: {@value #MAX_NAMES} names.
 */
final class ContainerPrefixes {
    private static final int MAX_NAMES = 20;
    private static final int MAX_CHARS = 200;

    /** The prefix of docker compose logs and docker service logs; docker-compose colours it. */
    private static final Pattern COMPOSE = Pattern.compile("^(?:\\x1b\\[[0-9;]*m)?([A-Za-z0-9_.@-]{1,100}) *\\| ");
    /** The prefix of kubectl logs --prefix. */
    private static final Pattern KUBECTL = Pattern.compile("^\\[(?:pod/)?[a-z0-9.-]+/[a-z0-9.-]+\\] ");

    private final Map<String, Long> compose = new LinkedHashMap<>();
    private long kubectl;

    /** Looks at a line that matched nothing or is suspicious. */
    void add(CharSequence line) {
        CharSequence start = line.subSequence(0, Math.min(line.length(), MAX_CHARS));
        Matcher named = COMPOSE.matcher(start);
        if (named.find()) {
            String name = named.group(1);
            if (compose.containsKey(name) || compose.size() < MAX_NAMES) {
                compose.merge(name, 1L, Long::sum);
            }
        } else if (KUBECTL.matcher(start).find()) {
            kubectl++;
        }
    }

    /** Prints the prefixes that were found and what to do about them; nothing if there are none. */
    void print() {
        compose.forEach((name, count) -> System.out.println(count + " unread lines begin with '" + name
                + " | ', as docker compose logs prints them: if " + name + " is this server, use --program " + name
                + " here and program: " + name + " in the jail, or print them with --no-log-prefix"));
        if (kubectl > 0) {
            System.out.println(
                    kubectl + " unread lines begin with the name of a pod, as kubectl logs --prefix prints them: leave"
                            + " --prefix out, or read the file below /var/log/pods");
        }
    }
}

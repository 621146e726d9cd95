package org.sipward.cli;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What container tools put before lines that a filter does not read for it, with what to do about it. Memory is bounded:
 * {@value #MAX_NAMES} names.
 */
final class ContainerPrefixes {
    private static final int MAX_NAMES = 20;
    private static final int MAX_CHARS = 200;

    /** docker compose logs, docker service logs; docker-compose puts the same in colours. */
    private static final Pattern COMPOSE = Pattern.compile("^(?:\\x1b\\[[0-9;]*m)?([A-Za-z0-9_.@-]{1,100}) *\\| ");
    /** kubectl logs --prefix. */
    private static final Pattern KUBECTL = Pattern.compile("^\\[(?:pod/)?[a-z0-9.-]+/[a-z0-9.-]+\\] ");

    private final Map<String, Long> compose = new LinkedHashMap<>();
    private long kubectl;

    /** Takes in a line that says nothing, or nothing that can be believed. */
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

    /** Prints what was found, or nothing. */
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

package org.sipward.filter;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Judges the name of the program that syslog, the journal or a container's prefix puts in front of a message. No caller
 * can write that name. But containers and distributions have their own names for a server: {@code freepbx},
 * {@code pbx7}, {@code docker/4f0c3a1b2d3e}.
 *
 * <p>So a message of the server is believed whatever the program is called, with two exceptions. A program that is
 * known to be another one is not believed: a web server, or a second SIP server that shows what it could not parse, can
 * write a caller's words at the very start of a message. And a line of a program that nobody knows is believed, but
 * proves nothing.
 *
 * <p>Immutable and thread-safe.
 */
final class ProgramName {
    /** Who has written a line, as far as the name of the program tells. */
    enum Sender {
        /** The filter's server: there is no name, or it is one of the filter's. */
        OWN,
        /** Any program may have this name. */
        UNKNOWN,
        /** Another program, which is known by this name. */
        OTHER
    }

    /** The tag for the text that syslog and the journal put before a message. */
    static final String TAG = "<SYSLOG>";

    /**
     * The expression for the tag: the host (unless the template leaves it out), BusyBox's facility and level, and the
     * program; or the header of RFC 5424 behind its date. Some templates put a second blank before the message of RFC
     * 5424.
     */
    static final String HEADER = "(?:(?:[^ \\[]+ )?(?:[a-z0-9]+\\.[a-z]+ )?[^ :\\[]+(?:\\[[0-9]+\\])?: "
            + "|[^ ]+ [^ ]+ [^ ]+ [^ ]+ (?:-|\\[[^\\]]*\\]) +)";

    /** The same expression as a group. */
    static final String CAPTURED = "(?P<syslog>" + HEADER + ")";

    /** The SIP servers of the shipped filters, by words that are in the names of no other programs. */
    private static final List<String> SERVERS = List.of("asterisk", "kamailio", "opensips", "freeswitch");

    /**
     * Other programs on a SIP server's machine, whose messages may begin with a stranger's words: how their names
     * begin.
     */
    private static final List<String> OTHERS = List.of(
            "apache",
            "httpd",
            "nginx",
            "lighttpd",
            "caddy",
            "traefik",
            "haproxy",
            "envoy",
            "squid",
            "tomcat",
            "php",
            "python",
            "node",
            "java",
            "ruby",
            "perl",
            "uwsgi",
            "gunicorn",
            "wordpress",
            "mysql",
            "mariadb",
            "postgres",
            "mongo",
            "redis",
            "rabbitmq",
            "elastic",
            "influx",
            "grafana",
            "prometheus",
            "telegraf",
            "sshd",
            "dropbear",
            "telnetd",
            "ftpd",
            "vsftpd",
            "proftpd",
            "postfix",
            "dovecot",
            "exim",
            "sendmail",
            "opendkim",
            "spamd",
            "amavis",
            "named",
            "unbound",
            "dnsmasq",
            "dhcpd",
            "tftpd",
            "ntpd",
            "chronyd",
            "snmpd",
            "radiusd",
            "freeradius",
            "slapd",
            "openvpn",
            "cron",
            "sudo",
            "systemd",
            "kernel",
            "auditd",
            "rsyslogd",
            "dockerd",
            "containerd",
            "kubelet",
            "fail2ban",
            "crowdsec",
            "sipward",
            "rtpengine",
            "rtpproxy",
            "sems",
            "heplify",
            "homer",
            "captagent",
            "sentrypeer",
            "coturn",
            "turnserver",
            "janus",
            "prosody",
            "ejabberd",
            "smbd",
            "nmbd",
            "cupsd");

    /**
     * A filter's name with fewer letters must be a whole word in the name of the program; a longer one may be part of a
     * word.
     */
    private static final int MIN_PART = 5;

    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");

    private final List<String> own;
    private final boolean isProven;

    /** @param own the names of the server; each may be part of a longer name */
    ProgramName(List<String> own) {
        this(own, false);
    }

    private ProgramName(List<String> own, boolean isProven) {
        this.own = own.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        this.isProven = isProven;
    }

    /** Returns the same with more names of the server. */
    ProgramName with(List<String> names) {
        return new ProgramName(Stream.concat(own.stream(), names.stream()).toList(), isProven);
    }

    /** Returns the same for a log that is known to be written by one program. */
    ProgramName proven() {
        return new ProgramName(own, true);
    }

    /**
     * Returns who has written a line.
     *
     * @param header the text that {@link #CAPTURED} found; empty if the line has no such header
     */
    Sender sender(String header) {
        // A log of its own has no headers. Its lines must not pay for those of syslog.
        if (own.isEmpty() || header.isEmpty()) {
            return Sender.OWN;
        }
        String name = name(header).toLowerCase(Locale.ROOT);
        // In RFC 5424, rsyslog writes "-" if the name of the program is a path.
        if (name.isEmpty() || name.equals("-")) {
            return Sender.OWN;
        }
        List<String> words = List.of(BETWEEN_WORDS.split(name, -1));
        boolean isOwn =
                own.stream().anyMatch(part -> part.length() < MIN_PART ? words.contains(part) : name.contains(part));
        boolean isOther = SERVERS.stream().anyMatch(server -> name.contains(server) && !own.contains(server));
        if (isOwn) {
            return isOther ? Sender.UNKNOWN : Sender.OWN;
        }
        if (isOther || OTHERS.stream().anyMatch(other -> words.stream().anyMatch(word -> word.startsWith(other)))) {
            return Sender.OTHER;
        }
        return isProven ? Sender.OWN : Sender.UNKNOWN;
    }

    /** Returns whether this is a name of the server. */
    boolean isNamed(String name) {
        return !own.isEmpty() && sender(name + ":") == Sender.OWN;
    }

    /** Returns the program's name in a header. */
    private static String name(String header) {
        String[] words = BLANKS.split(header.trim(), -1);
        String last = words[words.length - 1];
        String name = last.endsWith(":") ? last.substring(0, last.length() - 1) : words.length > 1 ? words[1] : "";
        int bracket = name.indexOf('[');
        return bracket < 0 ? name : name.substring(0, bracket);
    }
}

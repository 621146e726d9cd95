package org.sipward.filter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How a message of a server comes to stand in a log, byte for byte (one char each), as the servers and daemons do it. */
enum Carrier {
    /** The server's own file; of Asterisk, with the default formatter. */
    FILE(true, true) {
        @Override
        String write(Message m) {
            return m.asterisk()
                    ? DATE + m.level() + "[30346] " + m.file() + ": " + strip(m.text())
                    : m.head() + m.text();
        }
    },
    /** Asterisk's [plain]. */
    PLAIN(true, true) {
        @Override
        String write(Message m) {
            return DATE + m.level() + "[30346]: " + m.file() + ":688 function: " + strip(m.text());
        }
    },
    /** Asterisk's [json], which loses what is not UTF-8. */
    JSON(false, false) {
        @Override
        String write(Message m) {
            if (m.text().chars().anyMatch(c -> c >= 0x80)) {
                return "";
            }
            return "{\"hostname\":\"\",\"timestamp\":\"2026-11-22 11:05:15\",\"identifiers\":{\"lwp\":30346,\"callid\":\"\"},"
                    + "\"logmsg\":{\"location\":{\"filename\":\"" + m.file() + "\",\"function\":\"f\",\"line\":688},"
                    + "\"level\":\"" + m.level() + "\",\"message\":"
                    + JsonNodeFactory.instance.textNode(m.text() + "\n") + "}}";
        }
    },
    /** The coloured console in a file; nothing is deleted there. */
    CONSOLE(true, false) {
        @Override
        String write(Message m) {
            return console(m);
        }
    },
    /** The console, or stderr, that containerd reads line by line. */
    CONTAINERD(true, false) {
        @Override
        String write(Message m) {
            return eachLine(
                    "2026-11-22T11:05:15.631529123Z stdout F ", m.asterisk() ? console(m) : m.head() + m.text());
        }
    },
    /** The same, as Docker keeps it. */
    DOCKER(true, false) {
        @Override
        String write(Message m) {
            String text = m.asterisk() ? console(m) : m.head() + m.text();
            return Arrays.stream(text.split("\n", -1))
                    .map(line -> line.replaceAll("[\\x80-\\xff]", "?"))
                    .map(line -> "{\"log\":" + JsonNodeFactory.instance.textNode(line + "\n")
                            + ",\"stream\":\"stderr\",\"time\":\"2026-11-22T11:05:15.631529123Z\"}")
                    .collect(Collectors.joining("\n"));
        }
    },
    /** The console, or stderr, that journald reads line by line. */
    JOURNAL_OF_CONSOLE(true, false) {
        @Override
        String write(Message m) {
            String header = "Nov 22 11:05:15 pbx1 " + m.program() + "[30268]: ";
            String text = m.asterisk()
                    ? DATE + m.level() + "[30346]: " + m.file() + ":688 function: " + m.text()
                    : m.head() + m.text();
            return eachLine(header, text);
        }
    },
    RFC3164(false, true) {
        @Override
        String write(Message m) {
            return "Nov 22 11:05:15 pbx1 " + m.program() + "[30268]: " + escape(m.syslog());
        }
    },
    ISO(false, true) {
        @Override
        String write(Message m) {
            return "2026-11-22T11:05:15.631529+00:00 pbx1 " + m.program() + "[30268]: " + escape(m.syslog());
        }
    },
    RFC5424(false, true) {
        @Override
        String write(Message m) {
            return "<133>1 2026-11-22T11:05:15.631529+00:00 pbx1 " + m.program() + " 30268 - -  " + escape(m.syslog());
        }
    },
    /** journalctl -o short of what came by syslog: blobs, and lines indented below the text. */
    JOURNAL(false, true) {
        @Override
        String write(Message m) {
            String header = "Nov 22 11:05:15 pbx1 " + m.program() + "[30268]: ";
            String text = m.syslog();
            if (text.chars().anyMatch(c -> (c < ' ' && c != '\n' && c != '\t') || c >= 0x7f)) {
                return header + "[" + text.length() + "B blob data]";
            }
            return header + text.replace("\n", "\n" + " ".repeat(header.length()));
        }
    };

    private static final String DATE = "[2026-11-22 11:05:15] ";

    private final boolean raw;
    private final boolean strips;

    Carrier(boolean raw, boolean strips) {
        this.raw = raw;
        this.strips = strips;
    }

    /** Returns the lines that the message makes. */
    abstract String write(Message message);

    /** Returns whether a line break in a message begins a line. */
    boolean isRaw() {
        return raw;
    }

    /** Returns whether Asterisk deletes from ESC to the next m. */
    boolean strips() {
        return strips;
    }

    /** Returns the carriers that a program's filter knows. */
    static List<Carrier> of(String program) {
        List<Carrier> unknown = switch (program) {
            case "asterisk" -> List.of();
            case "kamailio", "opensips" -> List.of(PLAIN, JSON, CONSOLE);
            default -> List.of(PLAIN, JSON, CONSOLE, CONTAINERD, DOCKER);
        };
        return Arrays.stream(values())
                .filter(carrier -> !unknown.contains(carrier))
                .toList();
    }

    private static String console(Message m) {
        String white = "\u001b[1;37m";
        String end = "\u001b[0m";
        return DATE + "\u001b[1;33m" + m.level() + end + "[30346]: " + white + m.file() + end + ":" + white + "688"
                + end + " " + white + "function" + end + ": " + m.text();
    }

    private static String eachLine(String header, String text) {
        return header + text.replace("\n", "\n" + header);
    }

    static String strip(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int m = text.charAt(i) == 0x1b ? text.indexOf('m', i) : -1;
            if (m >= 0) {
                i = m;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                out.append('#').append(String.format("%03o", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /**
     * A message of a server.
     *
     * @param program the server
     * @param level of Asterisk only
     * @param file of Asterisk only
     * @param head what others write before the text, to a file or stderr
     * @param text what the server says, with what the sender has put into it
     */
    record Message(String program, String level, String file, String head, String text) {
        static Message asterisk(String level, String file, String text) {
            return new Message("asterisk", level, file, "", text);
        }

        static Message other(String program, String head, String text) {
            return new Message(program, "", "", head, text);
        }

        boolean asterisk() {
            return program.equals("asterisk");
        }

        String syslog() {
            if (asterisk()) {
                return level + "[30346]: " + file + ":688 in function: " + strip(text);
            }
            // By syslog, the process number is the daemon's to write.
            return head.replaceFirst("^ ?[0-9]+\\([0-9]+\\) ", "").replaceFirst("^Nov .*\\] ", "") + text;
        }
    }
}

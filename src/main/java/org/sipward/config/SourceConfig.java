package org.sipward.config;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** One source of a jail's lines. */
public sealed interface SourceConfig {
    /** Returns its name for the operator; its cursor is kept under this name. */
    String name();

    /**
     * Log files.
     *
     * @param paths absolute paths or globs, at least one; the files may not exist yet
     */
    record Files(List<String> paths) implements SourceConfig {
        public Files {
            paths = List.copyOf(paths);
            if (paths.isEmpty()) {
                throw new IllegalArgumentException("paths is empty");
            }
        }

        @Override
        public String name() {
            return String.join(", ", paths);
        }
    }

    /**
     * Asterisk's manager interface.
     *
     * @param host an address or a name, as the operator wrote it
     * @param secretFile the file that holds the user's password; it may not exist yet
     */
    record Ami(String host, int port, String user, Path secretFile) implements SourceConfig {
        @Override
        public String name() {
            return "ami " + user + "@" + host + ":" + port;
        }
    }

    /**
     * FreeSWITCH's event socket.
     *
     * @param host an address or a name, as the operator wrote it
     * @param passwordFile the file that holds the password; it may not exist yet
     */
    record Esl(String host, int port, Path passwordFile) implements SourceConfig {
        @Override
        public String name() {
            return "esl " + host + ":" + port;
        }
    }

    /**
     * The journal of this machine. At least one of the two lists is not empty.
     *
     * @param units the services whose entries are read; all if empty
     * @param identifiers the program names whose entries are read; all if empty
     */
    record Journal(List<String> units, List<String> identifiers) implements SourceConfig {
        private static final Pattern MANY =
                Pattern.compile("^(?:docker|containerd|podman|crio|kubelet|k3s|rke2|lxc|machine|user@|session)");

        public Journal {
            units = List.copyOf(units);
            identifiers = List.copyOf(identifiers);
            if (units.isEmpty() && identifiers.isEmpty()) {
                throw new IllegalArgumentException("no unit and no identifier");
            }
        }

        /**
         * Returns whether systemd proves that one program writes all entries. A unit that runs containers has many
         * programs.
         */
        public boolean isOneProgram() {
            return !units.isEmpty()
                    && units.stream().noneMatch(unit -> MANY.matcher(unit).find());
        }

        @Override
        public String name() {
            String both = units.isEmpty() || identifiers.isEmpty() ? "" : " ";
            return "journal " + String.join(",", units) + both + String.join(",", identifiers);
        }
    }

    /**
     * A place where Sipward listens for syslog messages.
     *
     * @param address an address of this machine's loopback with a port, or a Unix socket
     */
    record Syslog(SocketAddress address) implements SourceConfig {
        @Override
        public String name() {
            return "syslog "
                    + (address instanceof UnixDomainSocketAddress unix
                            ? unix
                            : address.toString().replaceFirst("^.*/", ""));
        }
    }
}

package org.sipward.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.graalvm.nativeimage.ProcessProperties;
import org.graalvm.nativeimage.VMRuntime;
import org.sipward.apiban.Certificates;

/**
 * Starts the program as a native image, which {@code dist/native} builds. It sets what the launcher and the JVM set
 * otherwise, so that no other class knows how it runs. A JVM never loads this class.
 */
final class NativeMain {
    /** The folder of the program, as in {@code HOME/lib/native/sipward}. */
    private static final int LEVELS_BELOW_HOME = 3;

    private NativeMain() {}

    public static void main(String[] arguments) {
        // The image is built not to take Java's options (-D, -X) out of the command line. Then it does not begin by
        // itself: it waits for this call.
        VMRuntime.initialize();
        System.setProperty("sipward.home", home().toString());
        System.setProperty(Certificates.FILE, certificates());
        Main.main(arguments);
    }

    private static Path home() {
        Path folder = Path.of(ProcessProperties.getExecutableName());
        for (int i = 0; i < LEVELS_BELOW_HOME; i++) {
            folder = Optional.ofNullable(folder.getParent()).orElse(folder);
        }
        return folder;
    }

    /**
     * Returns the file that the machine's programs take their trusted certificates from: the one that
     * {@code SSL_CERT_FILE} names, as for OpenSSL, or the first that exists of those of Debian, Red Hat, SUSE and
     * Alpine.
     */
    private static String certificates() {
        String named = System.getenv("SSL_CERT_FILE");
        if (named != null && !named.isEmpty()) {
            return named;
        }
        return Stream.of(
                        "/etc/ssl/certs/ca-certificates.crt",
                        "/etc/pki/tls/certs/ca-bundle.crt",
                        "/etc/ssl/ca-bundle.pem",
                        "/etc/ssl/cert.pem")
                .filter(file -> Files.exists(Path.of(file)))
                .findFirst()
                .orElse("/etc/ssl/certs/ca-certificates.crt");
    }
}

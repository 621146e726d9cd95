package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.util.Set;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads a list over TLS from a server whose certificate only this machine trusts, or nobody. */
class CertificatesIT {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Path JAVA = Path.of(System.getProperty("java.home"));
    /** The files that hold the certificates which the machine trusts: for all programs, and for Java. */
    private static final Path MACHINES = Path.of("/etc/ssl/certs/ca-certificates.crt");

    private static final Path JAVAS = JAVA.resolve("lib/security/cacerts");

    @TempDir
    private Path folder;

    private final HeldCertificate certificate = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .addSubjectAlternativeName("localhost")
            .build();

    @Test
    void trustsWhomTheMachineTrusts() throws Exception {
        Path machines = Files.writeString(folder.resolve("machines"), certificate.certificatePem());
        KeyStore trusted = empty("JKS");
        trusted.setCertificateEntry("list", certificate.certificate());
        Path javas = write(trusted, "javas");
        String replace = "mount --bind " + machines + " " + MACHINES + " && mount --bind " + javas + " "
                + JAVAS.toRealPath() + " && JAVA_HOME=" + JAVA + " exec \"$0\" \"$@\"";
        try (Host host = Host.open()) {
            serve(host);
            Sipward sipward = new Sipward(folder, configuration());

            sipward.startBy(host, "unshare", "--mount", "sh", "-c", replace);

            FeedIT.awaitSet(host, Set.of("45.91.1.1"));
        }
    }

    @Test
    void trustsNobodyElse() throws Exception {
        try (Host host = Host.open()) {
            serve(host);
            Sipward sipward = new Sipward(folder, configuration());

            sipward.start(host);

            FeedIT.awaitState(sipward, "failing");
            assertThat(FeedIT.ask(sipward, 1, "status")).contains("no trusted TLS connection to localhost");
            assertThat(KernelElements.of(host, "feed4")).isEmpty();
        }
    }

    private String configuration() {
        return FeedIT.configuration(folder, "").replace("http://127.0.0.1:", "https://localhost:");
    }

    private void serve(Host host) throws Exception {
        long id = Clock.systemUTC().instant().getEpochSecond() - 100;
        Files.writeString(folder.resolve("list"), id + " 45.91.1.1\n");
        KeyStore keys = empty("PKCS12");
        keys.setKeyEntry(
                "list", certificate.keyPair().getPrivate(), PASSWORD, new Certificate[] {certificate.certificate()});
        FeedIT.serve(host, folder, 2, write(keys, "keys").toString(), new String(PASSWORD));
    }

    private static KeyStore empty(String type) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        return store;
    }

    private Path write(KeyStore store, String name) throws Exception {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        return file;
    }
}

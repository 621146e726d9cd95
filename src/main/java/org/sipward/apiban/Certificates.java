package org.sipward.apiban;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that a list's server is verified with. A JVM knows its own. A native image would know those of the
 * machine that it was built on, so it must read the file that all programs of this machine trust.
 */
public final class Certificates {
    /** The system property that names a file in PEM format to use in place of the platform's certificates. */
    public static final String FILE = "sipward.certificates";

    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private Certificates() {}

    /** Makes the client trust the file that {@link #FILE} names, if it names one. If it cannot be read: nobody. */
    static OkHttpClient.Builder trust(OkHttpClient.Builder client) {
        String file = System.getProperty(FILE);
        if (file == null) {
            return client;
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate : read(Path.of(file))) {
                store.setCertificateEntry("" + store.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            X509TrustManager trusted = (X509TrustManager) factory.getTrustManagers()[0];
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trusted}, null);
            return client.sslSocketFactory(context.getSocketFactory(), trusted);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** Returns the certificates in the file, none if it cannot be read. */
    private static Collection<? extends Certificate> read(Path file) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Collection<? extends Certificate> certificates = factory.generateCertificates(in);
            if (certificates.isEmpty()) {
                log.warn("no list can be read over TLS: {} has no certificates", file);
            }
            return certificates;
        } catch (IOException | GeneralSecurityException e) {
            log.warn("no list can be read over TLS: cannot read the trusted certificates: {}: {}", file, e.toString());
            return List.of();
        }
    }
}

package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.apiban.Certificates;
import org.sipward.apiban.Wire;

/** Where a feed sends its key, and in which version of the protocol. */
class WireTest extends FeedFixture {
    @Test
    void fallsBackToTheFirstVersionOfTheProtocol() {
        field.server.speaksV2 = false;
        field.server.add(600, 1000);
        Feed feed = field.feed();

        field.run(feed);

        assertThat(field.target.bans).hasSize(600);
        assertThat(feed.status().version()).isEqualTo(1);
        assertThat(field.server.requests)
                .containsExactly(
                        "POST /api/get",
                        "GET /api/" + ListServer.KEY + "/banned",
                        "GET /api/" + ListServer.KEY + "/banned/1249",
                        "GET /api/" + ListServer.KEY + "/banned/1499",
                        "GET /api/" + ListServer.KEY + "/banned/1599");
    }

    @Test
    void triesTheSecondVersionAgainWhenItReadsTheWholeList() {
        field.server.speaksV2 = false;
        field.server.add(6, 1000);
        Feed feed = field.feed();
        Duration wait = field.run(feed);
        field.server.speaksV2 = true;
        field.next(feed, wait);
        assertThat(feed.status().version()).isEqualTo(1);

        field.next(feed, Intake.FULL);

        assertThat(feed.status().version()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"404", "405", "501"})
    void failsWhereNeitherVersionIsSpoken(int status) {
        field.server.first(ListServer.json(status, "<html>"), ListServer.json(status, "<html>"));
        Feed feed = field.feed();

        feed.step();
        Duration wait = feed.step();

        assertThat(feed.status().state()).contains("speaks neither version", "check url", "HTTP " + status);
        assertThat(wait).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({"'',/api/get", "hub,/hub/api/get", "hub/,/hub/api/get", "api/,/api/get", "api,/api/get"})
    void asksBelowTheConfiguredBase(String path, String target) {
        field.run(field.feed(field.server.http.url("/" + path).toString()));

        assertThat(field.server.requests.get(0)).isEqualTo("POST " + target);
    }

    @ParameterizedTest
    @CsvSource({
        "http://apiban.org/,plain http",
        "http://192.0.2.1/,plain http",
        "http://localhost.example.net/,plain http",
        "ftp://apiban.org/,must be like",
        "apiban.org,must be like",
        "'',must be like",
        "https://user:secret@apiban.org/,must not hold a user or password",
        "https://apiban.org/?key=secret,must not hold a ? or #"
    })
    void refusesAUrlThatAKeyMayNotBeSentTo(String url, String words) {
        assertThatThrownBy(() -> field.feed(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("feed apiban: url")
                .hasMessageContaining(words)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308"})
    void followsNoRedirect(int status) throws IOException {
        try (MockWebServer other = new MockWebServer()) {
            other.start();
            field.server.first(new MockResponse.Builder()
                    .code(status)
                    .addHeader("Location", other.url("/api/get"))
                    .build());
            Feed feed = field.feed();

            field.run(feed);

            assertThat(other.getRequestCount()).isZero();
            assertThat(feed.status().state()).contains("redirects to").contains("not followed");
        }
    }

    @Test
    void readsTheListOverTls() throws IOException {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        try (MockWebServer https = tls(authority, "localhost")) {
            https.enqueue(ListServer.json(200, "{\"ipaddress\":[\"203.0.113.7\"],\"ID\":\"1000\"}"));
            https.enqueue(ListServer.json(400, "{\"ipaddress\":[\"no new bans\"],\"ID\":\"none\"}"));

            field.run(field.feed(https.url("/").toString(), trusting(authority)));

            assertThat(field.target.bans).hasSize(1);
        }
    }

    @Test
    void saysThatARedirectFromTlsToPlainHttpIsNotFollowed() throws IOException {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        try (MockWebServer https = tls(authority, "localhost")) {
            https.enqueue(new MockResponse.Builder()
                    .code(307)
                    .addHeader("Location", field.server.http.url("/api/get"))
                    .build());
            Feed feed = field.feed(https.url("/").toString(), trusting(authority));

            field.run(feed);

            assertThat(feed.status().state()).contains("redirects to plain http, which is not followed");
            assertThat(field.server.requests).isEmpty();
        }
    }

    @Test
    void sendsNoKeyToAServerWhoseCertificateNobodyTrusts() throws IOException {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        try (MockWebServer https = tls(authority, "localhost")) {
            Feed feed = field.feed(https.url("/").toString(), Wire.client().build());

            field.run(feed);

            assertThat(feed.status().state()).contains("no trusted TLS connection to");
            assertThat(https.getRequestCount()).isZero();
        }
    }

    @Test
    void trustsTheFileThatThePropertyNames(@TempDir Path folder) throws IOException {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate other =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        Path file = folder.resolve("trusted.pem");
        try (MockWebServer https = tls(authority, "localhost")) {
            https.enqueue(new MockResponse.Builder().code(403).build());
            Files.writeString(file, other.certificatePem() + authority.certificatePem());

            assertThat(stateReading(https, file)).contains("key");

            Files.writeString(file, other.certificatePem());
            assertThat(stateReading(https, file)).contains("no trusted TLS connection to");
            Files.delete(file);
            assertThat(stateReading(https, file)).contains("no trusted TLS connection to");
            assertThat(https.getRequestCount()).isEqualTo(1);
        }
    }

    private String stateReading(MockWebServer https, Path trusted) {
        System.setProperty(Certificates.FILE, trusted.toString());
        try {
            Feed feed = field.feed(https.url("/").toString(), Wire.client().build());
            field.run(feed);
            return feed.status().state();
        } finally {
            System.clearProperty(Certificates.FILE);
        }
    }

    @Test
    void sendsNoKeyToAServerWithACertificateForAnotherName() throws IOException {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        try (MockWebServer https = tls(authority, "hub.example.net")) {
            Feed feed = field.feed(https.url("/").toString(), trusting(authority));

            field.run(feed);

            assertThat(feed.status().state()).contains("is for another name");
            assertThat(https.getRequestCount()).isZero();
        }
    }

    @Test
    void closingEndsTheFeedWithoutAWarning() {
        Feed feed = field.feed();

        feed.close();
        feed.step();

        assertThat(field.server.requests).isEmpty();
        assertThat(feed.status().lastProblem()).isEmpty();
    }

    @Test
    void closingEndsARequestThatIsUnderWay() throws Exception {
        field.server.first(
                new MockResponse.Builder().headersDelay(20, TimeUnit.SECONDS).build());
        Feed feed =
                field.feed(field.server.http.url("/").toString(), Wire.client().build());
        Thread stepping = new Thread(feed::step);
        stepping.start();
        field.server.http.takeRequest();

        feed.close();

        stepping.join(5000);
        assertThat(stepping.isAlive()).isFalse();
    }

    private static MockWebServer tls(HeldCertificate authority, String name) throws IOException {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName(name)
                .build();
        MockWebServer server = new MockWebServer();
        server.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory());
        server.start();
        return server;
    }

    private static OkHttpClient trusting(HeldCertificate authority) {
        HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build();
        return Wire.client()
                .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
                .build();
    }
}

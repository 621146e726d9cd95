package org.sipward.apiban;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Sends APIBAN's requests, in version 2 (POST, key in a header) and version 1 (GET, key in the path), and reads the
 * answers: at most {@link #MAX_BODY} bytes, in at most 30 seconds, without following a redirect.
 *
 * <p>Exceptions carry our own words and no cause: OkHttp's text can quote the server's answer, and that can quote our
 * request with the key in it.
 *
 * <p>Thread-safe. No thread of its own; OkHttp's are daemons and end when idle.
 */
public final class Wire implements Closeable {
    /** About a hundred times the size of a page of 250 addresses. */
    static final int MAX_BODY = 1 << 20;

    private static final MediaType JSON = MediaType.get("application/json");
    private static final Network LOOPBACK4 = Network.parse("127.0.0.0/8").orElseThrow();
    private static final Network LOOPBACK6 = Network.parse("::1").orElseThrow();
    private static final String USER_AGENT = "sipward/"
            + Optional.ofNullable(Wire.class.getPackage().getImplementationVersion())
                    .orElse("dev");

    private final OkHttpClient client;
    private final HttpUrl api;
    private final String set;
    private final Clock clock;

    /** @param api from {@link #api} */
    public Wire(OkHttpClient client, HttpUrl api, String set, Clock clock) {
        this.client = client;
        this.api = api;
        this.set = set;
        this.clock = clock;
    }

    /** Returns a client for feeds. TLS is verified with {@link Certificates}. */
    public static OkHttpClient.Builder client() {
        return Certificates.trust(new OkHttpClient.Builder())
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(Duration.ofSeconds(10))
                .writeTimeout(Duration.ofSeconds(10))
                .callTimeout(Duration.ofSeconds(30))
                // A redirect could lead to plain HTTP or to another host, with our key.
                .followRedirects(false)
                .followSslRedirects(false)
                // HTTP/2 would keep a thread for each connection and load hundreds of classes, for one request every
                // few minutes.
                .protocols(List.of(Protocol.HTTP_1_1));
    }

    /**
     * Returns the address that all requests begin with: the operator's base and {@code api/}, unless the base ends in
     * that already.
     *
     * @throws IllegalArgumentException with a message for the operator
     */
    public static HttpUrl api(String name, String url) {
        HttpUrl base = HttpUrl.parse(url);
        if (base == null) {
            throw new IllegalArgumentException("feed " + name + ": url must be like https://apiban.org/");
        }
        if (!base.encodedUsername().isEmpty() || !base.encodedPassword().isEmpty()) {
            throw new IllegalArgumentException(
                    "feed " + name + ": url must not hold a user or password; the key belongs in keyfile");
        }
        if (base.encodedQuery() != null || base.encodedFragment() != null) {
            throw new IllegalArgumentException("feed " + name + ": url must not hold a ? or #");
        }
        if (!base.isHttps() && !isThisMachine(base.host())) {
            throw new IllegalArgumentException("feed " + name
                    + ": url must be https: plain http would show the key to everyone on the way to " + base.host());
        }
        HttpUrl.Builder api = base.newBuilder();
        if (!base.encodedPath().replaceAll("/+$", "").endsWith("/api")) {
            api.addPathSegment("api");
        }
        return api.build();
    }

    /** Asks for the page after this place. */
    public Reply page(int version, ApiKey key, String id) throws IOException {
        if (version == 2) {
            return send(post("get", key, "{\"set\":\"" + set + "\",\"id\":\"" + id + "\"}"));
        }
        HttpUrl.Builder url = below().addPathSegment(key.secret()).addPathSegment("banned");
        return send(new Request.Builder()
                .url(
                        id.equals(PageId.START)
                                ? url.build()
                                : url.addPathSegment(id).build()));
    }

    /** Asks whether the list holds the address. */
    public Reply check(int version, ApiKey key, IpAddress address) throws IOException {
        if (version == 2) {
            return send(post("check", key, "{\"set\":\"" + set + "\",\"ipaddress\":\"" + address + "\"}"));
        }
        HttpUrl url = below().addPathSegment(key.secret())
                .addPathSegment("check")
                .addPathSegment(address.toString())
                .build();
        return send(new Request.Builder().url(url));
    }

    public String host() {
        return api.host();
    }

    /** Closes idle connections; the next poll is minutes away. */
    public void rest() {
        client.connectionPool().evictAll();
    }

    /** Aborts a running request; its caller gets an exception. */
    @Override
    public void close() {
        client.dispatcher().cancelAll();
        rest();
    }

    private Request.Builder post(String action, ApiKey key, String json) {
        return new Request.Builder()
                .url(below().addPathSegment(action).build())
                .header("Authorization", "Bearer " + key.secret())
                .post(RequestBody.create(json.getBytes(StandardCharsets.US_ASCII), JSON));
    }

    private HttpUrl.Builder below() {
        return api.newBuilder();
    }

    private Reply send(Request.Builder request) throws IOException {
        try (Response response =
                client.newCall(request.header("User-Agent", USER_AGENT).build()).execute()) {
            BufferedSource body = response.body().source();
            // The limit counts unzipped bytes, so that a small answer cannot become a large one.
            if (body.request(MAX_BODY + 1L)) {
                throw new TooLongException();
            }
            return new Reply(
                    response.code(), Body.parse(body.readByteArray()), retryAfter(response), redirect(response));
        } catch (IOException e) {
            throw new IOException(words(e));
        }
    }

    private Optional<Duration> retryAfter(Response response) {
        String value = response.header("Retry-After");
        if (value == null) {
            return Optional.empty();
        }
        if (value.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        Instant until = response.headers().getInstant("Retry-After");
        return Optional.ofNullable(until)
                .map(time -> Duration.between(clock.instant(), time))
                .filter(time -> !time.isNegative());
    }

    private Optional<String> redirect(Response response) {
        if (response.code() < 300 || response.code() > 399) {
            return Optional.empty();
        }
        String location = response.header("Location");
        HttpUrl target = location == null ? null : response.request().url().resolve(location);
        if (target == null) {
            return Optional.of("nowhere");
        }
        if (api.isHttps() && !target.isHttps()) {
            return Optional.of("plain http");
        }
        return Optional.of(target.host().equals(api.host()) ? "another path" : "another host");
    }

    private String words(IOException e) {
        String host = api.host();
        if (e instanceof TooLongException) {
            return host + " sent an answer of more than " + MAX_BODY + " bytes";
        }
        if (e instanceof InterruptedIOException) {
            return host + " did not answer in time";
        }
        if (e instanceof UnknownHostException) {
            return host + " cannot be resolved (DNS)";
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return "cannot connect to " + host;
        }
        if (e instanceof SSLPeerUnverifiedException) {
            return "the certificate of " + host + " is for another name";
        }
        if (e instanceof SSLException) {
            return "no trusted TLS connection to " + host
                    + " (check its certificate, this machine's clock and ca-certificates)";
        }
        if (e instanceof ProtocolException || e instanceof EOFException) {
            return host + " sent an answer that is cut off or is not HTTP";
        }
        return e instanceof SocketException
                ? "connection to " + host + " was cut"
                : "request to " + host + " failed (" + e.getClass().getSimpleName() + ")";
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost")
                || IpAddress.parse(host)
                        .filter(address -> LOOPBACK4.contains(address) || LOOPBACK6.contains(address))
                        .isPresent();
    }

    private static final class TooLongException extends IOException {}
}

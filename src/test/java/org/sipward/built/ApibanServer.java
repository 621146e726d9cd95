package org.sipward.built;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A program that serves a list on loopback as APIBAN does, in version 1 or 2 of its protocol: 250 addresses a page, the
 * oldest first, and at most eleven requests in two minutes. Prints a line for each request, without the key.
 *
 * <p>Arguments: the port, the version, the file with the key, and the file with the list: lines of an ID and an
 * address. The list is read again for each request. A key store and its password may follow: then it serves by TLS.
 */
final class ApibanServer {
    private static final int PAGE = 250;
    private static final int REQUESTS = 11;
    private static final Duration WINDOW = Duration.ofMinutes(2);
    private static final Pattern GET = Pattern.compile("\\{\"set\":\"sip\",\"id\":\"(\\d+)\"}");
    private static final Pattern CHECK = Pattern.compile("\\{\"set\":\"sip\",\"ipaddress\":\"([0-9.]+)\"}");

    private final boolean isSecond;
    private final String key;
    private final Path list;
    private final Clock clock = Clock.systemUTC();
    private final Deque<Instant> requests = new ArrayDeque<>();

    private ApibanServer(boolean isSecond, String key, Path list) {
        this.isSecond = isSecond;
        this.key = key;
        this.list = list;
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        String key = Files.readString(Path.of(arguments[2])).strip();
        ApibanServer server = new ApibanServer(arguments[1].equals("2"), key, Path.of(arguments[3]));
        InetSocketAddress place = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer http = arguments.length == 4
                ? HttpServer.create(place, 0)
                : secure(place, Path.of(arguments[4]), arguments[5].toCharArray());
        http.createContext("/", server::serve);
        http.start();
        System.out.println("serves");
    }

    private static HttpServer secure(InetSocketAddress place, Path store, char[] password) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer https = HttpsServer.create(place, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        return https;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            Reply reply = answer(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    body);
            byte[] bytes = reply.body().getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Reply answer(String request, String authorization, String body) throws IOException {
        String what = isSecond ? secondVersion(request, authorization, body) : firstVersion(request);
        Reply reply = isTooMuch(what) ? new Reply(429, "rate limit exceeded", "unauthorized") : reply(what);
        System.out.println(reply.status() + " " + what);
        return reply;
    }

    /** Returns {@code get ID}, {@code check ADDRESS}, {@code unauthorized} or {@code unknown}. */
    private String secondVersion(String request, String authorization, String body) {
        Matcher get = GET.matcher(body);
        Matcher check = CHECK.matcher(body);
        if (!request.startsWith("POST /api/")) {
            return "unknown";
        }
        if (!authorization.equals("Bearer " + key)) {
            return "unauthorized";
        }
        if (request.equals("POST /api/get") && get.matches()) {
            return "get " + get.group(1);
        }
        return request.equals("POST /api/check") && check.matches() ? "check " + check.group(1) : "unknown";
    }

    private String firstVersion(String request) {
        String[] parts = request.split("/", -1);
        if (!request.startsWith("GET /api/") || parts.length < 4) {
            return "unknown";
        }
        if (!parts[2].equals(key)) {
            return "unauthorized";
        }
        if (parts[3].equals("banned")) {
            return "get " + (parts.length == 5 ? parts[4] : "100");
        }
        return parts[3].equals("check") && parts.length == 5 ? "check " + parts[4] : "unknown";
    }

    private boolean isTooMuch(String what) {
        Instant now = clock.instant();
        requests.removeIf(time -> !time.plus(WINDOW).isAfter(now));
        if (what.equals("unknown") || what.equals("unauthorized")) {
            return false;
        }
        requests.add(now);
        return requests.size() > REQUESTS;
    }

    private Reply reply(String what) throws IOException {
        if (what.equals("unknown")) {
            return new Reply(404, "<html>not found</html>");
        }
        if (what.equals("unauthorized")) {
            return new Reply(403, "none", "unauthorized");
        }
        String argument = what.substring(what.indexOf(' ') + 1);
        return what.startsWith("get") ? page(Long.parseLong(argument)) : check(argument);
    }

    private Reply page(long id) throws IOException {
        List<String> addresses = new ArrayList<>();
        long last = 0;
        for (var entry : list().tailMap(id, false).entrySet()) {
            if (addresses.size() == PAGE) {
                break;
            }
            addresses.add(entry.getValue());
            last = entry.getKey();
        }
        return addresses.isEmpty()
                ? new Reply(400, "no new bans", "none")
                : new Reply(200, String.join("\",\"", addresses), "" + last);
    }

    private Reply check(String address) throws IOException {
        for (var entry : list().entrySet()) {
            if (entry.getValue().equals(address)) {
                return new Reply(200, address, "" + entry.getKey());
            }
        }
        return new Reply(400, "not blocked", "none");
    }

    private NavigableMap<Long, String> list() throws IOException {
        NavigableMap<Long, String> entries = new TreeMap<>();
        for (String line : Files.readAllLines(list)) {
            String[] words = line.split(" ", 2);
            entries.put(Long.parseLong(words[0]), words[1]);
        }
        return entries;
    }

    private record Reply(int status, String body) {
        Reply(int status, String addresses, String id) {
            this(status, "{\"ipaddress\":[\"" + addresses + "\"], \"ID\":\"" + id + "\"}");
        }
    }
}

package org.sipward.feed;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A real HTTP server that serves a list as APIBAN does, and odd answers when told to. */
final class ListServer implements Closeable {
    static final String KEY = "0123456789abcdef0123456789abcdef";

    private static final Pattern GET = Pattern.compile("\\{\"set\":\"(\\w+)\",\"id\":\"(\\d+)\"}");

    final MockWebServer http = new MockWebServer();
    final TreeMap<Long, String> list = new TreeMap<>();
    final List<String> requests = new ArrayList<>();
    final Deque<MockResponse> odd = new ArrayDeque<>();
    boolean speaksV2 = true;
    int pageSize = 250;

    ListServer() throws IOException {
        http.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request);
            }
        });
    }

    /** Lists this many addresses of 198.18.0.0/15, one a second beginning at the ID. */
    ListServer add(int count, long fromId) {
        for (int i = 0; i < count; i++) {
            list.put(fromId + i, "198.18." + i / 250 + "." + i % 250);
        }
        return this;
    }

    /** Gives these answers before the right ones. */
    ListServer first(MockResponse... answers) {
        odd.addAll(List.of(answers));
        return this;
    }

    static MockResponse json(int status, String body) {
        return new MockResponse.Builder().code(status).body(body).build();
    }

    private synchronized MockResponse answer(RecordedRequest request) {
        requests.add(request.getMethod() + " " + request.getTarget());
        if (!odd.isEmpty()) {
            return odd.remove();
        }
        if (request.getTarget().equals("/api/get")) {
            return speaksV2 ? v2(request) : json(404, "<html>not found</html>");
        }
        String below = "/api/" + KEY + "/banned";
        if (!request.getTarget().startsWith(below)) {
            return json(404, "<html>not found</html>");
        }
        String id = request.getTarget().substring(below.length()).replace("/", "");
        return page(id.isEmpty() ? "100" : id);
    }

    private MockResponse v2(RecordedRequest request) {
        if (!("Bearer " + KEY).equals(request.getHeaders().get("Authorization"))) {
            return json(403, "{\"ipaddress\":\"none\", \"ID\":\"unauthorized\"}");
        }
        Matcher body =
                GET.matcher(request.getBody() == null ? "" : request.getBody().string(StandardCharsets.UTF_8));
        return body.matches() ? page(body.group(2)) : json(500, "");
    }

    private MockResponse page(String id) {
        List<String> addresses = new ArrayList<>();
        long last = 0;
        for (var entry : list.tailMap(Long.parseLong(id), false).entrySet()) {
            if (addresses.size() == pageSize) {
                break;
            }
            addresses.add("\"" + entry.getValue() + "\"");
            last = entry.getKey();
        }
        return addresses.isEmpty()
                ? json(400, "{\"ipaddress\":[\"no new bans\"], \"ID\":\"none\"}")
                : json(200, "{\"ipaddress\":[" + String.join(",", addresses) + "], \"ID\":\"" + last + "\"}");
    }

    @Override
    public void close() {
        http.close();
    }
}

package org.sipward.built;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A program that serves Asterisk's manager interface on loopback, to one client at a time. Argument: the port. For each
 * address in its input, it sends the client events of five wrong passwords from that address. Prints {@code ready},
 * then each login.
 */
final class ManagerServer {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx");
    private static final int ATTEMPTS = 5;

    private ManagerServer() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader addresses = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (ServerSocket server =
                new ServerSocket(Integer.parseInt(arguments[0]), 1, InetAddress.getLoopbackAddress())) {
            System.out.println("ready");
            while (true) {
                try (Socket socket = server.accept()) {
                    serve(socket, addresses);
                } catch (IOException hungUp) {
                    System.out.println("hung up");
                }
            }
        }
    }

    private static void serve(Socket socket, BufferedReader addresses) throws IOException {
        OutputStream out = socket.getOutputStream();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        send(out, "Asterisk Call Manager/9.0.0\r\n");
        hear(in);
        send(out, "Response: Success\r\nChallenge: 4711\r\n\r\n");
        System.out.println(hear(in));
        send(out, "Response: Success\r\nMessage: Authentication accepted\r\n\r\n");
        for (String address = addresses.readLine(); address != null; address = addresses.readLine()) {
            for (int i = 0; i < ATTEMPTS; i++) {
                send(out, event(address, i));
            }
        }
    }

    private static String event(String address, int attempt) {
        String time = TIME.format(Instant.now().atOffset(ZoneOffset.UTC));
        return "Event: ChallengeResponseFailed\r\nPrivilege: security,all\r\nEventTV: " + time
                + "\r\nSeverity: Error\r\nService: PJSIP\r\nEventVersion: 1\r\nAccountID: 1001\r\nSessionID: " + address
                + "-" + attempt + "\r\nLocalAddress: IPV4/UDP/192.0.2.10/5060\r\nRemoteAddress: IPV4/UDP/" + address
                + "/5060\r\nChallenge: " + attempt + "\r\nResponse: x\r\nExpectedResponse: \r\n\r\n";
    }

    private static String hear(BufferedReader in) throws IOException {
        StringBuilder heard = new StringBuilder();
        for (String line = in.readLine(); line == null || !line.isEmpty(); line = in.readLine()) {
            if (line == null) {
                throw new IOException("hung up");
            }
            heard.append(line).append(' ');
        }
        return heard.toString().strip();
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}

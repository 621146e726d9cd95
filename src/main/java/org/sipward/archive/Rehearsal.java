package org.sipward.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Locale;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A list of one address on loopback, for {@code bin/archive} alone: the agent that runs there reads a list over TLS as
 * it will for the operator, so the class archive gets the classes for that. Nothing else starts it, and it is not a
 * command.
 */
final class Rehearsal {
    private Rehearsal() {}

    /**
     * Prints its port, then answers one request after the other until it is killed.
     *
     * @param arguments a key store with the server's key, and its password
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        ServerSocketFactory sockets =
                context(Path.of(arguments[0]), arguments[1].toCharArray()).getServerSocketFactory();
        try (SSLServerSocket server =
                (SSLServerSocket) sockets.createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            boolean listed = false;
            while (true) {
                try (Socket client = server.accept()) {
                    listed |= answer(client, listed);
                } catch (IOException e) {
                    System.err.println(e.getMessage());
                }
            }
        }
    }

    private static SSLContext context(Path path, char[] password) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(path)) {
            keys.load(file, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /**
     * Answers the first request with a page, and each further one with the end of the list. Returns true once it has
     * answered.
     */
    private static boolean answer(Socket client, boolean listed) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        for (int read = 0; read < length && in.read() >= 0; read++) {}
        String body = listed
                ? "{\"ipaddress\":[\"no new bans\"],\"ID\":\"none\"}"
                : "{\"ipaddress\":[\"91.198.1.9\"],\"ID\":\"" + Instant.now().getEpochSecond() + "\"}";
        String answer = "HTTP/1.1 " + (listed ? "400 Bad Request" : "200 OK")
                + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        OutputStream out = client.getOutputStream();
        out.write(answer.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return true;
    }
}

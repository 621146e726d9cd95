package org.sipward.firewall;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Sends and receives packets of text, as a program of its own inside a namespace.
 *
 * <p>{@code receive PORT} prints each text, until {@code end}. {@code send TO PORT [FROM TEXT]…} sends each text from its
 * address.
 */
final class UdpProbe {
    private static final int GIVE_UP_MILLIS = 20_000;

    private UdpProbe() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[args[0].equals("send") ? 2 : 1]);
        if (args[0].equals("send")) {
            InetAddress to = InetAddress.getByName(args[1]);
            for (int i = 3; i < args.length; i += 2) {
                send(args[i], to, port, args[i + 1]);
            }
        } else {
            receive(port);
        }
    }

    private static void send(String from, InetAddress to, int port, String text) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, to, port));
        }
    }

    private static void receive(int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(port)) {
            socket.setSoTimeout(GIVE_UP_MILLIS);
            System.out.println("ready");
            String text = "";
            while (!text.equals("end")) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                System.out.println(text);
            }
        }
    }
}

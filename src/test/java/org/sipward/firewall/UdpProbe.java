package org.sipward.firewall;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A program that sends and receives packets of text inside a namespace.
 *
 * <p>{@code receive PORT} prints each text, until {@code end}. {@code send TO PORT [FROM TEXT]…} sends each text from
 * its address. {@code flood TO PORT FROM OTHER} sends from FROM until it reads a byte, and then sends the end from
 * OTHER.
 */
final class UdpProbe {
    private static final int GIVE_UP_MILLIS = 20_000;

    private UdpProbe() {}

    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "receive" -> receive(Integer.parseInt(args[1]));
            case "send" -> {
                for (int i = 3; i < args.length; i += 2) {
                    send(args, args[i], args[i + 1]);
                }
            }
            default -> flood(args);
        }
    }

    private static void send(String[] args, String from, String text) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            InetAddress to = InetAddress.getByName(args[1]);
            socket.send(new DatagramPacket(bytes, bytes.length, to, Integer.parseInt(args[2])));
        }
    }

    private static void flood(String[] args) throws IOException {
        send(args, args[3], args[3]);
        System.out.println("ready");
        while (System.in.available() == 0) {
            send(args, args[3], args[3]);
        }
        send(args, args[4], "end");
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

package org.sipward.built;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A program that sends and receives packets of text on a {@link Host}, until its input ends. {@code receive PORT}
 * prints {@code ready}, then each text. {@code send} reads lines {@code FROM TO PORT TEXT}.
 */
final class Datagrams {
    private Datagrams() {}

    public static void main(String[] args) throws IOException {
        if (args[0].equals("receive")) {
            DatagramSocket socket = new DatagramSocket(Integer.parseInt(args[1]));
            System.out.println("ready");
            Thread thread = new Thread(() -> receive(socket));
            thread.setDaemon(true);
            thread.start();
            System.in.transferTo(System.out);
        } else {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                send(line.split(" ", 4));
            }
        }
    }

    private static void receive(DatagramSocket socket) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                System.out.println(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(String[] words) throws IOException {
        byte[] text = words[3].getBytes(StandardCharsets.UTF_8);
        InetAddress to = InetAddress.getByName(words[1]);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(words[0], 0))) {
            socket.send(new DatagramPacket(text, text.length, to, Integer.parseInt(words[2])));
        }
    }
}

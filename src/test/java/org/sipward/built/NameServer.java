package org.sipward.built;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program that serves the DNS on a {@link Host}. Arguments: {@code ADDRESS NAME=IPV4 …}. Prints {@code ready}, then
 * answers on port 53. Other names do not exist; a name that begins with {@code hang} gets no answer.
 */
final class NameServer {
    private static final int HEADER = 12;
    private static final int TYPE_A = 1;

    private NameServer() {}

    public static void main(String[] args) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(53, InetAddress.getByName(args[0]))) {
            System.out.println("ready");
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                int end = HEADER;
                List<String> labels = new ArrayList<>();
                while (question[end] != 0) {
                    labels.add(new String(question, end + 1, question[end], StandardCharsets.US_ASCII));
                    end += question[end] + 1;
                }
                String name = String.join(".", labels);
                if (!name.startsWith("hang")) {
                    byte[] answer = answer(question, end, name, Arrays.copyOfRange(args, 1, args.length));
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        }
    }

    private static byte[] answer(byte[] question, int endOfName, String name, String... zone) throws IOException {
        ByteBuffer ask = ByteBuffer.wrap(question);
        boolean isV4 = ask.getShort(endOfName + 1) == TYPE_A;
        List<String> found = Arrays.stream(zone)
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(ask.getShort(0));
        // A response with recursion available, and with the error NXDOMAIN if the name does not exist.
        out.writeShort(found.isEmpty() ? 0x8183 : 0x8180);
        out.writeShort(1);
        out.writeShort(isV4 ? found.size() : 0);
        out.writeInt(0);
        out.write(question, HEADER, endOfName + 5 - HEADER);
        for (String address : isV4 ? found : List.<String>of()) {
            out.writeShort(0xc000 | HEADER);
            out.writeShort(TYPE_A);
            out.writeShort(1);
            out.writeInt(0);
            out.writeShort(4);
            out.write(InetAddress.getByName(address).getAddress());
        }
        return bytes.toByteArray();
    }
}

package org.ws2j.agent.program;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends a word to each of two servers, the first of which a layer may not like, and prints the answer or what is thrown. */
public final class PortsProgram {
    private PortsProgram() {}

    public static void main(String[] arguments) throws Exception {
        for (String word : new String[] {"bad", "good"}) {
            try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                System.out.println(answer(arguments[0], listener, word));
            }
        }
    }

    private static String answer(String host, ServerSocket listener, String word) throws InterruptedException {
        Thread server = Thread.startVirtualThread(() -> Echo.serve(listener));
        try (Socket socket = new Socket(host, listener.getLocalPort())) {
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(word.length()), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "IOException";
        } finally {
            server.join();
        }
    }
}

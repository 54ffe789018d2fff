package org.ws2j.agent.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends one client what it has sent. */
final class Echo {
    private Echo() {}

    static void serve(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            byte[] bytes = new byte[100];
            for (int n = socket.getInputStream().read(bytes); n > 0; n = socket.getInputStream().read(bytes)) {
                socket.getOutputStream().write(bytes, 0, n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.ws2j.layer.chain;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.ws2j.spi.SocketHandle;

/** A program that ends with a traced socket open; its arguments are the file of the trace and what to send. */
final class UnclosedTrace {
    private UnclosedTrace() {}

    public static void main(String[] arguments) throws Exception {
        Chains chains = new Chains().over("trace", Map.of("file", arguments[0])).start();
        try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketHandle s = chains.tcp();
            chains.winsock.connect(s, new InetSocketAddress(peer.getInetAddress(), peer.getLocalPort()));
            chains.winsock.send(s, ByteBuffer.wrap(arguments[1].getBytes(StandardCharsets.US_ASCII)), 0);
        }
        System.exit(0);
    }
}

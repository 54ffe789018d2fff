package org.ws2j.cli.demo;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The datagrams for the echo server, and what came back. */
final class EchoConversation {
    static final int DATAGRAM_BYTES = 1_200;

    private final InetSocketAddress server;
    private final byte[] content;
    private final Fingerprint.Taker echoed = new Fingerprint.Taker();
    private int localPort;

    EchoConversation(InetSocketAddress server, byte[] content) {
        this.server = server;
        this.content = content;
    }

    InetSocketAddress server() {
        return server;
    }

    List<ByteBuffer> datagrams() {
        List<ByteBuffer> datagrams = new ArrayList<>();
        for (int at = 0; at < content.length; at += DATAGRAM_BYTES) {
            datagrams.add(ByteBuffer.wrap(content, at, Math.min(DATAGRAM_BYTES, content.length - at)));
        }
        return datagrams;
    }

    Fingerprint sent() {
        return Fingerprint.of(content);
    }

    /** Takes an echo, from position 0 to the given length. */
    void received(ByteBuffer buffer, int length) {
        echoed.update(buffer.duplicate().position(0).limit(length));
    }

    Fingerprint echoed() {
        return echoed.soFar();
    }

    /** The port that the server sees; known once something was sent. */
    void localPort(int port) {
        localPort = port;
    }

    int localPort() {
        return localPort;
    }
}

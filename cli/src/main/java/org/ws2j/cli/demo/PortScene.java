package org.ws2j.cli.demo;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.ws2j.host.Winsock;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** Overlapped operations whose completions come as packets to a completion port. */
final class PortScene {
    private final Winsock winsock;
    private final CompletionPort port;
    private final CompletionPacket packet = new CompletionPacket();
    private final HeapOverlapped block = new HeapOverlapped();
    private int packets;

    private PortScene(Winsock winsock, CompletionPort port) {
        this.winsock = winsock;
        this.port = port;
    }

    static String play(Winsock winsock, HttpConversation talk) throws IOException {
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        try (Closing _ = () -> winsock.ports().closeIoCompletionPort(port);
                Closing.Socket socket = Closing.Socket.stream(winsock)) {
            return new PortScene(winsock, port).converse(socket.handle(), talk);
        }
    }

    /** The same for datagrams. */
    static String echo(Winsock winsock, EchoConversation talk) throws IOException {
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        try (Closing _ = () -> winsock.ports().closeIoCompletionPort(port);
                Closing.Socket socket = Closing.Socket.datagram(winsock)) {
            return new PortScene(winsock, port).converse(socket.handle(), talk);
        }
    }

    private String converse(SocketHandle s, HttpConversation talk) throws IOException {
        winsock.ports().associate(s, port, talk);
        winsock.connect(s, talk.server());
        ByteBuffer request = talk.request();
        while (request.hasRemaining()) {
            winsock.wsaSend(s, request, 0, block, null);
            request.position(request.position() + takePacket());
        }
        ByteBuffer buffer = ByteBuffer.allocate(Scene.BUFFER_BYTES);
        int n;
        do {
            winsock.wsaRecv(s, buffer, null, block, null);
            n = takePacket();
            talk.received(buffer, n);
        } while (n > 0);
        return packets + " packets";
    }

    private String converse(SocketHandle s, EchoConversation talk) throws IOException {
        winsock.ports().associate(s, port, talk);
        ByteBuffer buffer = ByteBuffer.allocate(Scene.BUFFER_BYTES);
        for (ByteBuffer datagram : talk.datagrams()) {
            winsock.wsaSendTo(s, datagram, 0, talk.server(), block, null);
            takePacket();
            talk.localPort(Ports.localPort(winsock, s));
            winsock.wsaRecvFrom(s, buffer, null, block, null);
            talk.received(buffer, takePacket());
        }
        return packets + " packets";
    }

    private int takePacket() throws IOException {
        if (!winsock.ports().getQueuedCompletionStatus(port, packet, Scene.PATIENCE_MILLIS)) {
            throw new SocketTimeoutException("no packet came in " + Scene.PATIENCE_MILLIS + " ms");
        }
        packets++;
        if (packet.error() != 0) {
            throw new WinsockException(packet.error(), null, null);
        }
        return packet.bytesTransferred();
    }
}

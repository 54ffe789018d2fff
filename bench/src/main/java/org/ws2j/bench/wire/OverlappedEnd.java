package org.ws2j.bench.wire;

import java.nio.ByteBuffer;
import org.ws2j.host.Winsock;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;

/** An end with one overlapped operation at a time, each of which is over when its packet has come out of the port. */
final class OverlappedEnd implements End {
    private final Winsock winsock;
    private final SocketHandle s;
    private final CompletionPort port;
    private final CompletionPacket packet = new CompletionPacket();
    private final HeapOverlapped block = new HeapOverlapped();

    OverlappedEnd(Winsock winsock, SocketHandle s) throws WinsockException {
        this.winsock = winsock;
        this.s = s;
        port = winsock.ports().createIoCompletionPort(1);
        winsock.ports().associate(s, port, this);
    }

    @Override
    public void write(ByteBuffer source) throws WinsockException {
        while (source.hasRemaining()) {
            winsock.wsaSend(s, source, 0, block, null);
            source.position(source.position() + completed());
        }
    }

    @Override
    public int read(ByteBuffer target) throws WinsockException {
        winsock.wsaRecv(s, target, null, block, null);
        int n = completed();
        target.position(target.position() + n);
        return n;
    }

    /** An operation that is over at once puts its packet into the port, too. */
    private int completed() throws WinsockException {
        winsock.ports().getQueuedCompletionStatus(port, packet, Waits.WSA_INFINITE);
        if (packet.error() != 0) {
            throw new WinsockException(packet.error(), "overlapped operation", null);
        }
        return packet.bytesTransferred();
    }

    @Override
    public void close() throws WinsockException {
        winsock.closesocket(s);
    }
}

package org.ws2j.bench.row;

import org.ws2j.bench.measure.Sink;
import org.ws2j.host.Winsock;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.CompletionPorts;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;

/** Packets through a completion port. */
final class PortLoad extends PacketLoad {
    private static final HeapOverlapped LAST = new HeapOverlapped();

    private final HeapOverlapped block = new HeapOverlapped();
    private final CompletionPorts ports;
    private final CompletionPort port;

    PortLoad(Winsock winsock, String name, int producers, int consumers) throws WinsockException {
        super(name, producers, consumers);
        ports = winsock.ports();
        port = ports.createIoCompletionPort(consumers);
    }

    @Override
    void produce(int packets) throws WinsockException {
        for (int i = 0; i < packets; i++) {
            ports.postQueuedCompletionStatus(port, i, this, block);
        }
        putLast();
    }

    @Override
    void putLast() throws WinsockException {
        ports.postQueuedCompletionStatus(port, 0, this, LAST);
    }

    @Override
    void consume(int consumer) throws WinsockException {
        CompletionPacket packet = new CompletionPacket();
        do {
            ports.getQueuedCompletionStatus(port, packet, Waits.WSA_INFINITE);
            while (packet.overlapped() != LAST) {
                Sink.take(packet.bytesTransferred());
                ports.getQueuedCompletionStatus(port, packet, Waits.WSA_INFINITE);
            }
        } while (lastTaken());
    }

    @Override
    public void close() throws Exception {
        super.close();
        ports.closeIoCompletionPort(port);
    }
}

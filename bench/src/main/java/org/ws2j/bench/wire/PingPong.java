package org.ws2j.bench.wire;

import java.io.EOFException;
import java.nio.ByteBuffer;
import org.ws2j.bench.measure.Side;

/** An operation is a message there and back: the other thread sends back what it gets. */
public final class PingPong implements Side {
    /** Makes the buffers: {@code ByteBuffer::allocate} or {@code ByteBuffer::allocateDirect}. */
    @FunctionalInterface
    public interface Buffers {
        ByteBuffer allocate(int size);
    }

    private final String name;
    private final ByteBuffer message;
    private final Peer peer;

    private PingPong(String name, Connection connection, int size, Buffers buffers) {
        this.name = name;
        message = buffers.allocate(size);
        peer = new Peer("echo of " + name, connection) {
            @Override
            void serve(End server) throws Exception {
                ByteBuffer echoed = buffers.allocate(size);
                while (server.readFully(echoed.clear())) {
                    server.write(echoed.flip());
                }
            }
        };
    }

    public static PingPong over(String name, Connection.Maker maker, int size, Buffers buffers) throws Exception {
        PingPong made = new PingPong(name, maker.make(), size, buffers);
        made.peer.start();
        return made;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int operations) throws Exception {
        End client = peer.client();
        try {
            for (int i = 0; i < operations; i++) {
                client.write(message.clear());
                if (!client.readFully(message.clear())) {
                    throw new EOFException(name + " was closed by its other end");
                }
            }
        } catch (Exception e) {
            peer.check(e);
        }
    }

    @Override
    public void close() throws Exception {
        peer.close();
    }
}

package org.ws2j.bench.wire;

import java.io.EOFException;
import java.nio.ByteBuffer;
import org.ws2j.bench.measure.Side;

/** An operation is a chunk in one direction; at the end of a turn the other thread says that it has all of them. */
public final class Stream implements Side {
    /** How much is sent at once. */
    public static final int CHUNK = 64 << 10;

    private final String name;
    private final ByteBuffer chunk;
    private final ByteBuffer receipt = ByteBuffer.allocate(1);
    private final Peer peer;

    /** How many bytes the turn under way has; set before the first of them is sent. */
    private volatile long expected;

    private Stream(String name, Connection connection, PingPong.Buffers buffers) {
        this.name = name;
        chunk = buffers.allocate(CHUNK);
        peer = new Peer("receiver of " + name, connection) {
            @Override
            void serve(End server) throws Exception {
                receive(server, buffers.allocate(CHUNK));
            }
        };
    }

    public static Stream over(String name, Connection.Maker maker, PingPong.Buffers buffers) throws Exception {
        Stream made = new Stream(name, maker.make(), buffers);
        made.peer.start();
        return made;
    }

    @Override
    public String name() {
        return name;
    }

    private void receive(End server, ByteBuffer target) throws Exception {
        ByteBuffer answer = ByteBuffer.allocate(1);
        long received = 0;
        int n = server.read(target.clear());
        while (n > 0) {
            received += n;
            if (received == expected) {
                received = 0;
                server.write(answer.clear());
            }
            n = server.read(target.clear());
        }
    }

    @Override
    public void run(int operations) throws Exception {
        End client = peer.client();
        expected = (long) operations * CHUNK;
        try {
            for (int i = 0; i < operations; i++) {
                client.write(chunk.clear());
            }
            if (!client.readFully(receipt.clear())) {
                throw new EOFException(name + " was closed by its other end");
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

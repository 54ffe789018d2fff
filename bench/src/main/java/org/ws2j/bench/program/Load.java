package org.ws2j.bench.program;

import java.nio.ByteBuffer;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.wire.FreshConnections;
import org.ws2j.bench.wire.NioEnds;
import org.ws2j.bench.wire.PingPong;
import org.ws2j.bench.wire.SocketEnd;
import org.ws2j.bench.wire.Stream;

/** What a program does with its sockets, both ends on threads of it. */
public enum Load {
    /** 64 bytes there and back by non-blocking channels, with a selector and a direct buffer at each end. */
    NIO_PINGPONG {
        @Override
        Side open() throws Exception {
            return PingPong.over(name(), NioEnds::selected, SIZE, ByteBuffer::allocateDirect);
        }
    },
    /** 64 bytes there and back by the streams of blocking sockets. */
    NET_PINGPONG {
        @Override
        Side open() throws Exception {
            return PingPong.over(name(), SocketEnd::connection, SIZE, ByteBuffer::allocate);
        }
    },
    /** Chunks in one direction by channels as above. */
    NIO_STREAM {
        @Override
        Side open() throws Exception {
            return Stream.over(name(), NioEnds::selected, ByteBuffer::allocateDirect);
        }

        @Override
        Side side() {
            return new FreshConnections(name(), this::open);
        }
    },
    /** Chunks in one direction by streams as above. */
    NET_STREAM {
        @Override
        Side open() throws Exception {
            return Stream.over(name(), SocketEnd::connection, ByteBuffer::allocate);
        }

        @Override
        Side side() {
            return new FreshConnections(name(), this::open);
        }
    };

    private static final int SIZE = 64;

    /** {@return a connection that is used as above} */
    abstract Side open() throws Exception;

    /** {@return what takes turns} */
    Side side() throws Exception {
        return open();
    }
}

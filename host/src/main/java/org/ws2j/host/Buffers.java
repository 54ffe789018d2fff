package org.ws2j.host;

import java.nio.ByteBuffer;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** What the client's functions do with the buffers they are given. */
final class Buffers {
    private Buffers() {}

    static ByteBuffer checked(ByteBuffer buffer) throws WinsockException {
        if (buffer == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the buffer is null");
        }
        return buffer;
    }

    static ByteBuffer[] checked(ByteBuffer[] buffers) throws WinsockException {
        if (buffers == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the array of buffers is null");
        }
        if (buffers.length == 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "there are no buffers");
        }
        for (ByteBuffer buffer : buffers) {
            checked(buffer);
        }
        return buffers;
    }

    static long remaining(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    static void advance(ByteBuffer buffer, long transferred) {
        if (transferred > 0) {
            buffer.position(buffer.position() + (int) transferred);
        }
    }

    static void advance(ByteBuffer[] buffers, long transferred) {
        long left = transferred;
        for (int i = 0; left > 0; i++) {
            long step = Math.min(left, buffers[i].remaining());
            advance(buffers[i], step);
            left -= step;
        }
    }
}

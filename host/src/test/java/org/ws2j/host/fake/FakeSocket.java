package org.ws2j.host.fake;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/**
 * A socket of a fake base provider: the context of a handle of the one kind, the file object behind one of the other kind.
 * What it is to receive, a test puts in; what it sent, a test takes out; an overlapped request waits for the test.
 */
public final class FakeSocket implements FileObject {
    /** An overlapped request that is under way. */
    public record Request(SocketHandle socket, ByteBuffer buffer, WsaOverlapped overlapped,
            WsaCompletionRoutine routine, WsaThreadId threadId) {
    }

    private final WsaProtocolInfo info;
    private final int flags;
    private final Queue<byte[]> toReceive = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger closes = new AtomicInteger();

    public FakeSocket(WsaProtocolInfo info, int flags) {
        this.info = info;
        this.flags = flags;
    }

    /** {@return the info that WSPSocket was called with} */
    public WsaProtocolInfo info() {
        return info;
    }

    /** {@return the flags that WSPSocket was called with} */
    public int flags() {
        return flags;
    }

    /** Lets one receive return these bytes; without any, a receive finds the end of the stream. */
    public void willReceive(byte... bytes) {
        toReceive.add(bytes.clone());
    }

    /** {@return all bytes sent so far} */
    public byte[] sent() {
        return sent.toByteArray();
    }

    /** {@return the oldest overlapped request that nobody has taken; null for none} */
    public Request takeRequest() {
        return requests.poll();
    }

    /** {@return how often the file object was closed} */
    public int closes() {
        return closes.get();
    }

    void pend(Request request) {
        requests.add(request);
    }

    /** Receives without moving the buffer. */
    public int receive(ByteBuffer target) {
        byte[] bytes = toReceive.poll();
        if (bytes == null) {
            return 0;
        }
        int n = Math.min(bytes.length, target.remaining());
        target.put(target.position(), bytes, 0, n);
        return n;
    }

    /** Sends without moving the buffer. */
    int send(ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(source.position(), bytes);
        sent.writeBytes(bytes);
        return bytes.length;
    }

    @Override
    public int read(ByteBuffer target) {
        int n = receive(target);
        target.position(target.position() + n);
        return n;
    }

    @Override
    public int write(ByteBuffer source) {
        int n = send(source);
        source.position(source.limit());
        return n;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}

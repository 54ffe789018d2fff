package org.ws2j.host.fake;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/**
 * What the two fake base providers have in common: WSPSocket, WSPCloseSocket, WSPSend and WSPRecv with one buffer, and
 * WSPCleanup. Overlapped requests pend until a test completes them; synchronous ones are over at once.
 */
public abstract class BaseTable extends UnsupportedProcTable {
    private final FakeStart start;
    private final AtomicInteger cleanups = new AtomicInteger();
    private final List<SocketHandle> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean releasesLate;

    BaseTable(FakeStart start) {
        this.start = start;
    }

    public final FakeStart start() {
        return start;
    }

    public final Upcalls upcalls() {
        return start.upcalls();
    }

    public final HostServices services() {
        return start.services();
    }

    /** {@return every handle that WSPSocket has made, in order} */
    public final List<SocketHandle> sockets() {
        return sockets;
    }

    /** {@return how often WSPCleanup was called} */
    public final int cleanups() {
        return cleanups.get();
    }

    /** {@return what is behind one of the provider's handles} */
    public abstract FakeSocket socket(SocketHandle s) throws WinsockException;

    /** Makes a handle for a new socket. */
    protected abstract SocketHandle handle(int catalogEntryId, FakeSocket socket) throws WinsockException;

    /** Releases a handle at the end of WSPCloseSocket. */
    protected abstract void release(SocketHandle s) throws WinsockException;

    /** Completes a request, as the provider's kind of handle wants it. */
    public abstract void complete(FakeSocket.Request request, int error, int bytes) throws WinsockException;

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        SocketHandle s = handle(lpProtocolInfo.catalogEntryId(), new FakeSocket(lpProtocolInfo, dwFlags));
        sockets.add(s);
        return s;
    }

    /** From now on WSPCloseSocket leaves the release of the handle to the test, as with operations under way. */
    public final void releaseLate() {
        releasesLate = true;
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        socket(s);
        if (!releasesLate) {
            release(s);
        }
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        FakeSocket socket = socket(s);
        return lpOverlapped == null
                ? socket.receive(buffer)
                : pending(socket, new FakeSocket.Request(s, buffer, lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        FakeSocket socket = socket(s);
        return lpOverlapped == null
                ? socket.send(buffer)
                : pending(socket, new FakeSocket.Request(s, buffer, lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    private static int pending(FakeSocket socket, FakeSocket.Request request) {
        request.overlapped().internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        socket.pend(request);
        return WspResult.IO_PENDING;
    }

    @Override
    public void wspCleanup() throws WinsockException {
        cleanups.incrementAndGet();
    }
}

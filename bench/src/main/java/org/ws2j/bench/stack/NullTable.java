package org.ws2j.bench.stack;

import java.nio.ByteBuffer;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/** The functions of the null base: each transfer is over at once, and no byte moves. */
final class NullTable extends UnsupportedTable {
    /** What the provider keeps with a handle; every call asks for it, as one of a non-IFS provider must. */
    private static final class NullSocket {
        private long bytes;

        private int transfer(ByteBuffer buffer) {
            bytes += buffer.remaining();
            return buffer.remaining();
        }

        @Override
        public String toString() {
            return bytes + " bytes";
        }
    }

    private final Upcalls upcalls;

    NullTable(Upcalls upcalls) {
        this.upcalls = upcalls;
    }

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        return upcalls.wpuCreateSocketHandle(lpProtocolInfo.catalogEntryId(), new NullSocket());
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        upcalls.wpuCloseSocketHandle(s);
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return socket(s).transfer(buffer);
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return socket(s).transfer(buffer);
    }

    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        throw new WinsockException(WsaError.WSAENOPROTOOPT, "the null base has no options");
    }

    @Override
    public void wspCleanup() {}

    private NullSocket socket(SocketHandle s) throws WinsockException {
        if (upcalls.wpuQuerySocketHandleContext(s) instanceof NullSocket socket) {
            return socket;
        }
        throw new WinsockException(WsaError.WSAENOTSOCK, s + " is not a socket of the null base");
    }
}

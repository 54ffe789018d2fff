package org.ws2j.bench.wire;

import java.nio.ByteBuffer;
import org.ws2j.host.Winsock;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WspResult;

/** An end that asks {@code select} before each non-blocking call. */
final class SelectingEnd implements End {
    private final Winsock winsock;
    private final SocketHandle s;
    private final FdSet set = new FdSet();

    SelectingEnd(Winsock winsock, SocketHandle s) {
        this.winsock = winsock;
        this.s = s;
    }

    @Override
    public void write(ByteBuffer source) throws WinsockException {
        winsock.send(s, source, 0);
        while (source.hasRemaining()) {
            winsock.select(null, only(), null, null);
            winsock.send(s, source, 0);
        }
    }

    @Override
    public int read(ByteBuffer target) throws WinsockException {
        int n = WspResult.WOULD_BLOCK;
        while (n == WspResult.WOULD_BLOCK) {
            winsock.select(only(), null, null, null);
            n = winsock.recv(s, target, 0);
        }
        return n;
    }

    private FdSet only() {
        set.fdZero();
        set.fdSet(s);
        return set;
    }

    @Override
    public void close() throws WinsockException {
        winsock.closesocket(s);
    }
}

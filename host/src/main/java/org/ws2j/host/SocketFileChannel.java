package org.ws2j.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** A socket as the file functions see it: a channel of bytes. */
final class SocketFileChannel implements ByteChannel {
    private final Winsock winsock;
    private final SocketHandle socket;
    private volatile boolean open = true;

    SocketFileChannel(Winsock winsock, SocketHandle socket) {
        this.winsock = winsock;
        this.socket = socket;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        checkOpen();
        boolean room = target.hasRemaining();
        int n;
        try {
            n = winsock.files().readFile(socket, target);
        } catch (WinsockException e) {
            throw closedMeanwhile(e);
        }
        return n == 0 && room ? -1 : n;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        checkOpen();
        try {
            return winsock.files().writeFile(socket, source);
        } catch (WinsockException e) {
            throw closedMeanwhile(e);
        }
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    private IOException closedMeanwhile(WinsockException e) {
        if (open) {
            return e;
        }
        AsynchronousCloseException closed = new AsynchronousCloseException();
        closed.initCause(e);
        return closed;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /**
     * Closes the socket; a socket that was closed otherwise is closed well enough. If the provider refuses, as for one that lingers
     * and is non-blocking, the channel is open as before.
     */
    @Override
    public void close() throws IOException {
        if (!open) {
            return;
        }
        open = false;
        try {
            winsock.closesocket(socket);
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSAENOTSOCK) && !e.is(WsaError.WSANOTINITIALISED)) {
                open = true;
                throw e;
            }
        }
    }
}

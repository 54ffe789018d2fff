package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.ws2j.provider.extension.ConnectOperation;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * A stream socket in the hands of AcceptEx, ConnectEx and DisconnectEx: connected without its client having said so, claimed
 * for a connection to come, or connected for the second time.
 */
final class TcpExtension {
    /** How often unread data is looked for when a connection ends. */
    private static final int MAX_DROPS = 16;

    private final TcpSocket socket;

    /** Whether AcceptEx or ConnectEx has connected it, and its client has not said so by an option yet. */
    private volatile boolean contextPending;

    /** Whether DisconnectEx has ended the connection for good. */
    private boolean disconnected;

    /** Whether DisconnectEx has made it fit for another connection; then it may be bound, and accept. */
    private boolean reused;

    /** The ConnectEx that is under way; null for none. Guarded by both locks. */
    private ConnectOperation connecting;

    /** The AcceptEx that names it; null for none. Written under both locks. */
    private volatile AcceptRequest claimedBy;

    TcpExtension(TcpSocket socket) {
        this.socket = socket;
    }

    boolean isContextPending() {
        return contextPending;
    }

    void checkContext() throws WinsockException {
        if (contextPending) {
            throw new WinsockException(WsaError.WSAENOTCONN,
                    socket + " needs SO_UPDATE_ACCEPT_CONTEXT or SO_UPDATE_CONNECT_CONTEXT");
        }
    }

    // ConnectEx

    void connect(InetSocketAddress name, ConnectOperation operation) throws WinsockException {
        TcpSocket.checkPeer(name);
        socket.lockBoth();
        try {
            socket.checkOpen();
            socket.checkMayConnect();
            if (!socket.isBoundByClient()) {
                throw new WinsockException(WsaError.WSAEINVAL, socket + " is not bound");
            }
            connecting = operation;
            socket.begin(name, false);
        } catch (WinsockException e) {
            if (connecting == operation) { // Otherwise it is that of an earlier call, which goes on.
                connecting = null;
            }
            throw e;
        } finally {
            socket.unlockBoth();
        }
    }

    /** {@return whether a ConnectEx is under way} Both locks are held. */
    boolean isConnecting() {
        return connecting != null;
    }

    /** {@return what tells a ConnectEx how it has ended; null if there is none, or it has not} Both locks are held. */
    Runnable takeDecided() {
        if (!isConnecting() || socket.state == SocketState.CONNECTING) {
            return null;
        }
        ConnectOperation operation = connecting;
        connecting = null;
        if (socket.state == SocketState.CONNECTED) {
            contextPending = true;
            return operation::connected;
        }
        WinsockException known = socket.connectFailure();
        WinsockException failure = socket.isClosed() || known == null
                ? new WinsockException(WsaError.WSA_OPERATION_ABORTED, socket + " was closed")
                : known;
        return () -> operation.failed(failure);
    }

    /** SO_UPDATE_CONNECT_CONTEXT. */
    void updateConnectContext() throws WinsockException {
        socket.lockBoth();
        try {
            socket.checkConnected();
            contextPending = false;
        } finally {
            socket.unlockBoth();
        }
    }

    // AcceptEx

    /** Makes the socket the target of an AcceptEx. */
    void claim(AcceptRequest request) throws WinsockException {
        socket.lockBoth();
        try {
            socket.checkOpen();
            if (socket.state != SocketState.OPEN && !(socket.state == SocketState.BOUND && reused)) {
                throw new WinsockException(WsaError.WSAEINVAL, socket + " is bound, connected, or claimed already");
            }
            socket.state = SocketState.ACCEPTING;
            claimedBy = request;
        } finally {
            socket.unlockBoth();
        }
    }

    /** The AcceptEx is over; if it has brought no connection, the socket is as it was. */
    void unclaim() {
        socket.lockBoth();
        try {
            claimedBy = null;
            if (socket.state == SocketState.ACCEPTING) {
                socket.state = socket.unconnected();
            }
        } finally {
            socket.unlockBoth();
        }
    }

    /** Takes the channel of an accepted connection, in place of the unused one. */
    void adopt(SocketChannel accepted) throws WinsockException {
        socket.lockBoth();
        try {
            if (socket.state != SocketState.ACCEPTING) {
                throw new WinsockException(WsaError.WSA_OPERATION_ABORTED, socket + " was closed");
            }
            replace(accepted);
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("accepting into " + socket, e);
        } finally {
            socket.unlockBoth();
            socket.wakeWaiters();
        }
    }

    private void replace(SocketChannel accepted) throws IOException {
        boolean watched = socket.cancelWatch();
        SocketChannel unused = socket.take(accepted);
        contextPending = true;
        socket.state = SocketState.CONNECTED;
        unused.close();
        socket.flushSelectors(watched);
        socket.reportTransfers();
    }

    /** SO_UPDATE_ACCEPT_CONTEXT: it becomes what an accept of the listener would have made. */
    void updateAcceptContext(TcpSocket listening) throws WinsockException {
        socket.lockBoth();
        try {
            socket.checkConnected();
            socket.inheritOptions(listening);
            socket.options().applyTo(socket.stream());
            socket.nonBlocking = listening.nonBlocking;
            socket.inheritEvents(listening);
            contextPending = false;
            socket.reportTransfers();
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("giving " + socket + " what its listener has", e);
        } finally {
            socket.unlockBoth();
        }
    }

    /** The socket is closed; no lock is held. */
    void closed() {
        AcceptRequest claim = claimedBy;
        if (claim != null) {
            claim.targetClosed();
        }
    }

    // DisconnectEx

    /** Ends the connection, when what was queued is sent. */
    void disconnect(boolean reuse) throws WinsockException {
        Transfer received;
        Transfer sent;
        WinsockException trouble = null;
        socket.lockBoth();
        try {
            socket.checkConnected();
            if (disconnected) {
                throw new WinsockException(WsaError.WSAENOTCONN, socket + " was disconnected");
            }
            received = socket.receiving().fail(WsaError.WSAECONNABORTED, " was disconnected");
            sent = socket.sending().fail(WsaError.WSAECONNABORTED, " was disconnected");
            if (reuse) {
                trouble = renew();
            } else {
                disconnected = true;
                socket.endStreams();
            }
        } finally {
            socket.unlockBoth();
        }
        socket.wakeWaiters();
        socket.indicateAll(received);
        socket.indicateAll(sent);
        if (trouble != null) {
            tellOf(trouble);
        }
    }

    /** {@return what keeps troubles; the channel is closed if no other one could be had} */
    private WinsockException renew() {
        boolean watched = socket.cancelWatch();
        endGracefully();
        WinsockException trouble = new WinsockException(WsaError.WSAECONNABORTED, socket + " was disconnected");
        socket.startAfresh(trouble);
        try {
            socket.flushSelectors(watched);
        } catch (IOException e) {
            trouble.addSuppressed(e);
        }
        contextPending = false;
        reused = true;
        socket.events.reenable(NetworkEvent.FD_ALL_EVENTS);
        return trouble;
    }

    private void endGracefully() {
        try {
            socket.stream().shutdownOutput();
            dropUnread(socket.promptStream());
        } catch (IOException _) {
            // It was gone before: there is nothing to be ended gracefully, and the next connection has nothing to do with it.
        }
    }

    /** What has arrived and is not wanted would make Linux reset the connection, and drop what it has not sent yet. */
    private void dropUnread(SocketChannel stream) throws IOException {
        ByteBuffer scratch = socket.network.takeScratch();
        try {
            int drops = 0;
            while (drops < MAX_DROPS && stream.read(scratch.clear()) > 0) {
                drops++;
            }
        } finally {
            socket.network.giveBackScratch(scratch);
        }
    }

    private void tellOf(WinsockException trouble) throws WinsockException {
        if (!socket.stream().isOpen()) {
            throw trouble;
        }
        if (trouble.getSuppressed().length > 0) { // It goes on, without an address.
            socket.network.services().report("disconnecting " + socket, trouble);
        }
    }
}

package org.ws2j.provider.memory;

import java.net.InetSocketAddress;
import org.ws2j.provider.extension.ConnectOperation;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * A stream socket in the hands of AcceptEx, ConnectEx and DisconnectEx: connected without its client having said so, claimed
 * for a connection to come, or standing where one was that is over.
 */
final class StreamExtension {
    private final StreamSocket socket;

    /** Whether AcceptEx or ConnectEx has connected it, and its client has not said so by an option yet. */
    private volatile boolean contextPending;

    /** Whether DisconnectEx has ended the connection for good; guarded by the wire, as the next. */
    private boolean disconnected;

    /** Whether it stands where one was that DisconnectEx has ended; then it may be bound, and accept. */
    private boolean reused;

    /** The AcceptEx that names it; null for none. */
    private volatile AcceptRequest claimedBy;

    StreamExtension(StreamSocket socket) {
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

    /** It is decided at once whether there is a connection; the first data may take its time. */
    void connect(InetSocketAddress name, ConnectOperation operation) throws WinsockException {
        synchronized (socket.wire) {
            socket.checkMayConnect();
            if (socket.bindName() == null) {
                throw new WinsockException(WsaError.WSAEINVAL, socket + " is not bound");
            }
            contextPending = true;
        }
        boolean connected = false;
        try {
            connected = socket.connect(name) == 0;
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSAECONNREFUSED)) {
                throw e;
            }
        } finally {
            contextPending = connected;
        }
        if (connected) {
            operation.connected();
        } else {
            operation.failed(new WinsockException(WsaError.WSAECONNREFUSED, "nobody accepts at " + name));
        }
    }

    /** SO_UPDATE_CONNECT_CONTEXT. */
    void updateConnectContext() throws WinsockException {
        synchronized (socket.wire) {
            socket.checkOpen();
            if (socket.state != SocketState.CONNECTED) {
                throw new WinsockException(WsaError.WSAENOTCONN, socket + " is not connected");
            }
            contextPending = false;
        }
    }

    // AcceptEx

    /** Starts one; the socket listens. */
    void accept(AcceptRequest request) throws WinsockException {
        StreamExtension target = request.target().extension();
        target.claim(request);
        request.operation().whenOver(() -> {
            socket.backlog().forget(request);
            target.unclaim();
        });
        if (!socket.backlog().add(request)) {
            request.listenerClosed();
            return;
        }
        socket.backlog().serve();
        socket.events.deliver();
        if (request.target().isClosed()) { // It may have been, before it could be found in the queue.
            request.targetClosed();
        }
    }

    /** Makes the socket the target of one. */
    private void claim(AcceptRequest request) throws WinsockException {
        synchronized (socket.wire) {
            socket.checkOpen();
            if (socket.state != SocketState.OPEN && !(socket.state == SocketState.BOUND && reused)) {
                throw new WinsockException(WsaError.WSAEINVAL, socket + " is bound, connected, or claimed already");
            }
            socket.state = SocketState.ACCEPTING;
            claimedBy = request;
        }
    }

    /** It is over; if it has brought no connection, the socket is as it was. */
    private void unclaim() {
        synchronized (socket.wire) {
            claimedBy = null;
            if (socket.state == SocketState.ACCEPTING) {
                socket.state = socket.bindName() == null ? SocketState.OPEN : SocketState.BOUND;
            }
        }
    }

    /** Gives the socket's place to the end of a connection. */
    void giveWayTo(StreamSocket end) throws WinsockException {
        synchronized (socket.wire) {
            if (socket.state != SocketState.ACCEPTING) {
                throw new WinsockException(WsaError.WSA_OPERATION_ABORTED, socket + " was closed");
            }
            socket.state = SocketState.CLOSED;
            end.extension().contextPending = true;
            socket.succeed(end);
        }
        socket.stack.network().unbind(socket);
        socket.stack.replace(socket, end);
        end.takeUp();
    }

    /** SO_UPDATE_ACCEPT_CONTEXT: it becomes what an accept of the listener would have made. */
    void updateAcceptContext(StreamSocket listener, Descriptor descriptor) throws WinsockException {
        updateConnectContext();
        socket.options.inherit(listener.options);
        socket.resized();
        socket.accepted(listener, descriptor);
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
        StreamSocket successor = null;
        WinsockException trouble = null;
        synchronized (socket.wire) {
            socket.checkOpen();
            if (socket.state != SocketState.CONNECTED || disconnected) {
                throw new WinsockException(WsaError.WSAENOTCONN, socket + " is not connected");
            }
            disconnected = true;
            socket.endGracefully();
            if (reuse) {
                socket.state = SocketState.CLOSED;
                successor = new StreamSocket(socket.stack, socket.info, socket.overlapped);
                trouble = bindAgain(successor);
                socket.succeed(successor);
            }
            socket.watchers.wake();
        }
        if (successor != null) {
            socket.stack.replace(socket, successor);
        }
        socket.wire.deliver();
        if (trouble != null) { // It goes on, without an address.
            socket.stack.services().report("binding a socket again that was disconnected", trouble);
        }
    }

    /** Binds a fresh socket as this one was by its client. {@return why that was not possible; null if it was} */
    private WinsockException bindAgain(StreamSocket fresh) {
        fresh.extension().reused = true;
        socket.stack.network().unbind(socket);
        try {
            fresh.options.reuseAddress(socket.options.reuseAddress());
            fresh.options.exclusiveAddress(socket.options.exclusiveAddress());
            if (socket.bindName() != null) {
                fresh.bind(socket.bindName());
            }
            return null;
        } catch (WinsockException e) {
            return e;
        }
    }
}

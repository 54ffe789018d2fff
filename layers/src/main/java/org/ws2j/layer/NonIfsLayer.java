package org.ws2j.layer;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.Linger;
import org.ws2j.spi.Qos;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/**
 * What becomes of a {@link LayeredProvider}'s sockets: how they are made over those of the provider below, accepted, joined,
 * duplicated and closed; and the functions that concern their addresses, connections and options.
 *
 * <p>Its handles are its own ({@link Upcalls#wpuCreateSocketHandle}). Each has a {@link LayeredSocket} as its context. The last
 * {@link #wspCleanup()} closes its sockets with a reset and releases their handles.
 */
public abstract sealed class NonIfsLayer extends Layer permits LayeredProvider {
    final WspProcTable lower;
    final Upcalls upcalls;

    /** The sockets whose handles are not released, for the clean-up alone. */
    private final LayerSockets sockets = new LayerSockets();

    /** Set by the last clean-up: operations end without an indication from then on. */
    private volatile boolean isStopping;

    /**
     * Takes what the start-up found.
     *
     * @param start where the layer stands, and what it may use
     */
    NonIfsLayer(LayerStart start) {
        super(start);
        lower = start.lower();
        upcalls = start.upcalls();
    }

    // What the author may say

    abstract LayeredSocket newSocket(SocketHandle lowerSocket, LayeredSocket parent) throws WinsockException;

    abstract void connecting(LayeredSocket socket, SocketAddress name) throws WinsockException;

    abstract void accepted(LayeredSocket socket, SocketAddress local, SocketAddress remote);

    abstract void released(LayeredSocket socket);

    /**
     * Finds the record of a socket.
     *
     * @param s a handle of this layer
     * @return its record
     * @throws WinsockException {@code WSAENOTSOCK} for any other handle
     */
    protected final LayeredSocket socket(SocketHandle s) throws WinsockException {
        if (upcalls.wpuQuerySocketHandleContext(s) instanceof LayeredSocket socket && socket.provider() == this) {
            return socket;
        }
        throw new WinsockException(WsaError.WSAENOTSOCK, s + " is not a socket of this layer");
    }

    // Making sockets

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        checkRunning();
        SocketHandle lowerSocket = lower.wspSocket(af, type, protocol, start().down(lpProtocolInfo), g, dwFlags);
        boolean overlapped = (dwFlags & SocketFlag.WSA_FLAG_OVERLAPPED) != 0;
        return adopt(lowerSocket, null, overlapped).handle();
    }

    @Override
    public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition)
            throws WinsockException {
        LayeredSocket listener = socket(s);
        try (Inheritance inheritance = new Inheritance(listener)) {
            SocketHandle accepted = lower.wspAccept(listener.lower(), addr, lpfnCondition);
            if (accepted == null) {
                return null;
            }
            LayeredSocket child = adopt(accepted, listener, listener.isOverlapped());
            pass(inheritance, child);
            tell("accept", child, () -> accepted(child, null, null));
            return child.handle();
        }
    }

    @Override
    public SocketHandle wspJoinLeaf(
            SocketHandle s,
            SocketAddress name,
            ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData,
            Qos lpSQOS,
            Qos lpGQOS,
            int dwFlags)
            throws WinsockException {
        LayeredSocket root = socket(s);
        try (Inheritance inheritance = new Inheritance(root)) {
            SocketHandle leaf =
                    lower.wspJoinLeaf(root.lower(), name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS, dwFlags);
            if (leaf == root.lower()) {
                return s;
            }
            LayeredSocket child = adopt(leaf, root, root.isOverlapped());
            pass(inheritance, child);
            return child.handle();
        }
    }

    /** Gives a new socket its selection; if that fails nobody learns of the socket, and it is closed. */
    private void pass(Inheritance inheritance, LayeredSocket child) throws WinsockException {
        try {
            inheritance.passTo(child);
        } catch (WinsockException | RuntimeException e) {
            try {
                wspCloseSocket(child.handle());
            } catch (WinsockException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Makes a handle over one of the layer below; if that fails, the lower one is closed again. */
    private LayeredSocket adopt(SocketHandle lowerSocket, LayeredSocket parent, boolean overlapped)
            throws WinsockException {
        if (lowerSocket == null) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, "the provider below made no socket");
        }
        LayeredSocket socket = null;
        try {
            socket = newSocket(lowerSocket, parent);
            socket.isOverlapped(overlapped);
            socket.handle(upcalls.wpuCreateSocketHandle(start().catalogEntryId(), socket));
        } catch (WinsockException | RuntimeException e) {
            abandon(lowerSocket, e);
            if (socket != null) {
                forget(socket);
            }
            throw e;
        }
        sockets.add(socket);
        if (isStopping) {
            // The clean-up may have gone through the sockets before this one was there.
            abort(socket);
            socket.abandoned();
            throw new WinsockException(WsaError.WSANOTINITIALISED);
        }
        return socket;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Of what the provider below answers its token alone goes up ({@link WsaProtocolInfo#providerReserved}); it comes back
     * to {@link #wspSocket} in the entry of the chain, and goes down.
     */
    @Override
    public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        return duplicated(lower.wspDuplicateSocket(socket(s).lower(), dwProcessId));
    }

    // Closing sockets

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        LayeredSocket socket = socket(s);
        try {
            lower.wspCloseSocket(socket.lower());
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAENOTSOCK)) {
                closed(socket);
            }
            throw e;
        }
        closed(socket);
    }

    private static void closed(LayeredSocket socket) {
        socket.selection(null);
        socket.closed();
    }

    /** The last thing that happens to a socket: on whichever thread ends its last operation. */
    final void giveUp(LayeredSocket socket) {
        sockets.remove(socket);
        socket.selection(null);
        try {
            upcalls.wpuCloseSocketHandle(socket.handle());
        } catch (WinsockException e) {
            report("handle " + socket, e);
        }
        forget(socket);
    }

    private void forget(LayeredSocket socket) {
        tell("release", socket, () -> released(socket));
    }

    @Override
    final void stop() throws WinsockException {
        isStopping = true;
        for (LayeredSocket socket : sockets.all()) {
            abort(socket);
        }
        try {
            lower.wspCleanup();
        } finally {
            sockets.all().forEach(LayeredSocket::abandoned);
        }
    }

    final boolean isStopping() {
        return isStopping;
    }

    private void abort(LayeredSocket socket) {
        try {
            if (!info().isConnectionless()) {
                resetOnClose(socket.lower());
            }
            lower.wspCloseSocket(socket.lower());
        } catch (WinsockException e) {
            // Not a socket any more: the client has closed it, and its last operation is being indicated just now.
            if (!e.is(WsaError.WSAENOTSOCK)) {
                report("closing " + socket + " at the clean-up", e);
            }
        } catch (RuntimeException e) {
            report("closing " + socket + " at the clean-up", e);
        }
        closed(socket);
    }

    /** A listening socket, for one, has no such option; closing does as well then. */
    private void resetOnClose(SocketHandle lowerSocket) throws WinsockException {
        try {
            lower.wspSetSockOpt(lowerSocket, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSAENOPROTOOPT) && !e.is(WsaError.WSAEINVAL)) {
                throw e;
            }
        }
    }

    // Addresses and connections

    @Override
    public void wspBind(SocketHandle s, SocketAddress name) throws WinsockException {
        lower.wspBind(socket(s).lower(), name);
    }

    @Override
    public int wspConnect(
            SocketHandle s,
            SocketAddress name,
            ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData,
            Qos lpSQOS,
            Qos lpGQOS)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        connecting(socket, name);
        return lower.wspConnect(socket.lower(), name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS);
    }

    @Override
    public void wspListen(SocketHandle s, int backlog) throws WinsockException {
        lower.wspListen(socket(s).lower(), backlog);
    }

    @Override
    public void wspShutdown(SocketHandle s, int how) throws WinsockException {
        lower.wspShutdown(socket(s).lower(), how);
    }

    @Override
    public void wspSendDisconnect(SocketHandle s, ByteBuffer lpOutboundDisconnectData) throws WinsockException {
        lower.wspSendDisconnect(socket(s).lower(), lpOutboundDisconnectData);
    }

    @Override
    public void wspRecvDisconnect(SocketHandle s, ByteBuffer lpInboundDisconnectData) throws WinsockException {
        lower.wspRecvDisconnect(socket(s).lower(), lpInboundDisconnectData);
    }

    @Override
    public SocketAddress wspGetPeerName(SocketHandle s) throws WinsockException {
        return lower.wspGetPeerName(socket(s).lower());
    }

    @Override
    public SocketAddress wspGetSockName(SocketHandle s) throws WinsockException {
        return lower.wspGetSockName(socket(s).lower());
    }

    // Options

    /** {@inheritDoc} SO_PROTOCOL_INFOA and SO_PROTOCOL_INFOW are the entry of the chain. */
    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        LayeredSocket socket = socket(s);
        boolean isEntry = optname == SocketOption.SO_PROTOCOL_INFOA || optname == SocketOption.SO_PROTOCOL_INFOW;
        if (level == SocketOption.SOL_SOCKET && isEntry) {
            return info();
        }
        return lower.wspGetSockOpt(socket.lower(), level, optname);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A value that is a socket, such as SO_UPDATE_ACCEPT_CONTEXT's, is one of this layer, as s is. With that option s
     * becomes what a socket is that was accepted from the other: it inherits the selection of its events, unless it has one.
     */
    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        LayeredSocket socket = socket(s);
        if (!(optval instanceof SocketHandle other)) {
            lower.wspSetSockOpt(socket.lower(), level, optname, optval);
            return;
        }
        LayeredSocket value = socket(other);
        try (Inheritance inheritance = new Inheritance(value)) {
            lower.wspSetSockOpt(socket.lower(), level, optname, value.lower());
            boolean isAccepted = level == SocketOption.SOL_SOCKET && optname == SocketOption.SO_UPDATE_ACCEPT_CONTEXT;
            if (isAccepted && socket.selection() == null) {
                inheritance.passTo(socket);
            }
        }
    }

    @Override
    public Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException {
        return lower.wspGetQosByName(socket(s).lower(), lpQOSName, lpNames);
    }

    /** What a layer only learns of goes on whatever it does then. */
    final void tell(String what, LayeredSocket socket, Runnable learning) {
        try {
            learning.run();
        } catch (RuntimeException e) {
            report("layer's look at the " + what + " of " + socket, e);
        }
    }

    final void report(String what, Throwable failure) {
        services().report("layer over " + start().lowerInfo().protocolName() + ": " + what, failure);
    }
}

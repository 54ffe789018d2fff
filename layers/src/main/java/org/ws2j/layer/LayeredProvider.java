package org.ws2j.layer;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Linger;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspResult;

/**
 * A non-IFS layer that passes everything on to the provider below: a base class whose subclasses override what they want to
 * be different.
 *
 * <p>Its handles are its own ({@link Upcalls#wpuCreateSocketHandle}), each over one of the provider below. It translates
 * handles in calls, select sets, messages and option values; overlapped operations go down with a block of the layer's own,
 * whose sink learns of the completion on the completing thread and tells the client in the way that he chose. There is no
 * thread and no queue here.
 *
 * <h2>Looking at data</h2>
 *
 * Data comes and goes by eight functions, each synchronous or overlapped. Whichever it is, it passes {@link #sending},
 * {@link #sent}, {@link #received} or {@link #failed}; a layer that overrides none of them does not pay for them.
 *
 * <pre>{@code
 * // Counts what was really transferred.
 * protected void sent(Transfer t)     { out.add(t.bytes()); }
 * protected void received(Transfer t) { in.add(t.bytes()); }
 *
 * // Shows the client capital letters (ASCII).
 * protected void received(Transfer t) {
 *     t.forEach((buffer, index, length) -> {
 *         for (int i = index; i < index + length; i++) {
 *             buffer.put(i, (byte) Character.toUpperCase(buffer.get(i)));
 *         }
 *     });
 * }
 *
 * // Loses every tenth datagram.
 * protected void sending(Transfer t) {
 *     if (count.incrementAndGet() % 10 == 0) {
 *         t.drop();
 *     }
 * }
 *
 * // Sends 50 ms late; a synchronous call waits itself.
 * protected void sending(Transfer t) {
 *     if (t.isOverlapped()) {
 *         timer.schedule(t.hold(), 50, TimeUnit.MILLISECONDS);
 *     } else {
 *         services().waits().sleepEx(50, false);
 *     }
 * }
 * }</pre>
 *
 * <p>A layer that changes how many bytes there are overrides the functions themselves. The functions for several buffers go
 * through those for one where a subclass has changed only these (by way of one intermediate buffer).
 *
 * <h2>Other functions</h2>
 *
 * An override gets the socket's record by {@link #socket}, and calls the inherited method, or {@link #lower()} with
 * {@link LayeredSocket#lower()}. Per-socket state goes into a subclass of {@link LayeredSocket}, made by {@link #newSocket}.
 */
public class LayeredProvider extends Layer {
    private final WspProcTable lower;
    private final Upcalls upcalls;

    /** The sockets whose handles are not released, for the clean-up alone. */
    private final Set<LayeredSocket> sockets = ConcurrentHashMap.newKeySet();

    private final boolean seesSends;
    private final boolean seesReceives;
    private final boolean sendsOneBuffer;
    private final boolean sendsToOneBuffer;
    private final boolean receivesOneBuffer;
    private final boolean receivesFromOneBuffer;

    /** Set by the last clean-up: operations end without an indication from then on. */
    private volatile boolean isStopping;

    /**
     * Makes a layer.
     *
     * @param start where the layer stands, and what it may use
     */
    public LayeredProvider(LayerStart start) {
        super(start);
        lower = start.lower();
        upcalls = start.upcalls();
        Overrides overrides = new Overrides(getClass());
        seesSends = overrides.any("sending", "sent", "failed");
        seesReceives = overrides.any("received", "failed");
        sendsOneBuffer = overrides.onlyForOneBuffer("wspSend");
        sendsToOneBuffer = overrides.onlyForOneBuffer("wspSendTo");
        receivesOneBuffer = overrides.onlyForOneBuffer("wspRecv");
        receivesFromOneBuffer = overrides.onlyForOneBuffer("wspRecvFrom");
    }

    // For authors: what to override

    /**
     * Makes the record of a socket.
     *
     * @param lowerSocket the handle of the layer below
     * @param parent the socket that it was accepted from, or joined to; null for one that was asked for
     * @return the record, a new one
     * @throws WinsockException if the layer refuses the socket: it is closed again
     */
    protected LayeredSocket newSocket(SocketHandle lowerSocket, LayeredSocket parent) throws WinsockException {
        return new LayeredSocket(this, lowerSocket);
    }

    /**
     * Looks at data before it goes down. Does nothing here.
     *
     * @param transfer the data; may be {@linkplain Transfer#replaceWith replaced}, {@linkplain Transfer#drop dropped} or
     *     {@linkplain Transfer#hold held}
     * @throws WinsockException the call then fails with this
     */
    protected void sending(Transfer transfer) throws WinsockException {}

    /**
     * Looks at data that was sent, before the client learns of it. Does nothing here.
     *
     * @param transfer the data; may be {@linkplain Transfer#hold held}
     * @throws WinsockException the call then fails with this
     */
    protected void sent(Transfer transfer) throws WinsockException {}

    /**
     * Looks at data that was received, before the client learns of it; no data is the end of a stream, or an empty message.
     * Does nothing here.
     *
     * @param transfer the data; may be changed where it lies, {@linkplain Transfer#shorten shortened},
     *     {@linkplain Transfer#drop dropped} or {@linkplain Transfer#hold held}
     * @throws WinsockException the call then fails with this
     */
    protected void received(Transfer transfer) throws WinsockException {}

    /**
     * Learns that the provider below did not transfer data. Does nothing here.
     *
     * @param transfer the data, as far as it is the client's
     * @param error the Winsock error
     */
    protected void failed(Transfer transfer, int error) {}

    /**
     * Learns that a network event is reported to the client: by message, or because he asks for the record of an event
     * object. Does nothing here.
     *
     * @param socket the socket
     * @param event one {@link NetworkEvent}
     * @param error the Winsock error that comes with it, 0 for none
     */
    protected void notified(LayeredSocket socket, int event, int error) {}

    /**
     * Learns that the handle of a socket was released, or could not be made; the record is not used again. Does nothing here.
     *
     * @param socket the socket
     */
    protected void released(LayeredSocket socket) {}

    /**
     * Tells whether the layer itself serves what {@link IoctlCode#SIO_BSP_HANDLE}, {@code _SELECT} or {@code _POLL} asks for:
     * because it holds data back, and the provider below does not know what is ready. No here.
     *
     * @param socket the socket
     * @param ioControlCode which of the three
     * @return true if the answer is the layer's own handle; false to ask the provider below
     */
    protected boolean claims(LayeredSocket socket, int ioControlCode) {
        return false;
    }

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

    // Making and closing sockets

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        checkRunning();
        return adopt(lower.wspSocket(af, type, protocol, start().down(lpProtocolInfo), g, dwFlags), null)
                .handle();
    }

    @Override
    public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition)
            throws WinsockException {
        LayeredSocket listener = socket(s);
        MessageSelection inherited = beginInheriting(listener);
        try {
            SocketHandle accepted = lower.wspAccept(listener.lower(), addr, lpfnCondition);
            return accepted == null ? null : inherit(accepted, listener, inherited);
        } finally {
            if (inherited != null) {
                inherited.endAccept();
            }
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
        MessageSelection inherited = beginInheriting(root);
        try {
            SocketHandle leaf =
                    lower.wspJoinLeaf(root.lower(), name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS, dwFlags);
            return leaf == root.lower() ? s : inherit(leaf, root, inherited);
        } finally {
            if (inherited != null) {
                inherited.endAccept();
            }
        }
    }

    private static MessageSelection beginInheriting(LayeredSocket parent) {
        MessageSelection selection = parent.selection();
        return selection != null && selection.beginAccept() ? selection : null;
    }

    private SocketHandle inherit(SocketHandle lowerSocket, LayeredSocket parent, MessageSelection inherited)
            throws WinsockException {
        LayeredSocket child = adopt(lowerSocket, parent);
        MessageSelection current = parent.selection();
        if (inherited != null) {
            inherited.join(child);
            child.selection(inherited);
        }
        if (current != inherited && current != null && current.beginAccept()) {
            // Selected anew while the accept was under way: below, the child may have inherited either.
            try {
                current.select(lowerSocket);
                current.join(child);
                child.selection(current);
            } finally {
                current.endAccept();
            }
        }
        return child.handle();
    }

    /** Makes a handle over one of the layer below; if that fails, the lower one is closed again. */
    private LayeredSocket adopt(SocketHandle lowerSocket, LayeredSocket parent) throws WinsockException {
        if (lowerSocket == null) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, "the provider below made no socket");
        }
        LayeredSocket socket = null;
        try {
            socket = newSocket(lowerSocket, parent);
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
        try {
            released(socket);
        } catch (RuntimeException e) {
            report("layer's end of " + socket, e);
        }
    }

    @Override
    final void stop() throws WinsockException {
        isStopping = true;
        for (LayeredSocket socket : sockets) {
            abort(socket);
        }
        try {
            lower.wspCleanup();
        } finally {
            sockets.forEach(LayeredSocket::abandoned);
        }
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

    @Override
    public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        return duplicated(lower.wspDuplicateSocket(socket(s).lower(), dwProcessId));
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
        return lower.wspConnect(socket(s).lower(), name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS);
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

    // Options and controls

    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        LayeredSocket socket = socket(s);
        boolean isEntry = optname == SocketOption.SO_PROTOCOL_INFOA || optname == SocketOption.SO_PROTOCOL_INFOW;
        if (level == SocketOption.SOL_SOCKET && isEntry) {
            return info();
        }
        return lower.wspGetSockOpt(socket.lower(), level, optname);
    }

    /** {@inheritDoc} A value that is a socket, such as SO_UPDATE_ACCEPT_CONTEXT's, is one of this layer, as s is. */
    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        LayeredSocket socket = socket(s);
        Object below = optval instanceof SocketHandle other ? socket(other).lower() : optval;
        lower.wspSetSockOpt(socket.lower(), level, optname, below);
    }

    @Override
    public Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException {
        return lower.wspGetQosByName(socket(s).lower(), lpQOSName, lpNames);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Answers itself: SIO_QUERY_TARGET_PNP_HANDLE, with the handle below; what the layer {@linkplain #claims claims}, with
     * its own; SIO_GET_EXTENSION_FUNCTION_POINTER with {@code WSAEOPNOTSUPP}, since the functions of the provider below know
     * none of this layer's handles.
     */
    @Override
    public long wspIoctl(
            SocketHandle s,
            int dwIoControlCode,
            Object lpvInBuffer,
            IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        SocketHandle own = switch (dwIoControlCode) {
            case IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER -> throw new WinsockException(WsaError.WSAEOPNOTSUPP);
            case IoctlCode.SIO_QUERY_TARGET_PNP_HANDLE -> socket.lower();
            case IoctlCode.SIO_BSP_HANDLE, IoctlCode.SIO_BSP_HANDLE_SELECT, IoctlCode.SIO_BSP_HANDLE_POLL ->
                claims(socket, dwIoControlCode) ? s : null;
            default -> null;
        };
        if (own != null && lpvOutBuffer == null) {
            throw new WinsockException(WsaError.WSAEFAULT);
        }
        if (lpOverlapped == null) {
            if (own != null) {
                lpvOutBuffer.value(own);
                return 0;
            }
            return lower.wspIoctl(socket.lower(), dwIoControlCode, lpvInBuffer, lpvOutBuffer, null, null, null);
        }
        return socket.acquire()
                .ioctl(dwIoControlCode, lpvInBuffer, lpvOutBuffer, own)
                .start(lpOverlapped, lpCompletionRoutine, lpThreadId, false);
    }

    // Readiness

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        SelectTranslation read = SelectTranslation.of(readfds, this);
        SelectTranslation write = SelectTranslation.of(writefds, this);
        SelectTranslation except = SelectTranslation.of(exceptfds, this);
        lower.wspSelect(
                SelectTranslation.below(read), SelectTranslation.below(write), SelectTranslation.below(except),
                timeout);
        return SelectTranslation.back(read, upcalls)
                + SelectTranslation.back(write, upcalls)
                + SelectTranslation.back(except, upcalls);
    }

    @Override
    public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
        LayeredSocket socket = socket(s);
        if (lEvent == 0) {
            lower.wspAsyncSelect(socket.lower(), hWnd, wMsg, 0);
            socket.selection(null);
            return;
        }
        MessageSelection selection = new MessageSelection(this, socket, hWnd, wMsg, lEvent);
        try {
            selection.select(socket.lower());
        } catch (WinsockException | RuntimeException e) {
            selection.leave(socket.lower());
            throw e;
        }
        socket.selection(selection);
    }

    @Override
    public void wspEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException {
        LayeredSocket socket = socket(s);
        lower.wspEventSelect(socket.lower(), hEventObject, lNetworkEvents);
        socket.selection(null);
    }

    @Override
    public void wspEnumNetworkEvents(SocketHandle s, WsaEvent hEventObject, WsaNetworkEvents lpNetworkEvents)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        lower.wspEnumNetworkEvents(socket.lower(), hEventObject, lpNetworkEvents);
        for (int left = lpNetworkEvents.lNetworkEvents(); left != 0; left &= left - 1) {
            int event = Integer.lowestOneBit(left);
            tell(socket, event, lpNetworkEvents.iErrorCode(NetworkEvent.bitOf(event)));
        }
    }

    // Data

    @Override
    public long wspSend(
            SocketHandle s,
            ByteBuffer buffer,
            int dwFlags,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        if (lpOverlapped == null && !seesSends) {
            return lower.wspSend(socket.lower(), buffer, dwFlags, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer().buffer(Transfer.Kind.SEND, buffer, dwFlags);
        return run(request, seesSends, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspSendTo(
            SocketHandle s,
            ByteBuffer buffer,
            int dwFlags,
            SocketAddress lpTo,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        if (lpOverlapped == null && !seesSends) {
            return lower.wspSendTo(socket.lower(), buffer, dwFlags, lpTo, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer().buffer(Transfer.Kind.SEND_TO, buffer, dwFlags).to(lpTo);
        return run(request, seesSends, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspRecv(
            SocketHandle s,
            ByteBuffer buffer,
            ReceiveResult lpResult,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        if (lpOverlapped == null && !seesReceives) {
            return lower.wspRecv(socket.lower(), buffer, lpResult, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer().buffer(Transfer.Kind.RECV, buffer, flags(lpResult)).into(lpResult);
        return run(request, seesReceives, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspRecvFrom(
            SocketHandle s,
            ByteBuffer buffer,
            ReceiveResult lpResult,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        if (lpOverlapped == null && !seesReceives) {
            return lower.wspRecvFrom(socket.lower(), buffer, lpResult, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer().buffer(Transfer.Kind.RECV_FROM, buffer, flags(lpResult)).into(lpResult);
        return run(request, seesReceives, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspSend(
            SocketHandle s,
            ByteBuffer[] buffers,
            int offset,
            int count,
            int dwFlags,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        if (sendsOneBuffer) {
            ByteBuffer one = OneBuffer.gather(buffers, offset, count);
            return wspSend(s, one, dwFlags, lpOverlapped, lpCompletionRoutine, lpThreadId);
        }
        LayeredSocket socket = socket(s);
        if (lpOverlapped == null && !seesSends) {
            return lower.wspSend(socket.lower(), buffers, offset, count, dwFlags, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer().buffers(Transfer.Kind.SEND, buffers, offset, count, dwFlags, seesSends);
        return run(request, seesSends, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspSendTo(
            SocketHandle s,
            ByteBuffer[] buffers,
            int offset,
            int count,
            int dwFlags,
            SocketAddress lpTo,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        if (sendsToOneBuffer) {
            ByteBuffer one = OneBuffer.gather(buffers, offset, count);
            return wspSendTo(s, one, dwFlags, lpTo, lpOverlapped, lpCompletionRoutine, lpThreadId);
        }
        LayeredSocket socket = socket(s);
        if (lpOverlapped == null && !seesSends) {
            return lower.wspSendTo(socket.lower(), buffers, offset, count, dwFlags, lpTo, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer().buffers(Transfer.Kind.SEND_TO, buffers, offset, count, dwFlags, seesSends).to(lpTo);
        return run(request, seesSends, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspRecv(
            SocketHandle s,
            ByteBuffer[] buffers,
            int offset,
            int count,
            ReceiveResult lpResult,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        if (receivesOneBuffer) {
            ByteBuffer[] targets = Transfer.duplicates(buffers, offset, count);
            ByteBuffer one = OneBuffer.roomFor(targets);
            if (lpOverlapped == null) {
                return OneBuffer.scattered(wspRecv(s, one, lpResult, null, null, null), one, targets);
            }
            LayerRequest request = socket.acquire().scatter(targets, one);
            request.transfer().buffer(Transfer.Kind.RECV, one, flags(lpResult)).into(lpResult);
            return run(request, false, lpOverlapped, lpCompletionRoutine, lpThreadId);
        }
        if (lpOverlapped == null && !seesReceives) {
            return lower.wspRecv(socket.lower(), buffers, offset, count, lpResult, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer()
                .buffers(Transfer.Kind.RECV, buffers, offset, count, flags(lpResult), seesReceives)
                .into(lpResult);
        return run(request, seesReceives, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspRecvFrom(
            SocketHandle s,
            ByteBuffer[] buffers,
            int offset,
            int count,
            ReceiveResult lpResult,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        LayeredSocket socket = socket(s);
        if (receivesFromOneBuffer) {
            ByteBuffer[] targets = Transfer.duplicates(buffers, offset, count);
            ByteBuffer one = OneBuffer.roomFor(targets);
            if (lpOverlapped == null) {
                return OneBuffer.scattered(wspRecvFrom(s, one, lpResult, null, null, null), one, targets);
            }
            LayerRequest request = socket.acquire().scatter(targets, one);
            request.transfer().buffer(Transfer.Kind.RECV_FROM, one, flags(lpResult)).into(lpResult);
            return run(request, false, lpOverlapped, lpCompletionRoutine, lpThreadId);
        }
        if (lpOverlapped == null && !seesReceives) {
            return lower.wspRecvFrom(socket.lower(), buffers, offset, count, lpResult, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer()
                .buffers(Transfer.Kind.RECV_FROM, buffers, offset, count, flags(lpResult), seesReceives)
                .into(lpResult);
        return run(request, seesReceives, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    private static int flags(ReceiveResult result) {
        return result == null ? 0 : result.flags();
    }

    private static long run(
            LayerRequest request,
            boolean isSeen,
            WsaOverlapped overlapped,
            WsaCompletionRoutine routine,
            WsaThreadId thread)
            throws WinsockException {
        return overlapped == null ? request.runSeen() : request.start(overlapped, routine, thread, isSeen);
    }

    /**
     * {@inheritDoc}
     *
     * <p>By the fields of the block, as a non-IFS provider does: what {@code Internal} says counts, also where the event was
     * set by somebody else; then the result is {@link WspResult#IO_INCOMPLETE} although fWait was true. The wait is not
     * alertable.
     */
    @Override
    public long wspGetOverlappedResult(
            SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait, ReceiveResult lpResult) throws WinsockException {
        socket(s);
        if (lpOverlapped == null) {
            throw new WinsockException(WsaError.WSAEFAULT);
        }
        if (!lpOverlapped.isCompleted() && fWait) {
            WsaEvent event = lpOverlapped.hEvent();
            if (event == null) {
                throw new WinsockException(WsaError.WSA_INVALID_HANDLE, "no event to wait for");
            }
            services().waits().waitForSingleEvent(event.untagged(), Waits.WSA_INFINITE, false);
        }
        if (!lpOverlapped.isCompleted()) {
            return WspResult.IO_INCOMPLETE;
        }
        if (lpOverlapped.offsetHigh() != 0) {
            throw new WinsockException(lpOverlapped.offsetHigh(), "the overlapped operation failed", null);
        }
        if (lpResult != null) {
            lpResult.flags(lpOverlapped.offset());
        }
        return lpOverlapped.internalHigh();
    }

    // For the classes that work for this one

    final WspProcTable lowerTable() {
        return lower;
    }

    final Upcalls calls() {
        return upcalls;
    }

    final HostServices system() {
        return services();
    }

    final void report(String what, Throwable failure) {
        services().report("layer over " + start().lowerInfo().protocolName() + ": " + what, failure);
    }

    /** An event reaches the client whatever the layer does when it learns of it. */
    final void tell(LayeredSocket socket, int event, int error) {
        try {
            notified(socket, event, error);
        } catch (RuntimeException e) {
            report("layer's look at an event of " + socket, e);
        }
    }

    /** Tells a client of the end of his operation: in the last clean-up by the fields of his block alone. */
    final void indicate(Indication indication) {
        indication.storeFlagsAndError();
        try {
            if (isStopping) {
                indication.storeBytesAndStatus();
            } else if (indication.routine() == null) {
                upcalls.wpuCompleteOverlappedRequest(
                        indication.socket().handle(), indication.overlapped(), indication.error(), indication.bytes());
            } else {
                indication.storeBytesAndStatus();
                upcalls.wpuQueueApc(indication.thread(), RoutineCall.TRAMPOLINE, indication.call());
            }
        } catch (WinsockException e) {
            report("indication on " + indication.socket(), e);
        }
        if (indication.isOwnThread()) {
            closeThread(indication.thread());
        }
    }

    final void closeThread(WsaThreadId thread) {
        try {
            upcalls.wpuCloseThread(thread);
        } catch (WinsockException e) {
            report("thread id", e);
        }
    }
}

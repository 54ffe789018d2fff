package org.ws2j.layer;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
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
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;
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
 * Data comes and goes by eight functions, each synchronous or overlapped, and by {@linkplain #extensionFunction extension
 * functions}. Whichever it is, it passes {@link #sending}, {@link #sent}, {@link #received} or {@link #failed}; a layer that
 * overrides none of them does not pay for them.
 *
 * <pre>{@code
 * // Counts what was really transferred.
 * protected void sent(Transfer t)     { out.add(t.bytes()); }
 * protected void received(Transfer t) { in.add(t.isPeek() ? 0 : t.bytes()); }
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
 *
 * <p>The client's block of an overlapped call goes to the inherited method alone. Given to {@link #lower()}, it would be
 * indicated as one of the handle below: the client's completion port would get no packet, and the client's handle could be
 * released too early. What an override starts below has a block of its own, with a {@linkplain WsaOverlapped#sink() sink}.
 */
public non-sealed class LayeredProvider extends NonIfsLayer {
    private final ExtensionFunctions functions;

    private final boolean seesSends;
    private final boolean seesReceives;
    private final boolean looksAtStreams;
    private final boolean looksAtMessages;
    private final boolean sendsOneBuffer;
    private final boolean sendsToOneBuffer;
    private final boolean receivesOneBuffer;
    private final boolean receivesFromOneBuffer;

    /**
     * Makes a layer.
     *
     * @param start where the layer stands, and what it may use
     */
    @SuppressWarnings("this-escape") // kept by the functions, which nobody has yet
    public LayeredProvider(LayerStart start) {
        super(start);
        Overrides overrides = new Overrides(getClass());
        seesSends = overrides.any("sending", "sent", "failed");
        seesReceives = overrides.any("received", "failed");
        looksAtStreams = seesSends || overrides.anyFunction("wspSend");
        looksAtMessages = seesSends || overrides.anyFunction("wspSendTo", "extensionFunction");
        sendsOneBuffer = overrides.onlyForOneBuffer("wspSend");
        sendsToOneBuffer = overrides.onlyForOneBuffer("wspSendTo");
        receivesOneBuffer = overrides.onlyForOneBuffer("wspRecv");
        receivesFromOneBuffer = overrides.onlyForOneBuffer("wspRecvFrom");
        functions = new ExtensionFunctions(this, overrides);
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
    @Override
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
     * <p>What is {@linkplain Transfer#isPeek() peeked at} passes too, since the client sees it, and passes again when it is
     * received. So does a datagram that was longer than the buffers: as much as fits, and unless it is dropped the call fails with
     * {@code WSAEMSGSIZE} all the same.
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
     * Looks at an attempt to connect before it goes down, by {@link #wspConnect} or ConnectEx. Does nothing here.
     *
     * @param socket the socket
     * @param name the address of the peer, as the client gave it
     * @throws WinsockException the call then fails with this
     */
    @Override
    protected void connecting(LayeredSocket socket, SocketAddress name) throws WinsockException {}

    /**
     * Learns that a connection was accepted into a socket, by {@link #wspAccept} or AcceptEx; before the layer looks at the
     * data that came with it. Does nothing here.
     *
     * @param socket the accepted socket
     * @param local its address; null where the provider below can be asked
     * @param remote that of the peer; null where the provider below can be asked
     */
    @Override
    protected void accepted(LayeredSocket socket, SocketAddress local, SocketAddress remote) {}

    /**
     * Learns how a ConnectEx has ended, before the layer looks at the data that went with it; not of one that the provider
     * below refused at the call. Does nothing here. How a {@link #wspConnect} ends it tells itself, or {@link #notified}.
     *
     * @param socket the socket
     * @param error the Winsock error, 0 if it is connected
     */
    protected void connected(LayeredSocket socket, int error) {}

    /**
     * Learns that DisconnectEx has ended a connection; or TransmitFile or TransmitPackets, where it went down as it was. Does
     * nothing here.
     *
     * @param socket the socket
     * @param isReusable whether it may be connected anew
     */
    protected void disconnected(LayeredSocket socket, boolean isReusable) {}

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
    @Override
    protected void released(LayeredSocket socket) {}

    /**
     * Tells whether the layer itself serves what {@link IoctlCode#SIO_BSP_HANDLE} (WSASendMsg), {@code _SELECT} or {@code _POLL}
     * asks for. A select or poll is better claimed by a layer that holds data back, so that the provider below does not know
     * what is ready; it then comes to {@link #wspSelect} or {@link #poll}. Here, a layer that looks at what is sent, or has
     * changed {@link #wspSendTo} or {@link #extensionFunction}, claims WSASendMsg, and no layer the other two.
     *
     * @param socket the socket
     * @param ioControlCode which of the three
     * @return true if the answer is the layer's own handle; false to ask the provider below
     */
    protected boolean claims(LayeredSocket socket, int ioControlCode) {
        return looksAtMessages && ioControlCode == IoctlCode.SIO_BSP_HANDLE;
    }

    /**
     * Serves {@link IoctlCode#SIO_EXT_POLL}: WSAPoll, where the layer claims it, or the layer above asks. Here it is passed on
     * with the handles below; an entry with a handle of somebody else is answered {@link WsaPollFd#POLLNVAL}.
     *
     * @param socket the socket that was asked
     * @param data the entries, with handles of this layer; gets the answers
     * @throws WinsockException what the provider below answers
     */
    protected void poll(LayeredSocket socket, WsaPollData data) throws WinsockException {
        PollTranslation.poll(this, socket, data);
    }

    /**
     * Makes an extension function. Those of {@link ExtensionFunction} are made here over that of the provider below, and take
     * this layer's handles:
     *
     * <ul>
     *   <li>AcceptEx ends with {@link #accepted}, and its first data passes {@link #received}: dropped, it is waited for anew;
     *   <li>ConnectEx ends with {@link #connected}, and its data passes {@link #sending} and {@link #sent};
     *   <li>TransmitFile and TransmitPackets go down as they are, unless the layer looks at what is sent or has changed
     *       {@link #wspSend}: then they go through that, piece by piece. There is no queue: overlapped ones on one socket may
     *       mix;
     *   <li>WSARecvMsg and WSASendMsg pass the same methods as {@link #wspRecvFrom} and {@link #wspSendTo} do;
     *   <li>DisconnectEx ends with {@link #disconnected}.
     * </ul>
     *
     * <p>What a class does in {@link #wspAccept}, {@link #wspRecv}, {@link #wspConnect}, {@link #wspSend},
     * {@link #wspShutdown}, {@link #wspSendDisconnect}, {@link #wspRecvFrom} or {@link #wspSendTo} does not happen in the
     * extension function that does the same. So where it has changed one of these, it does not have that function unless it
     * overrides this method too.
     *
     * @param socket the socket that is asked
     * @param function the identifier, see {@link ExtensionFunction}
     * @return an object of the type that stands beside it there; null if there is no such function
     * @throws WinsockException what the provider below answers to the same question
     */
    protected Object extensionFunction(LayeredSocket socket, UUID function) throws WinsockException {
        return functions.make(socket, function);
    }

    // Controls

    /**
     * {@inheritDoc}
     *
     * <p>Answers itself: SIO_GET_EXTENSION_FUNCTION_POINTER, with what {@link #extensionFunction} makes ({@code WSAEINVAL} for
     * none); SIO_QUERY_TARGET_PNP_HANDLE, with the handle below; what the layer {@linkplain #claims claims}, with its own. An
     * overlapped one of these is indicated with 0 bytes before the call returns 0, as base providers do. SIO_EXT_SELECT comes
     * to {@link #wspSelect}, SIO_EXT_POLL to {@link #poll} and SIO_EXT_SENDMSG to the layer's WSASendMsg; the first two are
     * synchronous ({@code WSAEOPNOTSUPP}).
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
        return new IoctlCall(
                this, socket(s), dwIoControlCode, lpvInBuffer, lpvOutBuffer, lpOverlapped, lpCompletionRoutine,
                lpThreadId)
                .run();
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
            tellEvent(socket, event, lpNetworkEvents.iErrorCode(NetworkEvent.bitOf(event)));
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
        return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, seesSends);
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
        return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, seesSends);
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
        return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, seesReceives);
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
        return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, seesReceives);
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
        return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, seesSends);
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
        return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, seesSends);
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
            if (lpOverlapped == null || !socket.isOverlapped()) {
                return OneBuffer.scattered(
                        () -> wspRecv(s, one, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId), one, targets);
            }
            LayerRequest request = socket.acquire().scatter(targets, one);
            request.transfer().buffer(Transfer.Kind.RECV, one, flags(lpResult)).into(lpResult);
            return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, false);
        }
        if (lpOverlapped == null && !seesReceives) {
            return lower.wspRecv(socket.lower(), buffers, offset, count, lpResult, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer()
                .buffers(Transfer.Kind.RECV, buffers, offset, count, flags(lpResult), seesReceives)
                .into(lpResult);
        return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, seesReceives);
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
            if (lpOverlapped == null || !socket.isOverlapped()) {
                return OneBuffer.scattered(
                        () -> wspRecvFrom(s, one, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId), one,
                        targets);
            }
            LayerRequest request = socket.acquire().scatter(targets, one);
            request.transfer().buffer(Transfer.Kind.RECV_FROM, one, flags(lpResult)).into(lpResult);
            return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, false);
        }
        if (lpOverlapped == null && !seesReceives) {
            return lower.wspRecvFrom(socket.lower(), buffers, offset, count, lpResult, null, null, null);
        }
        LayerRequest request = socket.acquire();
        request.transfer()
                .buffers(Transfer.Kind.RECV_FROM, buffers, offset, count, flags(lpResult), seesReceives)
                .into(lpResult);
        return request.run(lpOverlapped, lpCompletionRoutine, lpThreadId, seesReceives);
    }

    private static int flags(ReceiveResult result) {
        return result == null ? 0 : result.flags();
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

    final boolean seesSends() {
        return seesSends;
    }

    final boolean seesReceives() {
        return seesReceives;
    }

    /** Whether what is sent on a stream has to go through the layer's own functions. */
    final boolean looksAtStreams() {
        return looksAtStreams;
    }

    final void tellEvent(LayeredSocket socket, int event, int error) {
        tell("event", socket, () -> notified(socket, event, error));
    }

    /** Tells a client of the end of his operation: in the last clean-up by the fields of his block alone. */
    final void indicate(Indication indication) {
        indication.storeFlagsAndError();
        try {
            if (isStopping()) {
                indication.end();
            } else if (indication.routine() == null) {
                upcalls.wpuCompleteOverlappedRequest(
                        indication.socket().handle(), indication.overlapped(), indication.error(), indication.bytes());
            } else {
                indication.storeBytesAndStatus();
                upcalls.wpuQueueApc(indication.thread(), RoutineCall.TRAMPOLINE, indication.call());
            }
        } catch (WinsockException e) {
            if (isStopping()) { // Since the look above.
                indication.end();
            } else {
                report("indication on " + indication.socket(), e);
            }
        }
        if (indication.isOwnThread()) {
            closeThread(indication.thread());
        }
    }

    final void closeThread(WsaThreadId thread) {
        try {
            upcalls.wpuCloseThread(thread);
        } catch (WinsockException e) {
            if (!isStopping()) { // The clean-up closes all of them.
                report("thread id", e);
            }
        }
    }
}

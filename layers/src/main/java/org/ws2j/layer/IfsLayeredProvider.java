package org.ws2j.layer;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.Upcalls;
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

/**
 * An IFS layer that passes everything on to the provider below: its sockets are that provider's own handles of the file
 * system, registered anew ({@link Upcalls#wpuModifyIfsHandle}), so that the host sends their calls here.
 *
 * <p>It sees calls, and may look at them, refuse them and count them. It does not see what reaches the handle directly: file
 * reads and writes, the base provider's extension functions, and completions. So overlapped calls go down unchanged, an
 * extension function is the base's, which knows the handle, and data is none of its business; a layer that
 * has to do with data is a {@link LayeredProvider}. Over a provider whose handles are not the file system's no socket can be
 * made: {@code WSAEINVAL}.
 */
public class IfsLayeredProvider extends Layer {
    private final WspProcTable lower;

    /**
     * Makes a layer.
     *
     * @param start where the layer stands, and what it may use
     */
    public IfsLayeredProvider(LayerStart start) {
        super(start);
        lower = start.lower();
    }

    @Override
    final void stop() throws WinsockException {
        lower.wspCleanup();
    }

    /** Registers a socket of the provider below as this layer's; if that fails, it is closed again. */
    private SocketHandle register(SocketHandle s) throws WinsockException {
        try {
            SocketHandle registered = upcalls().wpuModifyIfsHandle(start().catalogEntryId(), s);
            if (registered != s) {
                throw new WinsockException(WsaError.WSASYSCALLFAILURE, s + " came back as " + registered);
            }
            return s;
        } catch (WinsockException | RuntimeException e) {
            abandon(s, e);
            throw e;
        }
    }

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        checkRunning();
        return register(lower.wspSocket(af, type, protocol, start().down(lpProtocolInfo), g, dwFlags));
    }

    @Override
    public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition)
            throws WinsockException {
        SocketHandle accepted = lower.wspAccept(s, addr, lpfnCondition);
        return accepted == null ? null : register(accepted);
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
        SocketHandle leaf = lower.wspJoinLeaf(s, name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS, dwFlags);
        return leaf == s ? s : register(leaf);
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        lower.wspCloseSocket(s);
    }

    @Override
    public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        return duplicated(lower.wspDuplicateSocket(s, dwProcessId));
    }

    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        Object below = lower.wspGetSockOpt(s, level, optname);
        boolean isEntry = optname == SocketOption.SO_PROTOCOL_INFOA || optname == SocketOption.SO_PROTOCOL_INFOW;
        return level == SocketOption.SOL_SOCKET && isEntry ? info() : below;
    }

    @Override
    public void wspBind(SocketHandle s, SocketAddress name) throws WinsockException {
        lower.wspBind(s, name);
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
        return lower.wspConnect(s, name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS);
    }

    @Override
    public void wspListen(SocketHandle s, int backlog) throws WinsockException {
        lower.wspListen(s, backlog);
    }

    @Override
    public void wspShutdown(SocketHandle s, int how) throws WinsockException {
        lower.wspShutdown(s, how);
    }

    @Override
    public void wspSendDisconnect(SocketHandle s, ByteBuffer lpOutboundDisconnectData) throws WinsockException {
        lower.wspSendDisconnect(s, lpOutboundDisconnectData);
    }

    @Override
    public void wspRecvDisconnect(SocketHandle s, ByteBuffer lpInboundDisconnectData) throws WinsockException {
        lower.wspRecvDisconnect(s, lpInboundDisconnectData);
    }

    @Override
    public SocketAddress wspGetPeerName(SocketHandle s) throws WinsockException {
        return lower.wspGetPeerName(s);
    }

    @Override
    public SocketAddress wspGetSockName(SocketHandle s) throws WinsockException {
        return lower.wspGetSockName(s);
    }

    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        lower.wspSetSockOpt(s, level, optname, optval);
    }

    @Override
    public Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException {
        return lower.wspGetQosByName(s, lpQOSName, lpNames);
    }

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
        return lower.wspIoctl(
                s, dwIoControlCode, lpvInBuffer, lpvOutBuffer, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        return lower.wspSelect(readfds, writefds, exceptfds, timeout);
    }

    @Override
    public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
        lower.wspAsyncSelect(s, hWnd, wMsg, lEvent);
    }

    @Override
    public void wspEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException {
        lower.wspEventSelect(s, hEventObject, lNetworkEvents);
    }

    @Override
    public void wspEnumNetworkEvents(SocketHandle s, WsaEvent hEventObject, WsaNetworkEvents lpNetworkEvents)
            throws WinsockException {
        lower.wspEnumNetworkEvents(s, hEventObject, lpNetworkEvents);
    }

    @Override
    public long wspGetOverlappedResult(
            SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait, ReceiveResult lpResult) throws WinsockException {
        return lower.wspGetOverlappedResult(s, lpOverlapped, fWait, lpResult);
    }

    @Override
    public long wspSend(
            SocketHandle s,
            ByteBuffer buffer,
            int dwFlags,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine,
            WsaThreadId lpThreadId)
            throws WinsockException {
        return lower.wspSend(s, buffer, dwFlags, lpOverlapped, lpCompletionRoutine, lpThreadId);
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
        return lower.wspSend(
                s, buffers, offset, count, dwFlags, lpOverlapped, lpCompletionRoutine, lpThreadId);
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
        return lower.wspSendTo(s, buffer, dwFlags, lpTo, lpOverlapped, lpCompletionRoutine, lpThreadId);
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
        return lower.wspSendTo(
                s, buffers, offset, count, dwFlags, lpTo, lpOverlapped, lpCompletionRoutine, lpThreadId);
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
        return lower.wspRecv(s, buffer, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
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
        return lower.wspRecv(
                s, buffers, offset, count, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
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
        return lower.wspRecvFrom(s, buffer, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
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
        return lower.wspRecvFrom(
                s, buffers, offset, count, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }
}

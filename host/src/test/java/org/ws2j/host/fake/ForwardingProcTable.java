package org.ws2j.host.fake;

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
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspProcTable;

/**
 * A table that calls another one below it, function by function, with the handles that {@link #lower(SocketHandle)} gives;
 * handles inside sets are passed on as they are.
 */
public abstract class ForwardingProcTable implements WspProcTable {
    /** {@return the table below} */
    protected abstract WspProcTable lower();

    /** {@return the handle below; the same one unless a subclass keeps handles of its own} */
    protected SocketHandle lower(SocketHandle s) throws WinsockException {
        return s;
    }

    @Override
    public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition)
            throws WinsockException {
        return lower().wspAccept(lower(s), addr, lpfnCondition);
    }

    @Override
    public String wspAddressToString(SocketAddress lpsaAddress, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        return lower().wspAddressToString(lpsaAddress, lpProtocolInfo);
    }

    @Override
    public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
        lower().wspAsyncSelect(lower(s), hWnd, wMsg, lEvent);
    }

    @Override
    public void wspBind(SocketHandle s, SocketAddress name) throws WinsockException {
        lower().wspBind(lower(s), name);
    }

    @Override
    public void wspCancelBlockingCall() throws WinsockException {
        lower().wspCancelBlockingCall();
    }

    @Override
    public void wspCleanup() throws WinsockException {
        lower().wspCleanup();
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        lower().wspCloseSocket(lower(s));
    }

    @Override
    public int wspConnect(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData, ByteBuffer lpCalleeData,
            Qos lpSQOS, Qos lpGQOS) throws WinsockException {
        return lower().wspConnect(lower(s), name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS);
    }

    @Override
    public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        return lower().wspDuplicateSocket(lower(s), dwProcessId);
    }

    @Override
    public void wspEnumNetworkEvents(SocketHandle s, WsaEvent hEventObject, WsaNetworkEvents lpNetworkEvents)
            throws WinsockException {
        lower().wspEnumNetworkEvents(lower(s), hEventObject, lpNetworkEvents);
    }

    @Override
    public void wspEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException {
        lower().wspEventSelect(lower(s), hEventObject, lNetworkEvents);
    }

    @Override
    public long wspGetOverlappedResult(SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait,
            ReceiveResult lpResult) throws WinsockException {
        return lower().wspGetOverlappedResult(lower(s), lpOverlapped, fWait, lpResult);
    }

    @Override
    public SocketAddress wspGetPeerName(SocketHandle s) throws WinsockException {
        return lower().wspGetPeerName(lower(s));
    }

    @Override
    public SocketAddress wspGetSockName(SocketHandle s) throws WinsockException {
        return lower().wspGetSockName(lower(s));
    }

    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        return lower().wspGetSockOpt(lower(s), level, optname);
    }

    @Override
    public Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException {
        return lower().wspGetQosByName(lower(s), lpQOSName, lpNames);
    }

    @Override
    public long wspIoctl(SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return lower().wspIoctl(lower(s), dwIoControlCode, lpvInBuffer, lpvOutBuffer, lpOverlapped, lpCompletionRoutine,
                lpThreadId);
    }

    @Override
    public SocketHandle wspJoinLeaf(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData, Qos lpSQOS, Qos lpGQOS, int dwFlags) throws WinsockException {
        return lower().wspJoinLeaf(lower(s), name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS, dwFlags);
    }

    @Override
    public void wspListen(SocketHandle s, int backlog) throws WinsockException {
        lower().wspListen(lower(s), backlog);
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return lower().wspRecv(lower(s), buffer, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return lower().wspRecv(lower(s), buffers, offset, count, lpResult, lpOverlapped, lpCompletionRoutine,
                lpThreadId);
    }

    @Override
    public void wspRecvDisconnect(SocketHandle s, ByteBuffer lpInboundDisconnectData) throws WinsockException {
        lower().wspRecvDisconnect(lower(s), lpInboundDisconnectData);
    }

    @Override
    public long wspRecvFrom(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return lower().wspRecvFrom(lower(s), buffer, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspRecvFrom(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return lower().wspRecvFrom(lower(s), buffers, offset, count, lpResult, lpOverlapped, lpCompletionRoutine,
                lpThreadId);
    }

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        return lower().wspSelect(readfds, writefds, exceptfds, timeout);
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return lower().wspSend(lower(s), buffer, dwFlags, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return lower().wspSend(lower(s), buffers, offset, count, dwFlags, lpOverlapped, lpCompletionRoutine,
                lpThreadId);
    }

    @Override
    public void wspSendDisconnect(SocketHandle s, ByteBuffer lpOutboundDisconnectData) throws WinsockException {
        lower().wspSendDisconnect(lower(s), lpOutboundDisconnectData);
    }

    @Override
    public long wspSendTo(SocketHandle s, ByteBuffer buffer, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return lower().wspSendTo(lower(s), buffer, dwFlags, lpTo, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspSendTo(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return lower().wspSendTo(lower(s), buffers, offset, count, dwFlags, lpTo, lpOverlapped, lpCompletionRoutine,
                lpThreadId);
    }

    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        lower().wspSetSockOpt(lower(s), level, optname, optval);
    }

    @Override
    public void wspShutdown(SocketHandle s, int how) throws WinsockException {
        lower().wspShutdown(lower(s), how);
    }

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        return lower().wspSocket(af, type, protocol, lpProtocolInfo, g, dwFlags);
    }

    @Override
    public SocketAddress wspStringToAddress(String addressString, int addressFamily, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        return lower().wspStringToAddress(addressString, addressFamily, lpProtocolInfo);
    }
}

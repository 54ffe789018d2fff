package org.ws2j.bench.stack;

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
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspProcTable;

/** A table whose functions answer {@code WSAEOPNOTSUPP}, for a provider that has only a few of the thirty. */
abstract class UnsupportedTable implements WspProcTable {
    @Override
    public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition)
            throws WinsockException {
        throw unsupported("wspAccept");
    }

    @Override
    public String wspAddressToString(SocketAddress lpsaAddress, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        throw unsupported("wspAddressToString");
    }

    @Override
    public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
        throw unsupported("wspAsyncSelect");
    }

    @Override
    public void wspBind(SocketHandle s, SocketAddress name) throws WinsockException {
        throw unsupported("wspBind");
    }

    @Override
    public void wspCancelBlockingCall() throws WinsockException {
        throw unsupported("wspCancelBlockingCall");
    }

    @Override
    public void wspCleanup() throws WinsockException {
        throw unsupported("wspCleanup");
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        throw unsupported("wspCloseSocket");
    }

    @Override
    public int wspConnect(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData, ByteBuffer lpCalleeData,
            Qos lpSQOS, Qos lpGQOS) throws WinsockException {
        throw unsupported("wspConnect");
    }

    @Override
    public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        throw unsupported("wspDuplicateSocket");
    }

    @Override
    public void wspEnumNetworkEvents(SocketHandle s, WsaEvent hEventObject, WsaNetworkEvents lpNetworkEvents)
            throws WinsockException {
        throw unsupported("wspEnumNetworkEvents");
    }

    @Override
    public void wspEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException {
        throw unsupported("wspEventSelect");
    }

    @Override
    public long wspGetOverlappedResult(SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait,
            ReceiveResult lpResult) throws WinsockException {
        throw unsupported("wspGetOverlappedResult");
    }

    @Override
    public SocketAddress wspGetPeerName(SocketHandle s) throws WinsockException {
        throw unsupported("wspGetPeerName");
    }

    @Override
    public SocketAddress wspGetSockName(SocketHandle s) throws WinsockException {
        throw unsupported("wspGetSockName");
    }

    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        throw unsupported("wspGetSockOpt");
    }

    @Override
    public Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException {
        throw unsupported("wspGetQosByName");
    }

    @Override
    public long wspIoctl(SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        throw unsupported("wspIoctl");
    }

    @Override
    public SocketHandle wspJoinLeaf(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData, Qos lpSQOS, Qos lpGQOS, int dwFlags) throws WinsockException {
        throw unsupported("wspJoinLeaf");
    }

    @Override
    public void wspListen(SocketHandle s, int backlog) throws WinsockException {
        throw unsupported("wspListen");
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        throw unsupported("wspRecv");
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        throw unsupported("wspRecv");
    }

    @Override
    public void wspRecvDisconnect(SocketHandle s, ByteBuffer lpInboundDisconnectData) throws WinsockException {
        throw unsupported("wspRecvDisconnect");
    }

    @Override
    public long wspRecvFrom(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        throw unsupported("wspRecvFrom");
    }

    @Override
    public long wspRecvFrom(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        throw unsupported("wspRecvFrom");
    }

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        throw unsupported("wspSelect");
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        throw unsupported("wspSend");
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        throw unsupported("wspSend");
    }

    @Override
    public void wspSendDisconnect(SocketHandle s, ByteBuffer lpOutboundDisconnectData) throws WinsockException {
        throw unsupported("wspSendDisconnect");
    }

    @Override
    public long wspSendTo(SocketHandle s, ByteBuffer buffer, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        throw unsupported("wspSendTo");
    }

    @Override
    public long wspSendTo(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        throw unsupported("wspSendTo");
    }

    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        throw unsupported("wspSetSockOpt");
    }

    @Override
    public void wspShutdown(SocketHandle s, int how) throws WinsockException {
        throw unsupported("wspShutdown");
    }

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        throw unsupported("wspSocket");
    }

    @Override
    public SocketAddress wspStringToAddress(String addressString, int addressFamily, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        throw unsupported("wspStringToAddress");
    }

    private static WinsockException unsupported(String function) {
        return new WinsockException(WsaError.WSAEOPNOTSUPP, function);
    }
}

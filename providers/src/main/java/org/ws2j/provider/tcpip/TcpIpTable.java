package org.ws2j.provider.tcpip;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.ws2j.provider.address.Addresses;
import org.ws2j.provider.extension.Extensions;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
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
import org.ws2j.spi.WspResult;

/** The thirty functions: finds the socket, checks what needs no state of it, and hands on. */
final class TcpIpTable implements WspProcTable {
    private static final int RECEIVE_FLAGS = MessageFlag.MSG_PARTIAL | MessageFlag.MSG_PEEK | MessageFlag.MSG_WAITALL;

    private static final int SEND_FLAGS = MessageFlag.MSG_DONTROUTE | MessageFlag.MSG_OOB;

    private final Network network;
    private final TcpIpProvider provider;

    TcpIpTable(Network network, TcpIpProvider provider) {
        this.network = network;
        this.provider = provider;
    }

    // Sockets

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        network.checkUp();
        TcpIpProtocols.check(af, type, protocol, lpProtocolInfo, dwFlags);
        if (lpProtocolInfo.providerReserved() != 0) {
            return network.takeDuplicate(lpProtocolInfo);
        }
        if (g != 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "socket groups are reserved");
        }
        boolean overlapped = (dwFlags & SocketFlag.WSA_FLAG_OVERLAPPED) != 0;
        boolean stream = lpProtocolInfo.socketType() == SocketType.SOCK_STREAM;
        return network.publish(stream
                ? new TcpSocket(network, lpProtocolInfo, overlapped)
                : new UdpSocket(network, lpProtocolInfo, overlapped, TcpIpProtocols.isLeaf(dwFlags)));
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        if (socket instanceof TcpSocket tcp && socket.handles.isLast(socket, s)) {
            tcp.checkLinger();
        }
        try {
            network.files().closeHandle(s);
            if (!socket.isClosed()) {
                socket.endWaits(s);
            }
        } catch (WinsockException e) {
            if (e.is(WsaError.WSA_INVALID_HANDLE)) {
                throw new WinsockException(WsaError.WSAENOTSOCK, s + " was closed by another thread", e);
            }
            throw e;
        }
    }

    @Override
    public void wspCleanup() throws WinsockException {
        provider.cleanUp(network);
    }

    @Override
    public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        return network.offerDuplicate(network.socket(s));
    }

    // Connections

    @Override
    public void wspBind(SocketHandle s, SocketAddress name) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        socket.bind(socket.check(name, WsaError.WSAEFAULT));
    }

    @Override
    public int wspConnect(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData, ByteBuffer lpCalleeData,
            Qos lpSQOS, Qos lpGQOS) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        InetSocketAddress peer = socket.check(name, WsaError.WSAEAFNOSUPPORT);
        if (lpSQOS != null) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "no quality of service can be promised");
        }
        if (socket instanceof TcpSocket && lpCallerData != null && lpCallerData.hasRemaining()) {
            throw new WinsockException(WsaError.WSAEPROTONOSUPPORT, "TCP carries no data along with a connect");
        }
        return socket.connect(peer);
    }

    @Override
    public void wspListen(SocketHandle s, int backlog) throws WinsockException {
        stream(s).listen(backlog);
    }

    @Override
    public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition)
            throws WinsockException {
        return stream(s).listener().accept(s, addr, lpfnCondition);
    }

    @Override
    public SocketHandle wspJoinLeaf(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData, Qos lpSQOS, Qos lpGQOS, int dwFlags) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        if (!(socket instanceof UdpSocket udp)) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, socket + " has no multipoint sessions");
        }
        InetSocketAddress session = socket.check(name, WsaError.WSAEAFNOSUPPORT);
        if (lpSQOS != null) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "no quality of service can be promised");
        }
        if (lpCallerData != null && lpCallerData.hasRemaining()) {
            throw new WinsockException(WsaError.WSAEPROTONOSUPPORT, "UDP carries no data along with a join");
        }
        udp.join(session, dwFlags);
        return s;
    }

    @Override
    public void wspShutdown(SocketHandle s, int how) throws WinsockException {
        network.socket(s).shutdown(how);
    }

    @Override
    public void wspSendDisconnect(SocketHandle s, ByteBuffer lpOutboundDisconnectData) throws WinsockException {
        disconnect(s, lpOutboundDisconnectData, ShutdownHow.SD_SEND);
    }

    @Override
    public void wspRecvDisconnect(SocketHandle s, ByteBuffer lpInboundDisconnectData) throws WinsockException {
        disconnect(s, lpInboundDisconnectData, ShutdownHow.SD_RECEIVE);
    }

    private void disconnect(SocketHandle s, ByteBuffer data, int how) throws WinsockException {
        TcpSocket socket = stream(s);
        if (data != null) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "TCP carries no data along with a disconnect");
        }
        socket.shutdown(how);
    }

    @Override
    public SocketAddress wspGetSockName(SocketHandle s) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        InetSocketAddress local = socket.localName();
        if (local == null) {
            throw new WinsockException(WsaError.WSAEINVAL, socket + " is not bound");
        }
        return local;
    }

    @Override
    public SocketAddress wspGetPeerName(SocketHandle s) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        progress(socket);
        socket.checkContext();
        InetSocketAddress peer = socket.peerAddress();
        if (peer == null || socket.state != SocketState.CONNECTED) {
            throw new WinsockException(WsaError.WSAENOTCONN, socket + " has no peer");
        }
        return peer;
    }

    // Transfers

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        Transfer t = receive(s, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
        return t.receiveInto(buffer);
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        Transfer t = receive(s, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
        return t.receiveInto(buffers, offset, count);
    }

    @Override
    public long wspRecvFrom(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return wspRecv(s, buffer, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public long wspRecvFrom(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return wspRecv(s, buffers, offset, count, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    private Transfer receive(SocketHandle s, ReceiveResult result, WsaOverlapped block, WsaCompletionRoutine routine,
            WsaThreadId thread) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        progress(socket);
        int flags = result == null ? 0 : result.flags();
        socket.checkAware(s);
        if (flags != 0) {
            checkReceive(socket, flags, block);
        }
        Transfer t = socket.receiving().take();
        t.handle = s;
        t.result = result;
        t.peeks = (flags & MessageFlag.MSG_PEEK) != 0;
        t.wantsAll = (flags & MessageFlag.MSG_WAITALL) != 0;
        return t.overlapped(block, routine, thread);
    }

    /** Peeking is for synchronous receives, and waiting for all for those of blocking streams; MSG_PARTIAL changes nothing. */
    private static void checkReceive(TcpIpSocket socket, int flags, WsaOverlapped block) throws WinsockException {
        boolean urgent = (flags & MessageFlag.MSG_OOB) != 0;
        if (urgent && socket instanceof TcpSocket && socket.options().inlineUrgent) {
            throw new WinsockException(WsaError.WSAEINVAL, socket + " receives urgent data in line");
        }
        boolean all = (flags & MessageFlag.MSG_WAITALL) != 0;
        boolean allOfStream = flags == MessageFlag.MSG_WAITALL && socket instanceof TcpSocket && !socket.nonBlocking;
        boolean synchronous = all || (flags & MessageFlag.MSG_PEEK) != 0;
        if ((flags & ~RECEIVE_FLAGS) != 0 || (all && !allOfStream) || (synchronous && block != null)) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP,
                    "receive flags 0x" + Integer.toHexString(flags) + " on " + socket);
        }
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        Transfer t = send(s, network.socket(s), dwFlags, null, lpOverlapped, lpCompletionRoutine, lpThreadId);
        return t.send(buffer);
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        Transfer t = send(s, network.socket(s), dwFlags, null, lpOverlapped, lpCompletionRoutine, lpThreadId);
        return t.send(buffers, offset, count);
    }

    @Override
    public long wspSendTo(SocketHandle s, ByteBuffer buffer, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        InetSocketAddress to = destination(socket, lpTo);
        return send(s, socket, dwFlags, to, lpOverlapped, lpCompletionRoutine, lpThreadId).send(buffer);
    }

    @Override
    public long wspSendTo(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        InetSocketAddress to = destination(socket, lpTo);
        return send(s, socket, dwFlags, to, lpOverlapped, lpCompletionRoutine, lpThreadId).send(buffers, offset, count);
    }

    /** {@return where a datagram goes; null for the default peer} */
    private static InetSocketAddress destination(TcpIpSocket socket, SocketAddress to) throws WinsockException {
        if (socket instanceof TcpSocket) {
            return null;
        }
        if (to == null) {
            if (socket.peerAddress() == null) {
                throw new WinsockException(WsaError.WSAEDESTADDRREQ, socket + " has no default peer");
            }
            return null;
        }
        InetSocketAddress checked = socket.check(to, WsaError.WSAEAFNOSUPPORT);
        if (checked.getPort() == 0) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, "nobody receives at " + to);
        }
        ((UdpSocket) socket).bindIfNeeded();
        return checked;
    }

    private static Transfer send(SocketHandle s, TcpIpSocket socket, int flags, InetSocketAddress to,
            WsaOverlapped block, WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
        progress(socket);
        boolean urgent = (flags & MessageFlag.MSG_OOB) != 0;
        if ((flags & ~SEND_FLAGS) != 0 || (urgent && socket instanceof UdpSocket)) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "send flags 0x" + Integer.toHexString(flags));
        }
        Transfer t = socket.sending().take();
        t.handle = s;
        t.urgent = urgent;
        t.to = to;
        return t.overlapped(block, routine, thread);
    }

    /** Each call notices the end of a connect that goes on. */
    private static void progress(TcpIpSocket socket) {
        if (socket instanceof TcpSocket tcp) {
            tcp.finishConnectIfReady();
        }
    }

    @Override
    public long wspGetOverlappedResult(SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait,
            ReceiveResult lpResult) throws WinsockException {
        network.socket(s);
        return OverlappedResult.of(network, lpOverlapped, fWait, lpResult);
    }

    @Override
    public void wspCancelBlockingCall() throws WinsockException {
        network.blockingCalls().cancel();
    }

    // Notification

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        network.checkUp();
        SelectCall call = network.takeSelect();
        try {
            return call.select(readfds, writefds, exceptfds, timeout);
        } finally {
            network.giveBack(call);
        }
    }

    @Override
    public void wspEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        checkEvents(lNetworkEvents, hEventObject);
        socket.eventSelect(hEventObject == null ? null : hEventObject.untagged(), lNetworkEvents);
    }

    @Override
    public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        checkEvents(lEvent, hWnd);
        socket.asyncSelect(s, hWnd, wMsg, lEvent);
    }

    private static void checkEvents(int bits, Object target) throws WinsockException {
        if ((bits & ~NetworkEvent.FD_ALL_EVENTS) != 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "network events 0x" + Integer.toHexString(bits));
        }
        if (bits != 0 && target == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "nothing to report network events to");
        }
    }

    @Override
    public void wspEnumNetworkEvents(SocketHandle s, WsaEvent hEventObject, WsaNetworkEvents lpNetworkEvents)
            throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        if (lpNetworkEvents == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no record to fill");
        }
        socket.events.enumerate(hEventObject, lpNetworkEvents);
    }

    // Options and the rest

    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        progress(socket);
        return SocketOptions.get(socket, level, optname);
    }

    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        if (Extensions.isContext(level, optname)) {
            network.extensions().setContext(s, optname, optval);
        } else {
            SocketOptions.set(network.socket(s), level, optname, optval);
        }
    }

    @Override
    public long wspIoctl(SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        boolean overlapped = lpOverlapped != null && socket.overlapped;
        if (overlapped && !Ioctls.isKnownOverlapped(dwIoControlCode)) {
            socket.indicateDone(s, lpOverlapped, lpCompletionRoutine, lpThreadId,
                    Ioctls.unknown(dwIoControlCode));
            return WspResult.IO_PENDING;
        }
        Ioctls.handle(socket, s, dwIoControlCode, lpvInBuffer, lpvOutBuffer);
        if (overlapped) {
            socket.indicateDone(s, lpOverlapped, lpCompletionRoutine, lpThreadId, null);
        }
        return 0;
    }

    @Override
    public Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException {
        network.socket(s);
        if (lpQOSName == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no name");
        }
        if (!lpQOSName.isEmpty()) {
            throw new WinsockException(WsaError.WSAEINVAL, "there are no templates of quality of service");
        }
        return null; // The list of all names is empty.
    }

    @Override
    public String wspAddressToString(SocketAddress lpsaAddress, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        return Addresses.toText(lpsaAddress, entry(lpProtocolInfo));
    }

    @Override
    public SocketAddress wspStringToAddress(String addressString, int addressFamily, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        return Addresses.parse(addressString, addressFamily, entry(lpProtocolInfo));
    }

    /** Whatever GUID it was installed with; that the family fits is checked with the address. */
    private static WsaProtocolInfo entry(WsaProtocolInfo info) throws WinsockException {
        if (info == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "no catalog entry");
        }
        return info;
    }

    private TcpSocket stream(SocketHandle s) throws WinsockException {
        TcpIpSocket socket = network.socket(s);
        if (socket instanceof TcpSocket tcp) {
            tcp.finishConnectIfReady();
            return tcp;
        }
        throw new WinsockException(WsaError.WSAEOPNOTSUPP, socket + " has no connections");
    }
}

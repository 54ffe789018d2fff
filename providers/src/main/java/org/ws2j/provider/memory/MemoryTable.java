package org.ws2j.provider.memory;

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

/** The thirty functions: finds the socket, checks what needs no state of it, and hands on. */
final class MemoryTable implements WspProcTable {
    /** MSG_PARTIAL changes nothing here: there is no partial message. */
    private static final int RECEIVE_FLAGS =
            MessageFlag.MSG_PARTIAL | MessageFlag.MSG_PEEK | MessageFlag.MSG_WAITALL;

    private final MemoryStack stack;
    private final MemoryProvider provider;

    MemoryTable(MemoryStack stack, MemoryProvider provider) {
        this.stack = stack;
        this.provider = provider;
    }

    // Sockets

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        stack.checkUp();
        MemoryProtocols.check(af, type, protocol, lpProtocolInfo, dwFlags);
        if (lpProtocolInfo.providerReserved() != 0) {
            return stack.publish(stack.takeDuplicate(lpProtocolInfo)).handle();
        }
        if (g != 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "socket groups are reserved");
        }
        boolean overlapped = (dwFlags & SocketFlag.WSA_FLAG_OVERLAPPED) != 0;
        boolean stream = lpProtocolInfo.socketType() == SocketType.SOCK_STREAM;
        return stack.publish(stream
                ? new StreamSocket(stack, lpProtocolInfo, overlapped)
                : new DatagramSocket(stack, lpProtocolInfo, overlapped, MemoryProtocols.isLeaf(dwFlags))).handle();
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        Descriptor descriptor = stack.descriptor(s);
        while (!descriptor.socket.close(descriptor)) {
            Thread.onSpinWait(); // An operation has just put another socket behind the handle: that one, then.
        }
    }

    @Override
    public void wspCleanup() throws WinsockException {
        provider.cleanUp(stack);
    }

    @Override
    public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        return stack.offerDuplicate(stack.socket(s));
    }

    // Connections

    @Override
    public void wspBind(SocketHandle s, SocketAddress name) throws WinsockException {
        MemorySocket socket = stack.socket(s);
        socket.bind(Addresses.check(name, socket.info, WsaError.WSAEFAULT));
    }

    @Override
    public int wspConnect(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData, ByteBuffer lpCalleeData,
            Qos lpSQOS, Qos lpGQOS) throws WinsockException {
        MemorySocket socket = stack.socket(s);
        InetSocketAddress peer = Addresses.check(name, socket.info, WsaError.WSAEAFNOSUPPORT);
        if (lpSQOS != null) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "no quality of service can be promised");
        }
        if (socket instanceof StreamSocket && lpCallerData != null && lpCallerData.hasRemaining()) {
            throw new WinsockException(WsaError.WSAEPROTONOSUPPORT, "no data goes along with a connect");
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
        return new Accepting(stack.descriptor(s), stream(s), lpfnCondition).accept(addr);
    }

    @Override
    public SocketHandle wspJoinLeaf(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData, Qos lpSQOS, Qos lpGQOS, int dwFlags) throws WinsockException {
        if (!(stack.socket(s) instanceof DatagramSocket socket)) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, stack.socket(s) + " has no multipoint sessions");
        }
        if (lpSQOS != null) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "no quality of service can be promised");
        }
        if (lpCallerData != null && lpCallerData.hasRemaining()) {
            throw new WinsockException(WsaError.WSAEPROTONOSUPPORT, "no data goes along with a join");
        }
        socket.join(Addresses.check(name, socket.info, WsaError.WSAEAFNOSUPPORT), dwFlags);
        return s;
    }

    @Override
    public void wspShutdown(SocketHandle s, int how) throws WinsockException {
        stack.socket(s).shutdown(how);
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
        StreamSocket socket = stream(s);
        if (data != null) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "no data goes along with a disconnect");
        }
        socket.shutdown(how);
    }

    @Override
    public SocketAddress wspGetSockName(SocketHandle s) throws WinsockException {
        MemorySocket socket = stack.socket(s);
        InetSocketAddress local = socket.localName();
        if (local == null) {
            throw new WinsockException(WsaError.WSAEINVAL, socket + " is not bound");
        }
        return local;
    }

    @Override
    public SocketAddress wspGetPeerName(SocketHandle s) throws WinsockException {
        MemorySocket socket = stack.socket(s);
        socket.checkContext();
        InetSocketAddress peer = socket.peer;
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
        return t.start(buffer);
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        Transfer t = receive(s, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
        return t.start(buffers, offset, count);
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
        Descriptor descriptor = stack.descriptor(s);
        int flags = result == null ? 0 : result.flags();
        checkReceive(descriptor.socket, flags, block);
        Transfer t = descriptor.socket.take(descriptor, false);
        t.result = result;
        t.peeks = (flags & MessageFlag.MSG_PEEK) != 0;
        t.wantsAll = (flags & MessageFlag.MSG_WAITALL) != 0;
        t.urgent = (flags & MessageFlag.MSG_OOB) != 0;
        return t.overlapped(block, routine, thread);
    }

    /** Peeking is for synchronous receives, and waiting for all for those of blocking streams. */
    private static void checkReceive(MemorySocket socket, int flags, WsaOverlapped block) throws WinsockException {
        boolean plain = flags == MessageFlag.MSG_WAITALL && socket instanceof StreamSocket && !socket.nonBlocking;
        boolean all = (flags & MessageFlag.MSG_WAITALL) != 0;
        boolean peeks = (flags & MessageFlag.MSG_PEEK) != 0;
        if ((flags & ~(RECEIVE_FLAGS | urgentFlag(socket))) != 0 || (all && !plain)
                || ((all || peeks) && block != null)) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "receive flags 0x" + Integer.toHexString(flags));
        }
    }

    /** {@return the flag that streams alone take} */
    private static int urgentFlag(MemorySocket socket) {
        return socket instanceof StreamSocket ? MessageFlag.MSG_OOB : 0;
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        Transfer t = send(stack.descriptor(s), dwFlags, null, lpOverlapped, lpCompletionRoutine, lpThreadId);
        return t.start(buffer);
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        Transfer t = send(stack.descriptor(s), dwFlags, null, lpOverlapped, lpCompletionRoutine, lpThreadId);
        return t.start(buffers, offset, count);
    }

    @Override
    public long wspSendTo(SocketHandle s, ByteBuffer buffer, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        Descriptor descriptor = stack.descriptor(s);
        InetSocketAddress to = destination(descriptor.socket, lpTo);
        return send(descriptor, dwFlags, to, lpOverlapped, lpCompletionRoutine, lpThreadId).start(buffer);
    }

    @Override
    public long wspSendTo(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        Descriptor descriptor = stack.descriptor(s);
        InetSocketAddress to = destination(descriptor.socket, lpTo);
        return send(descriptor, dwFlags, to, lpOverlapped, lpCompletionRoutine, lpThreadId).start(buffers, offset,
                count);
    }

    /** {@return where a datagram goes; null for the default peer} */
    private static InetSocketAddress destination(MemorySocket socket, SocketAddress to) throws WinsockException {
        if (socket instanceof StreamSocket) {
            return null;
        }
        if (to == null) {
            if (socket.peer == null) {
                throw new WinsockException(WsaError.WSAEDESTADDRREQ, socket + " has no default peer");
            }
            return null;
        }
        InetSocketAddress checked = Addresses.check(to, socket.info, WsaError.WSAEAFNOSUPPORT);
        if (checked.getPort() == 0 || checked.getAddress().isAnyLocalAddress()) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, "nobody receives at " + to);
        }
        return checked;
    }

    private static Transfer send(Descriptor descriptor, int flags, InetSocketAddress to, WsaOverlapped block,
            WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
        if ((flags & ~(MessageFlag.MSG_DONTROUTE | urgentFlag(descriptor.socket))) != 0) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "send flags 0x" + Integer.toHexString(flags));
        }
        Transfer t = descriptor.socket.take(descriptor, true);
        t.to = to;
        t.urgent = (flags & MessageFlag.MSG_OOB) != 0;
        return t.overlapped(block, routine, thread);
    }

    @Override
    public long wspGetOverlappedResult(SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait,
            ReceiveResult lpResult) throws WinsockException {
        stack.socket(s);
        return OverlappedResult.of(stack, lpOverlapped, fWait, lpResult);
    }

    @Override
    public void wspCancelBlockingCall() throws WinsockException {
        stack.blockingCalls().cancel();
    }

    // Notification

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        stack.checkUp();
        return new SelectCall(stack, readfds, writefds, exceptfds).select(timeout);
    }

    @Override
    public void wspEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException {
        MemorySocket socket = stack.socket(s);
        checkEvents(lNetworkEvents, hEventObject);
        socket.eventSelect(hEventObject == null ? null : hEventObject.untagged(), lNetworkEvents);
    }

    @Override
    public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
        Descriptor descriptor = stack.descriptor(s);
        checkEvents(lEvent, hWnd);
        descriptor.socket.asyncSelect(descriptor, hWnd, wMsg, lEvent);
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
        MemorySocket socket = stack.socket(s);
        if (lpNetworkEvents == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no record to fill");
        }
        socket.events.enumerate(hEventObject, lpNetworkEvents);
    }

    // Options and the rest

    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        return SocketOptions.get(stack.socket(s), level, optname);
    }

    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        if (Extensions.isContext(level, optname)) {
            stack.extensions().setContext(s, optname, optval);
        } else {
            SocketOptions.set(stack.socket(s), level, optname, optval);
        }
    }

    @Override
    public long wspIoctl(SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        Descriptor descriptor = stack.descriptor(s);
        return new IoctlCall(descriptor, dwIoControlCode, lpvInBuffer, lpvOutBuffer)
                .start(lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException {
        stack.socket(s);
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

    private StreamSocket stream(SocketHandle s) throws WinsockException {
        MemorySocket socket = stack.socket(s);
        if (socket instanceof StreamSocket stream) {
            return stream;
        }
        throw new WinsockException(WsaError.WSAEOPNOTSUPP, socket + " has no connections");
    }
}

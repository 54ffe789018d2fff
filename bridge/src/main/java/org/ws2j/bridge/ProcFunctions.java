package org.ws2j.bridge;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspProcTable;

/**
 * The thirty functions of a provider in Java as a layer in C calls them. A method of one name stands for each; a failure is thrown
 * for the guard of {@link Stubs} to tell.
 */
final class ProcFunctions {
    /** The names of the methods in the order of WSPPROC_TABLE. */
    static final String[] SLOTS = {
            "accept", "addressToString", "asyncSelect", "bind", "cancelBlockingCall", "cleanup", "closeSocket",
            "connect",
            "duplicateSocket", "enumNetworkEvents", "eventSelect", "getOverlappedResult", "getPeerName", "getSockName",
            "getSockOpt", "getQosByName", "ioctl", "joinLeaf", "listen", "recv", "recvDisconnect", "recvFrom", "select",
            "send", "sendDisconnect", "sendTo", "setSockOpt", "shutdown", "socket", "stringToAddress"
    };

    private static final int SUCCESS = 0;
    private static final int SOCKET_ERROR = -1;
    private static final long INVALID_SOCKET = -1;
    private static final int LONGEST_TEXT = 1 << 15;

    private final NativeLibrary library;
    private final ProcStubs stubs;

    ProcFunctions(NativeLibrary library, ProcStubs stubs) {
        this.library = library;
        this.stubs = stubs;
    }

    /** {@return what a function that fails gives back} */
    static Number failure(String slot) {
        return switch (slot) {
            case "accept", "joinLeaf", "socket" -> INVALID_SOCKET;
            case "getOverlappedResult", "getQosByName" -> 0;
            default -> SOCKET_ERROR;
        };
    }

    private WspProcTable table() throws WinsockException {
        return stubs.table();
    }

    private Session session() throws WinsockException {
        return library.binding().session();
    }

    private SocketHandle handle(long s) throws WinsockException {
        return session().socket(s);
    }

    private static void putInt(long address, int value) throws WinsockException {
        Memory.putInt(Pointers.required(address, Integer.BYTES), value);
    }

    /** An expected outcome: told without an exception, since it happens all the time. */
    private static int expected(long result, long lpErrno) {
        if (Memory.isPointer(lpErrno, Integer.BYTES)) {
            Memory.putInt(lpErrno, (int) -result);
        }
        return SOCKET_ERROR;
    }

    // Sockets

    long socket(int af, int type, int protocol, long lpProtocolInfo, int g, int dwFlags, long lpErrno)
            throws WinsockException {
        long info = Pointers.required(lpProtocolInfo, Integer.BYTES);
        SocketHandle s = table().wspSocket(af, type, protocol, ProtocolInfos.get(info), g, dwFlags);
        return session().socketNumber(s);
    }

    long accept(long s, long addr, long addrlen, long lpfnCondition, long dwCallbackData, long lpErrno)
            throws WinsockException {
        Sockaddrs.checkRoom(addr, addrlen);
        AddressHolder holder = addr == 0 ? null : new AddressHolder();
        SocketHandle accepted =
                table().wspAccept(handle(s), holder, Callbacks.condition(lpfnCondition, dwCallbackData));
        if (accepted == null) {
            return expected(-WsaError.WSAEWOULDBLOCK.code(), lpErrno);
        }
        if (holder != null) {
            Sockaddrs.putOut(addr, addrlen, holder.address());
        }
        return session().socketNumber(accepted);
    }

    int duplicateSocket(long s, int dwProcessId, long lpProtocolInfo, long lpErrno) throws WinsockException {
        long room = Pointers.required(lpProtocolInfo, Integer.BYTES);
        ProtocolInfos.put(room, table().wspDuplicateSocket(handle(s), dwProcessId));
        return SUCCESS;
    }

    int closeSocket(long s, long lpErrno) throws WinsockException {
        table().wspCloseSocket(handle(s));
        return SUCCESS;
    }

    // Connections

    int bind(long s, long name, int namelen, long lpErrno) throws WinsockException {
        table().wspBind(handle(s), Sockaddrs.get(name, namelen));
        return SUCCESS;
    }

    int listen(long s, int backlog, long lpErrno) throws WinsockException {
        table().wspListen(handle(s), backlog);
        return SUCCESS;
    }

    int shutdown(long s, int how, long lpErrno) throws WinsockException {
        table().wspShutdown(handle(s), how);
        return SUCCESS;
    }

    int connect(
            long s, long name, int namelen, long callerData, long calleeData, long sqos, long gqos, long lpErrno)
            throws WinsockException {
        int result = table().wspConnect(
                handle(s), Sockaddrs.get(name, namelen), BufferArray.optional(callerData),
                BufferArray.optional(calleeData), Flows.get(sqos), Flows.get(gqos));
        return result < 0 ? expected(result, lpErrno) : SUCCESS;
    }

    long joinLeaf(
            long s, long name, int namelen, long callerData, long calleeData, long sqos, long gqos, int dwFlags,
            long lpErrno) throws WinsockException {
        SocketHandle leaf = table().wspJoinLeaf(
                handle(s), Sockaddrs.get(name, namelen), BufferArray.optional(callerData),
                BufferArray.optional(calleeData), Flows.get(sqos), Flows.get(gqos), dwFlags);
        return session().socketNumber(leaf);
    }

    int sendDisconnect(long s, long data, long lpErrno) throws WinsockException {
        table().wspSendDisconnect(handle(s), BufferArray.optional(data));
        return SUCCESS;
    }

    int recvDisconnect(long s, long data, long lpErrno) throws WinsockException {
        table().wspRecvDisconnect(handle(s), BufferArray.optional(data));
        return SUCCESS;
    }

    int getPeerName(long s, long name, long namelen, long lpErrno) throws WinsockException {
        return name(table().wspGetPeerName(handle(s)), name, namelen);
    }

    int getSockName(long s, long name, long namelen, long lpErrno) throws WinsockException {
        return name(table().wspGetSockName(handle(s)), name, namelen);
    }

    private static int name(SocketAddress address, long name, long namelen) throws WinsockException {
        Pointers.required(name, 1);
        Pointers.required(namelen, Integer.BYTES);
        Sockaddrs.putOut(name, namelen, address);
        return SUCCESS;
    }

    // Data

    int send(
            long s, long lpBuffers, int count, long lpSent, int dwFlags, long lpOverlapped, long routine,
            long lpThreadId,
            long lpErrno) throws WinsockException {
        return sendOverlappedOrNot(
                new Transfer(s, lpBuffers, count, lpSent, lpOverlapped, routine, lpThreadId), dwFlags, null, false,
                lpErrno);
    }

    int sendTo(
            long s, long lpBuffers, int count, long lpSent, int dwFlags, long lpTo, int tolen, long lpOverlapped,
            long routine, long lpThreadId, long lpErrno) throws WinsockException {
        return sendOverlappedOrNot(
                new Transfer(s, lpBuffers, count, lpSent, lpOverlapped, routine, lpThreadId),
                dwFlags, Sockaddrs.get(lpTo, tolen), true, lpErrno);
    }

    /** What every transfer is given. */
    private record Transfer(
            long s, long lpBuffers, int count, long lpBytes, long lpOverlapped, long routine, long lpThreadId) {
        int result(long bytes, long lpErrno) throws WinsockException {
            if (bytes < 0) {
                return expected(bytes, lpErrno);
            }
            if (lpBytes != 0) {
                putInt(lpBytes, (int) bytes);
            }
            return SUCCESS;
        }

        void checkBytes() throws WinsockException {
            if (lpOverlapped == 0) {
                Pointers.required(lpBytes, Integer.BYTES);
            } else {
                Pointers.optional(lpBytes, Integer.BYTES);
            }
        }
    }

    private int sendOverlappedOrNot(Transfer t, int flags, SocketAddress to, boolean hasTo, long lpErrno)
            throws WinsockException {
        t.checkBytes();
        ByteBuffer[] buffers = BufferArray.get(t.lpBuffers, t.count, true);
        SocketHandle s = handle(t.s);
        Overlap overlap = overlap(s, t.lpOverlapped, t.routine, t.lpThreadId);
        long bytes = hasTo
                ? table().wspSendTo(
                        s, buffers, 0, buffers.length, flags, to, overlap.block, overlap.routine, overlap.thread)
                : sendDown(s, buffers, flags, overlap);
        overlap.started();
        return t.result(bytes, lpErrno);
    }

    private long sendDown(SocketHandle s, ByteBuffer[] buffers, int flags, Overlap overlap) throws WinsockException {
        return buffers.length == 1
                ? table().wspSend(s, buffers[0], flags, overlap.block, overlap.routine, overlap.thread)
                : table().wspSend(s, buffers, 0, buffers.length, flags, overlap.block, overlap.routine, overlap.thread);
    }

    /** What an overlapped call of C's means in Java; all null for a synchronous one. */
    record Overlap(
            NativeOverlapped block, WsaCompletionRoutine routine, WsaThreadId thread, PassedOn passedOn) {
        static final Overlap NONE = new Overlap(null, null, null, null);

        void started() {
            if (passedOn != null) {
                passedOn.started();
            }
        }
    }

    Overlap overlap(SocketHandle s, long lpOverlapped, long routine, long lpThreadId) throws WinsockException {
        if (lpOverlapped == 0) {
            return Overlap.NONE;
        }
        Binding binding = library.binding();
        Session session = binding.session();
        Twin twin = session.twins().at(lpOverlapped);
        boolean isPassedOn = twin != null && twin.block() != null && routine == 0;
        PassedOn passedOn = isPassedOn ? new PassedOn(binding, s, twin) : null;
        WsaThreadId thread = session.threadIds().get(lpThreadId);
        return new Overlap(
                session.view(lpOverlapped, passedOn), NativeRoutines.completion(session, routine), thread, passedOn);
    }

    int recv(
            long s, long lpBuffers, int count, long lpReceived, long lpFlags, long lpOverlapped, long routine,
            long lpThreadId, long lpErrno) throws WinsockException {
        return receive(
                new Transfer(s, lpBuffers, count, lpReceived, lpOverlapped, routine, lpThreadId),
                lpFlags, 0, 0, false, lpErrno);
    }

    int recvFrom(
            long s, long lpBuffers, int count, long lpReceived, long lpFlags, long lpFrom, long lpFromlen,
            long lpOverlapped, long routine, long lpThreadId, long lpErrno) throws WinsockException {
        Sockaddrs.checkRoom(lpFrom, lpFromlen);
        return receive(
                new Transfer(s, lpBuffers, count, lpReceived, lpOverlapped, routine, lpThreadId),
                lpFlags, lpFrom, lpFromlen, true, lpErrno);
    }

    private int receive(Transfer t, long lpFlags, long lpFrom, long lpFromlen, boolean wantsFrom, long lpErrno)
            throws WinsockException {
        t.checkBytes();
        ReceiveResult result = new ReceiveResult(Memory.getInt(Pointers.required(lpFlags, Integer.BYTES)));
        ByteBuffer[] buffers = BufferArray.get(t.lpBuffers, t.count, false);
        SocketHandle s = handle(t.s);
        Overlap overlap = overlap(s, t.lpOverlapped, t.routine, t.lpThreadId);
        if (overlap.block != null && wantsFrom) {
            overlap.block.beforeEnd(() -> putFrom(lpFrom, lpFromlen, result));
        }
        long bytes;
        try {
            bytes = receiveDown(s, buffers, result, wantsFrom, overlap);
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAEMSGSIZE) && overlap.block == null) {
                putResult(lpFlags, lpFrom, lpFromlen, result);
            }
            throw e;
        }
        overlap.started();
        if (bytes >= 0 && overlap.block == null) {
            putResult(lpFlags, lpFrom, lpFromlen, result);
        }
        return t.result(bytes, lpErrno);
    }

    private void putResult(long lpFlags, long lpFrom, long lpFromlen, ReceiveResult result) {
        Memory.putInt(lpFlags, result.flags());
        putFrom(lpFrom, lpFromlen, result);
    }

    private void putFrom(long lpFrom, long lpFromlen, ReceiveResult result) {
        try {
            Sockaddrs.putOut(lpFrom, lpFromlen, result.from());
        } catch (WinsockException e) {
            library.report("the source address of a receive", e);
        }
    }

    private long receiveDown(
            SocketHandle s, ByteBuffer[] buffers, ReceiveResult result, boolean wantsFrom, Overlap o)
            throws WinsockException {
        if (wantsFrom) {
            return table().wspRecvFrom(s, buffers, 0, buffers.length, result, o.block, o.routine, o.thread);
        }
        return buffers.length == 1
                ? table().wspRecv(s, buffers[0], result, o.block, o.routine, o.thread)
                : table().wspRecv(s, buffers, 0, buffers.length, result, o.block, o.routine, o.thread);
    }

    int getOverlappedResult(long s, long lpOverlapped, long lpcbTransfer, int fWait, long lpdwFlags, long lpErrno)
            throws WinsockException {
        Pointers.required(lpcbTransfer, Integer.BYTES);
        Pointers.required(lpdwFlags, Integer.BYTES);
        WsaOverlapped block = session().view(lpOverlapped, null);
        if (block == null) {
            throw Pointers.bad(0);
        }
        ReceiveResult result = new ReceiveResult();
        long bytes = table().wspGetOverlappedResult(handle(s), block, fWait != 0, result);
        if (bytes < 0) {
            expected(bytes, lpErrno);
            return 0;
        }
        Memory.putInt(lpcbTransfer, (int) bytes);
        Memory.putInt(lpdwFlags, result.flags());
        return 1;
    }

    // Notifications

    int asyncSelect(long s, long hWnd, int wMsg, int lEvent, long lpErrno) throws WinsockException {
        table().wspAsyncSelect(handle(s), session().window(hWnd), wMsg, lEvent);
        return SUCCESS;
    }

    int eventSelect(long s, long hEventObject, int lNetworkEvents, long lpErrno) throws WinsockException {
        table().wspEventSelect(handle(s), session().event(hEventObject), lNetworkEvents);
        return SUCCESS;
    }

    int enumNetworkEvents(long s, long hEventObject, long lpNetworkEvents, long lpErrno) throws WinsockException {
        long room = Pointers.required(lpNetworkEvents, Integer.BYTES);
        WsaNetworkEvents events = new WsaNetworkEvents();
        table().wspEnumNetworkEvents(handle(s), session().event(hEventObject), events);
        Memory.putInt(room, events.lNetworkEvents());
        for (int bit = 0; bit < 10; bit++) {
            if (events.has(1 << bit)) {
                Memory.putInt(room + 4 + 4L * bit, events.iErrorCode(bit));
            }
        }
        return SUCCESS;
    }

    int select(int nfds, long readfds, long writefds, long exceptfds, long timeout, long lpErrno)
            throws WinsockException {
        Session session = session();
        FdSet reads = FdSets.get(readfds, session);
        FdSet writes = FdSets.get(writefds, session);
        FdSet excepts = FdSets.get(exceptfds, session);
        Timeval time = timeout == 0
                ? null
                : new Timeval(Memory.getInt(Pointers.required(timeout, Integer.BYTES)), Memory.getInt(timeout + 4));
        int ready = table().wspSelect(reads, writes, excepts, time);
        FdSets.giveBack(readfds, reads, session);
        FdSets.giveBack(writefds, writes, session);
        FdSets.giveBack(exceptfds, excepts, session);
        return ready;
    }

    // Options and ioctls

    int getSockOpt(long s, int level, int optname, long optval, long optlen, long lpErrno) throws WinsockException {
        int room = Memory.getInt(Pointers.required(optlen, Integer.BYTES));
        Pointers.range(optval, room);
        Values values = new Values(session());
        Object value = table().wspGetSockOpt(handle(s), level, optname);
        Memory.putInt(optlen, values.putOut(ValueKind.ofOption(level, optname), value, optval, room));
        return SUCCESS;
    }

    int setSockOpt(long s, int level, int optname, long optval, int optlen, long lpErrno) throws WinsockException {
        Object value = new Values(session()).get(ValueKind.ofOption(level, optname), optval, optlen);
        table().wspSetSockOpt(handle(s), level, optname, value);
        return SUCCESS;
    }

    int getQosByName(long s, long lpQosName, long lpQos, long lpErrno) throws WinsockException {
        Pointers.required(lpQosName, Long.BYTES);
        Pointers.required(lpQos, Long.BYTES);
        long text = Memory.getLong(lpQosName + 8);
        int units = Math.clamp(Memory.getInt(lpQosName) / 2, 0, LONGEST_TEXT);
        Pointers.range(text, 2L * units);
        List<String> names = new ArrayList<>();
        Qos qos = table().wspGetQosByName(handle(s), Texts.getWide(text, units), names);
        if (qos == null) {
            Pointers.range(text, 2L * Math.max(units, 1));
            Texts.putWideList(text, names, Math.max(units, 1));
        } else {
            Flows.put(lpQos, qos);
        }
        return 1;
    }

    int ioctl(
            long s, int code, long in, int inLength, long out, int outLength, long lpReturned, long lpOverlapped,
            long routine, long lpThreadId, long lpErrno) throws WinsockException {
        if (code == IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER) {
            Pointers.required(lpReturned, Integer.BYTES);
        }
        Pointers.optional(lpReturned, Integer.BYTES);
        Values values = new Values(session());
        ValueKind.Ioctl kinds = ValueKind.ofIoctl(code);
        Object input = values.get(kinds.in(), in, inLength);
        IoctlResult output = out == 0 ? null : new IoctlResult();
        SocketHandle socket = handle(s);
        Overlap overlap = overlap(socket, lpOverlapped, routine, lpThreadId);
        if (overlap.block != null) {
            overlap.block.beforeEnd(() -> putOutput(values, code, input, output, out, outLength));
        }
        long result =
                table().wspIoctl(socket, code, input, output, overlap.block, overlap.routine, overlap.thread);
        overlap.started();
        if (result < 0) {
            return expected(result, lpErrno);
        }
        if (input instanceof WsaPollData poll) {
            values.giveBack(out == 0 ? in : out, poll);
        }
        int used = output == null
                ? 0
                : values.putOut(kinds.out(), foreign(code, input, output.value()), out, outLength);
        if (lpReturned != 0) {
            Memory.putInt(lpReturned, used);
        }
        return SUCCESS;
    }

    /** {@return what an output is for C: the address of a function for the function} */
    private Object foreign(int code, Object input, Object value) throws WinsockException {
        boolean isFunction = code == IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER && value != null;
        return isFunction ? (Object) stubs.extensions().address(input, value) : value;
    }

    private void putOutput(Values values, int code, Object input, IoctlResult output, long out, int outLength) {
        try {
            if (output != null) {
                values.putOut(
                        ValueKind.ofIoctl(code).out(), foreign(code, input, output.value()), out, outLength);
            }
        } catch (WinsockException e) {
            library.report("the output of an ioctl", e);
        }
    }

    // Addresses as texts

    int addressToString(long address, int length, long info, long text, long lpUnits, long lpErrno)
            throws WinsockException {
        int room = Memory.getInt(Pointers.required(lpUnits, Integer.BYTES));
        Pointers.required(text, Short.BYTES);
        String result = table().wspAddressToString(
                Sockaddrs.get(address, length), ProtocolInfos.get(Pointers.required(info, Integer.BYTES)));
        Memory.putInt(lpUnits, result.length() + 1);
        if (room < result.length() + 1) {
            throw new WinsockException(
                    WsaError.WSAEFAULT, "a text of " + result.length() + " characters does not fit into " + room);
        }
        Texts.putWide(text, result, result.length() + 1);
        return SUCCESS;
    }

    int stringToAddress(long text, int family, long info, long address, long lpLength, long lpErrno)
            throws WinsockException {
        Pointers.required(address, 1);
        Pointers.required(lpLength, Integer.BYTES);
        String parsed = text == 0 ? null : Texts.getWide(text);
        Sockaddrs.putOut(address, lpLength, table().wspStringToAddress(
                parsed, family, ProtocolInfos.get(Pointers.required(info, Integer.BYTES))));
        return SUCCESS;
    }

    // The provider

    int cancelBlockingCall(long lpErrno) throws WinsockException {
        table().wspCancelBlockingCall();
        return SUCCESS;
    }

    int cleanup(long lpErrno) throws WinsockException {
        WspProcTable ending = table();
        try {
            ending.wspCleanup();
        } finally {
            stubs.release();
        }
        return SUCCESS;
    }
}

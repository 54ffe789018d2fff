package org.ws2j.bridge;

import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
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
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspResult;

/** The thirty functions of a provider in C. */
// The order of the slots is that of the structure, and never changes.
@SuppressWarnings("EnumOrdinal")
final class NativeProcTable implements WspProcTable {
    /** WSPPROC_TABLE. */
    static final int SIZE = 240;

    static final int SLOTS = 30;
    static final int CLEANUP = 5;

    private static final int OPTION_ROOM = 1024;
    private static final int LIST_ROOM = 16 << 10;
    private static final int TEXT_UNITS = 512;
    private static final int EVENTS = 44;

    private final NativeLibrary library;
    private final Session session;
    private final Values values;
    private final MemorySegment[] functions = new MemorySegment[SLOTS];
    private final NativeTransfers transfers;
    private final NativeExtensions extensions;

    /** Where the functions stand in WSPPROC_TABLE. */
    private enum Slot {
        ACCEPT, ADDRESS_TO_STRING, ASYNC_SELECT, BIND, CANCEL_BLOCKING_CALL, CLEANUP, CLOSE_SOCKET, CONNECT,
        DUPLICATE_SOCKET, ENUM_NETWORK_EVENTS, EVENT_SELECT, GET_OVERLAPPED_RESULT, GET_PEER_NAME, GET_SOCK_NAME,
        GET_SOCK_OPT, GET_QOS_BY_NAME, IOCTL, JOIN_LEAF, LISTEN, RECV, RECV_DISCONNECT, RECV_FROM, SELECT, SEND,
        SEND_DISCONNECT, SEND_TO, SET_SOCK_OPT, SHUTDOWN, SOCKET, STRING_TO_ADDRESS
    }

    /**
     * Reads a table that WSPStartup has filled.
     *
     * @throws WinsockException {@code WSAEINVALIDPROCTABLE} if a function is missing
     */
    NativeProcTable(NativeLibrary library, Session session, MemorySegment table) throws WinsockException {
        this.library = library;
        this.session = session;
        values = new Values(session);
        for (Slot slot : Slot.values()) {
            long address = Memory.getLong(table.address() + 8L * slot.ordinal());
            if (!Memory.isPointer(address, 1)) {
                cleanUpAfter(table);
                throw new WinsockException(
                        WsaError.WSAEINVALIDPROCTABLE, "the table of functions of " + library + " lacks " + slot);
            }
            functions[slot.ordinal()] = Memory.function(address);
        }
        transfers = new NativeTransfers(
                library, session, at(Slot.SEND), at(Slot.SEND_TO), at(Slot.RECV), at(Slot.RECV_FROM));
        extensions = new NativeExtensions(library, session, transfers);
    }

    /** The start-up succeeded: it has its clean-up, if that one is there at least. */
    private static void cleanUpAfter(MemorySegment table) {
        long cleanup = Memory.getLong(table.address() + 8L * CLEANUP);
        if (Memory.isPointer(cleanup, 1)) {
            Scratch scratch = Scratch.current();
            long mark = scratch.mark();
            try {
                Downcalls.call(Memory.function(cleanup), scratch.errno());
            } finally {
                scratch.release(mark);
            }
        }
    }

    private MemorySegment at(Slot slot) {
        return functions[slot.ordinal()];
    }

    /** {@return the address of a function, for a layer in C right above} */
    long address(int slot) {
        return functions[slot].address();
    }

    private long number(SocketHandle s) {
        return session.socketNumber(s);
    }

    /** A call with scratch memory. */
    @FunctionalInterface
    private interface Call<T> {
        T make(Scratch scratch, long errno) throws WinsockException;
    }

    private static <T> T with(Call<T> call) throws WinsockException {
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            return call.make(scratch, scratch.errno());
        } finally {
            scratch.release(mark);
        }
    }

    // Sockets

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        return with((scratch, errno) -> {
            long info = info(lpProtocolInfo, scratch);
            return made("WSPSocket", Downcalls.callLong(at(Slot.SOCKET), af, type, protocol, info, g, dwFlags, errno),
                    errno);
        });
    }

    private static long info(WsaProtocolInfo info, Scratch scratch) {
        if (info == null) {
            return 0;
        }
        long address = scratch.allocate(ProtocolInfos.SIZE);
        ProtocolInfos.put(address, info);
        return address;
    }

    private SocketHandle made(String call, long number, long errno) throws WinsockException {
        if (number == -1) {
            throw Answers.failure(call, errno);
        }
        SocketHandle s = session.numbers().socket(number);
        if (s == null) {
            throw new WinsockException(
                    WsaError.WSASYSCALLFAILURE,
                    call + " returned 0x" + Long.toHexString(number) + ", which is no socket");
        }
        return s;
    }

    @Override
    public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition)
            throws WinsockException {
        return with((scratch, errno) -> {
            long room = addr == null ? 0 : scratch.zeroed(Sockaddrs.MOST);
            long length = addr == null ? 0 : scratch.allocate(8);
            if (addr != null) {
                Memory.putInt(length, Sockaddrs.MOST);
            }
            long number = accept(s, room, length, lpfnCondition, errno);
            if (number == -1 && Memory.getInt(errno) == WsaError.WSAEWOULDBLOCK.code()) {
                return null;
            }
            SocketHandle accepted = made("WSPAccept", number, errno);
            if (addr != null) {
                addr.address(Sockaddrs.get(room, Memory.getInt(length)));
            }
            return accepted;
        });
    }

    private long accept(SocketHandle s, long room, long length, ConditionProc condition, long errno) {
        if (condition == null) {
            return Downcalls.callLong(at(Slot.ACCEPT), number(s), room, length, 0L, 0L, errno);
        }
        long token = session.token(condition);
        try {
            return Downcalls.callLong(
                    at(Slot.ACCEPT), number(s), room, length, library.callbacks().condition(), token, errno);
        } finally {
            session.dropToken(token);
        }
    }

    @Override
    public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        return with((scratch, errno) -> {
            long info = scratch.zeroed(ProtocolInfos.SIZE);
            int rc = Downcalls.call(at(Slot.DUPLICATE_SOCKET), number(s), dwProcessId, info, errno);
            Answers.check("WSPDuplicateSocket", rc, errno);
            return ProtocolInfos.get(info);
        });
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        simple("WSPCloseSocket", Slot.CLOSE_SOCKET, s);
    }

    private void simple(String call, Slot slot, SocketHandle s) throws WinsockException {
        with((scratch, errno) -> {
            Answers.check(call, Downcalls.call(at(slot), number(s), errno), errno);
            return null;
        });
    }

    // Connections

    @Override
    public void wspBind(SocketHandle s, SocketAddress name) throws WinsockException {
        with((scratch, errno) -> {
            long room = scratch.allocate(Sockaddrs.MOST);
            int length = Sockaddrs.put(room, name);
            int rc = Downcalls.call(at(Slot.BIND), number(s), name == null ? 0 : room, length, errno);
            Answers.check("WSPBind", rc, errno);
            return null;
        });
    }

    @Override
    public void wspListen(SocketHandle s, int backlog) throws WinsockException {
        with((scratch, errno) -> {
            Answers.check("WSPListen", Downcalls.call(at(Slot.LISTEN), number(s), backlog, errno), errno);
            return null;
        });
    }

    @Override
    public void wspShutdown(SocketHandle s, int how) throws WinsockException {
        with((scratch, errno) -> {
            Answers.check("WSPShutdown", Downcalls.call(at(Slot.SHUTDOWN), number(s), how, errno), errno);
            return null;
        });
    }

    @Override
    public int wspConnect(
            SocketHandle s, SocketAddress name, ByteBuffer lpCallerData, ByteBuffer lpCalleeData, Qos lpSQOS,
            Qos lpGQOS)
            throws WinsockException {
        return with((scratch, errno) -> {
            Join join = new Join(name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS, scratch);
            int rc = Downcalls.call(
                    at(Slot.CONNECT), number(s), join.name, join.length, join.caller, join.callee, join.sqos, join.gqos,
                    errno);
            join.deliver(lpCalleeData);
            return rc == 0 ? 0 : (int) Answers.outcome("WSPConnect", errno);
        });
    }

    /** What goes with a connect, in memory. */
    private static final class Join {
        final long name;
        final int length;
        final long caller;
        final long callee;
        final long sqos;
        final long gqos;
        private final NativeBuffers answer;

        Join(SocketAddress address, ByteBuffer callerData, ByteBuffer calleeData, Qos sqos, Qos gqos, Scratch scratch) {
            long room = scratch.allocate(Sockaddrs.MOST);
            length = Sockaddrs.put(room, address);
            name = address == null ? 0 : room;
            caller = BufferArray.copied(callerData, scratch);
            answer = calleeData == null ? null : toReceive(calleeData, scratch);
            callee = answer == null ? 0 : answer.address();
            this.sqos = Flows.put(sqos, scratch);
            this.gqos = Flows.put(gqos, scratch);
        }

        void deliver(ByteBuffer calleeData) {
            if (answer != null) {
                answer.deliver(Math.min(Memory.getInt(callee), calleeData.remaining()));
            }
        }
    }

    private static NativeBuffers toReceive(ByteBuffer buffer, Scratch scratch) {
        return new NativeBuffers(new ByteBuffer[] {buffer}, scratch::allocate, false);
    }

    @Override
    public SocketHandle wspJoinLeaf(
            SocketHandle s, SocketAddress name, ByteBuffer lpCallerData, ByteBuffer lpCalleeData, Qos lpSQOS,
            Qos lpGQOS,
            int dwFlags) throws WinsockException {
        return with((scratch, errno) -> {
            Join join = new Join(name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS, scratch);
            long number = Downcalls.callLong(
                    at(Slot.JOIN_LEAF), number(s), join.name, join.length, join.caller, join.callee, join.sqos,
                    join.gqos,
                    dwFlags, errno);
            join.deliver(lpCalleeData);
            return made("WSPJoinLeaf", number, errno);
        });
    }

    @Override
    public void wspSendDisconnect(SocketHandle s, ByteBuffer lpOutboundDisconnectData) throws WinsockException {
        with((scratch, errno) -> {
            long data = BufferArray.copied(lpOutboundDisconnectData, scratch);
            int rc = Downcalls.call(at(Slot.SEND_DISCONNECT), number(s), data, errno);
            Answers.check("WSPSendDisconnect", rc, errno);
            return null;
        });
    }

    @Override
    public void wspRecvDisconnect(SocketHandle s, ByteBuffer lpInboundDisconnectData) throws WinsockException {
        with((scratch, errno) -> {
            NativeBuffers data =
                    lpInboundDisconnectData == null ? null : toReceive(lpInboundDisconnectData, scratch);
            int rc = Downcalls.call(at(Slot.RECV_DISCONNECT), number(s), data == null ? 0 : data.address(), errno);
            Answers.check("WSPRecvDisconnect", rc, errno);
            if (data != null) {
                data.deliver(Math.min(Memory.getInt(data.address()), lpInboundDisconnectData.remaining()));
            }
            return null;
        });
    }

    @Override
    public SocketAddress wspGetPeerName(SocketHandle s) throws WinsockException {
        return name("WSPGetPeerName", Slot.GET_PEER_NAME, s);
    }

    @Override
    public SocketAddress wspGetSockName(SocketHandle s) throws WinsockException {
        return name("WSPGetSockName", Slot.GET_SOCK_NAME, s);
    }

    private SocketAddress name(String call, Slot slot, SocketHandle s) throws WinsockException {
        return with((scratch, errno) -> {
            long room = scratch.zeroed(Sockaddrs.MOST);
            long length = scratch.allocate(8);
            Memory.putInt(length, Sockaddrs.MOST);
            Answers.check(call, Downcalls.call(at(slot), number(s), room, length, errno), errno);
            return Sockaddrs.get(room, Memory.getInt(length));
        });
    }

    // Data

    @Override
    public long wspSend(
            SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        if (lpOverlapped == null) {
            return transfers.send(s, buffer, dwFlags);
        }
        return transfers.send(
                s, new ByteBuffer[] {buffer}, dwFlags, null, false,
                request(lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    private static NativeTransfers.Request request(
            WsaOverlapped block, WsaCompletionRoutine routine, WsaThreadId thread) {
        return block == null ? null : new NativeTransfers.Request(block, routine, thread);
    }

    private static ByteBuffer[] some(ByteBuffer[] buffers, int offset, int count) {
        return Arrays.copyOfRange(buffers, offset, offset + count);
    }

    @Override
    public long wspSend(
            SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return transfers.send(
                s, some(buffers, offset, count), dwFlags, null, false,
                request(lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    @Override
    public long wspSendTo(
            SocketHandle s, ByteBuffer buffer, int dwFlags, SocketAddress lpTo, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return transfers.send(
                s, new ByteBuffer[] {buffer}, dwFlags, lpTo, true,
                request(lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    @Override
    public long wspSendTo(
            SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return transfers.send(
                s, some(buffers, offset, count), dwFlags, lpTo, true,
                request(lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    @Override
    public long wspRecv(
            SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return transfers.receive(
                s, new ByteBuffer[] {buffer}, lpResult, false, request(lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    @Override
    public long wspRecv(
            SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return transfers.receive(
                s, some(buffers, offset, count), lpResult, false,
                request(lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    @Override
    public long wspRecvFrom(
            SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        return transfers.receive(
                s, new ByteBuffer[] {buffer}, lpResult, true, request(lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    @Override
    public long wspRecvFrom(
            SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException {
        return transfers.receive(
                s, some(buffers, offset, count), lpResult, true,
                request(lpOverlapped, lpCompletionRoutine, lpThreadId));
    }

    @Override
    public long wspGetOverlappedResult(
            SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait, ReceiveResult lpResult) throws WinsockException {
        ReceiveResult result = lpResult == null ? new ReceiveResult() : lpResult;
        if (lpOverlapped == null || lpOverlapped instanceof NativeOverlapped) {
            return overlappedResult(s, session.address(lpOverlapped), fWait, result);
        }
        Twin twin = session.twins().of(lpOverlapped);
        twin.refresh();
        try {
            long bytes = overlappedResult(s, twin.address(), fWait, result);
            if (bytes >= 0) {
                twin.deliver((int) bytes, result.flags());
            }
            return bytes;
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAEMSGSIZE)) {
                twin.deliver(twin.bytes(), twin.flags());
            }
            throw e;
        } finally {
            twin.awaitIndication();
        }
    }

    private long overlappedResult(SocketHandle s, long block, boolean fWait, ReceiveResult result)
            throws WinsockException {
        return with((scratch, errno) -> {
            long bytes = scratch.zeroed(8);
            long flags = scratch.zeroed(8);
            int done = Downcalls.call(
                    at(Slot.GET_OVERLAPPED_RESULT), number(s), block, bytes, fWait ? 1 : 0, flags, errno);
            if (done == 0) {
                return Answers.outcome("WSPGetOverlappedResult", errno);
            }
            result.flags(Memory.getInt(flags));
            return Integer.toUnsignedLong(Memory.getInt(bytes));
        });
    }

    // Notifications

    @Override
    public void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
        with((scratch, errno) -> {
            long window = hWnd == null ? 0 : session.handles().number(hWnd);
            int rc = Downcalls.call(at(Slot.ASYNC_SELECT), number(s), window, wMsg, lEvent, errno);
            Answers.check("WSPAsyncSelect", rc, errno);
            return null;
        });
    }

    @Override
    public void wspEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException {
        with((scratch, errno) -> {
            int rc = Downcalls.call(
                    at(Slot.EVENT_SELECT), number(s), session.eventNumber(hEventObject), lNetworkEvents, errno);
            Answers.check("WSPEventSelect", rc, errno);
            return null;
        });
    }

    @Override
    public void wspEnumNetworkEvents(SocketHandle s, WsaEvent hEventObject, WsaNetworkEvents lpNetworkEvents)
            throws WinsockException {
        with((scratch, errno) -> {
            long room = lpNetworkEvents == null ? 0 : scratch.zeroed(EVENTS);
            int rc = Downcalls.call(
                    at(Slot.ENUM_NETWORK_EVENTS), number(s), session.eventNumber(hEventObject), room, errno);
            Answers.check("WSPEnumNetworkEvents", rc, errno);
            if (lpNetworkEvents != null) {
                takeEvents(room, lpNetworkEvents);
            }
            return null;
        });
    }

    private static void takeEvents(long room, WsaNetworkEvents record) {
        int events = Memory.getInt(room);
        record.lNetworkEvents(events);
        for (int bit = 0; bit < 10; bit++) {
            if ((events & 1 << bit) != 0) {
                record.iErrorCode(bit, Memory.getInt(room + 4 + 4L * bit));
            }
        }
    }

    @Override
    public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        return with((scratch, errno) -> {
            long reads = FdSets.put(readfds, session, scratch);
            long writes = FdSets.put(writefds, session, scratch);
            long excepts = FdSets.put(exceptfds, session, scratch);
            int ready = Downcalls.call(at(Slot.SELECT), 0, reads, writes, excepts, timeval(timeout, scratch), errno);
            if (ready < 0) {
                throw Answers.failure("WSPSelect", errno);
            }
            FdSets.takeBack(reads, readfds, session);
            FdSets.takeBack(writes, writefds, session);
            FdSets.takeBack(excepts, exceptfds, session);
            return ready;
        });
    }

    private static long timeval(Timeval timeout, Scratch scratch) {
        if (timeout == null) {
            return 0;
        }
        long address = scratch.allocate(8);
        Memory.putInt(address, timeout.tvSec());
        Memory.putInt(address + 4, timeout.tvUsec());
        return address;
    }

    // Options and ioctls

    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        return with((scratch, errno) -> {
            long room = scratch.zeroed(OPTION_ROOM);
            long length = scratch.allocate(8);
            Memory.putInt(length, OPTION_ROOM);
            int rc = Downcalls.call(at(Slot.GET_SOCK_OPT), number(s), level, optname, room, length, errno);
            Answers.check("WSPGetSockOpt", rc, errno);
            int used = Math.clamp(Memory.getInt(length), 0, OPTION_ROOM);
            return values.get(ValueKind.ofOption(level, optname), room, used);
        });
    }

    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        with((scratch, errno) -> {
            Values.Bytes value = values.put(ValueKind.ofOption(level, optname), optval, scratch::zeroed);
            int rc = Downcalls.call(
                    at(Slot.SET_SOCK_OPT), number(s), level, optname, value.address(), value.length(), errno);
            Answers.check("WSPSetSockOpt", rc, errno);
            return null;
        });
    }

    @Override
    public Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException {
        if (lpQOSName == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the name is null");
        }
        return with((scratch, errno) -> {
            long name = scratch.allocate(BufferArray.SIZE);
            long text = scratch.zeroed(2L * TEXT_UNITS);
            Texts.putWide(text, lpQOSName, TEXT_UNITS);
            BufferArray.put(name, 2 * TEXT_UNITS, text);
            long qos = scratch.zeroed(Flows.SIZE);
            int found = Downcalls.call(at(Slot.GET_QOS_BY_NAME), number(s), name, qos, errno);
            if (found == 0) {
                throw Answers.failure("WSPGetQOSByName", errno);
            }
            if (lpQOSName.isEmpty()) {
                Texts.getWideList(text, TEXT_UNITS, lpNames);
                return null;
            }
            return Flows.get(qos);
        });
    }

    @Override
    public long wspIoctl(
            SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        NativeTransfers.Request request = request(lpOverlapped, lpCompletionRoutine, lpThreadId);
        return request == null
                ? with((scratch, errno) -> ioctl(s, dwIoControlCode, lpvInBuffer, lpvOutBuffer, scratch, errno))
                : ioctlOverlapped(s, dwIoControlCode, lpvInBuffer, lpvOutBuffer, request);
    }

    private long ioctl(SocketHandle s, int code, Object in, IoctlResult out, Scratch scratch, long errno)
            throws WinsockException {
        ValueKind.Ioctl kinds = ValueKind.ofIoctl(code);
        Values.Bytes input = values.put(kinds.in(), in, scratch::zeroed);
        Values.Bytes output = output(kinds, out, input, scratch::zeroed);
        long returned = scratch.zeroed(8);
        int rc = Downcalls.call(
                at(Slot.IOCTL), number(s), code, input.address(), input.length(), output.address(), output.length(),
                returned, 0L, 0L, 0L, errno);
        if (rc != 0) {
            return Answers.outcome("WSPIoctl", errno);
        }
        takeOutput(code, in, input, out, output, Memory.getInt(returned));
        return 0;
    }

    private static Values.Bytes output(
            ValueKind.Ioctl kinds, IoctlResult out, Values.Bytes input, java.util.function.LongUnaryOperator memory) {
        if (kinds.in() == ValueKind.POLL) {
            return input;
        }
        if (out == null || kinds.out() == ValueKind.NONE) {
            return Values.Bytes.NONE;
        }
        int room = kinds.out() == ValueKind.ADDRESSES ? LIST_ROOM : OPTION_ROOM;
        return new Values.Bytes(memory.applyAsLong(room), room);
    }

    private void takeOutput(
            int code, Object in, Values.Bytes input, IoctlResult out, Values.Bytes output, int returned)
            throws WinsockException {
        ValueKind kind = ValueKind.ofIoctl(code).out();
        if (in instanceof WsaPollData poll) {
            values.takeBack(input, poll);
        } else if (output.length() > 0) {
            // Layers that answer by themselves leave the count alone.
            int used = returned == 0 ? Values.least(kind) : Math.clamp(returned, 0, output.length());
            Object value = values.get(kind, output.address(), used);
            boolean isFunction = code == IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER;
            out.value(isFunction ? extensions.function(in, value) : value);
        }
    }

    private long ioctlOverlapped(
            SocketHandle s, int code, Object in, IoctlResult out, NativeTransfers.Request request)
            throws WinsockException {
        ValueKind.Ioctl kinds = ValueKind.ofIoctl(code);
        NativeTransfers.OperationMemory memory = new NativeTransfers.OperationMemory(3L * LIST_ROOM, in);
        Values.Bytes input = values.put(kinds.in(), in, memory::allocate);
        Values.Bytes output = output(kinds, out, input, memory::allocate);
        long cells = memory.allocate(32);
        NativeTransfers.Overlap overlap = transfers.begin(request, memory, (bytes, flags) -> {
            try {
                takeOutput(code, in, input, out, output, bytes);
            } catch (WinsockException e) {
                library.report("the output of ioctl 0x" + Integer.toHexString(code), e);
            }
        });
        int rc = Downcalls.call(
                at(Slot.IOCTL), number(s), code, input.address(), input.length(), output.address(), output.length(),
                cells,
                overlap.block(), overlap.routine(), overlap.thread(), NativeTransfers.errnoCell(cells));
        long result = transfers.ended("WSPIoctl", overlap, rc, cells);
        return result == WspResult.IO_PENDING || result == WspResult.WOULD_BLOCK ? result : 0;
    }

    // Addresses as texts

    @Override
    public String wspAddressToString(SocketAddress lpsaAddress, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        return with((scratch, errno) -> {
            long address = scratch.allocate(Sockaddrs.MOST);
            int length = Sockaddrs.put(address, lpsaAddress);
            long text = scratch.zeroed(2L * TEXT_UNITS);
            long units = scratch.allocate(8);
            Memory.putInt(units, TEXT_UNITS);
            int rc = Downcalls.call(
                    at(Slot.ADDRESS_TO_STRING), lpsaAddress == null ? 0 : address, length,
                    info(lpProtocolInfo, scratch),
                    text, units, errno);
            Answers.check("WSPAddressToString", rc, errno);
            return Texts.getWide(text, TEXT_UNITS);
        });
    }

    @Override
    public SocketAddress wspStringToAddress(String addressString, int addressFamily, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException {
        return with((scratch, errno) -> {
            long text = addressString == null ? 0 : Texts.wide(addressString, scratch);
            long address = scratch.zeroed(Sockaddrs.MOST);
            long length = scratch.allocate(8);
            Memory.putInt(length, Sockaddrs.MOST);
            int rc = Downcalls.call(
                    at(Slot.STRING_TO_ADDRESS), text, addressFamily, info(lpProtocolInfo, scratch), address, length,
                    errno);
            Answers.check("WSPStringToAddress", rc, errno);
            return Sockaddrs.get(address, Memory.getInt(length));
        });
    }

    // The provider

    @Override
    public void wspCancelBlockingCall() throws WinsockException {
        with((scratch, errno) -> {
            Answers.check("WSPCancelBlockingCall", Downcalls.call(at(Slot.CANCEL_BLOCKING_CALL), errno), errno);
            return null;
        });
    }

    @Override
    public void wspCleanup() throws WinsockException {
        try {
            with((scratch, errno) -> {
                Answers.check("WSPCleanup", Downcalls.call(at(Slot.CLEANUP), errno), errno);
                return null;
            });
        } finally {
            library.release();
        }
    }

    @Override
    public String toString() {
        return library.toString();
    }
}

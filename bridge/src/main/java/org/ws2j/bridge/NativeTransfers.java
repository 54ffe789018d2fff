package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** The four functions of a provider in C that transfer data. */
final class NativeTransfers {
    /** The cells of a call, behind each other: count, flags, length of an address, error; each has eight bytes. */
    static final int CELLS = 32;

    /** The status of a block when a call begins: under way for whoever looks at 32 bits of it, and nothing that C writes. */
    static final long UNTOUCHED = 1L << 32 | WsaOverlapped.WSS_OPERATION_IN_PROGRESS;

    private static final int FLAGS = 8;
    private static final int LENGTH = 16;
    static final int ERRNO = 24;

    private final Session session;
    private final NativeLibrary library;
    private final MemorySegment send;
    private final MemorySegment sendTo;
    private final MemorySegment recv;
    private final MemorySegment recvFrom;

    NativeTransfers(
            NativeLibrary library,
            Session session,
            MemorySegment send,
            MemorySegment sendTo,
            MemorySegment recv,
            MemorySegment recvFrom) {
        this.library = library;
        this.session = session;
        this.send = send;
        this.sendTo = sendTo;
        this.recv = recv;
        this.recvFrom = recvFrom;
    }

    /** What an overlapped call is given. */
    record Request(WsaOverlapped block, WsaCompletionRoutine routine, WsaThreadId thread) {}

    /** The quickest way: nothing is made but on the scratch stack. */
    long send(SocketHandle s, ByteBuffer buffer, int flags) throws WinsockException {
        present(buffer);
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            long cells = scratch.allocate(CELLS + BufferArray.SIZE);
            long address = buffer.isDirect() ? BufferArray.address(buffer) : copied(buffer, scratch);
            BufferArray.put(cells + CELLS, buffer.remaining(), address);
            Memory.putLong(cells, 0);
            Memory.putLong(cells + ERRNO, 0);
            int rc = Downcalls.call(
                    send, session.socketNumber(s), cells + CELLS, 1, cells, flags, 0L, 0L, 0L, cells + ERRNO);
            return rc == 0 ? Integer.toUnsignedLong(Memory.getInt(cells)) : Answers.outcome("WSPSend", cells + ERRNO);
        } finally {
            scratch.release(mark);
            Reference.reachabilityFence(buffer);
        }
    }

    private static long copied(ByteBuffer buffer, Scratch scratch) {
        long address = scratch.allocate(buffer.remaining());
        BufferArray.copyIn(buffer, address);
        return address;
    }

    private static void present(ByteBuffer buffer) throws WinsockException {
        if (buffer == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the buffer is null");
        }
    }

    /** Sends, to an address where one is given. */
    long send(SocketHandle s, ByteBuffer[] buffers, int flags, SocketAddress to, boolean hasTo, Request request)
            throws WinsockException {
        for (ByteBuffer buffer : buffers) {
            present(buffer);
        }
        if (request != null) {
            return sendOverlapped(s, buffers, flags, to, hasTo, request);
        }
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            NativeBuffers data = new NativeBuffers(buffers, scratch::allocate, true);
            long cells = scratch.zeroed(CELLS);
            int rc = callSend(s, data, flags, to, hasTo, cells, scratch.allocate(Sockaddrs.MOST), 0, 0, 0);
            return rc == 0 ? Integer.toUnsignedLong(Memory.getInt(cells)) : Answers.outcome("WSPSend", cells + ERRNO);
        } finally {
            scratch.release(mark);
            Reference.reachabilityFence(buffers);
        }
    }

    private int callSend(
            SocketHandle s, NativeBuffers data, int flags, SocketAddress to, boolean hasTo, long cells, long toRoom,
            long block, long routine, long thread) {
        long number = session.socketNumber(s);
        if (!hasTo) {
            return Downcalls.call(
                    send, number, data.address(), data.count(), cells, flags, block, routine, thread, cells + ERRNO);
        }
        int toLength = Sockaddrs.put(toRoom, to);
        return Downcalls.call(
                sendTo, number, data.address(), data.count(), cells, flags, to == null ? 0 : toRoom, toLength, block,
                routine, thread, cells + ERRNO);
    }

    private long sendOverlapped(
            SocketHandle s, ByteBuffer[] buffers, int flags, SocketAddress to, boolean hasTo, Request request)
            throws WinsockException {
        OperationMemory memory = new OperationMemory(NativeBuffers.needed(buffers) + CELLS + Sockaddrs.MOST, buffers);
        NativeBuffers data = new NativeBuffers(buffers, memory::allocate, true);
        long cells = memory.allocate(CELLS);
        long toRoom = memory.allocate(Sockaddrs.MOST);
        Overlap overlap = begin(request, memory, (bytes, resultFlags) -> {});
        int rc = callSend(
                s, data, flags, to, hasTo, cells, toRoom, overlap.block(), overlap.routine(), overlap.thread());
        return ended("WSPSend", overlap, rc, cells);
    }

    /** Receives, and tells from where if that is wanted. */
    long receive(SocketHandle s, ByteBuffer[] buffers, ReceiveResult result, boolean wantsFrom, Request request)
            throws WinsockException {
        for (ByteBuffer buffer : buffers) {
            present(buffer);
        }
        if (request != null) {
            return receiveOverlapped(s, buffers, result, wantsFrom, request);
        }
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            NativeBuffers data = new NativeBuffers(buffers, scratch::allocate, false);
            long cells = scratch.zeroed(CELLS);
            long from = wantsFrom ? scratch.zeroed(Sockaddrs.MOST) : 0;
            int rc = callReceive(s, data, result, cells, from, 0, 0, 0);
            if (rc != 0) {
                return receiveFailed(data, buffers, result, cells, from);
            }
            int bytes = Memory.getInt(cells);
            checkBytes(bytes, buffers);
            data.deliver(bytes);
            tell(result, Memory.getInt(cells + FLAGS), cells, from);
            return Integer.toUnsignedLong(bytes);
        } finally {
            scratch.release(mark);
            Reference.reachabilityFence(buffers);
        }
    }

    private static void checkBytes(int bytes, ByteBuffer[] buffers) throws WinsockException {
        if (bytes < 0 || bytes > BufferArray.total(buffers, 0, buffers.length)) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE,
                    "the provider's WSPRecv received " + bytes + " bytes");
        }
    }

    /** Of a message that is too long the buffers hold the beginning. */
    private static long receiveFailed(
            NativeBuffers data, ByteBuffer[] buffers, ReceiveResult result, long cells, long from)
            throws WinsockException {
        if (Memory.getInt(cells + ERRNO) == WsaError.WSAEMSGSIZE.code()) {
            data.deliver(BufferArray.total(buffers, 0, buffers.length));
            tell(result, Memory.getInt(cells + FLAGS), cells, from);
        }
        return Answers.outcome("WSPRecv", cells + ERRNO);
    }

    private int callReceive(
            SocketHandle s, NativeBuffers data, ReceiveResult result, long cells, long from, long block, long routine,
            long thread) {
        long number = session.socketNumber(s);
        Memory.putInt(cells + FLAGS, result == null ? 0 : result.flags());
        Memory.putInt(cells + LENGTH, Sockaddrs.MOST);
        if (from == 0) {
            return Downcalls.call(
                    recv, number, data.address(), data.count(), cells, cells + FLAGS, block, routine, thread,
                    cells + ERRNO);
        }
        return Downcalls.call(
                recvFrom, number, data.address(), data.count(), cells, cells + FLAGS, from, cells + LENGTH, block,
                routine, thread, cells + ERRNO);
    }

    private static void tell(ReceiveResult result, int flags, long cells, long from) throws WinsockException {
        if (result == null) {
            return;
        }
        result.flags(flags);
        int length = Memory.getInt(cells + LENGTH);
        if (from != 0 && length > 0 && length <= Sockaddrs.MOST && Memory.getShort(from) != 0) {
            result.from(Sockaddrs.get(from, length));
        }
    }

    private long receiveOverlapped(
            SocketHandle s, ByteBuffer[] buffers, ReceiveResult result, boolean wantsFrom, Request request)
            throws WinsockException {
        OperationMemory memory = new OperationMemory(NativeBuffers.needed(buffers) + CELLS + Sockaddrs.MOST, buffers);
        NativeBuffers data = new NativeBuffers(buffers, memory::allocate, false);
        long cells = memory.allocate(CELLS);
        long from = wantsFrom ? memory.allocate(Sockaddrs.MOST) : 0;
        Overlap overlap = begin(request, memory, (bytes, flags) -> {
            data.deliver(Math.clamp(bytes, 0, BufferArray.total(buffers, 0, buffers.length)));
            try {
                tell(result, flags, cells, from);
            } catch (WinsockException e) {
                library.report("the source address of a receive", e);
            }
        });
        int rc = callReceive(s, data, result, cells, from, overlap.block(), overlap.routine(), overlap.thread());
        return ended("WSPRecv", overlap, rc, cells);
    }

    /** What C gets of an overlapped call; the twin is null for a block of C's own. */
    record Overlap(long block, long routine, long thread, Twin twin, NativeOperation operation) {}

    Overlap begin(Request request, OperationMemory memory, NativeOperation.Results results) {
        long thread = session.threadIds().address(request.thread());
        if (request.block() instanceof NativeOverlapped view) {
            NativeOperation passing = new NativeOperation(view, request.routine(), memory, results);
            session.passing(view.address(), passing);
            Memory.putLongRelease(view.address(), UNTOUCHED);
            return new Overlap(view.address(), routine(request), thread, null, passing);
        }
        NativeOperation operation =
                new NativeOperation(request.block(), request.routine(), memory, results);
        Twin twin = session.twins().of(request.block());
        twin.begin(operation, session.eventNumber(request.block().hEvent()));
        return new Overlap(twin.address(), routine(request), thread, twin, operation);
    }

    private long routine(Request request) {
        return request.routine() == null ? 0 : library.callbacks().completion();
    }

    long ended(String call, Overlap overlap, int rc, long cells) throws WinsockException {
        try {
            if (rc == 0) {
                int bytes = Memory.getInt(cells);
                overlap.operation().deliver(bytes, Memory.getInt(cells + FLAGS));
                if (overlap.routine() == 0 && replaceUntouched(overlap, 0)) {
                    ignored(overlap);
                }
                return Integer.toUnsignedLong(bytes);
            }
            int error = Memory.getInt(cells + ERRNO);
            if (error == WsaError.WSA_IO_PENDING.code()) {
                replaceUntouched(overlap, WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
            } else {
                abandon(overlap, error);
            }
            return error == WsaError.WSA_IO_PENDING.code() ? WspResult.IO_PENDING
                    : Answers.outcome(call, cells + ERRNO);
        } finally {
            Reference.reachabilityFence(overlap);
        }
    }

    /** Replaces the status of a block that C has left alone. {@return whether it has} */
    private static boolean replaceUntouched(Overlap overlap, long status) {
        return Memory.compareAndSetLong(overlap.block(), UNTOUCHED, status);
    }

    /** The call was a synchronous one, since the socket was not made for others: the block has nothing to do with it. */
    private void ignored(Overlap overlap) {
        if (overlap.twin() != null) {
            overlap.twin().ignored(overlap.operation());
        } else {
            session.notPassing(overlap.block(), overlap.operation());
        }
    }

    private void abandon(Overlap overlap, int error) {
        if (overlap.twin() != null) {
            overlap.twin().abandon(error);
        } else {
            session.notPassing(overlap.block(), overlap.operation());
        }
    }

    static int errno(long cells) {
        return Memory.getInt(cells + ERRNO);
    }

    static long errnoCell(long cells) {
        return cells + ERRNO;
    }

    /** Memory that lasts as long as somebody knows the operation, and so does what C uses outside it. */
    static final class OperationMemory {
        private final MemorySegment segment;

        /** Never read, but reachable: buffers that lie where they are, files whose numbers C has. */
        @SuppressWarnings("UnusedVariable")
        private final Object kept;

        /** What found no room in the segment. */
        private final List<MemorySegment> outside = new ArrayList<>(0);

        private long used;

        OperationMemory(long bytes, Object kept) {
            segment = Arena.ofAuto().allocate(bytes + 64, 16);
            this.kept = kept;
        }

        long allocate(long bytes) {
            long rounded = (bytes + 15) & ~15L;
            if (rounded > segment.byteSize() - used) {
                MemorySegment more = Arena.ofAuto().allocate(rounded, 16);
                outside.add(more);
                return more.address();
            }
            long address = segment.address() + used;
            used += rounded;
            return address;
        }
    }
}

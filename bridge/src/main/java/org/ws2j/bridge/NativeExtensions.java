package org.ws2j.bridge;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitFileBuffers;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaRecvMsg;
import org.ws2j.spi.WsaSendMsg;

/** Extension functions that a provider in C has answered with, as objects. */
final class NativeExtensions {
    private static final int FILE_BUFFERS = 32;
    private static final int ELEMENT = 24;
    private static final int TP_ELEMENT_MEMORY = 1;
    private static final int TP_ELEMENT_FILE = 2;
    private static final int TP_ELEMENT_EOP = 4;

    private final NativeLibrary library;
    private final Session session;
    private final NativeTransfers transfers;

    NativeExtensions(NativeLibrary library, Session session, NativeTransfers transfers) {
        this.library = library;
        this.session = session;
        this.transfers = transfers;
    }

    /**
     * Makes an object of a function.
     *
     * @param id the identifier that was asked for
     * @param address what C has answered
     * @return the function, of the type that belongs to the identifier
     * @throws WinsockException {@code WSAEINVAL} if nobody knows its form; {@code WSASYSCALLFAILURE} if it is no address
     */
    Object function(Object id, Object address) throws WinsockException {
        ExtensionKind kind = ExtensionKind.of(id).orElseThrow(() -> new WinsockException(
                WsaError.WSAEINVAL, "function " + id + " does not pass between C and Java"));
        if (!(address instanceof Long pointer) || !Memory.isPointer(pointer, 1)) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, kind + " of " + library + " is " + address);
        }
        MemorySegment f = Memory.function(pointer);
        return switch (kind) {
            case ACCEPT_EX -> (AcceptEx) (listener, target, output, data, local, remote, block) -> acceptEx(f, listener,
                    target, new Rooms(output, data, local, remote), block);
            case GET_ACCEPT_EX_SOCKADDRS -> (GetAcceptExSockaddrs) (output, data, local, remote, lHolder,
                    rHolder) -> getAcceptExSockaddrs(f, new Rooms(output, data, local, remote), lHolder, rHolder);
            case CONNECT_EX -> (ConnectEx) (s, name, data, block) -> connectEx(f, s, name, data, block);
            case DISCONNECT_EX -> (DisconnectEx) (s, block, flags) -> disconnectEx(f, s, block, flags);
            case TRANSMIT_FILE -> (TransmitFile) (s, file, bytes, perSend, block, around, flags) -> transmitFile(f, s,
                    new Part(file, bytes, perSend), block, around, flags);
            case TRANSMIT_PACKETS -> (TransmitPackets) (s, elements, count, size, block, flags) -> transmitPackets(f, s,
                    elements, count, size, block, flags);
            case WSA_RECV_MSG -> (WsaRecvMsg) (s, message, block, routine) -> recvMsg(f, s, message, block, routine);
            case WSA_SEND_MSG ->
                (WsaSendMsg) (s, message, flags, block, routine) -> sendMsg(f, s, message, flags, block, routine);
        };
    }

    /** A call of a function in C. */
    @FunctionalInterface
    private interface Down {
        /**
         * Makes it.
         *
         * @param block the address of the overlapped block, 0 for none
         * @param routine the address of the completion routine, 0 for none
         * @param lpBytes where the count goes
         * @return what C gives back
         */
        int call(long block, long routine, long lpBytes);
    }

    /** What an operation is given beside its own parameters. */
    private record Started(
            ExtensionKind kind, WsaOverlapped block, WsaCompletionRoutine routine,
            NativeTransfers.OperationMemory memory, NativeOperation.Results results) {}

    private long run(Started started, Down down) throws WinsockException {
        long cells = started.memory.allocate(NativeTransfers.CELLS);
        library.binding().services().wsaSetLastError(0);
        if (started.block == null) {
            return runSynchronously(started, down, cells);
        }
        NativeTransfers.Overlap overlap = transfers.begin(
                new NativeTransfers.Request(started.block, started.routine, null), started.memory, started.results);
        int answer = down.call(overlap.block(), overlap.routine(), cells);
        boolean isDone = answer == started.kind.success();
        if (!isDone) {
            Memory.putInt(NativeTransfers.errnoCell(cells), lastError());
        } else if (Memory.getInt(cells) == 0) {
            // Some have no other place for the count.
            Memory.putInt(cells, (int) Memory.getLong(overlap.block() + 8));
        }
        return transfers.ended(started.kind.toString(), overlap, isDone ? 0 : -1, cells);
    }

    private long runSynchronously(Started started, Down down, long cells) throws WinsockException {
        try {
            int answer = down.call(0, 0, cells);
            if (answer == started.kind.success()) {
                started.results.take(Memory.getInt(cells), 0);
                return Integer.toUnsignedLong(Memory.getInt(cells));
            }
            Memory.putInt(NativeTransfers.errnoCell(cells), lastError());
            if (NativeTransfers.errno(cells) == WsaError.WSAEMSGSIZE.code()) {
                started.results.take(Integer.MAX_VALUE, 0);
            }
            return Answers.outcome(started.kind.toString(), NativeTransfers.errnoCell(cells));
        } finally {
            Reference.reachabilityFence(started);
        }
    }

    /** {@return what the function has told the thread; it fails with something, even if it does not say with what} */
    private int lastError() throws WinsockException {
        int error = library.binding().services().wsaGetLastError();
        return error != 0 ? error : failing(WsaError.WSASYSCALLFAILURE).code();
    }

    private WinsockException refused(WsaError error, String why) throws WinsockException {
        return new WinsockException(failing(error), why);
    }

    private WsaError failing(WsaError error) throws WinsockException {
        library.binding().services().wsaSetLastError(error.code());
        return error;
    }

    private static NativeTransfers.OperationMemory memory(long bytes, Object kept) {
        return new NativeTransfers.OperationMemory(bytes + NativeTransfers.CELLS + 16, kept);
    }

    private static final NativeOperation.Results NOTHING = (bytes, flags) -> {};

    // Connections

    /** The buffer of AcceptEx, which C cannot check: it gets no length of the whole. */
    private record Rooms(ByteBuffer output, int data, int local, int remote) {
        boolean fits() {
            long total = (long) data + local + remote;
            return output != null && data >= 0 && local >= 0 && remote >= 0 && total <= output.remaining();
        }

        int total() {
            return data + local + remote;
        }

        ByteBuffer[] array() {
            return new ByteBuffer[] {output.duplicate().limit(output.position() + total())};
        }
    }

    private long acceptEx(
            MemorySegment f, SocketHandle listener, SocketHandle target, Rooms rooms, WsaOverlapped block)
            throws WinsockException {
        if (block == null) {
            throw refused(WsaError.WSA_INVALID_PARAMETER, "AcceptEx has no synchronous form");
        }
        if (!rooms.fits() || rooms.output.isReadOnly()) {
            throw refused(WsaError.WSAEFAULT, "the buffer has not the rooms that the lengths say");
        }
        NativeTransfers.OperationMemory memory = memory(NativeBuffers.needed(rooms.array()), rooms);
        NativeBuffers data = new NativeBuffers(rooms.array(), memory::allocate, false);
        Started started = new Started(
                ExtensionKind.ACCEPT_EX, block, null, memory, (bytes, flags) -> data.deliver(rooms.total()));
        return run(started, (lpBlock, routine, lpBytes) -> Downcalls.call(
                f, session.socketNumber(listener), session.socketNumber(target), Memory.getLong(data.address() + 8),
                rooms.data, rooms.local, rooms.remote, lpBytes, lpBlock));
    }

    private static void getAcceptExSockaddrs(
            MemorySegment f, Rooms rooms, AddressHolder local, AddressHolder remote) {
        local.address(null);
        remote.address(null);
        if (!rooms.fits()) {
            return;
        }
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            long copy = scratch.allocate(Math.max(rooms.total(), 1));
            BufferArray.copyIn(rooms.array()[0], copy);
            long cells = scratch.zeroed(32);
            Downcalls.run(f, copy, rooms.data, rooms.local, rooms.remote, cells, cells + 8, cells + 16, cells + 24);
            local.address(addressIn(copy, rooms.total(), cells));
            remote.address(addressIn(copy, rooms.total(), cells + 16));
        } finally {
            scratch.release(mark);
        }
    }

    /** {@return an address that C points to; null if it does not lie in the buffer, or is none} */
    private static SocketAddress addressIn(long buffer, int size, long cells) {
        long place = Memory.getLong(cells) - buffer;
        int length = Memory.getInt(cells + 8);
        if (place < 0 || length <= 0 || place + length > size) {
            return null;
        }
        try {
            return Sockaddrs.get(buffer + place, length);
        } catch (WinsockException e) {
            return null; // GetAcceptExSockaddrs has no way to fail: what is no address is not there.
        }
    }

    private long connectEx(
            MemorySegment f, SocketHandle s, SocketAddress name, ByteBuffer buffer, WsaOverlapped block)
            throws WinsockException {
        if (block == null) {
            throw refused(WsaError.WSA_INVALID_PARAMETER, "ConnectEx has no synchronous form");
        }
        ByteBuffer[] buffers = {buffer == null ? ByteBuffer.allocateDirect(0) : buffer};
        NativeTransfers.OperationMemory memory = memory(NativeBuffers.needed(buffers) + Sockaddrs.MOST, buffers);
        NativeBuffers data = new NativeBuffers(buffers, memory::allocate, true);
        long room = memory.allocate(Sockaddrs.MOST);
        int length = Sockaddrs.put(room, name);
        Started started = new Started(ExtensionKind.CONNECT_EX, block, null, memory, NOTHING);
        return run(started, (lpBlock, routine, lpBytes) -> Downcalls.call(
                f, session.socketNumber(s), name == null ? 0 : room, length,
                buffer == null ? 0 : Memory.getLong(data.address() + 8), buffers[0].remaining(), lpBytes, lpBlock));
    }

    private long disconnectEx(MemorySegment f, SocketHandle s, WsaOverlapped block, int flags)
            throws WinsockException {
        Started started = new Started(ExtensionKind.DISCONNECT_EX, block, null, memory(0, null), NOTHING);
        return run(started, (lpBlock, routine, lpBytes) -> Downcalls.call(
                f, session.socketNumber(s), lpBlock, flags, 0));
    }

    // Transmissions

    /** What is sent of a file. */
    private record Part(FileChannel file, long bytes, int perSend) {
        /** {@return how much a synchronous call sends: C does not count} */
        long count() throws IOException {
            return file == null ? 0 : rest(file, file.position(), bytes);
        }
    }

    private static long rest(FileChannel file, long offset, long wanted) throws IOException {
        long rest = Math.max(0, file.size() - offset);
        return wanted == 0 ? rest : Math.min(wanted, rest);
    }

    /** A size, read when all of it was sent. */
    @FunctionalInterface
    private interface Count {
        long get() throws IOException;
    }

    /** C gives back no count; a synchronous call has sent everything. */
    private long runAll(Started started, Count count, Down down) throws WinsockException {
        if (started.block != null) {
            return run(started, down);
        }
        try {
            long bytes = count.get();
            long result = run(started, down);
            return result < 0 ? result : bytes;
        } catch (WinsockException e) {
            throw e;
        } catch (IOException e) {
            throw new WinsockException(failing(WsaError.WSAEFAULT), "a file that cannot be read", e);
        }
    }

    private long transmitFile(
            MemorySegment f, SocketHandle s, Part part, WsaOverlapped block, TransmitFileBuffers around, int flags)
            throws WinsockException {
        if (part.bytes < 0 || part.bytes > Integer.MAX_VALUE || part.perSend < 0) {
            throw refused(WsaError.WSAEINVAL, part.bytes + " bytes in sends of " + part.perSend);
        }
        ByteBuffer[] buffers = {
                orEmpty(around == null ? null : around.head()), orEmpty(around == null ? null : around.tail())};
        NativeTransfers.OperationMemory memory = memory(
                NativeBuffers.needed(buffers) + FILE_BUFFERS, List.of(part, buffers));
        NativeBuffers data = new NativeBuffers(buffers, memory::allocate, true);
        long rooms = memory.allocate(FILE_BUFFERS);
        for (int i = 0; i < 2; i++) {
            Memory.putLong(rooms + 16L * i, Memory.getLong(data.address() + 16L * i + 8));
            Memory.putInt(rooms + 16L * i + 8, buffers[i].remaining());
        }
        Started started = new Started(ExtensionKind.TRANSMIT_FILE, block, null, memory, NOTHING);
        long lpTransmitBuffers = around == null ? 0 : rooms;
        return runAll(started, () -> part.count() + buffers[0].remaining() + buffers[1].remaining(),
                (lpBlock, routine, lpBytes) -> Downcalls.call(
                        f, session.socketNumber(s), session.fileNumber(part.file), (int) part.bytes, part.perSend,
                        lpBlock, lpTransmitBuffers, flags));
    }

    private static ByteBuffer orEmpty(ByteBuffer buffer) {
        return buffer == null ? ByteBuffer.allocateDirect(0) : buffer;
    }

    private long transmitPackets(
            MemorySegment f, SocketHandle s, TransmitPacketsElement[] elements, int count, int sendSize,
            WsaOverlapped block, int flags) throws WinsockException {
        checkElements(elements, count);
        TransmitPacketsElement[] captured = java.util.Arrays.copyOf(elements, count);
        ByteBuffer[] buffers = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = captured[i] instanceof TransmitPacketsElement.Memory one ? one.buffer() : orEmpty(null);
        }
        NativeTransfers.OperationMemory memory = memory(
                NativeBuffers.needed(buffers) + (long) ELEMENT * count + 16, captured);
        NativeBuffers data = new NativeBuffers(buffers, memory::allocate, true);
        long array = memory.allocate((long) ELEMENT * count);
        for (int i = 0; i < count; i++) {
            put(array + (long) ELEMENT * i, captured[i], data.address() + 16L * i);
        }
        Started started = new Started(ExtensionKind.TRANSMIT_PACKETS, block, null, memory, NOTHING);
        return runAll(started, () -> total(captured),
                (lpBlock, routine, lpBytes) -> Downcalls.call(
                        f, session.socketNumber(s), array, count, sendSize, lpBlock, flags));
    }

    private void checkElements(TransmitPacketsElement[] elements, int count) throws WinsockException {
        if (count < 0) {
            throw refused(WsaError.WSAEINVAL, count + " elements");
        }
        if (elements == null || elements.length < count) {
            throw refused(WsaError.WSAEFAULT, "the array has not that many elements");
        }
        for (int i = 0; i < count; i++) {
            switch (elements[i]) {
                case TransmitPacketsElement.Memory memory when memory.buffer() != null -> {}
                case TransmitPacketsElement.File file when file.file() != null -> checkLength(file.length());
                case null, default -> throw refused(WsaError.WSAEFAULT, "element " + i + " has nothing in it");
            }
        }
    }

    private void checkLength(long length) throws WinsockException {
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw refused(WsaError.WSAEINVAL, length + " bytes of a file");
        }
    }

    private void put(long address, TransmitPacketsElement element, long buffer) {
        int end = element.endsPacket() ? TP_ELEMENT_EOP : 0;
        switch (element) {
            case TransmitPacketsElement.Memory memory -> {
                Memory.putInt(address, TP_ELEMENT_MEMORY | end);
                Memory.putInt(address + 4, memory.buffer().remaining());
                Memory.putLong(address + 8, Memory.getLong(buffer + 8));
            }
            case TransmitPacketsElement.File file -> {
                Memory.putInt(address, TP_ELEMENT_FILE | end);
                Memory.putInt(address + 4, (int) file.length());
                Memory.putLong(address + 8, file.offset());
                Memory.putLong(address + 16, session.fileNumber(file.file()));
            }
        }
    }

    private static long total(TransmitPacketsElement[] elements) throws IOException {
        long sum = 0;
        for (TransmitPacketsElement element : elements) {
            sum += switch (element) {
                case TransmitPacketsElement.Memory memory -> memory.buffer().remaining();
                case TransmitPacketsElement.File file -> rest(
                        file.file(), file.offset() < 0 ? file.file().position() : file.offset(), file.length());
            };
        }
        return sum;
    }

    // Messages

    private long recvMsg(
            MemorySegment f, SocketHandle s, WsaMsg message, WsaOverlapped block, WsaCompletionRoutine routine)
            throws WinsockException {
        Messages.Laid laid = laid(message, false);
        checkPort(s, block, routine);
        Started started = new Started(ExtensionKind.WSA_RECV_MSG, block, routine, laid.memory(), (bytes, flags) -> {
            try {
                laid.deliver(bytes);
            } catch (WinsockException e) {
                library.report("the source address of a message", e);
            }
        });
        return run(started, (lpBlock, lpRoutine, lpBytes) -> Downcalls.call(
                f, session.socketNumber(s), laid.address(), lpBytes, lpBlock, lpRoutine));
    }

    private Messages.Laid laid(WsaMsg message, boolean isSend) throws WinsockException {
        if (!Messages.isWhole(message)) {
            throw refused(WsaError.WSAEFAULT, "no message, or no buffers");
        }
        ByteBuffer[] buffers = message.buffers().clone();
        return new Messages.Laid(message, buffers, memory(Messages.needed(message), buffers), isSend);
    }

    /** A completion routine and a completion port exclude each other. Nobody tells C of a port of its own handles. */
    private void checkPort(SocketHandle s, WsaOverlapped block, WsaCompletionRoutine routine) throws WinsockException {
        if (block != null && routine != null && library.binding().services().ports().isAssociated(s)) {
            throw refused(WsaError.WSAEINVAL, "a completion routine on " + s + ", which has a completion port");
        }
    }

    private long sendMsg(
            MemorySegment f, SocketHandle s, WsaMsg message, int flags, WsaOverlapped block,
            WsaCompletionRoutine routine) throws WinsockException {
        Messages.Laid laid = laid(message, true);
        checkPort(s, block, routine);
        Started started = new Started(ExtensionKind.WSA_SEND_MSG, block, routine, laid.memory(), NOTHING);
        return run(started, (lpBlock, lpRoutine, lpBytes) -> Downcalls.call(
                f, session.socketNumber(s), laid.address(), flags, lpBytes, lpBlock, lpRoutine));
    }
}

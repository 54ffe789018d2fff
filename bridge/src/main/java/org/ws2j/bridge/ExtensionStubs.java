package org.ws2j.bridge;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
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
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaRecvMsg;
import org.ws2j.spi.WsaSendMsg;

/**
 * The extension functions of a provider in Java as a layer in C calls them. A function belongs to the provider and not to the
 * socket that it was asked of; so one stub of each kind leads to what the provider has answered last.
 */
// The place of a kind's function is its ordinal.
@SuppressWarnings("EnumOrdinal")
final class ExtensionStubs {
    private static final int ADDRESS_OVERHEAD = AcceptEx.ADDRESS_OVERHEAD;
    private static final int FILE_BUFFERS = 32;
    private static final int ELEMENT = 24;
    private static final int MOST_ELEMENTS = 1 << 14;
    private static final int TP_ELEMENT_MEMORY = 1;
    private static final int TP_ELEMENT_FILE = 2;
    private static final int TP_ELEMENT_EOP = 4;

    private final NativeLibrary library;
    private final ProcFunctions provider;

    /** Guarded by itself: stubs are made when they are asked for, and stay. */
    private final Map<ExtensionKind, Long> stubs = new EnumMap<>(ExtensionKind.class);

    /** By kind: what the provider has answered last. */
    private final AtomicReferenceArray<Object> functions = new AtomicReferenceArray<>(ExtensionKind.values().length);

    ExtensionStubs(NativeLibrary library, ProcFunctions provider) {
        this.library = library;
        this.provider = provider;
    }

    /**
     * Makes a C function of one in Java.
     *
     * @param id the identifier that was asked for
     * @param function what the provider has answered
     * @return its address
     * @throws WinsockException {@code WSAEINVAL} if nobody knows its form
     */
    long address(Object id, Object function) throws WinsockException {
        Optional<ExtensionKind> kind = ExtensionKind.of(id).filter(known -> known.type().isInstance(function));
        if (kind.isEmpty()) {
            throw new WinsockException(WsaError.WSAEINVAL, "function " + id + " does not pass between C and Java");
        }
        functions.set(kind.get().ordinal(), function);
        synchronized (stubs) {
            return stubs.computeIfAbsent(kind.get(), this::stub);
        }
    }

    private long stub(ExtensionKind kind) {
        return Stubs.withoutErrno(this, kind.method(), kind.failure(), library::report);
    }

    /** The provider was cleaned up: its functions are gone. */
    void clear() {
        for (ExtensionKind kind : ExtensionKind.values()) {
            functions.set(kind.ordinal(), null);
        }
    }

    private <T> T function(ExtensionKind kind, Class<T> type) throws WinsockException {
        Object function = functions.get(kind.ordinal());
        if (function == null) {
            throw new WinsockException(WsaError.WSANOTINITIALISED, "the provider below was cleaned up");
        }
        return type.cast(function);
    }

    @FunctionalInterface
    private interface Call {
        long make() throws WinsockException;
    }

    /** Failures of extension functions, and expected outcomes, are the thread's last error. */
    private int told(ExtensionKind kind, Call call) throws WinsockException {
        try {
            long result = call.make();
            if (result >= 0) {
                return kind.success();
            }
            fails((int) -result);
        } catch (WinsockException e) {
            fails(e.code());
        } catch (RuntimeException e) {
            library.report(kind.toString(), e);
            fails(WsaError.WSASYSCALLFAILURE.code());
        }
        return kind.failure();
    }

    private void fails(int error) throws WinsockException {
        library.binding().services().wsaSetLastError(error);
    }

    private static long counted(long result, long lpBytes) throws WinsockException {
        if (result >= 0 && lpBytes != 0) {
            Memory.putInt(Pointers.required(lpBytes, Integer.BYTES), (int) result);
        }
        return result;
    }

    private SocketHandle handle(long s) throws WinsockException {
        return library.binding().session().socket(s);
    }

    private ProcFunctions.Overlap overlap(SocketHandle s, long lpOverlapped, long routine) throws WinsockException {
        return provider.overlap(s, lpOverlapped, routine, 0);
    }

    /** {@return C's memory; null where there is none} */
    private static ByteBuffer memory(long address, int length) throws WinsockException {
        if (length < 0) {
            throw new WinsockException(WsaError.WSAEFAULT, Integer.toUnsignedString(length) + " bytes");
        }
        return address == 0 || length == 0 ? null : Memory.buffer(Pointers.range(address, length), length);
    }

    // Connections

    int acceptEx(
            long sListenSocket, long sAcceptSocket, long lpOutputBuffer, int dataLength, int localLength,
            int remoteLength, long lpBytes, long lpOverlapped) throws WinsockException {
        return told(ExtensionKind.ACCEPT_EX, () -> {
            AcceptEx function = function(ExtensionKind.ACCEPT_EX, AcceptEx.class);
            SocketHandle listener = handle(sListenSocket);
            SocketHandle target = handle(sAcceptSocket);
            ByteBuffer output = acceptBuffer(lpOutputBuffer, dataLength, localLength, remoteLength);
            Pointers.optional(lpBytes, Integer.BYTES);
            ProcFunctions.Overlap overlap = overlap(listener, lpOverlapped, 0);
            long result = function.acceptEx(
                    listener, target, output, dataLength, localLength, remoteLength, overlap.block());
            overlap.started();
            return counted(result, lpBytes);
        });
    }

    private static ByteBuffer acceptBuffer(long address, int dataLength, int localLength, int remoteLength)
            throws WinsockException {
        long total = (long) dataLength + localLength + remoteLength;
        if (dataLength < 0 || localLength < 0 || remoteLength < 0 || total > Integer.MAX_VALUE) {
            throw new WinsockException(
                    WsaError.WSAEFAULT, "rooms of " + dataLength + ", " + localLength + " and " + remoteLength);
        }
        return memory(address, (int) total);
    }

    void getAcceptExSockaddrs(
            long lpOutputBuffer, int dataLength, int localLength, int remoteLength, long lpLocal, long lpLocalLength,
            long lpRemote, long lpRemoteLength) throws WinsockException {
        // It has no way to fail: what cannot be told stays as it is.
        told(ExtensionKind.GET_ACCEPT_EX_SOCKADDRS, () -> {
            GetAcceptExSockaddrs function =
                    function(ExtensionKind.GET_ACCEPT_EX_SOCKADDRS, GetAcceptExSockaddrs.class);
            ByteBuffer output = acceptBuffer(lpOutputBuffer, dataLength, localLength, remoteLength);
            AddressHolder local = new AddressHolder();
            AddressHolder remote = new AddressHolder();
            function.getAcceptExSockaddrs(output, dataLength, localLength, remoteLength, local, remote);
            long rooms = lpOutputBuffer + dataLength;
            putAddress(local.address(), rooms, localLength, lpLocal, lpLocalLength);
            putAddress(remote.address(), rooms + localLength, remoteLength, lpRemote, lpRemoteLength);
            return 0;
        });
    }

    /** C gets a pointer into its own buffer: to where the address lies, behind what the room has beside it. */
    private static void putAddress(SocketAddress address, long room, int roomLength, long lpAddress, long lpLength)
            throws WinsockException {
        Pointers.required(lpAddress, Long.BYTES);
        Pointers.required(lpLength, Integer.BYTES);
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            long place = scratch.zeroed(Sockaddrs.MOST);
            int length = Sockaddrs.put(place, address);
            boolean fits = length > 0 && ADDRESS_OVERHEAD + length <= roomLength;
            if (fits) {
                Memory.copy(place, room + ADDRESS_OVERHEAD, length);
            }
            Memory.putLong(lpAddress, fits ? room + ADDRESS_OVERHEAD : 0);
            Memory.putInt(lpLength, fits ? length : 0);
        } finally {
            scratch.release(mark);
        }
    }

    int connectEx(
            long s, long name, int namelen, long lpSendBuffer, int sendLength, long lpBytes, long lpOverlapped)
            throws WinsockException {
        return told(ExtensionKind.CONNECT_EX, () -> {
            ConnectEx function = function(ExtensionKind.CONNECT_EX, ConnectEx.class);
            SocketHandle socket = handle(s);
            SocketAddress peer = Sockaddrs.get(name, namelen);
            ByteBuffer data = memory(lpSendBuffer, sendLength);
            Pointers.optional(lpBytes, Integer.BYTES);
            ProcFunctions.Overlap overlap = overlap(socket, lpOverlapped, 0);
            long result = function.connectEx(socket, peer, data, overlap.block());
            overlap.started();
            return counted(result, lpBytes);
        });
    }

    int disconnectEx(long s, long lpOverlapped, int flags, int reserved) throws WinsockException {
        return told(ExtensionKind.DISCONNECT_EX, () -> {
            DisconnectEx function = function(ExtensionKind.DISCONNECT_EX, DisconnectEx.class);
            SocketHandle socket = handle(s);
            if (reserved != 0) {
                throw new WinsockException(WsaError.WSAEINVAL, "the reserved parameter is " + reserved);
            }
            ProcFunctions.Overlap overlap = overlap(socket, lpOverlapped, 0);
            long result = function.disconnectEx(socket, overlap.block(), flags);
            overlap.started();
            return result;
        });
    }

    // Transmissions

    int transmitFile(
            long s, long hFile, int bytes, int perSend, long lpOverlapped, long lpTransmitBuffers, int flags)
            throws WinsockException {
        return told(ExtensionKind.TRANSMIT_FILE, () -> {
            TransmitFile function = function(ExtensionKind.TRANSMIT_FILE, TransmitFile.class);
            SocketHandle socket = handle(s);
            var file = hFile == 0 ? null : library.binding().session().file(hFile);
            TransmitFileBuffers around = around(lpTransmitBuffers);
            ProcFunctions.Overlap overlap = overlap(socket, lpOverlapped, 0);
            long result = function.transmitFile(
                    socket, file, Integer.toUnsignedLong(bytes), perSend, overlap.block(), around, flags);
            overlap.started();
            return result;
        });
    }

    private static TransmitFileBuffers around(long address) throws WinsockException {
        if (address == 0) {
            return null;
        }
        Pointers.range(Pointers.required(address, Long.BYTES), FILE_BUFFERS);
        return new TransmitFileBuffers(
                memory(Memory.getLong(address), Memory.getInt(address + 8)),
                memory(Memory.getLong(address + 16), Memory.getInt(address + 24)));
    }

    int transmitPackets(long s, long lpPacketArray, int count, int sendSize, long lpOverlapped, int flags)
            throws WinsockException {
        return told(ExtensionKind.TRANSMIT_PACKETS, () -> {
            TransmitPackets function = function(ExtensionKind.TRANSMIT_PACKETS, TransmitPackets.class);
            SocketHandle socket = handle(s);
            TransmitPacketsElement[] elements = elements(lpPacketArray, count);
            ProcFunctions.Overlap overlap = overlap(socket, lpOverlapped, 0);
            long result = function.transmitPackets(socket, elements, count, sendSize, overlap.block(), flags);
            overlap.started();
            return result;
        });
    }

    private TransmitPacketsElement[] elements(long address, int count) throws WinsockException {
        if (count < 0 || count > MOST_ELEMENTS) {
            throw new WinsockException(WsaError.WSAEINVAL, Integer.toUnsignedString(count) + " elements");
        }
        if (count > 0) {
            Pointers.range(Pointers.required(address, Long.BYTES), (long) ELEMENT * count);
        }
        TransmitPacketsElement[] elements = new TransmitPacketsElement[count];
        for (int i = 0; i < count; i++) {
            elements[i] = element(address + (long) ELEMENT * i);
        }
        return elements;
    }

    private TransmitPacketsElement element(long address) throws WinsockException {
        int flags = Memory.getInt(address);
        int length = Memory.getInt(address + 4);
        boolean endsPacket = (flags & TP_ELEMENT_EOP) != 0;
        return switch (flags & ~TP_ELEMENT_EOP) {
            case TP_ELEMENT_MEMORY -> new TransmitPacketsElement.Memory(
                    bytes(Memory.getLong(address + 8), length), endsPacket);
            case TP_ELEMENT_FILE -> new TransmitPacketsElement.File(
                    library.binding().session().file(Memory.getLong(address + 16)),
                    Memory.getLong(address + 8), Integer.toUnsignedLong(length), endsPacket);
            default -> throw new WinsockException(
                    WsaError.WSAEINVAL, "an element of kind 0x" + Integer.toHexString(flags));
        };
    }

    /** {@return C's memory, of which there may be none if nothing is sent of it} */
    private static ByteBuffer bytes(long address, int length) throws WinsockException {
        ByteBuffer bytes = memory(address, length);
        if (bytes == null && length != 0) {
            throw Pointers.bad(address);
        }
        return bytes == null ? ByteBuffer.allocateDirect(0) : bytes;
    }

    // Messages

    int recvMsg(long s, long lpMsg, long lpBytes, long lpOverlapped, long routine) throws WinsockException {
        return told(ExtensionKind.WSA_RECV_MSG, () -> {
            WsaRecvMsg function = function(ExtensionKind.WSA_RECV_MSG, WsaRecvMsg.class);
            SocketHandle socket = handle(s);
            WsaMsg message = Messages.get(lpMsg, false);
            Pointers.optional(lpBytes, Integer.BYTES);
            ProcFunctions.Overlap overlap = overlap(socket, lpOverlapped, routine);
            if (overlap.block() != null) {
                overlap.block().beforeEnd(() -> putBack(lpMsg, message));
            }
            try {
                long result = function.wsaRecvMsg(socket, message, overlap.block(), overlap.routine());
                overlap.started();
                if (result >= 0 && overlap.block() == null) {
                    putBack(lpMsg, message);
                }
                return counted(result, lpBytes);
            } catch (WinsockException e) {
                if (e.is(WsaError.WSAEMSGSIZE) && overlap.block() == null) {
                    putBack(lpMsg, message);
                }
                throw e;
            }
        });
    }

    private void putBack(long lpMsg, WsaMsg message) {
        try {
            Messages.putBack(lpMsg, message);
        } catch (WinsockException e) {
            library.report("the source address of a message", e);
        }
    }

    int sendMsg(long s, long lpMsg, int flags, long lpBytes, long lpOverlapped, long routine)
            throws WinsockException {
        return told(ExtensionKind.WSA_SEND_MSG, () -> {
            WsaSendMsg function = function(ExtensionKind.WSA_SEND_MSG, WsaSendMsg.class);
            SocketHandle socket = handle(s);
            WsaMsg message = Messages.get(lpMsg, true);
            Pointers.optional(lpBytes, Integer.BYTES);
            ProcFunctions.Overlap overlap = overlap(socket, lpOverlapped, routine);
            long result = function.wsaSendMsg(socket, message, flags, overlap.block(), overlap.routine());
            overlap.started();
            return counted(result, lpBytes);
        });
    }
}

package org.ws2j.provider.extension;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitFileBuffers;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaRecvMsg;
import org.ws2j.spi.WsaSendMsg;

/** The extension functions of one started base provider, and the operations that they have under way. */
public final class Extensions {
    /** As a size of sends: whatever the elements say. */
    private static final int SIZE_OF_ELEMENTS = -1;

    private static final int HINTS =
            TransmitFlag.TF_WRITE_BEHIND | TransmitFlag.TF_USE_SYSTEM_THREAD | TransmitFlag.TF_USE_KERNEL_APC;

    /** A call of an extension function. */
    @FunctionalInterface
    private interface Call {
        long make() throws WinsockException;
    }

    private final ExtensionBase base;
    private final Map<UUID, Object> functions;
    private final MessageCalls messages = new MessageCalls(this);
    private final ChunkPool chunks = new ChunkPool();
    private final Set<ClientOperation> operations = ConcurrentHashMap.newKeySet();

    /** By the identity of a socket; only of sockets that have transmissions. */
    private final Map<Object, TransmissionQueue> queues = new ConcurrentHashMap<>();

    /**
     * Makes the functions of a provider.
     *
     * @param base the provider
     */
    public Extensions(ExtensionBase base) {
        this.base = base;
        AcceptEx accept = this::acceptEx;
        GetAcceptExSockaddrs addresses = AcceptBuffer::read;
        ConnectEx connect = this::connectEx;
        DisconnectEx disconnect = this::disconnectEx;
        TransmitFile file = this::transmitFile;
        TransmitPackets packets = this::transmitPackets;
        WsaRecvMsg receive = (s, m, o, r) -> told(() -> messages.receive(base.socket(s), m, o, r));
        WsaSendMsg send = (s, m, flags, o, r) -> told(() -> messages.send(base.socket(s), m, flags, o, r));
        this.functions = Map.of(
                ExtensionFunction.WSAID_ACCEPTEX, accept,
                ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS, addresses,
                ExtensionFunction.WSAID_CONNECTEX, connect,
                ExtensionFunction.WSAID_DISCONNECTEX, disconnect,
                ExtensionFunction.WSAID_TRANSMITFILE, file,
                ExtensionFunction.WSAID_TRANSMITPACKETS, packets,
                ExtensionFunction.WSAID_WSARECVMSG, receive,
                ExtensionFunction.WSAID_WSASENDMSG, send);
    }

    /**
     * SIO_GET_EXTENSION_FUNCTION_POINTER.
     *
     * @param in the input
     * @param out receives the function
     * @throws WinsockException {@code WSAEFAULT} if the input is no GUID or there is no output; {@code WSAEINVAL} for a GUID
     *     that is not known
     */
    public void answer(Object in, IoctlResult out) throws WinsockException {
        if (!(in instanceof UUID id) || out == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "a UUID in and room for a function out");
        }
        Object function = functions.get(id);
        if (function == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "no extension function " + id);
        }
        out.value(function);
    }

    /**
     * Tells whether an option is for sockets that extension functions have connected.
     *
     * @param level the level
     * @param name the name
     * @return whether it is SO_UPDATE_ACCEPT_CONTEXT or SO_UPDATE_CONNECT_CONTEXT
     */
    public static boolean isContext(int level, int name) {
        return level == SocketOption.SOL_SOCKET
                && (name == SocketOption.SO_UPDATE_ACCEPT_CONTEXT || name == SocketOption.SO_UPDATE_CONNECT_CONTEXT);
    }

    /**
     * Sets SO_UPDATE_ACCEPT_CONTEXT or SO_UPDATE_CONNECT_CONTEXT.
     *
     * @param s the socket
     * @param name which of them
     * @param value the listening socket for the former; of no concern to the latter
     * @throws WinsockException {@code WSAENOTSOCK}; {@code WSAENOPROTOOPT} on a connectionless socket; {@code WSAENOTCONN};
     *     {@code WSAEFAULT} for a value that is no socket; {@code WSAEINVAL} for one that does not listen
     */
    public void setContext(SocketHandle s, int name, Object value) throws WinsockException {
        ExtensionSocket socket = base.socket(s);
        if (socket.info().isConnectionless()) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, s + " has no connections");
        }
        if (name == SocketOption.SO_UPDATE_CONNECT_CONTEXT) {
            socket.updateConnectContext();
            return;
        }
        if (!(value instanceof SocketHandle listener)) {
            throw new WinsockException(WsaError.WSAEFAULT, "the option takes the listening socket");
        }
        socket.updateAcceptContext(base.socket(listener));
    }

    /** The last clean-up: ends what is left, without an indication. The sockets are closed. */
    public void shutDown() {
        operations.forEach(ClientOperation::cleanUp);
        operations.clear();
        queues.clear();
    }

    ExtensionBase base() {
        return base;
    }

    void add(ClientOperation operation) {
        operations.add(operation);
    }

    void remove(ClientOperation operation) {
        operations.remove(operation);
    }

    /** Makes every outcome that is not success the last error of the thread. */
    private long told(Call call) throws WinsockException {
        try {
            long result = call.make();
            if (result < 0) {
                base.services().wsaSetLastError((int) -result);
            }
            return result;
        } catch (WinsockException e) {
            base.services().wsaSetLastError(e.code());
            throw e;
        }
    }

    // Connections

    private long acceptEx(SocketHandle listen, SocketHandle accept, ByteBuffer buffer, int dataLength, int localLength,
            int remoteLength, WsaOverlapped block) throws WinsockException {
        return told(() -> {
            checkBlock(block);
            block.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS); // Where bad parameters leave it, as on Windows.
            ExtensionSocket listener = stream(listen);
            ExtensionSocket target = stream(accept);
            if (listener.info().addressFamily() != target.info().addressFamily()) {
                throw new WinsockException(WsaError.WSAEINVAL, "two families of addresses");
            }
            AcceptBuffer output = AcceptBuffer.of(buffer, dataLength, localLength, remoteLength);
            return accept(listener, target, new AcceptOperation(this, listener, target, output, block));
        });
    }

    private static long accept(ExtensionSocket listener, ExtensionSocket target, AcceptOperation operation)
            throws WinsockException {
        operation.begin();
        try {
            listener.accept(target, operation);
        } catch (WinsockException e) {
            operation.fail(e);
        }
        try {
            return operation.started();
        } catch (WinsockException e) {
            operation.block().internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
            throw e;
        }
    }

    private long connectEx(SocketHandle s, SocketAddress name, ByteBuffer data, WsaOverlapped block)
            throws WinsockException {
        return told(() -> {
            checkBlock(block);
            ExtensionSocket socket = stream(s);
            InetSocketAddress peer = socket.peer(name);
            ConnectOperation operation = new ConnectOperation(this, socket, data, block);
            operation.begin();
            try {
                socket.connect(peer, operation);
            } catch (WinsockException e) {
                operation.fail(e);
            }
            return operation.started();
        });
    }

    private static void checkBlock(WsaOverlapped block) throws WinsockException {
        if (block == null) {
            throw new WinsockException(WsaError.WSA_INVALID_PARAMETER, "the function has no synchronous form");
        }
    }

    private long disconnectEx(SocketHandle s, WsaOverlapped block, int flags) throws WinsockException {
        return told(() -> {
            ExtensionSocket socket = stream(s);
            if (flags != 0 && flags != TransmitFlag.TF_REUSE_SOCKET) {
                throw new WinsockException(WsaError.WSAEINVAL, "flags 0x" + Integer.toHexString(flags));
            }
            return transmit(socket, Pieces.NONE, flags == 0 ? Ending.DISCONNECT : Ending.REUSE, block);
        });
    }

    // Transmissions

    private long transmitFile(SocketHandle s, FileChannel file, long length, int mostPerSend, WsaOverlapped block,
            TransmitFileBuffers around, int flags) throws WinsockException {
        return told(() -> {
            ExtensionSocket socket = stream(s);
            Ending ending = ending(flags);
            if (length < 0 || length > Pieces.MAX_BYTES || mostPerSend < 0) {
                throw new WinsockException(WsaError.WSAEINVAL, length + " bytes in sends of " + mostPerSend);
            }
            List<Pieces.Part> parts = new ArrayList<>();
            if (around != null && around.head() != null) {
                parts.add(Pieces.Part.of(around.head(), false));
            }
            if (file != null) {
                parts.add(Pieces.Part.of(file, offset(block), length, false));
            }
            if (around != null && around.tail() != null) {
                parts.add(Pieces.Part.of(around.tail(), false));
            }
            return transmit(socket, new StreamPieces(Pieces.checked(parts), mostPerSend, chunks), ending, block);
        });
    }

    /** {@return where in the file to begin; -1 for where its channel stands} */
    private static long offset(WsaOverlapped block) throws WinsockException {
        if (block == null) {
            return -1;
        }
        long offset = (long) block.offsetHigh() << Integer.SIZE | Integer.toUnsignedLong(block.offset());
        if (offset < 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "an offset of " + offset);
        }
        return offset;
    }

    private long transmitPackets(SocketHandle s, TransmitPacketsElement[] elements, int count, int size,
            WsaOverlapped block, int flags) throws WinsockException {
        return told(() -> {
            ExtensionSocket socket = base.socket(s);
            Ending ending = ending(flags);
            if (count < 0 || size < SIZE_OF_ELEMENTS) {
                throw new WinsockException(WsaError.WSAEINVAL, count + " elements in sends of " + size);
            }
            if (elements == null || elements.length < count) {
                throw new WinsockException(WsaError.WSAEFAULT, "the array has not that many elements");
            }
            List<Pieces.Part> parts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                parts.add(Pieces.Part.of(elements[i]));
            }
            int most = Math.max(0, size);
            return socket.info().isConnectionless()
                    ? transmit(socket, new PacketPieces(Pieces.checked(parts), most, chunks), Ending.STAY, block)
                    : transmit(socket, new StreamPieces(Pieces.checked(parts), most, chunks), ending, block);
        });
    }

    private static Ending ending(int flags) throws WinsockException {
        return switch (flags & ~HINTS) {
            case 0 -> Ending.STAY;
            case TransmitFlag.TF_DISCONNECT -> Ending.DISCONNECT;
            case TransmitFlag.TF_DISCONNECT | TransmitFlag.TF_REUSE_SOCKET -> Ending.REUSE;
            default -> throw new WinsockException(WsaError.WSAEINVAL, "flags 0x" + Integer.toHexString(flags));
        };
    }

    private long transmit(ExtensionSocket socket, Pieces pieces, Ending ending, WsaOverlapped block)
            throws WinsockException {
        if (block == null || !socket.isOverlapped()) {
            return Transmission.perform(socket, pieces, ending);
        }
        Transmission transmission = new Transmission(this, socket, pieces, ending, block);
        transmission.begin();
        boolean[] first = new boolean[1];
        TransmissionQueue queue = queues.compute(socket.identity(), (id, present) -> {
            TransmissionQueue used = present == null ? new TransmissionQueue(id) : present;
            first[0] = used.add(transmission);
            return used;
        });
        if (first[0]) {
            queue.go();
        }
        return transmission.started();
    }

    /** The queue of a socket has become shorter. */
    void forgetIfEmpty(TransmissionQueue shorter) {
        queues.computeIfPresent(shorter.identity(), (id, queue) -> queue.isEmpty() ? null : queue);
    }

    private ExtensionSocket stream(SocketHandle s) throws WinsockException {
        ExtensionSocket socket = base.socket(s);
        if (socket.info().isConnectionless()) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, s + " has no connections");
        }
        return socket;
    }
}

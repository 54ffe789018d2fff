package org.ws2j.bridge;

import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;

/** One host, as the providers in C that it has loaded see it: everything by number and address. */
final class Session {
    private static final long EVENT_BITS = 3;

    private final HostServices services;
    private final HandleNumbers sockets;
    private final KernelHandles handles = new KernelHandles();
    private final ThreadIds threadIds = new ThreadIds(handles);
    private final Twins twins = new Twins();

    /** What a call in C gives back to a call-back of Java's: condition functions, by token. */
    private final Map<Long, Object> tokens = new ConcurrentHashMap<>();

    /** Operations on blocks of C's that came through Java, by address. */
    private final Map<Long, NativeOperation> passing = new ConcurrentHashMap<>();

    private final AtomicLong nextToken = new AtomicLong(1);

    Session(HostServices services) {
        this.services = services;
        sockets = services.handleNumbers();
    }

    /** {@return the services, with the module path of whoever asked first; the path is not used here} */
    HostServices services() {
        return services;
    }

    HandleNumbers numbers() {
        return sockets;
    }

    KernelHandles handles() {
        return handles;
    }

    ThreadIds threadIds() {
        return threadIds;
    }

    Twins twins() {
        return twins;
    }

    // Sockets

    long socketNumber(SocketHandle s) {
        return sockets.number(s);
    }

    /** {@return the socket that a number means}; {@code WSAENOTSOCK} for none. */
    SocketHandle socket(long number) throws WinsockException {
        SocketHandle s = sockets.socket(number);
        if (s == null) {
            throw new WinsockException(WsaError.WSAENOTSOCK, "not a socket: 0x" + Long.toHexString(number));
        }
        return s;
    }

    // Events

    /** {@return the number of an event, with the lowest bit set for a tagged one; 0 for null} */
    long eventNumber(WsaEvent event) {
        if (event == null) {
            return 0;
        }
        return handles.number(event.untagged()) | (event.isTagged() ? 1 : 0);
    }

    /** {@return the event that a number means; null for none} */
    WsaEvent event(long number) {
        WsaEvent event = handles.find(number & ~EVENT_BITS, WsaEvent.class);
        return event != null && (number & 1) != 0 ? event.tagged() : event;
    }

    // Windows

    WindowHandle window(long number) {
        return handles.find(number, WindowHandle.class);
    }

    /** {@return what a parameter of a message means: a socket where it is the number of one} */
    Object messageParameter(long wParam) {
        SocketHandle s = sockets.socket(wParam);
        return s != null ? s : Long.valueOf(wParam);
    }

    /** {@return the number that a parameter of a message is for C} */
    long parameterNumber(Object wParam) {
        return switch (wParam) {
            case SocketHandle s -> sockets.number(s);
            case Number n -> n.longValue();
            case null, default -> 0;
        };
    }

    // Files

    /** {@return the number of a file, 0 for null; the file is not kept by it} */
    long fileNumber(FileChannel file) {
        return file == null ? 0 : handles.number(file);
    }

    /** {@return the file that a number means}; {@code WSA_INVALID_HANDLE} for none. */
    FileChannel file(long number) throws WinsockException {
        FileChannel file = handles.find(number, FileChannel.class);
        if (file == null) {
            throw new WinsockException(WsaError.WSA_INVALID_HANDLE, "not a file: 0x" + Long.toHexString(number));
        }
        return file;
    }

    // Overlapped blocks

    /** {@return where a block lies for C, 0 for null} */
    long address(WsaOverlapped block) {
        return switch (block) {
            case null -> 0;
            case NativeOverlapped view -> view.address();
            default -> twins.of(block).address();
        };
    }

    /** {@return the block at an address, as a provider in Java is to see it when C asks about it; null for null} */
    NativeOverlapped view(long address, CompletionSink sink) throws WinsockException {
        return address == 0 ? null : new NativeOverlapped(this, Pointers.required(address, 8), sink);
    }

    /** {@return the client's own object behind an address, or a view of C's memory} */
    WsaOverlapped original(long address) throws WinsockException {
        if (address == 0) {
            return null;
        }
        Twin twin = twins.at(address);
        WsaOverlapped block = twin == null ? null : twin.block();
        return block != null ? block : view(address, null);
    }

    /**
     * A provider in C below works on a block of a layer in C above, and one in Java is between them: what it was given lasts as long
     * as the operation, and its results go to that one.
     */
    void passing(long address, NativeOperation operation) {
        passing.put(address, operation);
    }

    /** {@return what was passing in the block at an address, which is over; null for nothing} */
    NativeOperation passed(long address) {
        return passing.remove(address);
    }

    /** An operation is no more, if it still is the one in the block at an address. */
    void notPassing(long address, NativeOperation operation) {
        passing.remove(address, operation);
    }

    // Tokens

    long token(Object object) {
        long token = nextToken.getAndIncrement();
        tokens.put(token, object);
        return token;
    }

    <T> T token(long token, Class<T> type) {
        Object object = tokens.get(token);
        return type.isInstance(object) ? type.cast(object) : null;
    }

    void dropToken(long token) {
        tokens.remove(token);
    }
}

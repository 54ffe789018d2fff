package org.ws2j.layer;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspProcTable;

/**
 * The data of one send or receive, whichever of the eight functions it came by, synchronous or overlapped: what
 * {@link LayeredProvider#sending}, {@link LayeredProvider#sent}, {@link LayeredProvider#received} and
 * {@link LayeredProvider#failed} get to see.
 *
 * <p>It belongs to the layer for the time of the call of that method, and after {@link #hold()} until it is released; it is
 * used again for other transfers. Not safe for use by several threads at once.
 */
public final class Transfer {
    /** Takes the bytes of a transfer, buffer by buffer. */
    @FunctionalInterface
    public interface Stretch {
        /**
         * Takes some bytes.
         *
         * @param buffer where they lie; position and limit are to be left alone
         * @param index the index of the first one
         * @param length how many
         */
        void accept(ByteBuffer buffer, int index, int length);
    }

    /** Which function a transfer came by. */
    enum Kind {
        SEND,
        SEND_TO,
        RECV,
        RECV_FROM;

        boolean isReceive() {
            return this == RECV || this == RECV_FROM;
        }
    }

    private final LayerRequest request;
    private final ReceiveResult ownResult = new ReceiveResult();

    /** Null where no data is transferred. */
    private Kind kind;

    /** The one buffer of the call; null if it came with several. */
    private ByteBuffer single;

    private int start;
    /** The several buffers; duplicates in an array of our own where a layer looks at the data. */
    private ByteBuffer[] many;

    private int offset;
    private int count;
    private int length;
    private int flags;
    private SocketAddress to;
    private ReceiveResult result;
    private int bytes;
    private boolean isOver;
    private boolean isDropped;

    Transfer(LayerRequest request) {
        this.request = request;
    }

    /** {@return the socket} */
    public LayeredSocket socket() {
        return request.dataSocket();
    }

    /** {@return whether this is a receive} */
    public boolean isReceive() {
        return kind != null && kind.isReceive();
    }

    /** {@return how many bytes are to be sent, or can be received} */
    public int length() {
        return length;
    }

    /** {@return how many bytes were transferred; 0 before, and 0 at the end of a stream} */
    public int bytes() {
        return bytes;
    }

    /** {@return the {@link MessageFlag} bits of the call} */
    public int flags() {
        return flags;
    }

    /** {@return whether the data stays in the queue: {@link MessageFlag#MSG_PEEK} was asked for} */
    public boolean isPeek() {
        return isReceive() && (flags & MessageFlag.MSG_PEEK) != 0;
    }

    /** {@return where a datagram is to go or came from; null where the call or the provider does not say} */
    public SocketAddress address() {
        return isReceive() ? result.from() : to;
    }

    /**
     * Tells whether the call is an overlapped one, and can be {@linkplain #hold() held}: with a block, on a socket that was made for
     * overlapped operations.
     *
     * @return whether it is so
     */
    public boolean isOverlapped() {
        return request.isOverlapped();
    }

    /**
     * Visits the bytes: before a send all that is to go, afterwards those that were transferred. What was received may be
     * changed where it lies; what is to be sent is the client's and may not, see {@link #replaceWith}.
     *
     * @param action takes each stretch of them, in order
     */
    public void forEach(Stretch action) {
        int left = extent();
        if (single != null) {
            if (left > 0) {
                action.accept(single, start, left);
            }
            return;
        }
        for (int i = 0; left > 0; i++) {
            int stretch = Math.min(left, many[i].remaining());
            if (stretch > 0) {
                action.accept(many[i], many[i].position(), stretch);
                left -= stretch;
            }
        }
    }

    /** {@return views of the buffers from position to limit, those that {@link #forEach} visits} */
    public ByteBuffer[] views() {
        if (single != null) {
            return new ByteBuffer[] {single.duplicate().limit(start + extent()).position(start)};
        }
        ByteBuffer[] views = new ByteBuffer[many.length];
        int left = extent();
        for (int i = 0; i < views.length; i++) {
            int stretch = Math.min(left, many[i].remaining());
            views[i] = many[i].duplicate().limit(many[i].position() + stretch);
            left -= stretch;
        }
        return views;
    }

    /** {@return a copy of the bytes that {@link #forEach} visits, from position 0 to the limit} */
    public ByteBuffer copy() {
        ByteBuffer copy = ByteBuffer.allocate(extent());
        for (ByteBuffer view : views()) {
            copy.put(view);
        }
        return copy.flip();
    }

    /**
     * Sends other bytes in place of the client's.
     *
     * @param data the bytes from position to limit, as many as {@link #length()}: so that a count of bytes sent means the
     *     same to both sides; belongs to the transfer until that is over
     * @throws IllegalArgumentException for another number of bytes
     * @throws IllegalStateException for a receive
     */
    public void replaceWith(ByteBuffer data) {
        if (isReceive()) {
            throw new IllegalStateException("a receive is changed where it lies");
        }
        if (data.remaining() != length) {
            throw new IllegalArgumentException(data.remaining() + " bytes in place of " + length);
        }
        single = data;
        start = data.position();
        many = null;
    }

    /**
     * Lets the data vanish: a send succeeds and nothing goes down; of a receive the client sees nothing, and it goes on
     * waiting. Has no effect on a {@linkplain #isPeek() peek} and on the end of a stream.
     */
    public void drop() {
        isDropped = true;
    }

    /**
     * Hands fewer bytes up than were received; the rest is lost.
     *
     * @param fewer 0 to {@link #bytes()}; 0 would be the end to the client of a stream
     */
    public void shorten(int fewer) {
        bytes = Objects.checkIndex(fewer, bytes + 1);
    }

    /**
     * Holds an overlapped transfer: from {@link LayeredProvider#sending} it does not go down yet, from
     * {@link LayeredProvider#sent} or {@link LayeredProvider#received} it is not indicated yet. The call that started it
     * answers that it is pending.
     *
     * @return lets it go on, once, on whichever thread it is run, also before the method that held it has returned
     * @throws IllegalStateException for a synchronous transfer: there the method waits itself if it wants to delay
     */
    public Runnable hold() {
        return request.hold();
    }

    /** Buffers as they are at the call. */
    Transfer buffer(Kind newKind, ByteBuffer buffer, int newFlags) throws WinsockException {
        if (buffer == null) {
            throw new WinsockException(WsaError.WSAEFAULT);
        }
        kind = newKind;
        single = buffer;
        start = buffer.position();
        length = buffer.remaining();
        flags = newFlags;
        return this;
    }

    /** Several buffers; those that the layer does not look at go down as they are, within this call. */
    Transfer buffers(Kind newKind, ByteBuffer[] buffers, int first, int number, int newFlags, boolean isSeen)
            throws WinsockException {
        kind = newKind;
        many = isSeen ? duplicates(buffers, first, number) : buffers;
        offset = isSeen ? 0 : first;
        count = number;
        length = isSeen ? total(many) : 0;
        flags = newFlags;
        return this;
    }

    /** Calls the function of the layer below that the call came by. */
    long callLower(WspProcTable lower, SocketHandle s, WsaOverlapped overlapped) throws WinsockException {
        if (single != null) {
            return switch (kind) {
                case SEND -> lower.wspSend(s, single, flags, overlapped, null, null);
                case SEND_TO -> lower.wspSendTo(s, single, flags, to, overlapped, null, null);
                case RECV -> lower.wspRecv(s, single, result, overlapped, null, null);
                case RECV_FROM -> lower.wspRecvFrom(s, single, result, overlapped, null, null);
            };
        }
        return switch (kind) {
            case SEND -> lower.wspSend(s, many, offset, count, flags, overlapped, null, null);
            case SEND_TO -> lower.wspSendTo(s, many, offset, count, flags, to, overlapped, null, null);
            case RECV -> lower.wspRecv(s, many, offset, count, result, overlapped, null, null);
            case RECV_FROM -> lower.wspRecvFrom(s, many, offset, count, result, overlapped, null, null);
        };
    }

    Transfer to(SocketAddress address) {
        to = address;
        return this;
    }

    Transfer into(ReceiveResult clients) {
        result = clients != null ? clients : ownResult;
        ownResult.flags(flags);
        return this;
    }

    static ByteBuffer[] duplicates(ByteBuffer[] buffers, int first, int number) throws WinsockException {
        if (buffers == null || first < 0 || number < 0 || first > buffers.length - number) {
            throw new WinsockException(WsaError.WSAEFAULT);
        }
        if (number == 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "no buffers");
        }
        ByteBuffer[] duplicates = new ByteBuffer[number];
        for (int i = 0; i < number; i++) {
            if (buffers[first + i] == null) {
                throw new WinsockException(WsaError.WSAEFAULT);
            }
            duplicates[i] = buffers[first + i].duplicate();
        }
        return duplicates;
    }

    static int total(ByteBuffer[] buffers) throws WinsockException {
        long total = 0;
        for (ByteBuffer buffer : buffers) {
            total += buffer.remaining();
        }
        if (total > Integer.MAX_VALUE) {
            throw new WinsockException(WsaError.WSAEINVAL, "buffers of " + total + " bytes");
        }
        return (int) total;
    }

    ReceiveResult result() {
        return result;
    }

    /** The one buffer; null if there are several. */
    ByteBuffer single() {
        return single;
    }

    /** The buffers that go down, where the layer looks at them. */
    ByteBuffer[] buffers() {
        return single != null ? new ByteBuffer[] {single} : many;
    }

    /** The bytes have been transferred. */
    void over(int transferred) {
        bytes = transferred;
        isOver = true;
    }

    /** Takes the verdict of the last look; the next one starts without. */
    boolean takeDropped() {
        boolean dropped = isDropped;
        isDropped = false;
        return dropped;
    }

    /** Makes ready for receiving into the same buffers again. */
    void again() {
        bytes = 0;
        result.flags(flags);
    }

    /** Lets go of what belongs to others. */
    void clear() {
        kind = null;
        single = null;
        many = null;
        to = null;
        result = null;
        ownResult.from(null);
        bytes = 0;
        isOver = false;
        isDropped = false;
    }

    private int extent() {
        return isReceive() || isOver ? bytes : length;
    }
}

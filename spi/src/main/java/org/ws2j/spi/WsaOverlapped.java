package org.ws2j.spi;

/**
 * A WSAOVERLAPPED: the block that stands for one overlapped operation, as an accessor to its fields.
 *
 * <p>A Java client uses {@link HeapOverlapped}; a block that belongs to a client written in C is a view of its memory. Who
 * starts an operation owns the block, and it belongs to the operation until its one indication has been given.
 *
 * <p><b>Memory order.</b> {@link #internal()} reads with acquire semantics and {@link #internal(long)} writes with release
 * semantics: who sees a status other than {@link #WSS_OPERATION_IN_PROGRESS} sees the other fields as they were written
 * before it. Whoever completes an operation writes {@code Offset} and {@code OffsetHigh} first, then {@code InternalHigh},
 * then {@code Internal}, and only then gives the indication; it does not touch the block afterwards.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/ns-winsock2-wsaoverlapped">WSAOVERLAPPED</a>
 */
public abstract class WsaOverlapped {
    /** The value of {@code Internal} while the operation is under way; a state, never a result. */
    public static final long WSS_OPERATION_IN_PROGRESS = 0x103;

    /** For {@link HeapOverlapped} and for views of memory of other realms. */
    protected WsaOverlapped() {}

    /** {@return {@code Internal}, the status of the operation, with acquire semantics} */
    public abstract long internal();

    /**
     * Sets {@code Internal} with release semantics.
     *
     * @param status {@link #WSS_OPERATION_IN_PROGRESS} at the start of an operation, any other value at its end
     */
    public abstract void internal(long status);

    /** {@return {@code InternalHigh}, the number of bytes transferred} */
    public abstract long internalHigh();

    /**
     * Sets {@code InternalHigh}.
     *
     * @param bytes the number of bytes transferred
     */
    public abstract void internalHigh(long bytes);

    /** {@return {@code Offset}, where a provider keeps the flags of the result} */
    public abstract int offset();

    /**
     * Sets {@code Offset}.
     *
     * @param flags the flags of the result
     */
    public abstract void offset(int flags);

    /** {@return {@code OffsetHigh}, where a provider keeps the Winsock error of the result} */
    public abstract int offsetHigh();

    /**
     * Sets {@code OffsetHigh}.
     *
     * @param error the Winsock error of the result, 0 for none
     */
    public abstract void offsetHigh(int error);

    /**
     * Returns {@code hEvent}.
     *
     * @return the event to signal at completion, {@linkplain WsaEvent#isTagged() tagged} if no packet is to be queued to a
     *     completion port; null for none
     */
    public abstract WsaEvent hEvent();

    /**
     * Returns what is to be told of the completion in place of event and port.
     *
     * <p>A layer written in Java starts operations of its own below itself, and learns of their completion here: without a
     * thread, a queue or an event. The sink comes in place of the indication: the event and the port get none.
     *
     * @return the sink, or null (the default) for the indications that C knows
     */
    public CompletionSink sink() {
        return null;
    }

    /** {@return whether the operation is over: {@link #internal()} is not {@link #WSS_OPERATION_IN_PROGRESS}} */
    public final boolean isCompleted() {
        return internal() != WSS_OPERATION_IN_PROGRESS;
    }
}

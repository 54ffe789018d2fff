package org.ws2j.layer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * A socket of a {@link LayeredProvider}: the context of its handle. What an author wants to keep for each socket goes into a
 * subclass, made by {@link LayeredProvider#newSocket}.
 *
 * <p>The handle outlives the client's close: it is released when the last overlapped operation has been indicated.
 *
 * <pre>
 *   open ── the layer below has closed ──► closing ── last operation indicated ──► released
 *     `──────────────────────── the same, no operation under way ─────────────────────┘
 * </pre>
 */
public class LayeredSocket {
    /** Set in the state once the socket below is closed; the bits below count the operations under way. */
    private static final int CLOSING = 1 << 30;

    /** Set in the state of a socket that was made for no overlapped operations. */
    private static final int SYNCHRONOUS = 1 << 29;

    /** Set in the last state. */
    private static final int RELEASED = 1 << 31;

    /** How many requests are kept for use again. */
    private static final int SPARE_REQUESTS = 4;

    private static final VarHandle STATE;
    private static final VarHandle ROUTINES;
    private static final VarHandle SELECTION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(LayeredSocket.class, "state", int.class);
            ROUTINES = lookup.findVarHandle(LayeredSocket.class, "routines", RoutineGate.class);
            SELECTION = lookup.findVarHandle(LayeredSocket.class, "selection", MessageSelection.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LayeredProvider provider;
    private final SocketHandle lower;

    /** Null before the first request has ended. Two threads may make it at once: the requests of one are lost, which is no loss. */
    private volatile AtomicReferenceArray<LayerRequest> spare;

    /** Links of the list of the layer's sockets; guarded by {@link LayerSockets}. */
    LayeredSocket before;

    LayeredSocket after;

    /** Set before the handle leaves the provider. */
    private SocketHandle handle;

    private volatile int state;
    private volatile RoutineGate routines;
    private volatile MessageSelection selection;

    /**
     * Makes a socket.
     *
     * @param provider the layer that it belongs to
     * @param lower the handle of the layer below
     */
    protected LayeredSocket(LayeredProvider provider, SocketHandle lower) {
        this.provider = provider;
        this.lower = lower;
    }

    /** {@return the handle that the layer above, or the application, knows} */
    public final SocketHandle handle() {
        return handle;
    }

    /** {@return the handle of the layer below} */
    public final SocketHandle lower() {
        return lower;
    }

    /** {@return the layer that the socket belongs to} */
    public final LayeredProvider provider() {
        return provider;
    }

    /** {@return whether it was made for overlapped operations} */
    final boolean isOverlapped() {
        return (state & SYNCHRONOUS) == 0;
    }

    /** Says whether it was made for overlapped operations, before the handle leaves the provider. */
    final void isOverlapped(boolean allowed) {
        state = allowed ? 0 : SYNCHRONOUS;
    }

    final void handle(SocketHandle ownHandle) {
        handle = ownHandle;
    }

    /** Counts an operation; the handle then lives until {@link #end}. */
    final void begin() throws WinsockException {
        int now;
        do {
            now = state;
            if (now < 0 || now >= CLOSING) {
                throw new WinsockException(WsaError.WSAENOTSOCK);
            }
        } while (!STATE.compareAndSet(this, now, now + 1));
    }

    /** Ends an operation; the last one of a closed socket releases the handle. */
    final void end() {
        int now;
        do {
            now = state;
            if (now < 0) {
                return;
            }
        } while (!STATE.compareAndSet(this, now, now - 1));
        if (isIdle(now - 1)) {
            release();
        }
    }

    /** The socket below is gone. Without an operation under way the handle goes now. */
    final void closed() {
        int now;
        do {
            now = state;
            if (now < 0 || now >= CLOSING) {
                return;
            }
        } while (!STATE.compareAndSet(this, now, now | CLOSING));
        if (isIdle(now | CLOSING)) {
            release();
        }
    }

    /** {@return whether it is closed, with no operation under way} */
    private static boolean isIdle(int state) {
        return (state & ~SYNCHRONOUS) == CLOSING;
    }

    /** The provider below has ended, and will not tell of operations that were under way. */
    final void abandoned() {
        int now;
        do {
            now = state;
            if (now < 0) {
                return;
            }
        } while (!STATE.compareAndSet(this, now, released(now)));
        provider.giveUp(this);
    }

    private void release() {
        int now = state;
        if (isIdle(now) && STATE.compareAndSet(this, now, released(now))) {
            provider.giveUp(this);
        }
    }

    /** What the socket was made for is known on: who accepts from a listener asks after it is closed. */
    private static int released(int state) {
        return RELEASED | (state & SYNCHRONOUS);
    }

    final boolean isReleased() {
        return state < 0;
    }

    /** Takes a request that is not in use, or makes one. */
    final LayerRequest acquire() {
        AtomicReferenceArray<LayerRequest> kept = spare;
        for (int i = 0; kept != null && i < SPARE_REQUESTS; i++) {
            if (kept.getPlain(i) != null) {
                LayerRequest request = kept.getAndSet(i, null);
                if (request != null) {
                    return request;
                }
            }
        }
        return new LayerRequest(this);
    }

    /** Keeps a request for use again, if there is room. */
    final void recycle(LayerRequest request) {
        AtomicReferenceArray<LayerRequest> kept = spare;
        if (kept == null) {
            kept = new AtomicReferenceArray<>(SPARE_REQUESTS);
            spare = kept;
        }
        for (int i = 0; i < SPARE_REQUESTS; i++) {
            if (kept.getPlain(i) == null && kept.compareAndSet(i, null, request)) {
                return;
            }
        }
    }

    final RoutineGate routines() {
        RoutineGate gate = routines;
        if (gate == null) {
            ROUTINES.compareAndSet(this, null, new RoutineGate(provider));
            gate = routines;
        }
        return gate;
    }

    /** {@return what the messages of this socket come through; null without messages} */
    final MessageSelection selection() {
        return selection;
    }

    /** Replaces the selection, and leaves the one before. */
    final void selection(MessageSelection next) {
        MessageSelection before = (MessageSelection) SELECTION.getAndSet(this, next);
        if (before != null && before != next) {
            before.leave(lower);
        }
        // Who closed the socket meanwhile has looked for a selection already.
        if (next != null && isReleased() && SELECTION.compareAndSet(this, next, null)) {
            next.leave(lower);
        }
    }

    @Override
    public String toString() {
        return handle + " over " + lower;
    }
}

package org.ws2j.layer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/**
 * A layer's own block for one operation of its client, used again and again by one socket.
 *
 * <p>The layer below may complete an operation before the call that starts it has returned. The completion then only leaves
 * its outcome here, and the starting thread finishes the operation after that call: so one thread alone indicates it, and the
 * block is never in use by two.
 *
 * <pre>
 *   IDLE ─► STARTING ── call returned first ──► PENDING ── completed ──► finished by the completing thread
 *              `─────── completed first ──────► EARLY ── call returned ─► finished by the starting thread
 *              `─────── call failed ──────────► IDLE, nothing is indicated
 * </pre>
 */
final class LayerRequest extends HeapOverlapped implements CompletionSink {

    private enum Phase {
        IDLE,
        STARTING,
        PENDING,
        EARLY
    }

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(LayerRequest.class, "phase", Phase.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LayeredSocket socket;
    private final LayeredProvider provider;
    private final Transfer transfer = new Transfer(this);

    private volatile Phase phase = Phase.IDLE;

    /** What the operation is: data to look at or not, an ioctl, or a receive into one buffer for several. */
    private boolean isSeen;

    private boolean isIoctl;
    private int ioControlCode;
    private Object ioctlIn;
    private IoctlResult ioctlOut;
    private SocketHandle answer;
    private ByteBuffer[] scatter;
    private ByteBuffer gathered;

    private WsaOverlapped client;
    private WsaCompletionRoutine routine;
    private WsaThreadId thread;
    private boolean isOwnThread;

    private Hold hold;
    private boolean isHeldBefore;

    private int error;
    private int bytes;

    LayerRequest(LayeredSocket socket) {
        this.socket = socket;
        this.provider = socket.provider();
    }

    LayeredSocket socket() {
        return socket;
    }

    Transfer transfer() {
        return transfer;
    }

    boolean isOverlapped() {
        return client != null;
    }

    @Override
    public CompletionSink sink() {
        return this;
    }

    /** An ioctl; a known answer need not come from below. */
    LayerRequest ioctl(int code, Object in, IoctlResult out, SocketHandle knownAnswer) {
        isIoctl = true;
        answer = knownAnswer;
        ioControlCode = code;
        ioctlIn = in;
        ioctlOut = out;
        return this;
    }

    /** The receive goes through the layer's own function for one buffer; this scatters what that received. */
    LayerRequest scatter(ByteBuffer[] buffers, ByteBuffer oneBuffer) {
        scatter = buffers;
        gathered = oneBuffer;
        return this;
    }

    /** Does a synchronous transfer that the layer looks at. */
    long runSeen() throws WinsockException {
        try {
            if (!transfer.isReceive()) {
                provider.sending(transfer);
                if (transfer.takeDropped()) {
                    return transfer.length();
                }
            }
            while (true) {
                long result = callLowerSeen();
                if (result < 0) {
                    return result;
                }
                transfer.over((int) result);
                if (!transfer.isReceive()) {
                    provider.sent(transfer);
                    return result;
                }
                provider.received(transfer);
                if (!isToBeRepeated()) {
                    return transfer.bytes();
                }
                transfer.again();
            }
        } finally {
            recycle();
        }
    }

    private long callLowerSeen() throws WinsockException {
        try {
            return transfer.callLower(provider.lowerTable(), socket.lower(), null);
        } catch (WinsockException e) {
            provider.failed(transfer, e.code());
            throw e;
        }
    }

    /** Starts an overlapped operation: the result is that of the client's call. */
    long start(WsaOverlapped clients, WsaCompletionRoutine clientsRoutine, WsaThreadId threadId, boolean seen)
            throws WinsockException {
        try {
            socket.begin();
        } catch (WinsockException e) {
            recycle();
            throw e;
        }
        client = clients;
        routine = clientsRoutine;
        thread = threadId;
        isSeen = seen;
        try {
            claimBlock();
            if (seen && !transfer.isReceive()) {
                provider.sending(transfer);
                isHeldBefore = true;
                if (isHeld()) {
                    return WspResult.IO_PENDING;
                }
                isHeldBefore = false;
                if (transfer.takeDropped()) {
                    return dropped();
                }
            }
        } catch (WinsockException e) {
            refuse(e.code());
            throw e;
        } catch (RuntimeException | Error e) {
            refuse(WsaError.WSASYSCALLFAILURE.code());
            throw e;
        }
        if (answer != null) {
            ioctlOut.value(answer);
            error = 0;
            bytes = 0;
            return indicate();
        }
        return launch();
    }

    /** The event of the block goes out and its fields say that an operation is under way, before the layer below knows. */
    private void claimBlock() throws WinsockException {
        if (routine == null && client.hEvent() != null) {
            provider.calls().wpuResetEvent(client.hEvent().untagged());
        }
        if (routine != null && thread == null) {
            thread = provider.calls().wpuOpenCurrentThread();
            isOwnThread = true;
        }
        client.internalHigh(0);
        client.internal(WSS_OPERATION_IN_PROGRESS);
    }

    private long launch() throws WinsockException {
        phase = Phase.STARTING;
        try {
            long result = callLower();
            if (result < 0 && result != WspResult.IO_PENDING) {
                rejected((int) -result);
                return result;
            }
        } catch (WinsockException e) {
            rejected(e.code());
            throw e;
        } catch (RuntimeException | Error e) {
            rejected(WsaError.WSASYSCALLFAILURE.code());
            throw e;
        }
        return PHASE.compareAndSet(this, Phase.STARTING, Phase.PENDING) ? WspResult.IO_PENDING : proceed();
    }

    private long callLower() throws WinsockException {
        if (isIoctl) {
            return provider.lowerTable().wspIoctl(socket.lower(), ioControlCode, ioctlIn, ioctlOut, this, null, null);
        }
        if (scatter != null) {
            return transfer.callLower(provider, socket.handle(), this);
        }
        return transfer.callLower(provider.lowerTable(), socket.lower(), this);
    }

    @Override
    public void completed(WsaOverlapped overlapped, int completionError, int bytesTransferred) {
        error = completionError;
        bytes = bytesTransferred;
        if (PHASE.compareAndSet(this, Phase.STARTING, Phase.EARLY)) {
            return;
        }
        if (phase == Phase.PENDING) {
            proceed();
        } else {
            provider.report("completion of an operation that is not under way on " + socket,
                    new IllegalStateException(phase.name()));
        }
    }

    /** Starts below what the client has been told to be pending; true if its outcome is here already. */
    private boolean post() {
        phase = Phase.STARTING;
        try {
            long result = callLower();
            if (result >= 0 || result == WspResult.IO_PENDING) {
                return !PHASE.compareAndSet(this, Phase.STARTING, Phase.PENDING);
            }
            error = (int) -result;
        } catch (WinsockException e) {
            // Closed while the layer held the operation.
            error = e.is(WsaError.WSAENOTSOCK) ? WsaError.WSA_OPERATION_ABORTED.code() : e.code();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            provider.report("operation below " + socket, e);
            error = WsaError.WSASYSCALLFAILURE.code();
        }
        bytes = 0;
        return true;
    }

    /** Finishes the operation, whose outcome is here. */
    private long proceed() {
        while (true) {
            if (scatter != null && error == 0) {
                OneBuffer.scatter(gathered, bytes, scatter);
            }
            if (isSeen) {
                look();
                if (error == 0 && isToBeRepeated()) {
                    transfer.again();
                    if (post()) {
                        continue;
                    }
                    return WspResult.IO_PENDING;
                }
                if (isHeld()) {
                    return WspResult.IO_PENDING;
                }
            }
            return indicate();
        }
    }

    private void look() {
        try {
            if (error != 0) {
                provider.failed(transfer, error);
                return;
            }
            transfer.over(bytes);
            if (transfer.isReceive()) {
                provider.received(transfer);
                bytes = transfer.bytes();
            } else {
                provider.sent(transfer);
            }
        } catch (WinsockException e) {
            error = e.code();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            provider.report("layer's look at a transfer of " + socket, e);
            error = WsaError.WSASYSCALLFAILURE.code();
        }
    }

    /** The end of a stream cannot be dropped: there is nothing behind it to wait for. */
    private boolean isToBeRepeated() {
        return transfer.takeDropped() && transfer.isReceive() && !transfer.isPeek()
                && (transfer.bytes() > 0 || provider.info().isConnectionless());
    }

    private long dropped() {
        error = 0;
        bytes = transfer.length();
        return indicate();
    }

    /** Tells the client. The request is free for the next operation before he learns of it. */
    private long indicate() {
        boolean isReceive = !isIoctl && error == 0 && transfer.isReceive();
        Indication indication = new Indication(
                socket, client, routine, thread, isOwnThread, error, error == 0 ? bytes : 0,
                isReceive ? transfer.result().flags() : 0);
        recycle();
        try {
            provider.indicate(indication);
        } finally {
            socket.end();
        }
        return indication.error() == 0 ? indication.bytes() : WspResult.IO_PENDING;
    }

    /** The layer below has refused the operation. */
    private void rejected(int code) {
        try {
            if (isSeen) {
                provider.failed(transfer, code);
            }
        } finally {
            refuse(code);
        }
    }

    /** Nothing is indicated, but the block must not look as if something were under way. */
    private void refuse(int code) {
        client.offsetHigh(code);
        client.internal(Indication.status(code));
        if (isOwnThread) {
            provider.closeThread(thread);
        }
        recycle();
        socket.end();
    }

    private void recycle() {
        phase = Phase.IDLE;
        transfer.clear();
        isSeen = false;
        isIoctl = false;
        ioctlIn = null;
        ioctlOut = null;
        answer = null;
        scatter = null;
        gathered = null;
        client = null;
        routine = null;
        thread = null;
        isOwnThread = false;
        isHeldBefore = false;
        hold = null;
        socket.recycle(this);
    }

    Runnable hold() {
        if (!isOverlapped()) {
            throw new IllegalStateException("a synchronous transfer cannot be held");
        }
        hold = new Hold();
        return hold;
    }

    /** Whether the layer wants to wait. After yes, the request may be gone on a different thread. */
    private boolean isHeld() {
        Hold wanted = hold;
        hold = null;
        return wanted != null && wanted.settle();
    }

    private void goOn() {
        if (!isHeldBefore) {
            indicate();
            return;
        }
        isHeldBefore = false;
        if (transfer.takeDropped()) {
            dropped();
        } else if (post()) {
            proceed();
        }
    }

    /**
     * One hold.
     *
     * <pre>
     *   ASKED ── the layer's method has returned ──► HELD ── run ──► OVER
     *     `───── run before that ──────────────────────────────────────┘ the thread that asked goes on
     * </pre>
     */
    private final class Hold implements Runnable {
        private static final int ASKED = 0;
        private static final int HELD = 1;
        private static final int OVER = 2;

        private final AtomicInteger state = new AtomicInteger(ASKED);

        boolean settle() {
            return state.compareAndSet(ASKED, HELD);
        }

        @Override
        public void run() {
            if (!state.compareAndSet(ASKED, OVER) && state.compareAndSet(HELD, OVER)) {
                goOn();
            }
        }
    }
}

package org.ws2j.layer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlResult;
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

    /** Whether the layer looks at the data. */
    private boolean isSeen;

    /** What is started below; null for the transfer alone. */
    private Operation operation;

    /** Whose data it is: another socket's where a listener accepts into it. */
    private LayeredSocket dataSocket;

    /** For a receive into one buffer in the place of several. */
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
        dataSocket = socket;
    }

    LayeredSocket socket() {
        return socket;
    }

    LayeredSocket dataSocket() {
        return dataSocket;
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

    /** More than a transfer is started below. */
    LayerRequest operation(Operation started) {
        operation = started;
        return this;
    }

    /** An ioctl whose answer is known: it is over as soon as it is started. */
    LayerRequest answer(IoctlResult out, Object value) {
        return operation(block -> {
            out.value(value);
            completed(block, 0, 0);
            return 0;
        });
    }

    /** The data is another socket's, which is not released before the operation is over. */
    LayerRequest into(LayeredSocket accepting) {
        dataSocket = accepting;
        return this;
    }

    /** The receive goes through the layer's own function for one buffer; this scatters what that received. */
    LayerRequest scatter(ByteBuffer[] buffers, ByteBuffer oneBuffer) {
        scatter = buffers;
        gathered = oneBuffer;
        return this;
    }

    /**
     * Does what the client asked for: overlapped if he gave a block, and the socket was made for that. On any other socket a
     * block is ignored, but goes down as it is: it makes the call wait on a non-blocking one.
     */
    long run(WsaOverlapped clients, WsaCompletionRoutine clientsRoutine, WsaThreadId threadId, boolean seen)
            throws WinsockException {
        if (clients != null && socket.isOverlapped()) {
            return start(clients, clientsRoutine, threadId, seen);
        }
        return runSeen(clients);
    }

    /** Does a synchronous transfer that the layer looks at. */
    private long runSeen(WsaOverlapped ignored) throws WinsockException {
        try {
            return transfer.isReceive() ? receiveSeen(ignored) : sendSeen(ignored);
        } finally {
            recycle();
        }
    }

    private long sendSeen(WsaOverlapped ignored) throws WinsockException {
        provider.sending(transfer);
        if (transfer.takeDropped()) {
            return transfer.length();
        }
        long result = callLowerSeen(ignored);
        if (result >= 0) {
            transfer.over((int) result);
            provider.sent(transfer);
        }
        return result;
    }

    /** Receives, and again as long as the layer drops what has come. */
    private long receiveSeen(WsaOverlapped ignored) throws WinsockException {
        while (true) {
            WinsockException cutOff = null;
            try {
                long result = callLowerSeen(ignored);
                if (result < 0) {
                    return result;
                }
                transfer.over((int) result);
            } catch (WinsockException e) {
                if (!isCutOff(e.code())) {
                    throw e;
                }
                transfer.over(transfer.length());
                cutOff = e;
            }
            provider.received(transfer);
            if (isToBeRepeated()) {
                transfer.again();
            } else if (cutOff != null) {
                throw cutOff;
            } else {
                return transfer.bytes();
            }
        }
    }

    private long callLowerSeen(WsaOverlapped ignored) throws WinsockException {
        try {
            long result = callLower(ignored);
            return result < 0 || operation == null ? result : operation.over(0, (int) result);
        } catch (WinsockException e) {
            if (!isCutOff(e.code())) {
                provider.failed(transfer, e.code());
            } else if (operation != null) {
                operation.over(e.code(), 0);
            }
            throw e;
        }
    }

    /** Starts an overlapped operation: the result is that of the client's call. */
    long start(WsaOverlapped clients, WsaCompletionRoutine clientsRoutine, WsaThreadId threadId, boolean seen)
            throws WinsockException {
        try {
            begin();
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
                if (isDataAlone() && transfer.takeDropped()) {
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
        return launch();
    }

    private void begin() throws WinsockException {
        socket.begin();
        if (dataSocket == socket) {
            return;
        }
        try {
            dataSocket.begin();
        } catch (WinsockException e) {
            socket.end();
            throw e;
        }
    }

    private static void end(LayeredSocket socket, LayeredSocket dataSocket) {
        if (dataSocket != socket) {
            dataSocket.end();
        }
        socket.end();
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
        phaseRelease(Phase.STARTING);
        try {
            long result = callLower(this);
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
        return isPending() ? WspResult.IO_PENDING : proceed();
    }

    /** Nobody else has the request yet, or any more: who gets it next gets it by a stronger order than this. */
    private void phaseRelease(Phase next) {
        PHASE.setRelease(this, next);
    }

    /** Whether the call below has returned first. */
    private boolean isPending() {
        return phase == Phase.STARTING && PHASE.compareAndSet(this, Phase.STARTING, Phase.PENDING);
    }

    private long callLower(WsaOverlapped block) throws WinsockException {
        if (operation != null) {
            return operation.start(block);
        }
        if (scatter != null) {
            return transfer.callLower(provider, socket.handle(), block);
        }
        return transfer.callLower(provider.lowerTable(), socket.lower(), block);
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
        phaseRelease(Phase.STARTING);
        try {
            long result = callLower(this);
            if (result >= 0 || result == WspResult.IO_PENDING) {
                return !isPending();
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
            if (operation != null) {
                bytes = operation.over(error, bytes);
            }
            if (scatter != null && (error == 0 || isCutOff(error))) {
                OneBuffer.scatter(gathered, error == 0 ? bytes : gathered.capacity(), scatter);
            }
            if (isSeen) {
                look();
                if ((error == 0 || isCutOff(error)) && isToBeRepeated()) {
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
                if (isCutOff(error)) {
                    transfer.over(transfer.length());
                    provider.received(transfer);
                } else {
                    provider.failed(transfer, error);
                }
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
            bytes = 0;
            error = e.code();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            provider.report("layer's look at a transfer of " + socket, e);
            bytes = 0;
            error = WsaError.WSASYSCALLFAILURE.code();
        }
    }

    /** Whether a datagram was longer than the buffers: they are full, and the client reads them although the call fails. */
    private boolean isCutOff(int code) {
        return code == WsaError.WSAEMSGSIZE.code() && transfer.isReceive();
    }

    /** The end of a stream cannot be dropped: there is nothing behind it to wait for. */
    private boolean isToBeRepeated() {
        return transfer.takeDropped() && transfer.isReceive() && !transfer.isPeek()
                && (transfer.bytes() > 0 || provider.info().isConnectionless());
    }

    /** Whether nothing is left to be done below when the data is dropped. */
    private boolean isDataAlone() {
        return operation == null || operation.isDataAlone();
    }

    private long dropped() {
        error = 0;
        bytes = transfer.length();
        return indicate();
    }

    /** Tells the client. The request is free for the next operation before he learns of it. */
    private long indicate() {
        boolean hasFlags = transfer.isReceive() && (error == 0 || isCutOff(error));
        Indication indication = new Indication(
                socket, client, routine, thread, isOwnThread, error, bytes, hasFlags ? transfer.result().flags() : 0);
        LayeredSocket data = dataSocket;
        recycle();
        try {
            provider.indicate(indication);
        } finally {
            end(socket, data);
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
        LayeredSocket data = dataSocket;
        recycle();
        end(socket, data);
    }

    private void recycle() {
        phaseRelease(Phase.IDLE);
        transfer.clear();
        isSeen = false;
        operation = null;
        dataSocket = socket;
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
        if (isDataAlone() && transfer.takeDropped()) {
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

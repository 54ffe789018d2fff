package org.ws2j.host.traps;

import static org.ws2j.spi.WsaOverlapped.WSS_OPERATION_IN_PROGRESS;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/**
 * A layer that closes as real non-IFS layers do: it hands its own block down with each overlapped request, and while one is
 * outstanding its WSPCloseSocket closes only the handle below. The upper handle is closed after the last completion.
 */
final class ClosingLayerTable extends NonIfsLayerTable {
    private final Map<SocketHandle, AtomicInteger> outstanding = new ConcurrentHashMap<>();
    private final Map<SocketHandle, SocketHandle> closing = new ConcurrentHashMap<>();
    private final Queue<Lower> completed = new ConcurrentLinkedQueue<>();

    ClosingLayerTable(FakeStart start) throws WinsockException {
        super(start);
    }

    /** The layer's own block for a request of the client. */
    private final class Lower extends HeapOverlapped {
        private final SocketHandle upper;
        private final WsaOverlapped upperBlock;
        private int error;
        private int bytes;

        private Lower(SocketHandle upper, WsaOverlapped upperBlock) {
            this.upper = upper;
            this.upperBlock = upperBlock;
        }

        @Override
        public CompletionSink sink() {
            return (block, e, n) -> {
                error = e;
                bytes = n;
                completed.add(this);
            };
        }
    }

    @Override
    public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        outstanding.computeIfAbsent(s, key -> new AtomicInteger()).incrementAndGet();
        lpOverlapped.internalHigh(0);
        lpOverlapped.internal(WSS_OPERATION_IN_PROGRESS);
        return lower().wspRecv(lower(s), buffer, lpResult, new Lower(s, lpOverlapped), null, null);
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        SocketHandle below = lower(s);
        lower().wspCloseSocket(below);
        AtomicInteger count = outstanding.get(s);
        if (count == null || count.get() == 0) {
            upcalls().wpuCloseSocketHandle(s);
        } else {
            closing.put(s, below);
        }
    }

    /** What the layer's worker thread does with one completion from below; {@return false if there is none}. */
    boolean work() throws WinsockException {
        Lower done = completed.poll();
        if (done == null) {
            return false;
        }
        upcalls().wpuQuerySocketHandleContext(done.upper);
        done.upperBlock.offsetHigh(done.error);
        upcalls().wpuCompleteOverlappedRequest(done.upper, done.upperBlock, done.error, done.bytes);
        if (outstanding.get(done.upper).decrementAndGet() == 0 && closing.containsKey(done.upper)) {
            upcalls().wpuCloseSocketHandle(done.upper);
        }
        return true;
    }
}

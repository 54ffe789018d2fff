package org.ws2j.provider.base;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Which threads are inside the blocking hook of which call. */
public final class BlockingCalls {
    private final Map<Thread, BlockingCall> calls = new ConcurrentHashMap<>();

    /** Makes a record of none. */
    public BlockingCalls() {}

    /** {@return the call that the thread was in before, if the hook of one has made another; null for none} */
    BlockingCall enter(BlockingCall call) {
        return calls.put(Thread.currentThread(), call);
    }

    void leave(BlockingCall outer) {
        if (outer == null) {
            calls.remove(Thread.currentThread());
        } else {
            calls.put(Thread.currentThread(), outer);
        }
    }

    /**
     * WSPCancelBlockingCall, from inside a hook: the call that runs it ends when the hook has returned.
     *
     * @throws WinsockException {@code WSAEINVAL} if the calling thread is in no hook
     */
    public void cancel() throws WinsockException {
        BlockingCall call = calls.get(Thread.currentThread());
        if (call == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "the thread has no blocking call here");
        }
        call.cancel();
    }
}

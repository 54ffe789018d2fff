package org.ws2j.host.upcall;

import java.util.function.BiConsumer;
import org.ws2j.host.handle.Fatal;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.BlockingHook;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** What one thread is doing in this host: whose function it is calling, and its blocking hook. Used by that thread alone. */
public final class ThreadCalls {
    private final BiConsumer<String, Throwable> reporter;
    private final BlockingCallback trampoline = this::runHook;

    private HandleOwner inProgress;
    private BlockingHook hook;
    private boolean inHook;
    private boolean cancelled;

    ThreadCalls(BiConsumer<String, Throwable> reporter) {
        this.reporter = reporter;
    }

    /** {@return the provider whose function the thread is in, null if none} */
    public HandleOwner inProgress() {
        return inProgress;
    }

    /**
     * Enters a call of a client.
     *
     * @param provider the provider whose function is called
     * @return the one whose function the thread was in before: for {@link #leave}
     */
    public HandleOwner enter(HandleOwner provider) {
        HandleOwner outer = inProgress;
        inProgress = provider;
        if (outer == null) {
            cancelled = false;
        }
        return outer;
    }

    /**
     * Leaves a call.
     *
     * @param outer what {@link #enter} returned
     */
    public void leave(HandleOwner outer) {
        inProgress = outer;
    }

    boolean isInHook() {
        return inHook;
    }

    /**
     * Refuses a second call of a 1.1 client while a hook of the thread runs.
     *
     * @throws WinsockException {@code WSAEINPROGRESS}
     */
    public void checkNoneBlocking() throws WinsockException {
        if (inHook) {
            throw new WinsockException(
                    WsaError.WSAEINPROGRESS, "the thread is inside a blocking call: its blocking hook is running");
        }
    }

    BlockingHook hook(BlockingHook newHook) {
        BlockingHook former = hook;
        hook = newHook;
        return former;
    }

    BlockingCallback callback() {
        return hook == null ? null : trampoline;
    }

    void cancel() throws WinsockException {
        if (!inHook || inProgress == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "the thread has no blocking call in progress");
        }
        inProgress.procTable().wspCancelBlockingCall();
        cancelled = true;
    }

    /** Runs the client's hook once. What it returns says nothing; only a cancelled call is not to wait any longer. */
    private boolean runHook() {
        BlockingHook current = hook;
        if (current != null) {
            boolean outer = inHook;
            inHook = true;
            try {
                current.call();
            } catch (Throwable e) {
                Fatal.rethrow(e);
                reporter.accept("the blocking hook of " + Thread.currentThread(), e);
            } finally {
                inHook = outer;
            }
        }
        return !cancelled;
    }
}

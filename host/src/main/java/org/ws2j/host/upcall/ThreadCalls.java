package org.ws2j.host.upcall;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.function.BiConsumer;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.thread.Fatal;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.BlockingHook;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** What one thread is doing in this host: whose function it is calling, and its blocking hook. Used by that thread alone. */
public final class ThreadCalls {
    private final BiConsumer<String, Throwable> reporter;
    private final BlockingCallback trampoline = this::runHook;

    /** The calls that the thread is in, the innermost first: a hook, a condition function or a provider may make another. */
    private final Deque<HandleOwner> inProgress = new ArrayDeque<>();

    private BlockingHook hook;
    private boolean inHook;

    /** Which of the calls are cancelled, by their depth. */
    private final BitSet cancelled = new BitSet();

    ThreadCalls(BiConsumer<String, Throwable> reporter) {
        this.reporter = reporter;
    }

    /** {@return the provider whose function the thread is in, the innermost one; null if none} */
    public HandleOwner inProgress() {
        return inProgress.peek();
    }

    /**
     * Enters a call of a client; {@link #leave} follows it.
     *
     * @param provider the provider whose function is called
     */
    public void enter(HandleOwner provider) {
        inProgress.push(provider);
    }

    /** Leaves the call that was entered last. */
    public void leave() {
        cancelled.clear(inProgress.size());
        inProgress.pop();
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
        HandleOwner blocking = inProgress.peek();
        if (!inHook || blocking == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "the thread has no blocking call in progress");
        }
        blocking.procTable().wspCancelBlockingCall();
        cancelled.set(inProgress.size());
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
        return !cancelled.get(inProgress.size());
    }
}

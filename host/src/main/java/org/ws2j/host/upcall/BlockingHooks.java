package org.ws2j.host.upcall;

import java.util.function.BiConsumer;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.ThreadSlot;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.BlockingHook;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The blocking hooks of the threads of a client that negotiated Winsock 1.x; a client of 2.x has none. */
public final class BlockingHooks {
    private final HostThreads threads;
    private final ThreadSlot<ThreadCalls> calls;
    private volatile boolean legacy;

    /**
     * Makes the hooks of a host.
     *
     * @param threads its threads
     * @param reporter is told what a hook throws
     */
    public BlockingHooks(HostThreads threads, BiConsumer<String, Throwable> reporter) {
        this.threads = threads;
        calls = threads.newSlot(thread -> new ThreadCalls(reporter));
    }

    /**
     * Says which version the client negotiated.
     *
     * @param newLegacy true for 1.x
     */
    public void legacy(boolean newLegacy) {
        legacy = newLegacy;
    }

    /** {@return whether the client negotiated 1.x} */
    public boolean isLegacy() {
        return legacy;
    }

    /**
     * WSASetBlockingHook.
     *
     * @param hook the calling thread's hook from now on
     * @return its former hook, null if it had none
     * @throws WinsockException {@code WSAEOPNOTSUPP} for a client of 2.x; {@code WSAEFAULT} for null
     */
    public BlockingHook set(BlockingHook hook) throws WinsockException {
        checkLegacy();
        if (hook == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the blocking hook is null");
        }
        return state().hook(hook);
    }

    /**
     * WSAUnhookBlockingHook: the calling thread has no hook from now on.
     *
     * @throws WinsockException {@code WSAEOPNOTSUPP} for a client of 2.x
     */
    public void unhook() throws WinsockException {
        checkLegacy();
        state().hook(null);
    }

    /**
     * WSAIsBlocking.
     *
     * @return whether the calling thread is inside a call that blocks: this is its hook running
     * @throws WinsockException {@code WSAEOPNOTSUPP} for a client of 2.x
     */
    public boolean isBlocking() throws WinsockException {
        checkLegacy();
        return state().isInHook();
    }

    /**
     * WSACancelBlockingCall: passes the wish to the top provider of the call in progress, and ends the waiting.
     *
     * @throws WinsockException {@code WSAEOPNOTSUPP} for a client of 2.x; {@code WSAEINVAL} if the calling thread has no
     *     blocking call in progress; what the provider answers
     */
    public void cancel() throws WinsockException {
        checkLegacy();
        state().cancel();
    }

    /**
     * Leaves a mark of a call on the calling thread where one is needed: a 1.x client's blocking hook asks whose call it is in.
     *
     * @param provider the provider whose function is called
     * @return whose {@link ThreadCalls#leave()} ends the call; null where no mark is needed
     * @throws WinsockException {@code WSAEINPROGRESS} while a hook of the thread runs
     */
    public ThreadCalls mark(HandleOwner provider) throws WinsockException {
        if (!legacy) {
            return null;
        }
        ThreadCalls thread = state();
        thread.checkNoneBlocking();
        thread.enter(provider);
        return thread;
    }

    /**
     * Ends what {@link #mark} has begun.
     *
     * @param mark what it returned
     */
    public static void unmark(ThreadCalls mark) {
        if (mark != null) {
            mark.leave();
        }
    }

    BlockingCallback callbackOfCurrentThread() {
        return legacy ? state().callback() : null;
    }

    /** {@return the state of the calling thread} */
    public ThreadCalls state() {
        return calls.of(threads.current());
    }

    private void checkLegacy() throws WinsockException {
        if (!legacy) {
            throw new WinsockException(
                    WsaError.WSAEOPNOTSUPP, "blocking hooks are for clients that negotiated Winsock 1.x");
        }
    }
}

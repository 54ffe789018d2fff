package org.ws2j.host.window;

import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.ThreadSlot;
import org.ws2j.spi.Message;
import org.ws2j.spi.MessageWindows;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WindowProc;
import org.ws2j.spi.WinsockException;

/** The message windows of one host. A window of a thread that has ended is no window any more. */
public final class MessageQueues implements MessageWindows {
    /** How many messages a queue of Windows holds unless it is configured otherwise. */
    public static final int DEFAULT_LIMIT = 10_000;

    /** Windows of threads that ended are looked for when there are this many, and again whenever they have doubled. */
    private static final int FIRST_SWEEP = 64;

    private final HostThreads threads;
    private final int limit;
    private final ThreadSlot<ThreadQueue> queues;
    private final Object identity = new Object();
    private final AtomicLong lastNumber = new AtomicLong();
    private final Set<HostWindow> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sweepAt = new AtomicInteger(FIRST_SWEEP);

    /**
     * Makes the windows of a host.
     *
     * @param threads the threads of the host
     * @param limit how many messages a queue holds: that of a thread, and that of a window with an executor
     */
    public MessageQueues(HostThreads threads, int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("a queue for " + limit + " messages");
        }
        this.threads = threads;
        this.limit = limit;
        this.queues = threads.newSlot(ThreadQueue::new);
    }

    @Override
    public WindowHandle createWindow(WindowProc windowProc) throws WinsockException {
        checkNotNull(windowProc);
        ThreadQueue queue = queues.of(threads.current());
        return opened(new ThreadWindow(identity, lastNumber.incrementAndGet(), windowProc, queue, limit));
    }

    @Override
    public WindowHandle createWindow(Executor executor, WindowProc windowProc) throws WinsockException {
        checkNotNull(executor);
        checkNotNull(windowProc);
        return opened(new ExecutorWindow(identity, lastNumber.incrementAndGet(), windowProc, executor, limit,
                threads::report));
    }

    @Override
    public void destroyWindow(WindowHandle window) throws WinsockException {
        HostWindow target = alive(window);
        if (target == null || !target.destroy()) {
            throw new WinsockException(WSA_INVALID_HANDLE, "not a window of this host: " + window);
        }
        open.remove(target);
    }

    @Override
    public boolean isWindow(WindowHandle window) {
        return alive(window) != null;
    }

    @Override
    public boolean postMessage(WindowHandle window, int number, Object wParam, long lParam) {
        return postMessage(window, number, wParam, lParam, () -> true);
    }

    /**
     * Posts a message, as long as that may be.
     *
     * @param window the window
     * @param number the message's number
     * @param wParam its first parameter
     * @param lParam its second parameter
     * @param allowed asked once it is queued: what comes too late is taken back
     * @return false if the window's queue is full, there is no such window, or the message was taken back
     */
    public boolean postMessage(
            WindowHandle window, int number, Object wParam, long lParam, BooleanSupplier allowed) {
        HostWindow target = alive(window);
        if (target == null) {
            return false;
        }
        Message message = new Message(target, number, wParam, lParam);
        // After it: whoever ends that drops the messages, and may have looked just before.
        return target.post(message) && (allowed.getAsBoolean() || !target.remove(message));
    }

    @Override
    public Message getMessage(long timeoutMillis) {
        if (timeoutMillis < 0 || timeoutMillis > Waits.WSA_INFINITE) {
            throw new IllegalArgumentException("a time-out is 0 to " + Waits.WSA_INFINITE + ", not " + timeoutMillis);
        }
        ThreadQueue queue = queues.of(threads.current());
        Message message = queue.next(true);
        if (message == null && timeoutMillis > 0) {
            message = queue.await(timeoutMillis);
        }
        return message;
    }

    @Override
    public Message peekMessage(boolean remove) {
        return queues.of(threads.current()).next(remove);
    }

    @Override
    public void dispatchMessage(Message message) {
        if (message != null && alive(message.window()) instanceof ThreadWindow window) {
            window.handle(message);
        }
    }

    /** {@return how many windows there are} */
    public int openWindows() {
        open.removeIf(window -> !window.isAlive());
        return open.size();
    }

    /** Drops what is queued for every window, as the last clean-up does; the windows stay. */
    public void dropMessages() {
        open.forEach(HostWindow::dropMessages);
    }

    /** Destroys every window, and with it what is queued, when the host ends. */
    public void destroyAll() {
        for (HostWindow window : open) {
            window.destroy();
        }
        open.clear();
    }

    private HostWindow opened(HostWindow window) {
        open.add(window);
        if (open.size() >= sweepAt.get()) {
            sweepAt.set(Math.max(FIRST_SWEEP, 2 * openWindows()));
        }
        return window;
    }

    private HostWindow alive(WindowHandle window) {
        return window instanceof HostWindow target && target.isOf(identity) && target.isAlive() ? target : null;
    }

    private static void checkNotNull(Object argument) throws WinsockException {
        if (argument == null) {
            throw new WinsockException(WSAEFAULT, "no window procedure, or no executor");
        }
    }
}

package org.ws2j.host;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.ws2j.host.catalog.CatalogWatch;
import org.ws2j.host.event.EventWaits;
import org.ws2j.host.thread.Fatal;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/**
 * The notification of {@link Winsock#wsaProviderConfigChange}: tells those who have asked of the next change of the catalog.
 * What changed while nobody asked is told to the next who asks, all of it as one change. Its owner closes it; the last
 * clean-up of the host ends it, too.
 */
public final class CatalogNotification implements AutoCloseable {
    private record Request(
            WsaOverlapped overlapped, WsaCompletionRoutine routine, WsaThreadId thread, boolean isWaitedFor) {}

    private final EventWaits events;
    private final HostThreads threads;
    private final CatalogWatch watch;
    private final Consumer<CatalogNotification> forget;

    /** Guards {@link #changed}, {@link #closed} and {@link #requests}; nothing foreign runs under it. */
    private final Object lock = new Object();

    private final Queue<Request> requests = new ArrayDeque<>();
    private boolean changed;
    private boolean closed;

    CatalogNotification(
            ProtocolCatalog catalog,
            EventWaits events,
            HostThreads threads,
            Consumer<CatalogNotification> forget)
            throws WinsockException {
        this.events = events;
        this.threads = threads;
        this.forget = forget;
        watch = catalog.catalog().watch(this::changed);
    }

    /** Asks for the next change; without a block, waits for it. */
    void next(WsaOverlapped overlapped, WsaCompletionRoutine routine) throws WinsockException {
        if (overlapped == null) {
            awaitChange();
        } else {
            ask(new Request(
                    overlapped, routine, routine == null ? null : threads.current().implicitId(), false));
        }
    }

    private void awaitChange() throws WinsockException {
        WsaEvent told = events.createEvent(true, false);
        try {
            HeapOverlapped overlapped = new HeapOverlapped(told);
            ask(new Request(overlapped, null, null, true));
            events.waitForSingleEvent(told, Waits.WSA_INFINITE, false);
            if (overlapped.internal() != 0) {
                throw new WinsockException((int) overlapped.internal(), "the notification was ended", null);
            }
        } finally {
            events.closeEvent(told);
        }
    }

    private void ask(Request request) throws WinsockException {
        WsaOverlapped overlapped = request.overlapped;
        checkOpen();
        overlapped.internalHigh(0);
        overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        if (overlapped.hEvent() != null && request.routine == null) {
            events.resetQuietly(overlapped.hEvent());
        }
        synchronized (lock) {
            checkOpen();
            if (!changed) {
                requests.add(request);
                return;
            }
            changed = false;
        }
        complete(request, 0);
    }

    private void checkOpen() throws WinsockException {
        synchronized (lock) {
            if (closed) {
                throw new WinsockException(WsaError.WSAEINVAL, "the notification was closed");
            }
        }
    }

    private void changed() {
        Queue<Request> due = new ArrayDeque<>();
        synchronized (lock) {
            changed = requests.isEmpty();
            due.addAll(requests);
            requests.clear();
        }
        due.forEach(request -> complete(request, 0));
    }

    private void complete(Request request, int error) {
        WsaOverlapped overlapped = request.overlapped;
        if (request.routine != null) {
            UserApc apc = context -> request.routine.completed(error, 0, overlapped, 0);
            overlapped.internal(error);
            try {
                threads.queueApc(request.thread, apc, null);
            } catch (WinsockException e) {
                threads.report("telling a change of the catalog to a thread that has ended", e);
            }
            return;
        }
        CompletionSink sink = overlapped.sink();
        WsaEvent event = overlapped.hEvent();
        overlapped.internal(error);
        if (sink != null) {
            tell(sink, overlapped, error);
        } else if (event != null) {
            events.signalQuietly(event);
        }
    }

    private void tell(CompletionSink sink, WsaOverlapped overlapped, int error) {
        try {
            sink.completed(overlapped, error, 0);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            threads.report("the completion sink of a catalog notification", e);
        }
    }

    /**
     * Ends the notification: what was asked for fails with {@code WSA_OPERATION_ABORTED}. Closing twice is harmless, and so is
     * closing what the last clean-up has ended.
     */
    @Override
    public void close() {
        end().forEach(request -> complete(request, WsaError.WSA_OPERATION_ABORTED.code()));
    }

    /** Ends it at the last clean-up: nobody is told but who waits inside a call. */
    void abort() {
        for (Request request : end()) {
            if (request.isWaitedFor) {
                complete(request, WsaError.WSA_OPERATION_ABORTED.code());
            } else {
                request.overlapped.internal(WsaError.WSA_OPERATION_ABORTED.code());
            }
        }
    }

    /** {@return what was asked for and is not told yet} */
    private Queue<Request> end() {
        Queue<Request> due = new ArrayDeque<>();
        synchronized (lock) {
            closed = true;
            due.addAll(requests);
            requests.clear();
        }
        watch.close();
        forget.accept(this);
        return due;
    }
}

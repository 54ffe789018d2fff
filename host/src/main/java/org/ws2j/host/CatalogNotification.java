package org.ws2j.host;

import java.util.ArrayDeque;
import java.util.Queue;
import org.ws2j.host.catalog.CatalogWatch;
import org.ws2j.host.event.EventWaits;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/**
 * The notification of {@link Winsock#wsaProviderConfigChange}: tells each change of the catalog once, also one that happened
 * while nobody asked. Its owner closes it.
 */
public final class CatalogNotification implements AutoCloseable {
    private record Request(WsaOverlapped overlapped, WsaCompletionRoutine routine, WsaThreadId thread) {}

    private final EventWaits events;
    private final HostThreads threads;
    private final CatalogWatch watch;
    private final WsaEvent changeEvent;

    /** Guards {@link #changed}, {@link #closed} and {@link #requests}; nothing foreign runs under it. */
    private final Object lock = new Object();

    private final Queue<Request> requests = new ArrayDeque<>();
    private boolean changed;
    private boolean closed;

    CatalogNotification(ProtocolCatalog catalog, EventWaits events, HostThreads threads) throws WinsockException {
        this.events = events;
        this.threads = threads;
        changeEvent = events.createEvent(true, false);
        watch = catalog.catalog().watch(this::changed);
    }

    /** Asks for the next change; without a block, waits for it. */
    void next(WsaOverlapped overlapped, WsaCompletionRoutine routine) throws WinsockException {
        if (overlapped == null) {
            awaitChange();
            return;
        }
        Request request =
                new Request(overlapped, routine, routine == null ? null : threads.current().implicitId());
        overlapped.internalHigh(0);
        overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        if (overlapped.hEvent() != null) {
            events.resetQuietly(overlapped.hEvent());
        }
        synchronized (lock) {
            checkOpen();
            if (!changed) {
                requests.add(request);
                return;
            }
            changed = false;
            events.resetQuietly(changeEvent);
        }
        complete(request, 0);
    }

    private void awaitChange() throws WinsockException {
        while (true) {
            synchronized (lock) {
                checkOpen();
                if (changed) {
                    changed = false;
                    events.resetQuietly(changeEvent);
                    return;
                }
            }
            events.waitForSingleEvent(changeEvent, Waits.WSA_INFINITE, false);
        }
    }

    private void checkOpen() throws WinsockException {
        if (closed) {
            throw new WinsockException(WsaError.WSAEINVAL, "the notification was closed");
        }
    }

    private void changed() {
        Queue<Request> due = new ArrayDeque<>();
        synchronized (lock) {
            if (requests.isEmpty()) {
                changed = true;
                events.signalQuietly(changeEvent);
            }
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
            sink.completed(overlapped, error, 0);
        } else if (event != null) {
            events.signalQuietly(event);
        }
    }

    /** Ends the notification: what was asked for fails with {@code WSA_OPERATION_ABORTED}. Closing twice is harmless. */
    @Override
    public void close() {
        Queue<Request> due = new ArrayDeque<>();
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            due.addAll(requests);
            requests.clear();
        }
        watch.close();
        // Wakes those who wait without a block: they find the notification closed.
        events.signalQuietly(changeEvent);
        due.forEach(request -> complete(request, WsaError.WSA_OPERATION_ABORTED.code()));
        try {
            events.closeEvent(changeEvent);
        } catch (WinsockException e) {
            threads.report("closing the event of a catalog notification", e);
        }
    }
}

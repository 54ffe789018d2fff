package org.ws2j.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;

/**
 * The messages of one selection: a window of the layer's own, which the layer below posts to, and what is posted on to the
 * application's window with the handle that the application knows.
 *
 * <p>Sockets accepted from one that has a selection inherit it below, so they share the window. The first message of such a
 * socket may come before the accept has returned here: while an accept is under way, messages of sockets that are not known
 * are kept, and posted on in order once the socket is. The window goes when no socket uses it any more.
 */
final class MessageSelection {

    private record Posting(LayeredSocket socket, long lParam) {}

    private final LayeredProvider provider;
    private final WindowHandle applicationWindow;
    private final int number;
    private final int events;
    private final WindowHandle window;

    /** Guards everything below; not held while a message is posted or a window destroyed. */
    private final Object lock = new Object();

    private final Map<SocketHandle, LayeredSocket> socketByLower = new HashMap<>();
    private final Map<SocketHandle, List<Long>> early = new HashMap<>();
    private final Deque<Posting> outgoing = new ArrayDeque<>();
    private int accepts;
    private boolean isPosting;
    private boolean isDestroyed;

    /** Makes the window. */
    MessageSelection(LayeredProvider provider, LayeredSocket first, WindowHandle applicationWindow, int number,
            int events)
            throws WinsockException {
        this.provider = provider;
        this.applicationWindow = applicationWindow;
        this.number = number;
        this.events = events;
        socketByLower.put(first.lower(), first);
        window = provider.system().windows().createWindow(Runnable::run, this::handle);
    }

    /** Asks the layer below to post the socket's events here. */
    void select(SocketHandle lowerSocket) throws WinsockException {
        provider.lowerTable().wspAsyncSelect(lowerSocket, window, number, events);
    }

    /** Runs where the layer below posts. */
    private void handle(Message message) {
        if (!(message.wParam() instanceof SocketHandle lowerSocket)) {
            return;
        }
        synchronized (lock) {
            LayeredSocket socket = socketByLower.get(lowerSocket);
            if (socket != null) {
                outgoing.add(new Posting(socket, message.lParam()));
            } else if (accepts > 0) {
                early.computeIfAbsent(lowerSocket, s -> new ArrayList<>()).add(message.lParam());
            }
        }
        post();
    }

    /** Posts what there is, in order: one thread at a time, and whoever comes meanwhile leaves his to it. */
    private void post() {
        while (true) {
            Posting next;
            synchronized (lock) {
                if (isPosting || outgoing.isEmpty()) {
                    return;
                }
                isPosting = true;
                next = outgoing.poll();
            }
            try {
                provider.tellEvent(
                        next.socket(), NetworkEvent.selectEvent(next.lParam()),
                        NetworkEvent.selectError(next.lParam()));
                provider.calls()
                        .wpuPostMessage(applicationWindow, number, next.socket().handle(), next.lParam());
            } finally {
                synchronized (lock) {
                    isPosting = false;
                }
            }
        }
    }

    /** From now on messages of unknown sockets are kept; false if the selection is gone. */
    boolean beginAccept() {
        synchronized (lock) {
            if (isDestroyed) {
                return false;
            }
            accepts++;
            return true;
        }
    }

    void endAccept() {
        synchronized (lock) {
            if (--accepts == 0) {
                early.clear();
            }
        }
        destroyIfUnused();
    }

    /** An accepted socket is known from now on; what came early for it goes out. */
    void join(LayeredSocket socket) {
        synchronized (lock) {
            socketByLower.put(socket.lower(), socket);
            List<Long> kept = early.remove(socket.lower());
            if (kept != null) {
                kept.forEach(lParam -> outgoing.add(new Posting(socket, lParam)));
            }
        }
        post();
    }

    /** A socket is closed, or has another selection. */
    void leave(SocketHandle lowerSocket) {
        synchronized (lock) {
            socketByLower.remove(lowerSocket);
        }
        destroyIfUnused();
    }

    private void destroyIfUnused() {
        synchronized (lock) {
            if (isDestroyed || accepts > 0 || !socketByLower.isEmpty()) {
                return;
            }
            isDestroyed = true;
        }
        try {
            provider.system().windows().destroyWindow(window);
        } catch (WinsockException e) {
            provider.report("window of a layer", e);
        }
    }
}

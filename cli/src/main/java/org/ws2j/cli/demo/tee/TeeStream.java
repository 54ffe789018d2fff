package org.ws2j.cli.demo.tee;

import java.util.ArrayDeque;
import java.util.Deque;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/**
 * The copies of what one socket receives: the block and the completion routine of the one send that is under way. Used by the
 * worker's thread alone.
 *
 * <pre>
 *   NEW ── first copy: connected ──► OPEN ── end ──► OVER
 *    `─── no connection ──► BROKEN ◄── send failed ──┘ copies are done at once; end ──► OVER
 * </pre>
 */
final class TeeStream extends HeapOverlapped implements WsaCompletionRoutine {
    private enum State {
        NEW,
        OPEN,
        BROKEN,
        OVER
    }

    private final TeeLayer layer;
    private final Deque<Copy> queue = new ArrayDeque<>();
    private State state = State.NEW;
    private SocketHandle socket;
    private WsaThreadId worker;
    private boolean isSending;

    TeeStream(TeeLayer layer) {
        this.layer = layer;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** Takes a copy; the sends are the given thread's, which is the calling one. */
    void add(Copy copy, WsaThreadId self) {
        worker = self;
        queue.add(copy);
        proceed();
    }

    /** Gives up what the collector does not take: the send under way is aborted, and its routine told. */
    void abort() {
        if (socket != null) {
            layer.close(socket);
            socket = null;
        }
        broken(new WinsockException(WsaError.WSAETIMEDOUT, "the collector does not take them"));
        proceed();
    }

    /** The worker has failed: nobody will run the routine of the send under way. */
    void abandon() {
        if (socket != null) {
            layer.close(socket);
            socket = null;
        }
        state = State.OVER;
        queue.forEach(copy -> copy.done().run());
        queue.clear();
    }

    private void proceed() {
        while (!isSending && !queue.isEmpty()) {
            Copy next = queue.peek();
            if (next.isEnd()) {
                queue.remove();
                end();
            } else if (state == State.NEW || state == State.OPEN) {
                send(next);
            } else {
                queue.remove();
                next.done().run();
            }
        }
    }

    private void send(Copy copy) {
        try {
            if (state == State.NEW) {
                socket = layer.connectToCollector();
                state = State.OPEN;
            }
            long result = layer.send(socket, copy, this, worker);
            if (result < 0 && result != WspResult.IO_PENDING) {
                throw new WinsockException((int) -result, null, null);
            }
            isSending = true;
        } catch (WinsockException e) {
            broken(e);
        }
    }

    /** The completion routine of the send: in an alertable wait of the worker. */
    @Override
    public void completed(int error, int bytesTransferred, WsaOverlapped overlapped, int flags) {
        isSending = false;
        Copy copy = queue.remove();
        if (error != 0) {
            broken(new WinsockException(error, null, null));
        } else if (bytesTransferred != copy.length()) {
            broken(new WinsockException(
                    WsaError.WSASYSCALLFAILURE, bytesTransferred + " of " + copy.length() + " bytes were sent"));
        }
        copy.done().run();
        proceed();
    }

    private void broken(WinsockException reason) {
        if (state != State.BROKEN) {
            state = State.BROKEN;
            layer.report(reason);
        }
    }

    private void end() {
        if (socket != null) {
            layer.finish(socket);
            socket = null;
        }
        state = State.OVER;
    }
}

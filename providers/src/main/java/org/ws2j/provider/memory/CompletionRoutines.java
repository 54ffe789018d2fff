package org.ws2j.provider.memory;

import org.ws2j.spi.UserApc;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;

/**
 * The completion routines of one socket: procedures for the threads that started the transfers, never one inside another.
 *
 * <p>A routine that waits alertably lets the next procedure of its thread run inside it; if that is one of the same socket it
 * is put off until the first has returned.
 */
final class CompletionRoutines {
    /** A thread that is inside a routine of this socket, and what has to wait for the end of that. */
    private static final class Frame {
        final Thread thread = Thread.currentThread();
        Frame other;
        Transfer first;
        Transfer last;

        Frame(Frame other) {
            this.other = other;
        }
    }

    private final MemoryStack stack;
    private final UserApc trampoline = this::run;

    /** Guards the frames; nothing foreign runs under it. */
    private final Object frameLock = new Object();

    private Frame frames;

    CompletionRoutines(MemoryStack stack) {
        this.stack = stack;
    }

    /** Queues the routine of a transfer that is over and whose block is complete. */
    void queue(Transfer t) {
        try {
            stack.upcalls().wpuQueueApc(t.threadId, trampoline, t);
        } catch (WinsockException e) {
            stack.services().report("queueing a completion routine", e);
            t.socket.giveBack(t);
        }
    }

    private void run(Object context) {
        Transfer t = (Transfer) context;
        Frame frame = enter(t);
        if (frame == null) {
            return;
        }
        try {
            for (Transfer each = t; each != null; each = next(frame)) {
                call(each);
            }
        } finally {
            leave(frame);
        }
    }

    /** {@return the frame to run the transfer's routine in; null if it was put off} */
    private Frame enter(Transfer t) {
        synchronized (frameLock) {
            for (Frame f = frames; f != null; f = f.other) {
                if (f.thread == Thread.currentThread()) {
                    putOff(f, t);
                    return null;
                }
            }
            frames = new Frame(frames);
            return frames;
        }
    }

    private static void putOff(Frame frame, Transfer t) {
        t.next = null;
        if (frame.last == null) {
            frame.first = t;
        } else {
            frame.last.next = t;
        }
        frame.last = t;
    }

    private Transfer next(Frame frame) {
        synchronized (frameLock) {
            Transfer t = frame.first;
            if (t != null) {
                frame.first = t.next;
                frame.last = t.next == null ? null : frame.last;
                t.next = null;
            }
            return t;
        }
    }

    /** Ends a frame; if a routine has thrown, those that were put off get another turn. */
    private void leave(Frame frame) {
        Transfer left;
        synchronized (frameLock) {
            unlink(frame);
            left = frame.first;
        }
        while (left != null) {
            Transfer next = left.next;
            left.next = null;
            queue(left);
            left = next;
        }
    }

    private void unlink(Frame gone) {
        if (frames == gone) {
            frames = gone.other;
            return;
        }
        Frame before = frames;
        while (before.other != gone) {
            before = before.other;
        }
        before.other = gone.other;
    }

    /** The flags are always 0: there is no partial message here. */
    private static void call(Transfer t) {
        WsaCompletionRoutine routine = t.routine;
        WsaOverlapped block = t.overlapped;
        int error = t.error();
        int bytes = (int) t.transferred;
        t.socket.giveBack(t);
        routine.completed(error, bytes, block, 0);
    }
}

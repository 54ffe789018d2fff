package org.ws2j.provider.base;

import java.util.ArrayDeque;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;

/**
 * The completion routines of one socket: procedures for the threads that started the calls, never one inside another.
 *
 * <p>A routine that waits alertably lets the next procedure of its thread run inside it; if that is one of the same socket it
 * is put off until the first has returned.
 */
public final class CompletionRoutines {
    /** A thread that is inside a routine of this socket, and what has to wait for the end of that. */
    private static final class Frame {
        final Thread thread = Thread.currentThread();
        Frame other;

        /** Null as long as nothing was put off. */
        private ArrayDeque<OverlappedCall> putOff;

        Frame(Frame other) {
            this.other = other;
        }

        void putOff(OverlappedCall call) {
            putOff = putOff == null ? new ArrayDeque<>() : putOff;
            putOff.add(call);
        }

        OverlappedCall next() {
            return putOff == null ? null : putOff.poll();
        }
    }

    private final StartedProvider provider;
    private final UserApc trampoline = this::run;

    /** Guards the frames; nothing foreign runs under it. */
    private final Object frameLock = new Object();

    private Frame frames;

    /**
     * Makes those of one socket.
     *
     * @param provider where the socket was made
     */
    public CompletionRoutines(StartedProvider provider) {
        this.provider = provider;
    }

    /**
     * Queues a routine for the thread that has called.
     *
     * @param call one that is over, and whose block is complete
     */
    public void queue(OverlappedCall call) {
        try {
            provider.upcalls().wpuQueueApc(call.threadId, trampoline, call);
        } catch (WinsockException e) {
            if (!provider.isDown()) {
                provider.services().report("queueing a completion routine", e);
            }
            call.giveBack();
        }
    }

    private void run(Object context) {
        OverlappedCall call = (OverlappedCall) context;
        Frame frame = enter(call);
        if (frame == null) {
            return;
        }
        try {
            for (OverlappedCall each = call; each != null; each = next(frame)) {
                complete(each);
            }
        } finally {
            leave(frame);
        }
    }

    /** {@return the frame to run the call's routine in; null if it was put off} */
    private Frame enter(OverlappedCall call) {
        synchronized (frameLock) {
            for (Frame f = frames; f != null; f = f.other) {
                if (f.thread == Thread.currentThread()) {
                    f.putOff(call);
                    return null;
                }
            }
            frames = new Frame(frames);
            return frames;
        }
    }

    private OverlappedCall next(Frame frame) {
        synchronized (frameLock) {
            return frame.next();
        }
    }

    /** Ends a frame; if a routine has thrown, those that were put off get another turn. */
    private void leave(Frame frame) {
        synchronized (frameLock) {
            unlink(frame);
        }
        for (OverlappedCall left = frame.next(); left != null; left = frame.next()) {
            queue(left);
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

    /** The flags are always 0: no base provider here has partial messages. */
    private static void complete(OverlappedCall call) {
        WsaCompletionRoutine routine = call.routine;
        WsaOverlapped block = call.overlapped;
        int error = call.error();
        int bytes = (int) call.transferred;
        call.giveBack();
        routine.completed(error, bytes, block, 0);
    }
}

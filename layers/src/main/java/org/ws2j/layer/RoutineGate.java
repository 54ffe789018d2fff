package org.ws2j.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the completion routines of a socket from nesting.
 *
 * <p>A routine may wait alertably, and the procedure queued for the next one then runs inside it. Such a routine is put
 * aside, and runs on the same thread, in order, as soon as the one in progress has returned.
 */
final class RoutineGate {
    private final LayeredProvider provider;

    /** Guards the map and the queues in it; not held while a routine runs. */
    private final Object lock = new Object();

    /** The threads that are inside a routine of this socket, with what was put aside there. */
    private final Map<Thread, Deque<RoutineCall>> inside = new HashMap<>();

    RoutineGate(LayeredProvider provider) {
        this.provider = provider;
    }

    void run(RoutineCall call) {
        Thread thread = Thread.currentThread();
        synchronized (lock) {
            Deque<RoutineCall> aside = inside.get(thread);
            if (aside != null) {
                aside.add(call);
                return;
            }
            inside.put(thread, new ArrayDeque<>());
        }
        RoutineCall next = call;
        while (next != null) {
            invoke(next);
            next = nextOf(thread);
        }
    }

    /** A routine that fails is reported, and does not keep the next one from running. */
    private void invoke(RoutineCall call) {
        try {
            call.invoke();
        } catch (VirtualMachineError e) {
            synchronized (lock) {
                inside.remove(Thread.currentThread());
            }
            throw e;
        } catch (RuntimeException | Error e) {
            provider.report("completion routine of " + call.socket(), e);
        }
    }

    private RoutineCall nextOf(Thread thread) {
        synchronized (lock) {
            RoutineCall next = inside.get(thread).poll();
            if (next == null) {
                inside.remove(thread);
            }
            return next;
        }
    }
}

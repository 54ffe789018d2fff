package org.ws2j.host.port;

/** The threads that run at a port, as it counts them. Belongs to the port's lock, except where a method says so. */
final class RunningThreads {
    private static final int SEATS = 8;

    private final ThreadList all = new ThreadList();

    /** Some of them, each at the seat that its thread's number says, so that it finds itself without a look-up. */
    private final PortThread[] seated = new PortThread[SEATS];

    /**
     * Finds the calling thread; without the lock.
     *
     * <p>What a thread has not written itself it may read too early or too late here, but its own record it then reads as
     * itself or the port's lock has left it; it has to look again, under the lock, whether it still runs.
     *
     * @return the record of the calling thread, null if it does not run, or has no seat
     */
    PortThread current() {
        PortThread thread = seated[seat(Thread.currentThread())];
        return thread != null && thread.isCurrent() ? thread : null;
    }

    int size() {
        return all.size();
    }

    PortThread last() {
        return all.top();
    }

    void add(PortThread thread) {
        all.push(thread);
        seated[thread.seat] = thread;
    }

    void remove(PortThread thread) {
        all.remove(thread);
        if (seated[thread.seat] == thread) {
            // Nobody may be kept here after its end.
            seated[thread.seat] = null;
        }
    }

    static int seat(Thread thread) {
        return (int) thread.threadId() & (SEATS - 1);
    }
}

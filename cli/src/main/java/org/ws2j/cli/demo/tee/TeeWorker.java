package org.ws2j.cli.demo.tee;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaThreadId;

/**
 * The layer's own thread. It starts overlapped sends on its own account, so it needs a thread id of its own to give to the
 * layer below; and it waits for two things at once, alertably: for the event that says that there is work, and for the
 * completion routines of its sends.
 */
final class TeeWorker {
    /** How long the clean-up waits for a collector that does not take its copies. */
    private static final long PATIENCE_MILLIS = 5_000;

    private final Upcalls upcalls;
    private final HostServices services;
    private final WsaEvent work;
    private final Thread thread;

    /** Guards the three members below; of the upcalls, wpuSetEvent alone is made under it. */
    private final Object lock = new Object();

    private final Queue<Copy> inbox = new ArrayDeque<>();
    private boolean isStopping;
    private boolean isOver;

    /** Written by the thread, read when that has ended; null if it got none. */
    private WsaThreadId self;

    /** Those that have a connection, or wait for one; the worker's alone. */
    private final Set<TeeStream> streams = new HashSet<>();

    private TeeWorker(Upcalls upcalls, HostServices services) throws WinsockException {
        this.upcalls = upcalls;
        this.services = services;
        work = upcalls.wpuCreateEvent();
        thread = Thread.ofPlatform().name("tee worker").daemon().unstarted(this::run);
    }

    static TeeWorker start(Upcalls upcalls, HostServices services) throws WinsockException {
        TeeWorker worker = new TeeWorker(upcalls, services);
        worker.thread.start();
        return worker;
    }

    /** Hands over a copy; it is done at once if the worker has ended. Never waits. */
    void submit(Copy copy) {
        boolean isTooLate;
        synchronized (lock) {
            isTooLate = isOver;
            if (!isTooLate) {
                inbox.add(copy);
                wake();
            }
        }
        if (isTooLate) {
            copy.done().run();
        }
    }

    /** Lets the worker finish what it has, ends it, and waits for that. Called once. */
    void stop() {
        synchronized (lock) {
            isStopping = true;
            wake();
        }
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        release();
    }

    /** The thread has ended: what it needed goes, too. */
    private void release() {
        try {
            if (self != null) {
                upcalls.wpuCloseThread(self);
            }
            upcalls.wpuCloseEvent(work);
        } catch (WinsockException e) {
            services.report("end of the tee worker", e);
        }
    }

    /** The event is open then: it is closed after the thread has ended, when nothing is taken any more. */
    private void wake() {
        try {
            upcalls.wpuSetEvent(work);
        } catch (WinsockException e) {
            services.report("waking the tee worker", e);
        }
    }

    private void run() {
        try {
            WsaThreadId id = upcalls.wpuOpenCurrentThread();
            self = id;
            workUntilStopped(id);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (WinsockException | RuntimeException | Error e) {
            services.report("tee worker", e);
        } finally {
            giveUp();
        }
    }

    private void workUntilStopped(WsaThreadId self) throws WinsockException {
        while (true) {
            boolean stops = takeWork(self);
            if (stops && streams.isEmpty()) {
                return;
            }
            long patience = stops ? PATIENCE_MILLIS : Waits.WSA_INFINITE;
            int reason = services.waits().waitForSingleEvent(work, patience, true);
            if (reason == Waits.WSA_WAIT_TIMEOUT) {
                List.copyOf(streams).forEach(TeeStream::abort);
            }
            streams.removeIf(TeeStream::isOver);
        }
    }

    /** Does what has come; tells whether nothing more will. */
    private boolean takeWork(WsaThreadId self) throws WinsockException {
        // Before the look: what comes after it sets the event again.
        upcalls.wpuResetEvent(work);
        List<Copy> taken;
        boolean stops;
        synchronized (lock) {
            taken = new ArrayList<>(inbox);
            inbox.clear();
            stops = isStopping;
        }
        for (Copy copy : taken) {
            streams.add(copy.stream());
            copy.stream().add(copy, self);
        }
        if (stops) {
            streams.forEach(stream -> stream.add(Copy.endOf(stream), self));
        }
        streams.removeIf(TeeStream::isOver);
        return stops;
    }

    /** Whatever is not done by now will not be. */
    private void giveUp() {
        List<Copy> left;
        synchronized (lock) {
            isOver = true;
            left = new ArrayList<>(inbox);
            inbox.clear();
        }
        left.forEach(copy -> copy.done().run());
        streams.forEach(TeeStream::abandon);
    }
}

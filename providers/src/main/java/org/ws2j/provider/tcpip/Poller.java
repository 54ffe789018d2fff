package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one thread that waits for all sockets with overlapped requests, selected network events or a connect under way.
 *
 * <p>It starts with the first of them and ends with the network. What it does to a socket it does outside the selector's
 * locks, and what a client gives it to run it runs outside the socket's.
 */
final class Poller {
    private final Network network;

    /** Guards {@code selector} and {@code thread} until they are set. */
    private final Object startLock = new Object();

    private volatile SharedSelector selector;
    private volatile Thread thread;
    private volatile boolean stopped;

    /** The poller thread's own. */
    private final List<SelectionKey> ready = new ArrayList<>();

    private final Consumer<SelectionKey> note = ready::add;

    Poller(Network network) {
        this.network = network;
    }

    SelectionKey register(SelectableChannel channel, int operations, TcpIpSocket socket) throws IOException {
        SelectionKey key = started().register(channel, operations, socket);
        wake();
        return key;
    }

    private SharedSelector started() throws IOException {
        SharedSelector present = selector;
        if (present != null) {
            return present;
        }
        synchronized (startLock) {
            if (stopped) {
                throw new ClosedSelectorException();
            }
            if (selector == null) {
                selector = new SharedSelector(network.transport().openSelector());
                thread = Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("ws2j-tcpip-poller")
                        .start(this::run);
            }
            return selector;
        }
    }

    /** Makes a change of interest count; the poller's own changes count without. */
    void wake() {
        SharedSelector present = selector;
        if (present != null && Thread.currentThread() != thread) {
            present.wake();
        }
    }

    /** Lets go of channels that were closed. */
    void flush() throws IOException {
        SharedSelector present = selector;
        if (present != null) {
            present.flush();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                selector.select(Long.MAX_VALUE, note);
            } catch (IOException | ClosedSelectorException e) {
                if (!stopped) {
                    network.services().report("waiting for all sockets of the TCP/IP provider", e);
                }
            }
            for (int i = 0; i < ready.size(); i++) { // Without an iterator's object.
                serve(ready.get(i));
            }
            ready.clear();
        }
    }

    /** A socket that fails in an unforeseen way is left alone from then on, so that it does not fail for ever. */
    private void serve(SelectionKey key) {
        TcpIpSocket socket = (TcpIpSocket) key.attachment();
        try {
            socket.ready(SharedSelector.readyOps(key));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) { // Whatever a sink or an upcall throws must not end the thread of all sockets.
            key.cancel();
            network.services().report("serving " + socket + " on the poller thread", e);
        } finally {
            Thread.interrupted(); // Whatever a client had this thread run: no select would wait any more, and files would be closed.
        }
    }

    /** Ends the thread, and waits for it unless it is the caller. */
    void stop() throws IOException {
        Thread running;
        synchronized (startLock) {
            stopped = true;
            running = thread;
        }
        if (running == null) {
            return;
        }
        selector.wake();
        boolean interrupted = false;
        while (Thread.currentThread() != running && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true; // For later: the thread to be joined ends by itself.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        selector.close();
    }
}

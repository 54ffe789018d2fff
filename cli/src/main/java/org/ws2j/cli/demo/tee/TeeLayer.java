package org.ws2j.cli.demo.tee;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.layer.LayeredSocket;
import org.ws2j.layer.Transfer;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaThreadId;

/**
 * Hands what was received to the {@link TeeWorker}, and to the client when the copy has left.
 *
 * <p>Completions must not block, and a copy may have to wait for the collector: therefore the thread. That the client waits
 * for the copy keeps the memory bounded: the copy is sent from the client's buffer.
 */
final class TeeLayer extends LayeredProvider {
    private final SocketAddress collector;

    /** Guards the two members below. The upcalls made under it do not call back. */
    private final Object lock = new Object();

    /** Runs from the first copy to the clean-up; null otherwise. */
    private TeeWorker worker;

    private boolean isStopped;

    TeeLayer(LayerStart start) throws WinsockException {
        super(start);
        String option = options().get(TeeModule.COLLECTOR_OPTION);
        if (option == null) {
            throw new WinsockException(
                    WsaError.WSAEINVAL,
                    "the layer tee needs the option " + TeeModule.COLLECTOR_OPTION + "=ADDRESS:PORT");
        }
        collector = wspStringToAddress(option, info().addressFamily(), info());
    }

    @Override
    protected LayeredSocket newSocket(SocketHandle lowerSocket, LayeredSocket parent) {
        return new TeeSocket(this, lowerSocket);
    }

    @Override
    protected void received(Transfer transfer) throws WinsockException {
        if (info().isConnectionless() || transfer.isPeek() || transfer.bytes() == 0) {
            return;
        }
        TeeWorker running = worker();
        if (running == null) {
            return;
        }
        TeeStream stream = ((TeeSocket) transfer.socket()).stream(this);
        if (transfer.isOverlapped()) {
            running.submit(new Copy(stream, List.of(transfer.views()), transfer.hold()));
        } else {
            CompletableFuture<Void> hasLeft = new CompletableFuture<>();
            running.submit(new Copy(stream, List.of(transfer.views()), () -> hasLeft.complete(null)));
            hasLeft.join();
        }
    }

    /** The worker, started if need be; null after the clean-up has begun. */
    private TeeWorker worker() throws WinsockException {
        synchronized (lock) {
            if (worker == null && !isStopped) {
                worker = TeeWorker.start(upcalls(), services());
            }
            return worker;
        }
    }

    @Override
    protected void released(LayeredSocket socket) {
        TeeStream stream = ((TeeSocket) socket).stream();
        if (stream == null) {
            return;
        }
        TeeWorker running;
        synchronized (lock) {
            running = worker;
        }
        if (running != null) {
            running.submit(Copy.endOf(stream));
        }
    }

    /** {@inheritDoc} What is being copied goes out first. */
    @Override
    public void wspCleanup() throws WinsockException {
        TeeWorker last;
        synchronized (lock) {
            last = worker;
            worker = null;
            isStopped = true;
        }
        if (last != null) {
            last.stop();
        }
        super.wspCleanup();
    }

    /** Opens a connection to the collector; blocks until it stands. */
    SocketHandle connectToCollector() throws WinsockException {
        SocketHandle s = lower().wspSocket(
                info().addressFamily(), info().socketType(), info().protocol(), start().down(info()), 0,
                SocketFlag.WSA_FLAG_OVERLAPPED);
        try {
            lower().wspConnect(s, collector, null, null, null, null);
            return s;
        } catch (WinsockException | RuntimeException e) {
            close(s);
            throw e;
        }
    }

    long send(SocketHandle s, Copy copy, TeeStream stream, WsaThreadId self) throws WinsockException {
        ByteBuffer[] buffers = copy.buffers();
        return lower().wspSend(s, buffers, 0, buffers.length, 0, stream, stream, self);
    }

    /** Ends a connection to the collector: what was sent still arrives. */
    void finish(SocketHandle s) {
        try {
            lower().wspShutdown(s, ShutdownHow.SD_SEND);
        } catch (WinsockException e) {
            services().report("end of the copy to " + collector, e);
        }
        close(s);
    }

    void close(SocketHandle s) {
        try {
            lower().wspCloseSocket(s);
        } catch (WinsockException e) {
            services().report("connection to the collector " + collector, e);
        }
    }

    void report(Throwable failure) {
        services().report("the copy to the collector " + collector + " ends here; its stream goes on", failure);
    }
}

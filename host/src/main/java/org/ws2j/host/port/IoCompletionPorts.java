package org.ws2j.host.port;

import static org.ws2j.spi.WsaError.ERROR_ABANDONED_WAIT_0;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ws2j.host.port.PortThread.State;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.ThreadSlot;
import org.ws2j.host.thread.WaitEnd;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.CompletionPorts;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** The completion ports of one host. */
public final class IoCompletionPorts implements CompletionPorts {
    private final HostThreads threads;
    private final ThreadSlot<PortThread> portThreads;
    private final Object identity = new Object();
    private final AtomicLong lastNumber = new AtomicLong();
    private final AtomicInteger generation = new AtomicInteger();
    private final Set<IoCompletionPort> open = ConcurrentHashMap.newKeySet();

    /**
     * Makes the ports of a host.
     *
     * @param threads the threads of the host
     */
    public IoCompletionPorts(HostThreads threads) {
        this.threads = threads;
        this.portThreads = threads.newSlot(PortThread::new);
    }

    @Override
    public CompletionPort createIoCompletionPort(int concurrency) throws WinsockException {
        if (concurrency < 0) {
            throw new WinsockException(WSA_INVALID_PARAMETER, "a concurrency of " + concurrency);
        }
        int limit = concurrency == 0 ? Runtime.getRuntime().availableProcessors() : concurrency;
        IoCompletionPort port = new IoCompletionPort(identity, lastNumber.incrementAndGet(), limit);
        open.add(port);
        return port;
    }

    @Override
    public void associate(SocketHandle s, CompletionPort port, Object completionKey) throws WinsockException {
        IoCompletionPort target = opened(port);
        AssociableHandle handle = opened(s);
        if (!handle.allowsOverlapped()) {
            throw new WinsockException(WSA_INVALID_PARAMETER, "not an overlapped socket: " + s);
        }
        if (!handle.associateOnce(new PortAssociation(target, completionKey, generation.get()))) {
            throw new WinsockException(WSA_INVALID_PARAMETER, "associated with a port already: " + s);
        }
    }

    @Override
    public boolean isAssociated(SocketHandle s) throws WinsockException {
        return opened(s).association() != null;
    }

    private AssociableHandle opened(SocketHandle s) throws WinsockException {
        if (s instanceof AssociableHandle handle && handle.isOpenIn(threads)) {
            return handle;
        }
        throw new WinsockException(WSA_INVALID_HANDLE, "not an open socket of this host: " + s);
    }

    @Override
    public boolean getQueuedCompletionStatus(CompletionPort port, CompletionPacket packet, long timeoutMillis)
            throws WinsockException {
        checkTimeout(timeoutMillis);
        IoCompletionPort source = opened(port);
        if (packet == null) {
            throw new WinsockException(WSA_INVALID_PARAMETER, "no packet to fill");
        }
        return source.takeRunning(packet) || take(source, packet, timeoutMillis, false) == WaitEnd.DECIDED;
    }

    @Override
    public int getQueuedCompletionStatusEx(
            CompletionPort port, CompletionPacket[] packets, long timeoutMillis, boolean alertable)
            throws WinsockException {
        checkTimeout(timeoutMillis);
        checkTarget(packets);
        IoCompletionPort source = opened(port);
        if (alertable && threads.runApcs()) {
            return -Waits.WSA_WAIT_IO_COMPLETION;
        }
        int taken = source.takeRunning(packets);
        if (taken > 0) {
            return taken;
        }
        WaitEnd end = take(source, packets[0], timeoutMillis, alertable);
        if (end == WaitEnd.DECIDED) {
            return source.takeMore(packets);
        }
        if (end == WaitEnd.TIMED_OUT) {
            return 0;
        }
        threads.runApcs();
        return -Waits.WSA_WAIT_IO_COMPLETION;
    }

    @Override
    public void postQueuedCompletionStatus(
            CompletionPort port, int bytesTransferred, Object completionKey, WsaOverlapped overlapped)
            throws WinsockException {
        if (!opened(port).post(bytesTransferred, completionKey, overlapped, 0)) {
            throw notAPort(port);
        }
    }

    /**
     * Puts the packet of a completed operation into the port of its socket. Nothing happens if the port is closed, or the
     * association was dropped.
     *
     * @param association of the socket
     * @param bytesTransferred the number of bytes transferred
     * @param overlapped the block of the operation
     * @param error its error, 0 for none
     */
    public void post(PortAssociation association, int bytesTransferred, WsaOverlapped overlapped, int error) {
        if (association.generation() == generation.get()) {
            association.port().post(bytesTransferred, association.completionKey(), overlapped, error);
        }
    }

    @Override
    public void closeIoCompletionPort(CompletionPort port) throws WinsockException {
        IoCompletionPort target = opened(port);
        if (!target.close()) {
            throw notAPort(port);
        }
        open.remove(target);
    }

    /** {@return how many ports are open} */
    public int openPorts() {
        return open.size();
    }

    /** Drops every association, as the last clean-up does: later completions put no packet anywhere. Ports stay open. */
    public void dropAssociations() {
        generation.incrementAndGet();
    }

    /** Closes every port, at the end of the host. */
    public void closeAll() {
        for (IoCompletionPort port : open) {
            port.close();
        }
        open.clear();
    }

    /** {@return {@link WaitEnd#DECIDED} if a packet was taken} */
    private WaitEnd take(IoCompletionPort port, CompletionPacket packet, long timeoutMillis, boolean alertable)
            throws WinsockException {
        PortThread thread = portThreads.of(threads.current());
        thread.join(port);
        State state = port.take(thread, packet, timeoutMillis > 0);
        if (state == State.ABANDONED) {
            throw notAPort(port);
        }
        if (state != State.WAITING) {
            return state == State.GIVEN ? WaitEnd.DECIDED : WaitEnd.TIMED_OUT;
        }
        WaitEnd end = thread.await(timeoutMillis, alertable);
        if (thread.state == State.ABANDONED) {
            throw new WinsockException(ERROR_ABANDONED_WAIT_0);
        }
        return end;
    }

    private IoCompletionPort opened(CompletionPort port) throws WinsockException {
        if (!(port instanceof IoCompletionPort opened) || !opened.isOpenIn(identity)) {
            throw notAPort(port);
        }
        return opened;
    }

    private static WinsockException notAPort(CompletionPort port) {
        return new WinsockException(WSA_INVALID_HANDLE, "not an open completion port of this host: " + port);
    }

    private static void checkTarget(CompletionPacket[] packets) throws WinsockException {
        boolean complete = packets != null && packets.length > 0;
        for (int i = 0; complete && i < packets.length; i++) {
            complete = packets[i] != null;
        }
        if (!complete) {
            throw new WinsockException(WSA_INVALID_PARAMETER, "no packets to fill");
        }
    }

    private static void checkTimeout(long timeoutMillis) throws WinsockException {
        if (timeoutMillis < 0 || timeoutMillis > Waits.WSA_INFINITE) {
            throw new WinsockException(WSA_INVALID_PARAMETER,
                    "a time-out is 0 to " + Waits.WSA_INFINITE + ", not " + timeoutMillis);
        }
    }
}

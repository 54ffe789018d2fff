package org.ws2j.host.port;

import java.util.concurrent.atomic.AtomicReference;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.spi.SocketHandle;

/** A socket handle reduced to what ports see of it. */
final class TestSocket extends SocketHandle implements AssociableHandle {
    private final HostThreads host;
    private final boolean overlapped;
    private final AtomicReference<PortAssociation> association = new AtomicReference<>();
    private volatile boolean open = true;

    TestSocket(HostThreads host, boolean overlapped) {
        this.host = host;
        this.overlapped = overlapped;
    }

    void close() {
        open = false;
    }

    @Override
    public boolean isOpenIn(HostThreads asking) {
        return open && host == asking;
    }

    @Override
    public boolean allowsOverlapped() {
        return overlapped;
    }

    @Override
    public boolean associateOnce(PortAssociation first) {
        return association.compareAndSet(null, first);
    }

    @Override
    public PortAssociation association() {
        return association.get();
    }
}

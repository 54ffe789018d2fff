package org.ws2j.layer.trace;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.layer.trace.pcapng.CaptureInterface;
import org.ws2j.layer.trace.pcapng.PcapngFile;
import org.ws2j.spi.WsaProtocolInfo;

/** A file and the layers that write to it. */
final class TraceFile {
    private final Path path;
    private final PcapngFile pcapng;
    private final AtomicInteger sockets = new AtomicInteger();

    /** Guarded by the lock of {@link TraceFiles}. */
    private int users;

    /** Guards itself: the interfaces by the id of the chain. */
    private final Map<Integer, CaptureInterface> interfaces = new HashMap<>();

    TraceFile(Path path, PcapngFile pcapng) {
        this.path = path;
        this.pcapng = pcapng;
    }

    Path path() {
        return path;
    }

    PcapngFile pcapng() {
        return pcapng;
    }

    void used() {
        users++;
    }

    boolean left() {
        return --users == 0;
    }

    /** The interface of a chain. */
    CaptureInterface of(WsaProtocolInfo chain) {
        synchronized (interfaces) {
            return interfaces.computeIfAbsent(
                    chain.catalogEntryId(), id -> pcapng.addInterface(chain.protocolName()));
        }
    }

    void socketOpened() {
        sockets.incrementAndGet();
    }

    /** With the last socket, what was recorded is there to be read. */
    void socketClosed() {
        if (sockets.decrementAndGet() == 0) {
            pcapng.flush();
        }
    }
}

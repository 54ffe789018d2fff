package org.ws2j.host.fake;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/**
 * What the two fake layers have in common: in their WSPStartup they find the entry below theirs in the chain, and start its
 * provider; at the last WSPCleanup they clean it up.
 */
public abstract class LayerTable extends ForwardingProcTable {
    private final FakeStart start;
    private final WsaProtocolInfo lowerInfo;
    private final WspProcTable lower;
    private final AtomicInteger cleanups = new AtomicInteger();

    LayerTable(FakeStart start, int place) throws WinsockException {
        this.start = start;
        WsaProtocolInfo next = entry(start, nextId(start, place));
        lowerInfo = next.protocolChain().isBase() ? next : start.info();
        String path = start.upcalls().wpuGetProviderPath(next.providerId());
        lower = start.services().catalog().loadProvider(path)
                .wspStartup(start.requested(), lowerInfo, start.upcalls()).procTable();
    }

    private static int nextId(FakeStart start, int place) throws WinsockException {
        List<Integer> chain = start.info().protocolChain().chainEntries();
        if (chain.size() < place + 2) {
            throw new WinsockException(WsaError.WSAEINVAL,
                    "no chain that goes on after " + place + ": " + start.info());
        }
        return chain.get(place + 1);
    }

    private static WsaProtocolInfo entry(FakeStart start, int id) throws WinsockException {
        return start.services().catalog().wscEnumProtocols().stream()
                .filter(info -> info.catalogEntryId() == id)
                .findFirst()
                .orElseThrow(() -> new WinsockException(WsaError.WSAEINVAL, "no entry " + id));
    }

    public final FakeStart start() {
        return start;
    }

    public final Upcalls upcalls() {
        return start.upcalls();
    }

    /** {@return the info that goes to the functions below} */
    public final WsaProtocolInfo lowerInfo() {
        return lowerInfo;
    }

    @Override
    public final WspProcTable lower() {
        return lower;
    }

    /** {@return how often WSPCleanup was called} */
    public final int cleanups() {
        return cleanups.get();
    }

    @Override
    public void wspCleanup() throws WinsockException {
        cleanups.incrementAndGet();
        lower.wspCleanup();
    }
}

package org.ws2j.host.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.ForwardingProcTable;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspProcTable;

/**
 * A layer that finds its place in any chain by itself: it follows elements that are chains, and takes the n-th place of its
 * module at its n-th start for a chain. Its sockets are registered under its own hidden entry.
 */
final class WalkingLayer extends ForwardingProcTable {
    private final FakeStart start;
    private final int ownId;
    private final WsaProtocolInfo lowerInfo;
    private final WspProcTable lower;
    private final List<String> log;

    private WalkingLayer(FakeStart start, String path, int place, List<String> log) throws WinsockException {
        this.start = start;
        this.log = log;
        List<Integer> chain = flatten(start.info().protocolChain().chainEntries());
        int index = indexOf(chain, path, place);
        ownId = chain.get(index);
        WsaProtocolInfo next = entry(chain.get(index + 1));
        lowerInfo = next.protocolChain().isBase() ? next : start.info();
        lower = start.services().catalog().loadProvider(start.upcalls().wpuGetProviderPath(next.providerId()))
                .wspStartup(start.requested(), lowerInfo, start.upcalls()).procTable();
        log.add("start " + ownId);
    }

    /** A module of such layers, which writes what happens into a log. */
    static FakeModule module(String name, List<String> log) {
        Map<Integer, AtomicInteger> places = new ConcurrentHashMap<>();
        return FakeModule.of(name, start -> {
            AtomicInteger next = places.computeIfAbsent(start.info().catalogEntryId(), id -> new AtomicInteger());
            return new WalkingLayer(start, "builtin:" + name, next.getAndIncrement(), log);
        });
    }

    private List<Integer> flatten(List<Integer> chain) throws WinsockException {
        List<Integer> flat = new ArrayList<>();
        for (int id : chain) {
            WsaProtocolInfo element = entry(id);
            if (element.protocolChain().isChain()) {
                flat.addAll(flatten(element.protocolChain().chainEntries()));
            } else {
                flat.add(id);
            }
        }
        return flat;
    }

    private int indexOf(List<Integer> chain, String path, int place) throws WinsockException {
        int seen = 0;
        for (int i = 0; i < chain.size(); i++) {
            String other = start.upcalls().wpuGetProviderPath(entry(chain.get(i)).providerId());
            if (other.equals(path) && seen++ == place) {
                return i;
            }
        }
        throw new WinsockException(WsaError.WSAEINVAL, "not in the chain " + chain);
    }

    private WsaProtocolInfo entry(int id) throws WinsockException {
        return start.services().catalog().wscEnumProtocols().stream()
                .filter(info -> info.catalogEntryId() == id)
                .findFirst()
                .orElseThrow(() -> new WinsockException(WsaError.WSAEINVAL, "no entry " + id));
    }

    int ownId() {
        return ownId;
    }

    WsaProtocolInfo lowerInfo() {
        return lowerInfo;
    }

    @Override
    protected WspProcTable lower() {
        return lower;
    }

    @Override
    protected SocketHandle lower(SocketHandle s) throws WinsockException {
        return (SocketHandle) start.upcalls().wpuQuerySocketHandleContext(s);
    }

    @Override
    public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        SocketHandle below = lower.wspSocket(af, type, protocol, lowerInfo, g, dwFlags);
        return start.upcalls().wpuCreateSocketHandle(ownId, below);
    }

    @Override
    public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
        log.add("send " + ownId);
        return super.wspSend(s, buffer, dwFlags, lpOverlapped, lpCompletionRoutine, lpThreadId);
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        log.add("close " + ownId);
        super.wspCloseSocket(s);
        start.upcalls().wpuCloseSocketHandle(s);
    }

    @Override
    public void wspCleanup() throws WinsockException {
        log.add("cleanup " + ownId);
        super.wspCleanup();
    }
}

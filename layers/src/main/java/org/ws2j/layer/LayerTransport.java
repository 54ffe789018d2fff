package org.ws2j.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspStartup;

/**
 * The start-up function of a layer's module.
 *
 * <p>There is one running layer for each chain and place in it: further start-ups of the same are counted, and the last
 * clean-up ends it. Where a chain contains the module several times, its start-ups are nested, because each layer starts the
 * next one inside its own start-up: so the number of start-ups for that chain which are under way on the calling thread tells
 * which place it is.
 */
final class LayerTransport implements TransportProvider {

    private record Place(int chainId, int nth) {}

    private record UnderWay(Thread thread, int chainId) {}

    private final String name;
    private final LayerFactory factory;
    private final HostServices services;

    /** Guards the two members below; not held while anybody else's code runs. */
    private final Object lock = new Object();

    private final Map<Place, CompletableFuture<Layer>> layers = new HashMap<>();
    private final List<UnderWay> underWay = new ArrayList<>();

    LayerTransport(String name, LayerFactory factory, HostServices services) {
        this.name = name;
        this.factory = factory;
        this.services = services;
    }

    @Override
    public WspStartup wspStartup(WinsockVersion requested, WsaProtocolInfo protocolInfo, Upcalls upcalls)
            throws WinsockException {
        WspData data = WspData.negotiate(requested, "ws2j layer " + name);
        if (!protocolInfo.protocolChain().isChain()) {
            throw new WinsockException(WsaError.WSAEINVAL, "layer " + name + " is started for a chain alone");
        }
        while (true) {
            CompletableFuture<Layer> mine = new CompletableFuture<>();
            Place place;
            CompletableFuture<Layer> current;
            synchronized (lock) {
                place = placeOnThisThread(protocolInfo.catalogEntryId());
                current = layers.computeIfAbsent(place, p -> mine);
            }
            if (current == mine) {
                return new WspStartup(data, startAt(place, mine, protocolInfo, upcalls));
            }
            Layer layer = await(current);
            if (layer.uses().acquire()) {
                return new WspStartup(data, layer);
            }
            forget(place, current);
        }
    }

    private Place placeOnThisThread(int chainId) {
        UnderWay here = new UnderWay(Thread.currentThread(), chainId);
        return new Place(chainId, (int) underWay.stream().filter(here::equals).count());
    }

    private Layer startAt(Place place, CompletableFuture<Layer> future, WsaProtocolInfo info, Upcalls upcalls)
            throws WinsockException {
        UnderWay here = new UnderWay(Thread.currentThread(), place.chainId());
        synchronized (lock) {
            underWay.add(here);
        }
        Throwable failure = null;
        try {
            Layer layer = start(place, info, upcalls);
            layer.whenOver(() -> forget(place, future));
            future.complete(layer);
            return layer;
        } catch (WinsockException | RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            synchronized (lock) {
                underWay.remove(here);
                if (failure != null) {
                    layers.remove(place, future);
                }
            }
            if (failure != null) {
                future.completeExceptionally(failure);
            }
        }
    }

    private Layer start(Place place, WsaProtocolInfo info, Upcalls upcalls) throws WinsockException {
        ChainWalk walk = ChainWalk.of(info, services);
        int index = walk.placeOf(place.nth(), services, upcalls);
        WsaProtocolInfo own = walk.element(index);
        WsaProtocolInfo next = walk.element(index + 1);
        WsaProtocolInfo lowerInfo = next.protocolChain().isBase() ? next : info;
        Map<String, String> options = new HashMap<>(services.catalog().options(own.catalogEntryId()));
        options.putAll(services.catalog().options(info.catalogEntryId()));
        WspProcTable lower = startLower(next, lowerInfo, upcalls);
        try {
            LayerStart start = new LayerStart(info, own, index, lowerInfo, lower, upcalls, services, options);
            Layer layer = factory.create(start);
            if (layer == null) {
                throw new WinsockException(WsaError.WSAEPROVIDERFAILEDINIT, "layer " + name + " made nothing");
            }
            return layer;
        } catch (WinsockException | RuntimeException | Error e) {
            cleanUp(lower, e);
            throw e;
        }
    }

    private WspProcTable startLower(WsaProtocolInfo next, WsaProtocolInfo info, Upcalls upcalls)
            throws WinsockException {
        String path = upcalls.wpuGetProviderPath(next.providerId());
        WspStartup below;
        try {
            below = services.catalog().loadProvider(path).wspStartup(WinsockVersion.V2_2, info, upcalls);
        } catch (WinsockException | RuntimeException e) {
            throw new WinsockException(
                    WsaError.WSAEPROVIDERFAILEDINIT, path + " below layer " + name + " did not start", e);
        }
        if (below == null || below.data() == null || below.procTable() == null) {
            WinsockException e = new WinsockException(
                    WsaError.WSAEINVALIDPROCTABLE, path + " below layer " + name + " started without functions");
            if (below != null && below.procTable() != null) {
                cleanUp(below.procTable(), e);
            }
            throw e;
        }
        if (!WinsockVersion.V2_2.equals(below.data().version())) {
            WinsockException e = new WinsockException(
                    WsaError.WSAEINVALIDPROVIDER, path + " wants version " + below.data().version());
            cleanUp(below.procTable(), e);
            throw e;
        }
        return below.procTable();
    }

    private static void cleanUp(WspProcTable lower, Throwable reason) {
        try {
            lower.wspCleanup();
        } catch (WinsockException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private void forget(Place place, CompletableFuture<Layer> layer) {
        synchronized (lock) {
            layers.remove(place, layer);
        }
    }

    /** Waits for the start-up of the same layer on another thread. */
    private static Layer await(CompletableFuture<Layer> layer) throws WinsockException {
        try {
            return layer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WinsockException cause) {
                throw new WinsockException(cause.code(), cause.getMessage(), cause);
            }
            throw e;
        }
    }
}

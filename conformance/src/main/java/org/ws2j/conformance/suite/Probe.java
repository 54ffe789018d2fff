package org.ws2j.conformance.suite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.host.ProtocolCatalog.InstalledChains;
import org.ws2j.host.Winsock;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspResult;
import org.ws2j.spi.WspStartup;

/**
 * A layer of the kit over the stack, with handles of its own: it lets a check make the upcalls of a provider, holds back what
 * the check wants to complete itself, and counts its starts. What has to do with sockets goes down, synchronous calls alone.
 */
final class Probe implements TransportModule {
    static final String NAME = "conformance-probe";

    /** What a client has asked for, and the check is to complete. */
    record Held(SocketHandle socket, WsaOverlapped block, WsaCompletionRoutine routine, WsaThreadId thread) {}

    /** Something that is done at a certain moment of the provider's life. */
    @FunctionalInterface
    interface Step {
        void run() throws WinsockException;
    }

    /** Where a running layer stands. */
    private record Place(WsaProtocolInfo chain, WsaProtocolInfo lowerInfo, WspProcTable lower) {}

    private final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicInteger cleanUps = new AtomicInteger();

    private volatile HostServices services;
    private volatile Upcalls upcalls;
    private volatile int entry;
    private volatile int hiddenEntry;
    private volatile UUID id;
    private volatile boolean holdsReceives;
    private volatile boolean keepsClosed;
    private volatile Step atStart = () -> {};
    private volatile Step atCleanUp = () -> {};

    // ---- for the checks --------------------------------------------------------------------------------------------

    /** Puts a layer over everything, and starts the client anew, who sees it from now on. */
    InstalledChains install(Winsock ws) throws WinsockException {
        return install(ws, WinsockVersion.V2_2);
    }

    /** Starts the client anew as one of some version. */
    InstalledChains install(Winsock ws, WinsockVersion version) throws WinsockException {
        id = UUID.randomUUID();
        InstalledChains chains = ws.catalog().wscInstallProviderAndChains(
                id, "builtin:" + NAME, NAME, 0, ws.wsaEnumProtocols(), Map.of());
        hiddenEntry = chains.hiddenEntryId();
        ws.wsaCleanup();
        ws.wsaStartup(version);
        return chains;
    }

    Upcalls upcalls() {
        return upcalls;
    }

    HostServices services() {
        return services;
    }

    /** {@return the entry of the chain that was started last} */
    int entry() {
        return entry;
    }

    int hiddenEntry() {
        return hiddenEntry;
    }

    UUID id() {
        return id;
    }

    int starts() {
        return starts.get();
    }

    int cleanUps() {
        return cleanUps.get();
    }

    /** Holds receives back that have a block. */
    void holdReceives() {
        holdsReceives = true;
    }

    /** Keeps the handles of sockets that are closed by their clients. */
    void keepClosed() {
        keepsClosed = true;
    }

    void atStart(Step step) {
        atStart = step;
    }

    void atCleanUp(Step step) {
        atCleanUp = step;
    }

    /** {@return the oldest call that is held back} */
    Held held() {
        return held.remove();
    }

    /** {@return the handle below one of the probe's} */
    SocketHandle below(SocketHandle s) throws WinsockException {
        return (SocketHandle) upcalls.wpuQuerySocketHandleContext(s);
    }

    // ---- the provider ----------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public TransportProvider load(HostServices given) {
        services = given;
        return this::start;
    }

    private WspStartup start(WinsockVersion requested, WsaProtocolInfo info, Upcalls given) throws WinsockException {
        upcalls = given;
        entry = info.catalogEntryId();
        starts.incrementAndGet();
        WsaProtocolInfo next = next(info);
        WsaProtocolInfo lowerInfo = next.protocolChain().isBase() ? next : info;
        String path = given.wpuGetProviderPath(next.providerId());
        WspProcTable lower = services.catalog().loadProvider(path).wspStartup(requested, lowerInfo, given).procTable();
        Place place = new Place(info, lowerInfo, lower);
        atStart.run();
        return new WspStartup(WspData.negotiate(requested, NAME), table(place));
    }

    /** The probe stands at the top of its chains. */
    private WsaProtocolInfo next(WsaProtocolInfo info) {
        List<Integer> elements = info.protocolChain().chainEntries();
        return services.catalog().wscEnumProtocols().stream()
                .filter(other -> other.catalogEntryId() == elements.get(1))
                .findFirst()
                .orElseThrow();
    }

    private WspProcTable table(Place place) {
        return (WspProcTable) Proxy.newProxyInstance(
                Probe.class.getClassLoader(), new Class<?>[] {WspProcTable.class},
                (proxy, method, args) -> call(place, method, args == null ? new Object[0] : args));
    }

    private Object call(Place place, Method method, Object[] args) throws Throwable {
        return switch (method.getName()) {
            case "wspSocket" -> created(place, (SocketHandle) down(place, method, withLowerInfo(place, args)));
            case "wspAccept" -> created(place, (SocketHandle) down(place, method, args));
            case "wspCloseSocket" -> close(place, method, args);
            case "wspCleanup" -> cleanUp(place);
            case "wspRecv" -> receive(place, method, args);
            default -> down(place, method, args);
        };
    }

    private Object down(Place place, Method method, Object[] args) throws Throwable {
        Object[] translated = args.clone();
        if (args.length > 0 && args[0] instanceof SocketHandle s) {
            translated[0] = below(s);
        }
        try {
            return method.invoke(place.lower(), translated);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object[] withLowerInfo(Place place, Object[] args) {
        Object[] changed = args.clone();
        for (int i = 0; i < args.length; i++) {
            changed[i] = args[i] instanceof WsaProtocolInfo ? place.lowerInfo() : args[i];
        }
        return changed;
    }

    private SocketHandle created(Place place, SocketHandle below) throws WinsockException {
        return below == null ? null : upcalls.wpuCreateSocketHandle(place.chain().catalogEntryId(), below);
    }

    private Object close(Place place, Method method, Object[] args) throws Throwable {
        down(place, method, args);
        if (!keepsClosed) {
            upcalls.wpuCloseSocketHandle((SocketHandle) args[0]);
        }
        return null;
    }

    /** Block, routine and thread stand last, however many buffers there are. */
    private Object receive(Place place, Method method, Object[] args) throws Throwable {
        int n = args.length;
        if (!holdsReceives || !(args[n - 3] instanceof WsaOverlapped block)) {
            return down(place, method, args);
        }
        block.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        held.add(new Held(
                (SocketHandle) args[0], block, (WsaCompletionRoutine) args[n - 2], (WsaThreadId) args[n - 1]));
        return (long) WspResult.IO_PENDING;
    }

    private Object cleanUp(Place place) throws WinsockException {
        cleanUps.incrementAndGet();
        try {
            atCleanUp.run();
        } finally {
            place.lower().wspCleanup();
        }
        return null;
    }
}

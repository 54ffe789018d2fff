package org.ws2j.host;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.ws2j.host.catalog.CatalogState;
import org.ws2j.host.event.EventLeak;
import org.ws2j.host.event.EventWaits;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.port.IoCompletionPorts;
import org.ws2j.host.startup.ModuleLoader;
import org.ws2j.host.startup.Owners;
import org.ws2j.host.startup.ProviderRegistry;
import org.ws2j.host.startup.StartedProvider;
import org.ws2j.host.system.FileFunctions;
import org.ws2j.host.system.ProviderCalls;
import org.ws2j.host.system.SystemServices;
import org.ws2j.host.thread.HostThread;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.upcall.BlockingHooks;
import org.ws2j.host.upcall.Completions;
import org.ws2j.host.upcall.HostUpcalls;
import org.ws2j.host.upcall.ThreadCalls;
import org.ws2j.host.window.MessageQueues;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/**
 * All that belongs to one {@link Winsock}: the parts of the host, put together, and the count of starts.
 *
 * <pre>
 *   STOPPED  ──wsaStartup──→  STARTED  ──last wsaCleanup──→  CLEANING  ──→  STOPPED
 * </pre>
 *
 * <p>Upcalls work in STARTED and CLEANING, the client's functions in STARTED alone.
 */
final class HostProcess {
    private static final AtomicInteger NEXT_ID = new AtomicInteger(1);

    /** What a client's function does with the catalog or a provider. */
    @FunctionalInterface
    interface Action<T> {
        T perform() throws WinsockException;
    }

    /** What a client's function does with a socket and its provider's functions. */
    @FunctionalInterface
    interface SocketAction<T> {
        T on(WspProcTable table, HostSocket socket) throws WinsockException;
    }

    /** The same without a result. */
    @FunctionalInterface
    interface SocketStep {
        void on(WspProcTable table, HostSocket socket) throws WinsockException;
    }

    private enum State {
        STOPPED,
        STARTED,
        CLEANING
    }

    private final int id = NEXT_ID.getAndIncrement();
    private final ProtocolCatalog catalog;
    private final LiveCatalog liveCatalog;
    private final HandleTable handles;
    private final HostThreads threads;
    private final EventWaits events;
    private final IoCompletionPorts ports;
    private final MessageQueues windows;
    private final BlockingHooks hooks;
    private final Completions completions;
    private final ProviderCalls calls;
    private final ProviderRegistry registry;
    private final HostUpcalls upcalls;
    private final SystemServices services;
    private final UpcallAudit audit;

    /** Guards {@link #count} and the changes of {@link #state}. Nothing foreign runs under it. */
    private final Object lifecycle = new Object();

    private int count;
    private volatile State state = State.STOPPED;
    private volatile CatalogState snapshot = CatalogState.EMPTY;

    /** Those that are open; the last clean-up ends them. */
    private final Set<CatalogNotification> notifications = ConcurrentHashMap.newKeySet();

    HostProcess(WinsockBuilder config, ModuleLoader loader, ProtocolCatalog catalog) {
        BiConsumer<String, Throwable> reporter = config.reporter();
        this.catalog = catalog;
        threads = new HostThreads(config.clock(), reporter);
        events = new EventWaits(threads);
        ports = new IoCompletionPorts(threads);
        windows = new MessageQueues(threads, config.messageQueueLimit());
        handles = new HandleTable(threads, reporter);
        hooks = new BlockingHooks(threads, reporter);
        completions = new Completions(events, ports, reporter);
        calls = new ProviderCalls(reporter);
        audit = config.audits() ? new UpcallAudit() : null;
        liveCatalog = new LiveCatalog(catalog, config.environment());
        registry = new ProviderRegistry(loader, liveCatalog, reporter, provider -> observed(provider, config));
        Owners owners = new Owners(registry, () -> hooks.state().inProgress());
        upcalls = new HostUpcalls(handles, events, threads, windows, hooks, completions, liveCatalog, owners);
        services = new SystemServices(
                "",
                new FileFunctions(handles, threads, completions, hooks, calls, reporter),
                handles,
                events,
                ports,
                windows,
                new ProviderView(catalog, liveCatalog, registry),
                config.clock(),
                threads,
                config.resolvedNames(),
                reporter);
        Upcalls offered = audit == null ? upcalls : audit.counting(upcalls, owners, handles);
        registry.bind(services::forModule, offered);
    }

    private StartedProvider observed(StartedProvider provider, WinsockBuilder config) {
        StartedProvider attributed = audit == null ? provider : audit.attribute(provider);
        Simulation simulation = config.simulation();
        return simulation == null ? attributed : TableProxies.around(attributed, simulation::providerCall);
    }

    // ---- the parts ----

    int id() {
        return id;
    }

    ProtocolCatalog catalog() {
        return catalog;
    }

    HostServices services() {
        return services;
    }

    HostThreads threads() {
        return threads;
    }

    EventWaits events() {
        return events;
    }

    HandleTable handles() {
        return handles;
    }

    BlockingHooks hooks() {
        return hooks;
    }

    Completions completions() {
        return completions;
    }

    ProviderRegistry registry() {
        return registry;
    }

    CatalogState snapshot() {
        return snapshot;
    }

    Optional<UpcallAudit> audit() {
        return Optional.ofNullable(audit);
    }

    OpenHandles openHandles() {
        List<HostSocket> alive = handles.alive();
        return new OpenHandles(
                alive.size(),
                events.openEvents(),
                threads.openIds(),
                ports.openPorts(),
                windows.openWindows(),
                Stream.concat(alive.stream().map(HostProcess::describe).sorted(), events.leaks().stream()
                        .filter(EventLeak::closed)
                        .map(leak -> leak.event() + ", still waited for by " + leak.waitingThreads() + " threads"))
                        .toList());
    }

    private static String describe(HostSocket s) {
        HandleOwner owner = s.owner();
        return s + (owner == null ? ", not registered" : ", of " + owner.name())
                + (s.isApplication() ? ", an application's" : "");
    }

    // ---- start-up and clean-up ----

    WsaData startup(WinsockVersion requested) throws WinsockException {
        if (requested == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the version is null");
        }
        WinsockVersion negotiated = Versions.negotiate(requested);
        CatalogState newest = null;
        while (!start(negotiated, newest)) {
            // Without the lock: who finds a change of the catalog calls its watches.
            newest = newestCatalog();
        }
        return new WsaData(negotiated, WinsockVersion.V2_2, "ws2j", "Running");
    }

    /** Counts a start, or answers that the first one needs the newest catalog. */
    private boolean start(WinsockVersion negotiated, CatalogState newest) throws WinsockException {
        synchronized (lifecycle) {
            if (state == State.CLEANING) {
                throw new WinsockException(WsaError.WSAEINPROGRESS, "the last clean-up is running");
            }
            if (count == 0) {
                if (newest == null) {
                    return false;
                }
                snapshot = newest;
                liveCatalog.startFrom(newest);
                registry.open();
                upcalls.open();
            }
            // A process in which anybody negotiated 2.x is one of 2.x.
            hooks.legacy(negotiated.major() == 1 && (count == 0 || hooks.isLegacy()));
            count++;
            state = State.STARTED;
            return true;
        }
    }

    private CatalogState newestCatalog() throws WinsockException {
        try {
            return catalog.catalog().snapshot();
        } catch (WinsockException e) {
            throw new WinsockException(WsaError.WSASYSNOTREADY, "the catalog cannot be read: " + e.getMessage(), e);
        }
    }

    void cleanup() throws WinsockException {
        synchronized (lifecycle) {
            if (state != State.STARTED) {
                throw failure("WSACleanup", notInitialised());
            }
            if (--count > 0) {
                return;
            }
            state = State.CLEANING;
        }
        try {
            notifications.forEach(CatalogNotification::abort);
            registry.cleanUpAll();
        } finally {
            handles.reap();
            upcalls.close();
            handles.reap(); // What was made meanwhile; who makes a handle from here on finds that out, and takes it back.
            threads.dropApcs();
            ports.dropAssociations();
            windows.dropMessages();
            synchronized (lifecycle) {
                hooks.legacy(false);
                state = State.STOPPED;
            }
        }
    }

    void close() {
        while (state == State.STARTED) {
            try {
                cleanup();
            } catch (WinsockException e) {
                // Somebody else has made the last clean-up: what was wanted.
                break;
            }
        }
        ports.closeAll();
        windows.destroyAll();
    }

    void checkStarted() throws WinsockException {
        if (state != State.STARTED) {
            throw failure("", notInitialised());
        }
    }

    private static WinsockException notInitialised() {
        return new WinsockException(WsaError.WSANOTINITIALISED,
                "wsaStartup comes first, and the last wsaCleanup ends it");
    }

    // ---- calling providers ----

    HostSocket open(SocketHandle s) throws WinsockException {
        if (state != State.STARTED) {
            throw failure("", notInitialised());
        }
        try {
            return handles.openForClient(s);
        } catch (WinsockException e) {
            throw failure("", e);
        }
    }

    /** The calling thread's state, if it is not in the middle of a blocking call of a 1.x client. */
    ThreadCalls enterable() throws WinsockException {
        ThreadCalls thread = hooks.state();
        if (hooks.isLegacy()) {
            thread.checkNoneBlocking();
        }
        return thread;
    }

    void checkNotInHook() throws WinsockException {
        if (hooks.isLegacy()) {
            told(() -> {
                hooks.state().checkNoneBlocking();
                return null;
            });
        }
    }

    void cancelBlockingCall() throws WinsockException {
        try {
            hooks.cancel();
        } catch (Throwable e) {
            throw failure("WSPCancelBlockingCall", e);
        }
    }

    <T> T call(String name, SocketHandle s, SocketAction<T> action) throws WinsockException {
        HostSocket h = open(s);
        try {
            ThreadCalls thread = enterable();
            thread.enter(h.owner());
            try {
                return action.on(h.procTable(), h);
            } finally {
                thread.leave();
            }
        } catch (Throwable e) {
            throw failure(name, e);
        }
    }

    <T> T present(String name, SocketHandle s, SocketAction<T> action) throws WinsockException {
        T result = call(name, s, action);
        return told(() -> ProviderCalls.present(name, result));
    }

    void run(String name, SocketHandle s, SocketStep step) throws WinsockException {
        call(name, s, (table, h) -> {
            step.on(table, h);
            return null;
        });
    }

    /** Performs an action whose failures become the thread's last error. */
    <T> T told(Action<T> action) throws WinsockException {
        try {
            return action.perform();
        } catch (WinsockException e) {
            throw failure("", e);
        }
    }

    /** Makes the failure that the client sees of what was thrown, and the thread's last error of it. */
    WinsockException failure(String call, Throwable thrown) {
        WinsockException failure = calls.failure(call, thrown);
        if (failure.is(WsaError.WSAEALREADY) && hooks.isLegacy()) {
            failure = new WinsockException(WsaError.WSAEINVAL, failure.getMessage(), failure);
        }
        HostThread thread = threads.current();
        thread.lastError(failure.code());
        return failure;
    }

    /** The same for what is not told yet: the thread's last error stays as it is. */
    WinsockException answer(String call, Throwable thrown) {
        return calls.failure(call, thrown);
    }

    // ---- the catalog ----

    List<WsaProtocolInfo> visibleProtocols(int... protocols) {
        return snapshot.wsaEnumProtocols(protocols);
    }

    CatalogNotification catalogChange(
            CatalogNotification notification, WsaOverlapped overlapped, WsaCompletionRoutine routine)
            throws WinsockException {
        checkStarted();
        return told(() -> {
            if (notification == null) {
                return newNotification();
            }
            notification.next(overlapped, routine);
            return notification;
        });
    }

    private CatalogNotification newNotification() throws WinsockException {
        CatalogNotification made = new CatalogNotification(catalog, events, threads, notifications::remove);
        notifications.add(made);
        if (state != State.STARTED) { // The last clean-up may have ended the others just before.
            made.abort();
            throw notInitialised();
        }
        return made;
    }
}

package org.ws2j.host.startup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ws2j.host.thread.Fatal;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspStartup;

/**
 * The providers of one host: loads their modules, starts each once per GUID when a socket first needs it, and cleans them up,
 * the newest first. No lock is held while a provider's code runs.
 */
public final class ProviderRegistry {
    private final ModuleLoader loader;
    private final CatalogView catalog;
    private final BiConsumer<String, Throwable> reporter;
    private final UnaryOperator<StartedProvider> observer;

    private final Modules modules = new Modules();
    private final Starts starts = new Starts();

    /** Guards all that follows as far as it changes; nothing foreign runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition startEnded = lock.newCondition();
    private final Map<UUID, StartedProvider> byHost = new HashMap<>();
    private final Map<UUID, Starting> starting = new HashMap<>();

    /** The order in which the host's own start-ups succeeded. */
    private final List<StartedProvider> startOrder = new ArrayList<>();

    /** Counts the last clean-ups, so that a start-up can tell that one has overtaken it. */
    private int session;

    private boolean open;

    private Function<String, HostServices> services;
    private Upcalls upcalls;

    /**
     * Makes a registry without providers.
     *
     * @param loader finds modules
     * @param catalog the catalog
     * @param reporter is told of failures that no caller can be told of
     * @param observer sees each provider that was started, and may put another table in place of its own
     */
    public ProviderRegistry(
            ModuleLoader loader,
            CatalogView catalog,
            BiConsumer<String, Throwable> reporter,
            UnaryOperator<StartedProvider> observer) {
        this.loader = loader;
        this.catalog = catalog;
        this.reporter = reporter;
        this.observer = observer;
    }

    /** A start-up of the host's own that is under way. */
    private record Starting(Thread thread, int session) {}

    /**
     * Says what providers get; once, before anything is loaded.
     *
     * @param hostServices for modules when they are loaded, by their path
     * @param hostUpcalls for providers when they are started
     */
    public void bind(Function<String, HostServices> hostServices, Upcalls hostUpcalls) {
        services = hostServices;
        upcalls = hostUpcalls;
    }

    /** Lets providers be started, until {@link #cleanUpAll()}. */
    public void open() {
        lock.lock();
        try {
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Loads the module at a path, if it is not loaded yet.
     *
     * @param installedPath a path of the catalog
     * @return its start-up function, the same one each time
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT}, for a module that is pinned to another content, too
     */
    public TransportProvider load(String installedPath) throws WinsockException {
        String path = catalog.expand(installedPath);
        LoadedModule module = modules.at(path, () -> {
            String digest = ModuleDigest.of(path);
            catalog.verify(path, digest);
            return new LoadedModule(path, digest, loader.load(path, services.apply(path)), starts, observer);
        });
        // Each time: the module may be older than the pin.
        catalog.verify(path, module.digest());
        return module;
    }

    /**
     * Starts the provider of a catalog entry, unless the host has started it already.
     *
     * @param entry a base entry or a chain
     * @return the provider
     * @throws WinsockException {@code WSAEPROVIDERFAILEDINIT}, {@code WSAEINVALIDPROVIDER},
     *     {@code WSAEINVALIDPROCTABLE}; {@code WSAEINPROGRESS} from inside its own start-up; {@code WSANOTINITIALISED}
     *     if the last clean-up came first
     */
    public StartedProvider start(WsaProtocolInfo entry) throws WinsockException {
        UUID id = entry.providerId();
        StartedProvider known = startedOrMine(id);
        if (known != null) {
            return known;
        }
        StartedProvider started = null;
        boolean kept = false;
        try {
            started = startUp(entry);
        } finally {
            kept = ended(id, started);
        }
        if (!kept) {
            cleanUp(started);
            starts.forget(s -> s.thread == Thread.currentThread());
            throw cleanedUp();
        }
        return started;
    }

    private static WinsockException cleanedUp() {
        return new WinsockException(WsaError.WSANOTINITIALISED, "the last clean-up ends the providers");
    }

    /** Returns the started provider, or null if the calling thread is the one that has to start it. */
    private StartedProvider startedOrMine(UUID id) throws WinsockException {
        lock.lock();
        try {
            while (true) {
                if (!open) {
                    throw cleanedUp();
                }
                StartedProvider started = byHost.get(id);
                if (started != null) {
                    return started;
                }
                Starting other = starting.putIfAbsent(id, new Starting(Thread.currentThread(), session));
                if (other == null) {
                    return null;
                }
                if (other.thread == Thread.currentThread()) {
                    throw new WinsockException(
                            WsaError.WSAEINPROGRESS, "the provider " + id + " is being started by this very thread");
                }
                startEnded.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes the end of a start-up; false if the last clean-up came before the start-up had succeeded. */
    private boolean ended(UUID id, StartedProvider started) {
        lock.lock();
        try {
            boolean inTime = starting.remove(id).session == session;
            if (started != null && inTime) {
                byHost.put(id, started);
                startOrder.add(started);
            }
            startEnded.signalAll();
            return inTime;
        } finally {
            lock.unlock();
        }
    }

    private StartedProvider startUp(WsaProtocolInfo entry) throws WinsockException {
        String path;
        try {
            path = catalog.path(entry.providerId());
        } catch (WinsockException e) {
            throw new WinsockException(
                    WsaError.WSAEINVALIDPROVIDER, "the provider of catalog entry " + entry.catalogEntryId()
                            + " is not installed",
                    e);
        }
        TransportProvider provider = load(path);
        WspStartup startup;
        try {
            startup = provider.wspStartup(WinsockVersion.V2_2, entry, upcalls);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            throw new WinsockException(
                    WsaError.WSAEPROVIDERFAILEDINIT, "WSPStartup of " + path + " failed: " + e.getMessage(), e);
        }
        check(path, startup);
        return started(path, entry, startup);
    }

    private void check(String path, WspStartup startup) throws WinsockException {
        if (startup == null || startup.procTable() == null) {
            throw new WinsockException(
                    WsaError.WSAEINVALIDPROCTABLE, "WSPStartup of " + path + " returned no table of functions");
        }
        String hole = ProcTables.hole(startup.procTable());
        if (hole != null) {
            cleanUp(path, startup);
            throw new WinsockException(
                    WsaError.WSAEINVALIDPROCTABLE, "the table of functions of " + path + " lacks " + hole);
        }
        if (startup.data() == null || !startup.data().version().equals(WinsockVersion.V2_2)) {
            cleanUp(path, startup);
            throw new WinsockException(
                    WsaError.WSAEINVALIDPROVIDER, "WSPStartup of " + path + " negotiated "
                            + (startup.data() == null ? "no version" : "version " + startup.data().version())
                            + ", wanted is 2.2");
        }
    }

    /** Finds what {@link LoadedModule} has just remembered: the table may be another one than the provider's own. */
    private StartedProvider started(String path, WsaProtocolInfo entry, WspStartup startup) {
        for (Start start : starts) {
            StartedProvider provider = start.provider();
            if (provider != null && provider.procTable() == startup.procTable() && provider.info() == entry) {
                return provider;
            }
        }
        return new StartedProvider(path, entry, startup.data(), startup.procTable());
    }

    private void cleanUp(String path, WspStartup startup) {
        try {
            startup.procTable().wspCleanup();
        } catch (Throwable e) {
            Fatal.rethrow(e);
            reporter.accept("WSPCleanup of " + path + " after a start-up that was refused", e);
        }
        Start refused = newestHere(startup);
        if (refused != null) {
            starts.forgetFrom(refused);
        }
    }

    /** Finds the start that has just ended on this thread: several of a module may have the same table. Null for none. */
    private Start newestHere(WspStartup startup) {
        Start newest = null;
        for (Start start : starts) {
            boolean fits = start.isDone()
                    && start.thread == Thread.currentThread()
                    && start.procTable() == startup.procTable();
            newest = fits ? start : newest;
        }
        return newest;
    }

    /** {@return what the host knows of start-ups, in the order in which they were entered} */
    Starts starts() {
        return starts;
    }

    CatalogView catalog() {
        return catalog;
    }

    /**
     * Calls WSPCleanup once for each start-up of the host's own, the newest first. What it answers is of no consequence; what
     * it throws beyond an answer is reported.
     */
    public void cleanUpAll() {
        List<StartedProvider> oldestFirst;
        lock.lock();
        try {
            oldestFirst = List.copyOf(startOrder);
            byHost.clear();
            startOrder.clear();
            session++;
            open = false;
        } finally {
            lock.unlock();
        }
        try {
            oldestFirst.reversed().forEach(this::cleanUp);
        } finally {
            // Only now: the upcalls of those that clean up need to be attributed.
            starts.forget(_ -> true);
        }
    }

    private void cleanUp(StartedProvider provider) {
        try {
            provider.procTable().wspCleanup();
        } catch (WinsockException answer) {
            // Real layers answer a failure although they have cleaned up (and leave the code unset): the answer says nothing.
        } catch (Throwable e) {
            Fatal.rethrow(e);
            reporter.accept("WSPCleanup of " + provider.path(), e);
        }
    }
}

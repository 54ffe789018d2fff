package org.ws2j.host;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ws2j.host.startup.ModuleLoader;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;

/** Makes hosts. Without a word it makes one with the default catalog in memory and the system's clock. */
public final class WinsockBuilder {
    /** How many messages the queue of a thread holds on Windows. */
    private static final int DEFAULT_MESSAGE_LIMIT = 10_000;

    private final List<TransportModule> modules = new ArrayList<>();
    private ProtocolCatalog catalog;
    private HostClock clock = new SystemClock();
    /** Null for none. */
    private Simulation simulation;
    private BiConsumer<String, Throwable> reporter = WinsockBuilder::log;
    private UnaryOperator<String> environment = System::getenv;
    private Function<InetAddress, Optional<String>> resolvedNames = address -> Optional.empty();
    private int messageQueueLimit = DEFAULT_MESSAGE_LIMIT;
    private boolean audit;

    WinsockBuilder() {}

    /**
     * Uses a catalog. Several hosts may use the same one.
     *
     * @param value the catalog
     * @return this builder
     */
    public WinsockBuilder catalog(ProtocolCatalog value) {
        catalog = Objects.requireNonNull(value, "catalog");
        return this;
    }

    /**
     * Uses the catalog in a file, as {@link ProtocolCatalog#open(Path, java.util.Collection)} does. As long as the file is not
     * there the catalog has the default entries; the first change writes the file. A module that is to be found for these is
     * given to {@link #module} before this call.
     *
     * @param file the file
     * @return this builder
     * @throws WinsockException {@code WSASYSCALLFAILURE} if the file cannot be read, or does not hold a catalog
     */
    public WinsockBuilder catalogFile(Path file) throws WinsockException {
        return catalog(ProtocolCatalog.open(file, new ModuleLoader(modules).builtin()));
    }

    /**
     * Offers a module to this host alone: a catalog refers to it as {@code builtin:} and its name.
     *
     * @param module the module; it comes before one of the same name that lies beside the host
     * @return this builder
     */
    public WinsockBuilder module(TransportModule module) {
        modules.add(Objects.requireNonNull(module, "module"));
        return this;
    }

    /**
     * Sets the clock that waits and time-outs go by.
     *
     * @param value the clock
     * @return this builder
     */
    public WinsockBuilder clock(HostClock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Lets threads of a simulated program take turns: where they wait by its {@linkplain Simulation#clock() clock}, which becomes
     * this host's, and at each call of a provider. A program of which threads hold locks of its own in such calls takes the clock
     * alone.
     *
     * @param value the simulation
     * @return this builder
     */
    public WinsockBuilder simulation(Simulation value) {
        simulation = Objects.requireNonNull(value, "simulation");
        clock = value.clock();
        return this;
    }

    /**
     * Sets who is told of failures that no caller can be told of: what a provider, a completion routine or a message's handler
     * throws. The default writes to the system logger {@code org.ws2j.host}.
     *
     * @param value takes what was being done, and what was thrown
     * @return this builder
     */
    public WinsockBuilder reporter(BiConsumer<String, Throwable> value) {
        reporter = Objects.requireNonNull(value, "reporter");
        return this;
    }

    /**
     * Sets where references in the paths of providers ({@code %NAME%}) are looked up; the default is the environment of this
     * JVM.
     *
     * @param value gives the value of a name, null for none
     * @return this builder
     */
    public WinsockBuilder environment(UnaryOperator<String> value) {
        environment = Objects.requireNonNull(value, "environment");
        return this;
    }

    /**
     * Sets who knows the names by which the program came to addresses, for {@link HostServices#resolvedName}; by default nobody
     * knows any.
     *
     * @param value gives the name that was resolved to an address most recently, if any was; called by any thread
     * @return this builder
     */
    public WinsockBuilder resolvedNames(Function<InetAddress, Optional<String>> value) {
        resolvedNames = Objects.requireNonNull(value, "resolvedNames");
        return this;
    }

    /**
     * Sets how many messages the queue of a thread holds; the default is 10,000, as on Windows.
     *
     * @param messages at least 1
     * @return this builder
     */
    public WinsockBuilder messageQueueLimit(int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException("a message queue for " + messages + " messages: at least 1 is needed");
        }
        messageQueueLimit = messages;
        return this;
    }

    /**
     * Counts who makes which upcall; see {@link Winsock#upcallAudit()}. Every call of a provider gets slower by it.
     *
     * @return this builder
     */
    public WinsockBuilder auditUpcalls() {
        audit = true;
        return this;
    }

    /** {@return a host} */
    public Winsock build() {
        ModuleLoader loader = new ModuleLoader(modules);
        return new Winsock(new HostProcess(this, loader, catalog != null ? catalog : defaultCatalog(loader)));
    }

    private static ProtocolCatalog defaultCatalog(ModuleLoader loader) {
        try {
            return ProtocolCatalog.inMemory(loader.builtin());
        } catch (WinsockException e) {
            throw new IllegalStateException("the default catalog cannot be made: " + e.getMessage(), e);
        }
    }

    private static void log(String what, Throwable failure) {
        Logger logger = System.getLogger("org.ws2j.host");
        logger.log(Level.WARNING, what, failure);
    }

    HostClock clock() {
        return clock;
    }

    Simulation simulation() {
        return simulation;
    }

    BiConsumer<String, Throwable> reporter() {
        return reporter;
    }

    UnaryOperator<String> environment() {
        return environment;
    }

    Function<InetAddress, Optional<String>> resolvedNames() {
        return resolvedNames;
    }

    int messageQueueLimit() {
        return messageQueueLimit;
    }

    boolean audits() {
        return audit;
    }
}

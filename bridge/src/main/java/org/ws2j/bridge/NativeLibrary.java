package org.ws2j.bridge;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * A shared library in this process, with its one set of global variables, and the functions of Java that it may call. It works for
 * one host at a time, from the first of that host's start-ups to the clean-up that matches the last, and is never unloaded: a
 * thread of its own might still run in it.
 */
final class NativeLibrary {
    private static final int MOST_PROTOCOLS = 64;

    private final Path path;
    private final SymbolLookup symbols;
    private final MemorySegment startup;
    private final Callbacks callbacks;
    private final UpcallTable upcalls;
    private final MemorySegment serviceTable;
    private final Map<Upcalls, UpcallTable> otherUpcalls = new ConcurrentHashMap<>();
    private final Map<String, StartFunction> startFunctions = new ConcurrentHashMap<>();

    /** The path by which a module was asked for first; guarded by itself. */
    private final Map<TransportProvider, String> spellings = new WeakHashMap<>();

    /** Guarded by this: start-ups without their clean-up. */
    private int uses;

    /** The last host that it worked for; null before the first. */
    private volatile Binding binding;

    /** The same for upcalls, which are compiled with it as a constant, and anew when it changes. */
    private final MutableCallSite bindingOfUpcalls =
            new MutableCallSite(MethodHandles.constant(Binding.class, null));

    private NativeLibrary(Path path, SymbolLookup symbols, MemorySegment startup) {
        this.path = path;
        this.symbols = symbols;
        this.startup = startup;
        callbacks = new Callbacks(this);
        upcalls = new UpcallTable(this, null);
        serviceTable = ServiceFunctions.table(this);
    }

    /** Opens a library; {@code WSAEPROVIDERFAILEDINIT} if that fails, or it exports no WSPStartup. */
    static NativeLibrary open(Path path) throws WinsockException {
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(path, Arena.global());
        } catch (IllegalArgumentException e) {
            throw failed(path, "the system cannot load it: " + e.getMessage(), e);
        }
        MemorySegment startup = symbols.find("WSPStartup")
                .orElseThrow(() -> failed(path, "it does not export WSPStartup", null));
        return new NativeLibrary(path, symbols, startup);
    }

    private static WinsockException failed(Path path, String why, Throwable cause) {
        return new WinsockException(WsaError.WSAEPROVIDERFAILEDINIT, path + ": " + why, cause);
    }

    MemorySegment startup() {
        return startup;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    /** {@return the host}; {@code WSANOTINITIALISED} before the first start-up. */
    Binding binding() throws WinsockException {
        return started(binding);
    }

    /** {@return a host that is there}; {@code WSANOTINITIALISED} for none. */
    Binding started(Binding now) throws WinsockException {
        if (now == null) {
            throw new WinsockException(WsaError.WSANOTINITIALISED, path + " was not started yet");
        }
        return now;
    }

    /** {@return a handle that gives the host, null before the first} */
    MethodHandle bindingOfUpcalls() {
        return bindingOfUpcalls.dynamicInvoker();
    }

    /** Counts a start-up; the first one binds the library to a host. */
    void claim(Session session, HostServices services, Upcalls given) throws WinsockException {
        synchronized (this) {
            if (uses > 0 && binding.session() != session) {
                throw failed(path, "another host of this process uses it; a copy of the file is another library", null);
            }
            if (uses == 0) {
                bind(new Binding(session, session.numbers(), services, given));
            }
            uses++;
        }
        setHostServices();
    }

    private void bind(Binding made) {
        binding = made;
        bindingOfUpcalls.setTarget(MethodHandles.constant(Binding.class, made));
        MutableCallSite.syncAll(new MutableCallSite[] {bindingOfUpcalls});
    }

    /** Counts a clean-up. */
    synchronized void release() {
        if (uses > 0) {
            uses--;
        }
    }

    private void setHostServices() throws WinsockException {
        MemorySegment setter = symbols.find("WSPSetHostServices").orElse(null);
        if (setter != null) {
            int error = Downcalls.call(setter, serviceTable.address());
            if (error != 0) {
                release();
                throw failed(path, "WSPSetHostServices answers " + WsaError.describe(error), null);
            }
        }
    }

    /** {@return the table that stands for some upcalls} */
    UpcallTable upcalls(Upcalls given) throws WinsockException {
        return binding().upcalls() == given
                ? upcalls
                : otherUpcalls.computeIfAbsent(given, others -> new UpcallTable(this, others));
    }

    /** {@return WSPStartup of the module at a path, as this library gets it: one for each module, however its path is spelled} */
    StartFunction startFunction(String providerPath, TransportProvider module) {
        String spelling;
        synchronized (spellings) {
            spelling = spellings.computeIfAbsent(module, first -> providerPath);
        }
        return startFunctions.computeIfAbsent(spelling, wanted -> new StartFunction(this, wanted));
    }

    /** {@return the entries that a base provider wants to be installed with} */
    List<WsaProtocolInfo> protocols() throws WinsockException {
        MemorySegment function = symbols.find("WSPModuleProtocols").orElse(null);
        List<WsaProtocolInfo> entries = new ArrayList<>();
        if (function == null) {
            return entries;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate((long) ProtocolInfos.SIZE * MOST_PROTOCOLS, 8);
            int count = Downcalls.call(function, room.address(), MOST_PROTOCOLS);
            if (count < 0 || count > MOST_PROTOCOLS) {
                throw failed(path, "WSPModuleProtocols answers " + count, null);
            }
            for (int i = 0; i < count; i++) {
                entries.add(ProtocolInfos.get(room.address() + (long) ProtocolInfos.SIZE * i));
            }
        }
        return entries;
    }

    void report(String what, Throwable failure) {
        Binding now = binding;
        if (now != null) {
            now.services().report(path.getFileName() + ": " + what, failure);
        } else {
            System.getLogger("org.ws2j.bridge").log(Level.WARNING, path + ": " + what, failure);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}

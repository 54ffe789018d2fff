package org.ws2j.bridge;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.provider.memory.MemoryModule;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** A host that has started the driver, and the driver's own functions. */
final class DriverHost implements AutoCloseable {
    private final Winsock winsock;
    private final SymbolLookup symbols;
    private final List<Throwable> reports = new CopyOnWriteArrayList<>();

    DriverHost(Path driver) throws WinsockException {
        TransportModule module = TransportModules.find(driver.toString());
        ProtocolCatalog catalog = ProtocolCatalog.empty();
        WsaProtocolInfo entry = module.protocols().getFirst();
        install(catalog, "builtin:memory", new MemoryModule());
        install(catalog, "builtin:tcpip", new TcpIpModule());
        catalog.wscInstallProvider(entry.providerId(), driver.toString(), List.of(entry), Map.of());
        winsock = Winsock.builder().catalog(catalog).reporter((what, e) -> reports.add(e)).build();
        winsock.wsaStartup(WinsockVersion.V2_2);
        start(entry);
        symbols = SymbolLookup.libraryLookup(driver, Arena.global());
    }

    private static void install(ProtocolCatalog catalog, String path, TransportModule module) throws WinsockException {
        List<WsaProtocolInfo> entries = module.protocols();
        catalog.wscInstallProvider(entries.getFirst().providerId(), path, entries, Map.of());
    }

    /** The driver has no sockets to give; asking for one starts it. */
    private void start(WsaProtocolInfo entry) throws WinsockException {
        try {
            winsock.socket(entry.addressFamily(), entry.socketType(), entry.protocol());
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSASYSCALLFAILURE)) {
                throw e;
            }
        }
        reports.clear();
    }

    Winsock winsock() {
        return winsock;
    }

    List<Throwable> reports() {
        return reports;
    }

    MemorySegment symbol(String name) {
        return symbols.find(name).orElseThrow();
    }

    MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(symbol(name), descriptor);
    }

    /** Arbitrary calls on threads of the driver's own; a count that the threads share evenly. */
    Answers fuzz(long seed, long calls, int threads) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answers = arena.allocate(JAVA_LONG, 4);
            int rc = (int) function(
                    "DriverFuzz", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG))
                    .invokeExact(seed, calls, threads, answers.address());
            if (rc != 0) {
                throw new IllegalStateException("the driver could not start its threads");
            }
            return new Answers(
                    answers.getAtIndex(JAVA_LONG, 0),
                    answers.getAtIndex(JAVA_LONG, 1),
                    answers.getAtIndex(JAVA_LONG, 2),
                    answers.getAtIndex(JAVA_LONG, 3));
        }
    }

    /** What C was told: how often which, and of the last undocumented one its call * 100000 + error. */
    record Answers(long successes, long failures, long undocumented, long last) {
        Answers plus(Answers other) {
            return new Answers(
                    successes + other.successes,
                    failures + other.failures,
                    undocumented + other.undocumented,
                    other.last == 0 ? last : other.last);
        }
    }

    @Override
    public void close() {
        winsock.close();
    }
}

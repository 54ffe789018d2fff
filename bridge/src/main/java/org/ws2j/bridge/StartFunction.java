package org.ws2j.bridge;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspStartup;

/** WSPStartup of the provider at a path, as a library in C calls it to start the next one below. */
final class StartFunction {
    private final NativeLibrary library;
    private final String path;
    private final long address;

    /** Guarded by itself. */
    private final List<ProcStubs> stubs = new ArrayList<>();

    StartFunction(NativeLibrary library, String path) {
        this.library = library;
        this.path = path;
        address = Stubs.withoutErrno(this, "startup", WsaError.WSASYSCALLFAILURE.code(), library::report);
    }

    long address() {
        return address;
    }

    int startup(short version, long lpData, long lpProtocolInfo, MemorySegment upcallTable, long lpProcTable) {
        try {
            Pointers.required(lpData, Short.BYTES);
            Pointers.required(lpProtocolInfo, Integer.BYTES);
            Pointers.required(lpProcTable, Long.BYTES);
            Upcalls upcalls = upcalls(upcallTable);
            WspStartup startup = start(version, ProtocolInfos.get(lpProtocolInfo), upcalls);
            NativeProvider.putData(lpData, startup.data());
            stubs(startup.procTable()).put(lpProcTable, startup.procTable());
            return 0;
        } catch (WinsockException e) {
            return e.code();
        }
    }

    private WspStartup start(short version, WsaProtocolInfo info, Upcalls upcalls) throws WinsockException {
        TransportProvider provider = library.binding().services().catalog().loadProvider(path);
        WspStartup startup = provider.wspStartup(WinsockVersion.ofWord(Short.toUnsignedInt(version)), info, upcalls);
        if (startup == null || startup.procTable() == null || startup.data() == null) {
            throw new WinsockException(WsaError.WSAEINVALIDPROCTABLE, path + " has no functions");
        }
        return startup;
    }

    /** Our own table means the upcalls behind it; any other one is called by its pointers. */
    private Upcalls upcalls(MemorySegment given) throws WinsockException {
        long[] pointers = new long[UpcallTable.SLOTS];
        for (int i = 0; i < pointers.length; i++) {
            pointers[i] = given.get(java.lang.foreign.ValueLayout.JAVA_LONG, 8L * i);
            Pointers.required(pointers[i], 1);
        }
        UpcallTable known = NativeLibraries.known().tables().get(pointers[0]);
        if (known != null && known.isSame(pointers)) {
            return known.target();
        }
        throw new WinsockException(
                WsaError.WSAEPROVIDERFAILEDINIT,
                "a layer in C has put upcalls of its own into the table that it hands down");
    }

    private ProcStubs stubs(WspProcTable table) {
        synchronized (stubs) {
            for (ProcStubs known : stubs) {
                if (known.take(table)) {
                    return known;
                }
            }
            ProcStubs fresh = new ProcStubs(library);
            fresh.take(table);
            stubs.add(fresh);
            return fresh;
        }
    }
}

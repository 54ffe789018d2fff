package org.ws2j.bridge;

import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspProcTable;

/**
 * Thirty functions for a layer in C that lead to a provider in Java. Making them takes milliseconds, and they are never freed; so
 * when the provider has been cleaned up as often as it was started they serve the next one.
 */
final class ProcStubs {
    private final long[] functions = new long[NativeProcTable.SLOTS];
    private final ExtensionStubs extensions;

    /** Guarded by this. */
    private int uses;

    /** Null while nobody uses the functions. */
    private volatile WspProcTable table;

    ProcStubs(NativeLibrary library) {
        ProcFunctions target = new ProcFunctions(library, this);
        extensions = new ExtensionStubs(library, target);
        for (int i = 0; i < functions.length; i++) {
            String name = ProcFunctions.SLOTS[i];
            functions[i] = Stubs.withErrno(target, name, ProcFunctions.failure(name), library::report);
        }
    }

    /** Takes the functions for a table; {@return false if another one has them} */
    synchronized boolean take(WspProcTable wanted) {
        if (uses > 0 && table != wanted) {
            return false;
        }
        table = wanted;
        uses++;
        return true;
    }

    synchronized void release() {
        if (uses > 0 && --uses == 0) {
            table = null;
            extensions.clear();
        }
    }

    ExtensionStubs extensions() {
        return extensions;
    }

    WspProcTable table() throws WinsockException {
        WspProcTable now = table;
        if (now == null) {
            throw new WinsockException(WsaError.WSANOTINITIALISED, "the provider below was cleaned up");
        }
        return now;
    }

    /** Fills in a WSPPROC_TABLE. A provider in C is called directly, but for its clean-up, which the bridge counts. */
    void put(long address, WspProcTable provider) {
        for (int i = 0; i < functions.length; i++) {
            boolean isDirect = provider instanceof NativeProcTable && i != NativeProcTable.CLEANUP;
            long function = isDirect ? ((NativeProcTable) provider).address(i) : functions[i];
            Memory.putLong(address + 8L * i, function);
        }
    }
}

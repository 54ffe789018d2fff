package org.ws2j.bridge;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.ws2j.spi.WinsockException;

/** What the benchmarks measure of the bridge and nobody else calls; so it lies in the bridge's package. */
public final class Border {
    /** What an upcall costs that does nothing. */
    private static final class Empty {
        /** Found by its name. */
        @SuppressWarnings({"unused", "UnusedMethod"})
        int empty(long s, long context, long lpErrno) {
            return 0;
        }
    }

    private Border() {}

    /** {@return the address of an upcall that does nothing behind the guard that all upcalls of a library have} */
    public static long emptyUpcall(Path library) throws WinsockException {
        return Stubs.withErrno(new Empty(), "empty", -1, NativeLibraries.known().library(library)::report);
    }

    /** {@return a handle of the shape of WSPSend, the function's address first} */
    public static MethodHandle shapeOfSend() {
        return Shapes.down("I:JPIPIPPPP");
    }

    /** Calls a function of the shape of WSPSend with one buffer, as the bridge does. {@return what it answers} */
    public static int send(MemorySegment function, long s, long buffers, long bytes, long lpErrno) {
        return Downcalls.call(function, s, buffers, 1, bytes, 0, 0L, 0L, 0L, lpErrno);
    }
}

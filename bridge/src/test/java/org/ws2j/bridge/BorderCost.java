package org.ws2j.bridge;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/**
 * Measures what the border to C costs: one run, the candidates in turn. No test: it asserts nothing.
 *
 * <p>{@code java --enable-native-access=ALL-UNNAMED … org.ws2j.bridge.BorderCost [ROUNDS]}
 */
final class BorderCost {
    private static final int CALLS = 1_000_000;
    private static final int WARM_UP = 8;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Bound to its function as a constant, which only a function that is known beforehand can be. */
    private static final MethodHandle BARE;

    private static final Arena ARENA = Arena.ofAuto();
    private static final MemorySegment CELLS = ARENA.allocate(64, 16);

    static {
        try {
            NativeLibraries.known().library(NativeBuild.driver("driver"));
            MemorySegment send = java.lang.foreign.SymbolLookup.libraryLookup(
                    NativeBuild.driver("driver"), Arena.global()).find("DriverSend").orElseThrow();
            BARE = MethodHandles.insertArguments(Shapes.down("I:JPIPIPPPP"), 0, send);
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Something to measure. */
    @FunctionalInterface
    private interface Candidate {
        void run(int calls) throws Throwable;
    }

    private static final class Row {
        final String name;
        final Candidate candidate;
        final double[] nanos;
        final double[] bytes;

        Row(String name, Candidate candidate, int rounds) {
            this.name = name;
            this.candidate = candidate;
            nanos = new double[rounds];
            bytes = new double[rounds];
        }
    }

    private BorderCost() {}

    /** What an upcall costs that does nothing. */
    static final class Empty {
        int empty(long s, long context, long lpErrno) {
            return 0;
        }
    }

    public static void main(String[] args) throws Throwable {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        Path driver = NativeBuild.driver("driver");
        try (DriverHost host = new DriverHost(driver)) {
            measure(rows(host, driver, rounds), rounds);
        }
    }

    private static Row[] rows(DriverHost host, Path driver, int rounds) throws Throwable {
        NativeLibrary library = NativeLibraries.known().library(driver);
        Session session = library.binding().session();
        MethodHandle call = host.function("DriverCall", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
        MethodHandle query = host.function("DriverQuery", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
        long empty = Stubs.withErrno(new Empty(), "empty", -1, library::report);
        long socket = (long) host.function("DriverSocket", FunctionDescriptor.of(JAVA_LONG)).invokeExact();
        SocketHandle s = session.socket(socket);
        NativeProcTable table = table(library, session, host.symbol("DriverSend"));
        ByteBuffer buffer = ByteBuffer.allocateDirect(1);
        MemorySegment send = host.symbol("DriverSend");
        return new Row[] {
                new Row("upcall, empty, guarded", n -> {
                    call.invokeExact(empty, (long) n);
                }, rounds),
                new Row("upcall, WPUQuerySocketHandleContext", n -> {
                    query.invokeExact(socket, (long) n);
                }, rounds),
                new Row("downcall, shape of WSPSend, bound constant", BorderCost::bare, rounds),
                new Row("downcall, shape of WSPSend, as the bridge calls", n -> shaped(send, n), rounds),
                new Row("WspProcTable.wspSend of a provider in C", n -> sends(table, s, buffer, n), rounds)
        };
    }

    private static NativeProcTable table(NativeLibrary library, Session session, MemorySegment function)
            throws WinsockException {
        MemorySegment table = ARENA.allocate(NativeProcTable.SIZE, 8);
        for (int i = 0; i < NativeProcTable.SLOTS; i++) {
            Memory.putLong(table.address() + 8L * i, function.address());
        }
        return new NativeProcTable(library, session, table);
    }

    private static void bare(int n) throws Throwable {
        long cells = CELLS.address();
        for (int i = 0; i < n; i++) {
            int rc = (int) BARE.invokeExact((long) i, cells, 1, cells + 16, 0, 0L, 0L, 0L, cells + 24);
            check(rc);
        }
    }

    private static void shaped(MemorySegment function, int n) {
        long cells = CELLS.address();
        for (int i = 0; i < n; i++) {
            check(Downcalls.call(function, (long) i, cells, 1, cells + 16, 0, 0L, 0L, 0L, cells + 24));
        }
    }

    private static void sends(NativeProcTable table, SocketHandle s, ByteBuffer buffer, int n) throws WinsockException {
        for (int i = 0; i < n; i++) {
            check((int) table.wspSend(s, buffer, 0, null, null, null) - 1);
        }
    }

    private static void check(int rc) {
        if (rc != 0) {
            throw new IllegalStateException("the call answered " + rc);
        }
    }

    private static void measure(Row[] rows, int rounds) throws Throwable {
        for (int round = -WARM_UP; round < rounds; round++) {
            for (Row row : rows) {
                long bytes = THREADS.getCurrentThreadAllocatedBytes();
                long start = System.nanoTime();
                row.candidate.run(CALLS);
                long nanos = System.nanoTime() - start;
                if (round >= 0) {
                    row.nanos[round] = (double) nanos / CALLS;
                    row.bytes[round] = (double) (THREADS.getCurrentThreadAllocatedBytes() - bytes) / CALLS;
                }
            }
        }
        for (Row row : rows) {
            Arrays.sort(row.nanos);
            Arrays.sort(row.bytes);
            System.out.printf("%-50s min %6.1f  median %6.1f ns/op  %6.3f B/op%n",
                    row.name, row.nanos[0], row.nanos[rounds / 2], row.bytes[rounds / 2]);
        }
    }
}

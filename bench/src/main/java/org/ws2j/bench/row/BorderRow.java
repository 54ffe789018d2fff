package org.ws2j.bench.row;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ws2j.bench.jvm.BorderLibrary;
import org.ws2j.bench.jvm.CCompiler;
import org.ws2j.bench.measure.Allocation;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.stack.Stack;
import org.ws2j.bridge.Border;
import org.ws2j.host.TransportModules;
import org.ws2j.host.Winsock;
import org.ws2j.spi.SocketHandle;

/** Calls between Java and a provider in C. */
public final class BorderRow implements Row {
    /** As many as the provider asks about in turn. */
    private static final int SOCKETS = 64;

    /** Where WSPSend finds what its pointers point to: the buffer's length and address, the bytes taken, the error. */
    private static final MemorySegment CELLS = Arena.global().allocate(32, 16);

    /** Bound to its function as a constant: the least that a call of C costs. */
    private static final class Bare {
        static final MethodHandle SEND =
                MethodHandles.insertArguments(Border.shapeOfSend(), 0, BorderLibrary.function("BorderSend"));
    }

    /** A loop in C. */
    private static final FunctionDescriptor LOOP = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG);

    @Override
    public String id() {
        return "border";
    }

    @Override
    public String title() {
        return "calls between Java and a provider in C";
    }

    @Override
    public Optional<String> absence() {
        return CCompiler.absence();
    }

    @Override
    public void measure(RowRun run) throws Exception {
        try (Stack stack = Stack.of(TransportModules.find(BorderLibrary.file().toString()), 0)) {
            SocketHandle[] sockets = new SocketHandle[SOCKETS];
            for (int i = 0; i < SOCKETS; i++) {
                sockets[i] = stack.stream();
            }
            upcalls(run);
            downcalls(run, stack.winsock(), sockets);
        }
    }

    private void upcalls(RowRun run) throws Exception {
        Side query = query();
        Side empty = empty();
        Samples s = run.interleave(id() + "-up", query, empty, empty.again());
        run.time(s, query.name(), empty.name(), Goal.atMost(1.15));
        run.figure(query.name(), "B/op", Goal.NOTHING, new Allocation(run.plan()).of(query));
    }

    private static Side query() {
        MethodHandle loop = Linker.nativeLinker().downcallHandle(BorderLibrary.function("BorderQuery"), LOOP);
        return Side.of("WPUQuerySocketHandleContext from C", operations -> call(loop, operations));
    }

    private static Side empty() throws Exception {
        FunctionDescriptor withFunction = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        MethodHandle any = Linker.nativeLinker().downcallHandle(BorderLibrary.function("BorderCall"), withFunction);
        MethodHandle loop = MethodHandles.insertArguments(any, 0, Border.emptyUpcall(BorderLibrary.file()));
        return Side.of("empty guarded upcall", operations -> call(loop, operations));
    }

    private static void call(MethodHandle loop, long operations) {
        try {
            loop.invokeExact(operations);
        } catch (Throwable e) {
            throw new IllegalStateException("a loop in C", e);
        }
    }

    private void downcalls(RowRun run, Winsock winsock, SocketHandle... sockets) throws Exception {
        Side bare = Side.of("bare downcall, bound as a constant", BorderRow::bare);
        MemorySegment function = BorderLibrary.function("BorderSend");
        Side shaped = Side.of("WSPSend-shaped call down", operations -> shaped(function, operations));
        ByteBuffer buffer = ByteBuffer.allocateDirect(SOCKETS);
        Side whole = Side.of("send of the client, direct buffer", operations -> {
            for (int i = 0; i < operations; i++) {
                winsock.send(sockets[i % SOCKETS], buffer.clear(), 0);
            }
        });
        Samples s = run.interleave(id() + "-down", shaped, whole, bare, bare.again());
        run.time(s, shaped.name(), bare.name(), Goal.atMost(1.25));
        run.time(s, whole.name(), bare.name(), Goal.NONE);
        run.figure(shaped.name(), "B/op", Goal.NOTHING, new Allocation(run.plan()).of(shaped));
        run.figure(whole.name(), "B/op", Goal.NOTHING, new Allocation(run.plan()).of(whole));
    }

    private static void bare(int operations) {
        long cells = CELLS.address();
        try {
            for (int i = 0; i < operations; i++) {
                check((int) Bare.SEND.invokeExact((long) i, cells, 1, cells + 16, 0, 0L, 0L, 0L, cells + 24));
            }
        } catch (Throwable e) {
            throw new IllegalStateException("a function in C", e);
        }
    }

    private static void shaped(MemorySegment function, int operations) {
        long cells = CELLS.address();
        for (int i = 0; i < operations; i++) {
            check(Border.send(function, i, cells, cells + 16, cells + 24));
        }
    }

    private static void check(int answer) {
        if (answer != 0) {
            throw new IllegalStateException("the call answered " + answer);
        }
    }
}

package org.ws2j.bench.jmh;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ws2j.bench.stack.NullModule;
import org.ws2j.bench.stack.Stack;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;

/** The hottest upcall, a field, and a map; and making a handle. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ContextBenchmark {
    /** What a field is read through. */
    private interface Holder {
        Object context();
    }

    private record Held(Object context) implements Holder {
    }

    private static final Long KEY = 1024L;

    private final ConcurrentHashMap<Long, Object> map = new ConcurrentHashMap<>();
    private Holder holder;
    private Stack stack;
    private Upcalls upcalls;
    private SocketHandle handle;
    private int entry;

    @Setup
    public void open() throws WinsockException {
        NullModule module = new NullModule();
        stack = Stack.of(module, 0);
        handle = stack.stream();
        entry = stack.entry().catalogEntryId();
        upcalls = module.upcalls();
        holder = new Held(this);
        map.put(KEY, this);
    }

    @TearDown
    public void close() {
        stack.close();
    }

    @Benchmark
    public Object queryContext() throws WinsockException {
        return upcalls.wpuQuerySocketHandleContext(handle);
    }

    @Benchmark
    public Object fieldThroughInterface() {
        return holder.context();
    }

    @Benchmark
    public Object concurrentHashMap() {
        return map.get(KEY);
    }

    @Benchmark
    public SocketHandle createAndCloseHandle() throws WinsockException {
        SocketHandle made = upcalls.wpuCreateSocketHandle(entry, this);
        upcalls.wpuCloseSocketHandle(made);
        return made;
    }
}

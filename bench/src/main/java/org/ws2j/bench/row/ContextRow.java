package org.ws2j.bench.row;

import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.bench.measure.Allocation;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.measure.Sink;
import org.ws2j.bench.stack.NullModule;
import org.ws2j.bench.stack.Stack;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;

/** The hottest upcall. */
public final class ContextRow implements Row {
    /** So many sockets are asked about in turn that the compiler cannot keep an answer. */
    private static final int SOCKETS = 64;

    /** What a field is read through. */
    private interface Holder {
        Object context();
    }

    private record Held(Object context) implements Holder {
    }

    @Override
    public String id() {
        return "context";
    }

    @Override
    public String title() {
        return "wpuQuerySocketHandleContext";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        NullModule module = new NullModule();
        try (Stack stack = Stack.of(module, 0)) {
            SocketHandle[] handles = new SocketHandle[SOCKETS];
            for (int i = 0; i < SOCKETS; i++) {
                handles[i] = stack.stream();
            }
            Side upcall = upcall(module.upcalls(), handles);
            Side field = field();
            Side map = map();
            Samples s = run.interleave(id(), upcall, field, field.again(), map, map.again());
            run.time(s, upcall.name(), field.name(), Goal.atMost(1.5));
            run.rate(s, upcall.name(), map.name(), Goal.atLeast(3));
            run.figure(upcall.name(), "B/op", Goal.NOTHING, new Allocation(run.plan()).of(upcall));
        }
    }

    private static Side upcall(Upcalls upcalls, SocketHandle[] handles) {
        return Side.of("wpuQuerySocketHandleContext", operations -> {
            for (int i = 0; i < operations; i++) {
                Sink.take(upcalls.wpuQuerySocketHandleContext(handles[i & (SOCKETS - 1)]));
            }
        });
    }

    private static Side field() {
        Holder[] holders = new Holder[SOCKETS];
        for (int i = 0; i < SOCKETS; i++) {
            holders[i] = new Held(new Object());
        }
        return Side.of("field through an interface", operations -> {
            for (int i = 0; i < operations; i++) {
                Sink.take(holders[i & (SOCKETS - 1)].context());
            }
        });
    }

    /** The keys are what numbers of sockets look like: multiples of 4. */
    private static Side map() {
        ConcurrentHashMap<Long, Object> contexts = new ConcurrentHashMap<>();
        for (long i = 0; i < SOCKETS; i++) {
            contexts.put(i << 2, new Object());
        }
        return Side.of("ConcurrentHashMap<Long, …>", operations -> {
            for (int i = 0; i < operations; i++) {
                Sink.take(contexts.get((long) (i & (SOCKETS - 1)) << 2));
            }
        });
    }
}

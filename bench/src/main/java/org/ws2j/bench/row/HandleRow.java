package org.ws2j.bench.row;

import org.ws2j.bench.measure.Allocation;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Heap;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.measure.Sink;
import org.ws2j.bench.stack.NullModule;
import org.ws2j.bench.stack.Stack;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;

/** Making a handle and giving it up. */
public final class HandleRow implements Row {
    private static final int SLOTS = 64;
    private static final int MANY = 1_000_000;
    private static final int QUICK_MANY = 1_000;

    /** As many bytes as the host's handle, which "B/op" of both in the table shows. */
    private static final class SameSize {
        private int a;
        private int b;
        private int c;
        private int d;
        private int e;
        private int f;
        private int g;
        private int h;
        private int i;
        private int j;
        private int k;
        private int l;
        private int m;

        @Override
        public String toString() {
            return "" + a + b + c + d + e + f + g + h + i + j + k + l + m;
        }
    }

    @Override
    public String id() {
        return "handle";
    }

    @Override
    public String title() {
        return "create and close a socket handle";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        NullModule module = new NullModule();
        try (Stack stack = Stack.of(module, 0)) {
            SocketHandle first = stack.stream();
            Side handle = handle(module.upcalls(), stack.entry().catalogEntryId());
            Side slot = slot();
            Samples s = run.interleave(id(), handle, slot, slot.again());
            run.time(s, handle.name(), slot.name(), Goal.atMost(4));
            Allocation allocation = new Allocation(run.plan());
            run.figure(handle.name(), "B/op", Goal.NONE, allocation.of(handle));
            run.figure(slot.name(), "B/op", Goal.NONE, allocation.of(slot));
            retained(run, handle);
            stack.winsock().closesocket(first);
            run.figure("handles left in the register", "handles", Goal.NOTHING,
                    Interval.exactly(stack.winsock().openHandles().sockets()));
        }
    }

    private static Side handle(Upcalls upcalls, int entry) {
        Object context = new Object();
        return Side.of("wpuCreateSocketHandle, wpuCloseSocketHandle", operations -> {
            for (int i = 0; i < operations; i++) {
                upcalls.wpuCloseSocketHandle(upcalls.wpuCreateSocketHandle(entry, context));
            }
        });
    }

    /** Taken out is the object that was put in half an array ago, so that no store can be left out. */
    private static Side slot() {
        Object[] slots = new Object[SLOTS];
        return Side.of("object into an array slot and out", operations -> {
            for (int i = 0; i < operations; i++) {
                slots[i & (SLOTS - 1)] = new SameSize();
                int old = (i + SLOTS / 2) & (SLOTS - 1);
                Sink.take(slots[old]);
                slots[old] = null;
            }
        });
    }

    private static void retained(RowRun run, Side handle) throws Exception {
        int operations = run.plan().isQuick() ? QUICK_MANY : MANY;
        long before = Heap.used();
        handle.run(operations);
        double bytes = Math.max(0, (double) (Heap.used() - before) / operations);
        // What else the JVM has come to keep in the meantime is more than a tenth of a byte for each of a few handles.
        Goal goal = run.plan().isQuick() ? Goal.NONE : Goal.NOTHING;
        run.figure("retained after " + operations + " handles", "B/op", goal, Interval.exactly(bytes));
    }
}

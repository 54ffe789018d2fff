package org.ws2j.bench.row;

import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.stack.NullModule;
import org.ws2j.bench.stack.Stack;
import org.ws2j.spi.SocketHandle;

/** Waking a thread by a procedure call. */
public final class ApcRow implements Row {
    @Override
    public String id() {
        return "apc";
    }

    @Override
    public String title() {
        return "queue APC → runs in an alertable wait (there and back)";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        String park = "LockSupport.unpark → park returns";
        NullModule module = new NullModule();
        try (Stack stack = Stack.of(module, 0)) {
            // The first socket starts the provider, whose upcalls are used.
            SocketHandle first = stack.stream();
            ApcBaton baton = new ApcBaton(module.upcalls(), stack.winsock().waits());
            try (Side apc = HandOver.of("queue APC → runs", baton);
                    Side reference = HandOver.of(park, new ParkBaton());
                    Side again = HandOver.of(park + Side.AGAIN, new ParkBaton())) {
                Samples s = run.interleave(id(), apc, reference, again);
                run.time(s, apc.name(), park, Goal.atMost(1.3));
            }
            stack.winsock().closesocket(first);
        }
    }
}

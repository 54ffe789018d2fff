package org.ws2j.bench.row;

import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.host.Winsock;

/** Waking a thread by an event. */
public final class EventRow implements Row {
    @Override
    public String id() {
        return "event";
    }

    @Override
    public String title() {
        return "set event → waiter runs (there and back)";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        String park = "LockSupport.unpark → park returns";
        try (Winsock winsock = Winsock.create();
                Side event = HandOver.of("set event → waiter runs", new EventBaton(winsock.waits()));
                Side reference = HandOver.of(park, new ParkBaton());
                Side again = HandOver.of(park + Side.AGAIN, new ParkBaton())) {
            Samples s = run.interleave(id(), event, reference, again);
            run.time(s, event.name(), park, Goal.atMost(1.2));
        }
    }
}

package org.ws2j.bench.row;

import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interleaving;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.measure.Sides;
import org.ws2j.host.Winsock;

/** How many packets go through a completion port. */
public final class PortRow implements Row {
    private static final String MPMC = "JCTools MPMC and park";
    private static final String BLOCKING = "ArrayBlockingQueue";

    @Override
    public String id() {
        return "port";
    }

    @Override
    public String title() {
        return "packets through a completion port";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        try (Winsock winsock = Winsock.create()) {
            for (int producers : new int[] {1, 4}) {
                for (int consumers : new int[] {1, 2}) {
                    measure(run, winsock, producers, consumers);
                }
            }
        }
    }

    private void measure(RowRun run, Winsock winsock, int producers, int consumers) throws Exception {
        String threads = producers + " to " + consumers;
        String port = "completion port, " + threads;
        try (Sides sides = new Sides()) {
            sides.add(new PortLoad(winsock, port, producers, consumers).start());
            for (String suffix : new String[] {"", Side.AGAIN}) {
                sides.add(new MpmcLoad(MPMC + suffix, producers, consumers).start());
                sides.add(new ArrayBlockingLoad(BLOCKING + suffix, producers, consumers).start());
            }
            Interleaving turns = new Interleaving(run.plan(), PacketLoad.MOST_PACKETS);
            Samples s = run.interleave(turns, id() + "-" + threads.replace(' ', '-'), sides.all());
            run.rate(s, port, MPMC, Goal.atLeast(0.8));
            run.rate(s, port, BLOCKING, Goal.atLeast(3));
        }
    }
}

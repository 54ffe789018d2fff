package org.ws2j.bench.row;

import java.util.List;
import org.ws2j.bench.jvm.ProgramCommand;
import org.ws2j.bench.jvm.ProgramSide;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.program.Load;

/** An unmodified program that sends and receives: on the plain JDK, and with the agent in its JVM. */
public enum AgentTransferRow implements Row {
    /** Channels with a selector. */
    NIO_PINGPONG("agent-nio", "64 B ping-pong by NIO with a selector, under the agent", Load.NIO_PINGPONG, 1.05),
    /** Sockets with streams. */
    NET_PINGPONG("agent-net", "64 B ping-pong by java.net.Socket, under the agent", Load.NET_PINGPONG, 1.10),
    /** Channels with a selector. */
    NIO_STREAM("agent-nio-stream", "64 KiB stream by NIO with a selector, under the agent", Load.NIO_STREAM, 1.03),
    /** Sockets with streams. */
    NET_STREAM("agent-net-stream", "64 KiB stream by java.net.Socket, under the agent", Load.NET_STREAM, 1.03);

    private static final int[] LAYERS = {0, 3};
    private static final String PLAIN = "plain JDK";

    private final String id;
    private final String title;
    private final Load load;
    private final double limit;

    AgentTransferRow(String id, String title, Load load, double limit) {
        this.id = id;
        this.title = title;
        this.load = load;
        this.limit = limit;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public void measure(RowRun run) throws Exception {
        try (Sides sides = new Sides()) {
            ProgramSide plain = ProgramSide.start(PLAIN, load, List.of());
            sides.add(plain);
            sides.add(ProgramSide.start(PLAIN + Side.AGAIN, load, List.of()));
            ProgramSide[] layered = new ProgramSide[LAYERS.length];
            for (int i = 0; i < LAYERS.length; i++) {
                layered[i] = ProgramSide.start(name(LAYERS[i]), load, List.of(ProgramCommand.agent(LAYERS[i])));
                sides.add(layered[i]);
            }
            Samples s = run.interleave(id, sides.all());
            for (ProgramSide side : layered) {
                run.time(s, side.name(), PLAIN, Goal.atMost(limit));
            }
            allocation(run, plain, layered);
        }
    }

    private static String name(int layers) {
        return layers == 0 ? "agent, tcpip alone" : "agent, " + layers + " pass-through layers";
    }

    private void allocation(RowRun run, ProgramSide plain, ProgramSide... layered) throws Exception {
        Interval allowed = plain.allocated(run.plan());
        run.figure(PLAIN, "B/op", Goal.NONE, allowed);
        for (ProgramSide side : layered) {
            run.add(side.name(), PLAIN, "B/op", allocationGoal(allowed), side.allocated(run.plan()), allowed.width(),
                    "");
        }
    }

    /** Nothing for direct buffers, whatever the JDK does; elsewhere no more than it. */
    private Goal allocationGoal(Interval allowed) {
        boolean isDirect = load == Load.NIO_PINGPONG || load == Load.NIO_STREAM;
        return isDirect ? Goal.NOTHING : Goal.atMost(Math.max(allowed.high(), Goal.NOTHING.limit()));
    }
}

package org.ws2j.bench.row;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.ws2j.bench.jvm.ProgramCommand;
import org.ws2j.bench.jvm.ProgramSide;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.measure.Sides;
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
        Samples s = run.interleave(id, this::launch);
        for (int layers : LAYERS) {
            run.time(s, name(layers), PLAIN, Goal.atMost(limit));
        }
        measureAllocation(run);
    }

    /** Starts them in another order each time, which may have its part in how a JVM lies. */
    private void launch(Sides sides) throws IOException {
        List<Starter> starters = new ArrayList<>(List.of(() -> plain(PLAIN), () -> plain(PLAIN + Side.AGAIN)));
        for (int layers : LAYERS) {
            starters.add(() -> layered(layers));
        }
        Collections.shuffle(starters);
        for (Starter starter : starters) {
            sides.add(starter.start());
        }
    }

    @FunctionalInterface
    private interface Starter {
        ProgramSide start() throws IOException;
    }

    private ProgramSide plain(String name) throws IOException {
        return ProgramSide.start(name, load, List.of());
    }

    private ProgramSide layered(int layers) throws IOException {
        return ProgramSide.start(name(layers), load, List.of(ProgramCommand.agent(layers)));
    }

    private static String name(int layers) {
        return layers == 0 ? "agent, tcpip alone" : "agent, " + layers + " pass-through layers";
    }

    private void measureAllocation(RowRun run) throws Exception {
        Interval allowed = allocated(run, plain(PLAIN));
        run.figure(PLAIN, "B/op", Goal.NONE, allowed);
        for (int layers : LAYERS) {
            run.add(name(layers), PLAIN, "B/op", allocationGoal(allowed), allocated(run, layered(layers)),
                    allowed.width(), "");
        }
    }

    private static Interval allocated(RowRun run, ProgramSide started) throws Exception {
        try (ProgramSide side = started) {
            return side.allocated(run.plan());
        }
    }

    /** Nothing for direct buffers, whatever the JDK does; elsewhere no more than it. */
    private Goal allocationGoal(Interval allowed) {
        boolean isDirect = load == Load.NIO_PINGPONG || load == Load.NIO_STREAM;
        return isDirect ? Goal.NOTHING : Goal.atMost(Math.max(allowed.high(), Goal.NOTHING.limit()));
    }
}

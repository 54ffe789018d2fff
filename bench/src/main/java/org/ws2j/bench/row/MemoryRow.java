package org.ws2j.bench.row;

import java.nio.ByteBuffer;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.measure.Sides;
import org.ws2j.bench.stack.Stack;
import org.ws2j.bench.wire.Connection;
import org.ws2j.bench.wire.LocalPingPong;
import org.ws2j.bench.wire.LocalStream;
import org.ws2j.bench.wire.NioEnds;
import org.ws2j.bench.wire.PingPong;
import org.ws2j.bench.wire.Stream;
import org.ws2j.bench.wire.WinsockEnds;

/** The provider {@code memory} by blocking calls, one thread at each end, beside what else connects two threads. */
public final class MemoryRow implements Row {
    private static final int SIZE = 64;
    private static final String LOOPBACK = "loopback TCP, blocking channels";
    private static final String LOCAL = "Netty LocalChannel";
    private static final String PIPE = "java.nio Pipe";

    /** Makes a side of a kind of load. */
    private interface Load {
        Side over(String name, Connection.Maker maker) throws Exception;
    }

    private interface NettyLoad {
        Side named(String name) throws Exception;
    }

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public String title() {
        return "memory, ping-pong and stream";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        Load pingPong = (name, maker) -> PingPong.over(name, maker, SIZE, ByteBuffer::allocateDirect);
        measure(run, "ping-pong", pingPong, name -> new LocalPingPong(name, SIZE), 1.5);
        Load stream = (name, maker) -> Stream.over(name, maker, ByteBuffer::allocateDirect);
        measure(run, "stream", stream, LocalStream::new, 3);
    }

    private void measure(RowRun run, String kind, Load load, NettyLoad netty, double loopbackLimit) throws Exception {
        String memory = "memory, " + kind;
        try (Sides sides = new Sides()) {
            sides.add(load.over(memory, () -> WinsockEnds.blocking(Stack.memory(0))));
            for (String suffix : new String[] {"", Side.AGAIN}) {
                sides.add(load.over(LOOPBACK + suffix, NioEnds::blocking));
                sides.add(netty.named(LOCAL + suffix));
                sides.add(load.over(PIPE + suffix, NioEnds::pipes));
            }
            Samples s = run.interleave(id() + "-" + kind, sides.all());
            run.rate(s, memory, LOOPBACK, Goal.atLeast(loopbackLimit));
            run.rate(s, memory, LOCAL, Goal.atLeast(1));
            run.rate(s, memory, PIPE, Goal.atLeast(1));
        }
    }
}

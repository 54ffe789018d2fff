package org.ws2j.bench.row;

import java.nio.ByteBuffer;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.measure.Sides;
import org.ws2j.bench.stack.SelectableStack;
import org.ws2j.bench.stack.Stack;
import org.ws2j.bench.wire.Connection;
import org.ws2j.bench.wire.FreshConnections;
import org.ws2j.bench.wire.NioEnds;
import org.ws2j.bench.wire.PingPong;
import org.ws2j.bench.wire.SocketEnd;
import org.ws2j.bench.wire.Stream;
import org.ws2j.bench.wire.WinsockEnds;

/** The provider {@code tcpip} alone and under pass-through layers, both ends, beside the JDK on the same path. */
public enum TcpRow implements Row {
    /** Non-blocking, with a selector. */
    PINGPONG("pingpong", "64 B ping-pong over loopback TCP, non-blocking with a selector") {
        @Override
        double[] limits() {
            return new double[] {1.03, 1.05, 1.08, 1.15};
        }

        @Override
        Side reference(String name) throws Exception {
            return PingPong.over(name, NioEnds::selected, SIZE, ByteBuffer::allocateDirect);
        }

        @Override
        Side side(String name, int layers) throws Exception {
            return PingPong.over(name, () -> WinsockEnds.selected(layers), SIZE, ByteBuffer::allocateDirect);
        }

        // What programs written for Winsock do. It has no goal: the JDK has nothing like it.
        @Override
        void addOthers(Sides sides) throws Exception {
            sides.add(others("tcpip by select", () -> WinsockEnds.selecting(Stack.tcpip(0))));
            sides.add(others("tcpip, overlapped, by port", () -> WinsockEnds.overlapped(Stack.tcpip(0))));
            sides.add(others("tcpip, blocking", () -> WinsockEnds.blocking(Stack.tcpip(0))));
        }

        private static Side others(String name, Connection.Maker maker) throws Exception {
            return PingPong.over(name, maker, SIZE, ByteBuffer::allocateDirect);
        }
    },

    /** Blocking calls, with buffers on the heap, for those are what java.net has. */
    BLOCKING("blocking", "64 B ping-pong over loopback TCP by blocking calls") {
        @Override
        double[] limits() {
            return new double[] {1.10, 1.12, 1.15, 1.22};
        }

        @Override
        Side reference(String name) throws Exception {
            return PingPong.over(name, SocketEnd::connection, SIZE, ByteBuffer::allocate);
        }

        @Override
        Side side(String name, int layers) throws Exception {
            return PingPong.over(name, () -> WinsockEnds.blocking(Stack.tcpip(layers)), SIZE, ByteBuffer::allocate);
        }
    },

    /** Non-blocking, with a selector, as the ping-pong; a connection for each turn. */
    STREAM("stream", "64 KiB stream over loopback TCP, non-blocking with a selector") {
        @Override
        double[] limits() {
            return new double[] {1.02, 1.03, 1.05, 1.10};
        }

        @Override
        Side reference(String name) throws Exception {
            return new FreshConnections(name, () -> Stream.over(name, NioEnds::selected, ByteBuffer::allocateDirect));
        }

        @Override
        Side side(String name, int layers) throws Exception {
            SelectableStack stack = new SelectableStack(layers);
            return new FreshConnections(name,
                    () -> Stream.over(name, () -> WinsockEnds.selected(stack), ByteBuffer::allocateDirect), stack);
        }
    };

    private static final int SIZE = 64;
    private static final int[] LAYERS = {0, 1, 3, 7};

    private final String id;
    private final String title;

    TcpRow(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** {@return the goals, in the order of the stacks} */
    abstract double[] limits();

    abstract Side reference(String name) throws Exception;

    abstract Side side(String name, int layers) throws Exception;

    void addOthers(Sides sides) throws Exception {}

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
        String reference = this == BLOCKING ? "java.net.Socket" : "java.nio with a selector";
        try (Sides sides = new Sides()) {
            sides.add(reference(reference));
            sides.add(reference(reference + Side.AGAIN));
            for (int layers : LAYERS) {
                sides.add(side(stack(layers), layers));
            }
            addOthers(sides);
            Samples s = run.interleave(id, sides.all());
            for (int i = 0; i < LAYERS.length; i++) {
                run.time(s, stack(LAYERS[i]), reference, Goal.atMost(limits()[i]));
            }
            for (int i = LAYERS.length + 2; i < sides.all().length; i++) {
                run.time(s, sides.all()[i].name(), reference, Goal.NONE);
            }
        }
    }

    private static String stack(int layers) {
        return switch (layers) {
            case 0 -> "tcpip";
            case 1 -> "tcpip under 1 layer";
            default -> "tcpip under " + layers + " layers";
        };
    }
}

package org.ws2j.bench.row;

import java.nio.ByteBuffer;
import org.ws2j.bench.measure.Allocation;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.measure.Sink;
import org.ws2j.bench.stack.NullModule;
import org.ws2j.bench.stack.Stack;
import org.ws2j.host.Winsock;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** What a pass-through layer costs where nothing else does. */
public final class LayerRow implements Row {
    private static final int SIZE = 64;
    private static final int SEVERAL = 3;
    private static final double NANOS = 25;

    @Override
    public String id() {
        return "layer";
    }

    @Override
    public String title() {
        return "a pass-through layer over a null base provider, per layer and call";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        try (Stack none = Stack.of(new NullModule(), 0);
                Stack one = Stack.of(new NullModule(), 1);
                Stack several = Stack.of(new NullModule(), SEVERAL)) {
            measure(run, "send", sending("send, null base alone", none), sending("send, 1 layer", one),
                    sending("send, 3 layers", several));
            measure(run, "receive", receiving("receive, null base alone", none), receiving("receive, 1 layer", one),
                    receiving("receive, 3 layers", several));
        }
    }

    private void measure(RowRun run, String call, Side base, Side one, Side several) throws Exception {
        Samples s = run.interleave(id() + "-" + call, base, base.again(), one, several);
        run.excess(s, one.name(), base.name(), 1, Goal.atMost(NANOS));
        run.excess(s, several.name(), base.name(), SEVERAL, Goal.atMost(NANOS));
        run.figure(several.name(), "B/op", Goal.NOTHING, new Allocation(run.plan()).of(several));
    }

    private static Side sending(String name, Stack stack) throws WinsockException {
        Winsock winsock = stack.winsock();
        SocketHandle s = stack.stream();
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        return Side.of(name, operations -> {
            for (int i = 0; i < operations; i++) {
                Sink.take(winsock.send(s, buffer.clear(), 0));
            }
        });
    }

    private static Side receiving(String name, Stack stack) throws WinsockException {
        Winsock winsock = stack.winsock();
        SocketHandle s = stack.stream();
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        return Side.of(name, operations -> {
            for (int i = 0; i < operations; i++) {
                Sink.take(winsock.recv(s, buffer.clear(), 0));
            }
        });
    }
}

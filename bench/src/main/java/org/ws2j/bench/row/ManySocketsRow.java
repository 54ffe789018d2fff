package org.ws2j.bench.row;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Heap;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.stack.Stack;
import org.ws2j.host.Winsock;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** What it costs that many sockets are open: memory, and time of those that are used. */
public final class ManySocketsRow implements Row {
    private static final int SIZE = 64;

    /** How many connections one local address has ports for, with some to spare. */
    private static final int CONNECTIONS_PER_ADDRESS = 10_000;

    private static final double FLAT = 1.10;

    @Override
    public String id() {
        return "sockets";
    }

    @Override
    public String title() {
        return "open sockets on memory, connected in pairs";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        long empty = Heap.used();
        int most = run.plan().sockets();
        String few = "2 sockets open";
        String many = String.format(Locale.ROOT, "%,d sockets open", most);
        try (Stack crowded = Stack.memory(0); Stack lonely = Stack.memory(0); Stack again = Stack.memory(0)) {
            // Who has opened them lets go of them: it is the host that keeps them.
            fill(crowded, most);
            bytesEach(run, many, Heap.used() - empty, most);
            flat(run, "send and receive", talking(many, crowded), talking(few, lonely), talking(few, again));
            flat(run, "open and close", opening(many, crowded), opening(few, lonely), opening(few, again));
            run.figure("sockets still open", "sockets", Goal.atLeast(most),
                    Interval.exactly(crowded.winsock().openHandles().sockets()));
        }
    }

    private static void bytesEach(RowRun run, String what, long bytes, int sockets) {
        run.figure(what + ", each", "B", Goal.NONE, Interval.exactly((double) bytes / sockets));
    }

    private void flat(RowRun run, String operation, Side many, Side few, Side again) throws Exception {
        Side reference = few.named(operation + ", " + few.name());
        Side side = many.named(operation + ", " + many.name());
        Samples s = run.interleave(id() + "-" + operation.replace(' ', '-'), side, reference,
                again.named(reference.name() + Side.AGAIN));
        run.time(s, side.name(), reference.name(), Goal.atMost(FLAT));
    }

    /** Opens connections; every ten thousand of them have a listener and a local address of their own. */
    private static void fill(Stack stack, int sockets) throws Exception {
        Winsock winsock = stack.winsock();
        SocketHandle listener = null;
        for (int i = 0; i < sockets / 2; i++) {
            if (i % CONNECTIONS_PER_ADDRESS == 0) {
                listener = listener(stack, listener, i / CONNECTIONS_PER_ADDRESS + 1);
            }
            InetSocketAddress target = (InetSocketAddress) winsock.getsockname(listener);
            SocketHandle client = stack.stream();
            winsock.bind(client, new InetSocketAddress(target.getAddress(), 0));
            winsock.connect(client, target);
            winsock.accept(listener, null);
        }
        winsock.closesocket(listener);
    }

    private static SocketHandle listener(Stack stack, SocketHandle former, int network) throws Exception {
        Winsock winsock = stack.winsock();
        if (former != null) {
            winsock.closesocket(former);
        }
        SocketHandle listener = stack.stream();
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, (byte) network, 1});
        winsock.bind(listener, new InetSocketAddress(address, 0));
        winsock.listen(listener, 1);
        return listener;
    }

    /** A message from one socket to another on one thread. */
    private static Side talking(String name, Stack stack) throws WinsockException {
        Winsock winsock = stack.winsock();
        Stack.Pair pair = stack.pair();
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        return Side.of(name, operations -> {
            for (int i = 0; i < operations; i++) {
                winsock.send(pair.client(), buffer.clear(), 0);
                winsock.recv(pair.server(), buffer.clear(), 0);
            }
        });
    }

    private static Side opening(String name, Stack stack) {
        Winsock winsock = stack.winsock();
        return Side.of(name, operations -> {
            for (int i = 0; i < operations; i++) {
                winsock.closesocket(stack.stream());
            }
        });
    }
}

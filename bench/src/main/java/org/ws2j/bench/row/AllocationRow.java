package org.ws2j.bench.row;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.ws2j.bench.measure.Allocation;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.stack.Stack;
import org.ws2j.bench.wire.NioEnds;
import org.ws2j.bench.wire.PingPong;
import org.ws2j.bench.wire.SocketEnd;
import org.ws2j.bench.wire.WinsockEnds;
import org.ws2j.host.Winsock;
import org.ws2j.spi.Linger;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;

/** Bytes that an operation leaves to the collector, on all threads together. */
public final class AllocationRow implements Row {
    private static final int SIZE = 64;
    private static final int SEVERAL = 3;

    /** How connections end that are made by the thousands: ports would run out otherwise. */
    private static final Linger RESET = new Linger(true, 0);

    /** Makes what is measured, and is closed after it. */
    private interface Maker {
        Side make() throws Exception;
    }

    @Override
    public String id() {
        return "allocation";
    }

    @Override
    public String title() {
        return "allocation";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        nothing(run, () -> sendAndReceive("NIO-style, direct buffers: tcpip", Stack.tcpip(0), true));
        nothing(run,
                () -> sendAndReceive("NIO-style, direct buffers: tcpip under 3 layers", Stack.tcpip(SEVERAL), true));
        nothing(run, () -> sendAndReceive("NIO-style, direct buffers: memory", Stack.memory(0), true));
        nothing(run,
                () -> sendAndReceive("NIO-style, direct buffers: memory under 3 layers", Stack.memory(SEVERAL), true));
        nothing(run, () -> overlapped("overlapped send and receive, there and back: tcpip", Stack.tcpip(0)));
        nothing(run, () -> overlapped("overlapped send and receive, there and back: tcpip under 3 layers",
                Stack.tcpip(SEVERAL)));
        nothing(run, () -> overlapped("overlapped send and receive, there and back: memory", Stack.memory(0)));
        nothing(run, () -> overlapped("overlapped send and receive, there and back: memory under 3 layers",
                Stack.memory(SEVERAL)));

        noMore(run, "selector, direct buffers, there and back", "java.nio",
                () -> PingPong.over("tcpip", () -> WinsockEnds.selected(0), SIZE, ByteBuffer::allocateDirect),
                () -> PingPong.over("java.nio", NioEnds::selected, SIZE, ByteBuffer::allocateDirect));
        noMore(run, "blocking calls, there and back", "java.net.Socket",
                () -> PingPong.over("tcpip", () -> WinsockEnds.blocking(Stack.tcpip(0)), SIZE, ByteBuffer::allocate),
                () -> PingPong.over("java.net", SocketEnd::connection, SIZE, ByteBuffer::allocate));
        noMore(run, "non-blocking, buffers on the heap", "SocketChannel",
                () -> sendAndReceive("tcpip", Stack.tcpip(0), false), () -> channels(NioEnds.loopback()));
        noMore(run, "select, there and back", "Selector",
                () -> PingPong.over("tcpip", () -> WinsockEnds.selecting(Stack.tcpip(0)), SIZE,
                        ByteBuffer::allocateDirect),
                () -> PingPong.over("java.nio", NioEnds::selected, SIZE, ByteBuffer::allocateDirect));
        noMore(run, "datagram to an address and its source", "DatagramChannel",
                () -> datagrams(Stack.tcpip(0)), AllocationRow::datagramChannels);
        noMore(run, "connect, accept and close", "SocketChannel",
                () -> connections(Stack.tcpip(0)), AllocationRow::channelConnections);
    }

    private static void nothing(RowRun run, Maker maker) throws Exception {
        try (Side side = maker.make()) {
            run.figure(side.name(), "B/op", Goal.NOTHING, new Allocation(run.plan()).of(side));
        }
    }

    private static void noMore(RowRun run, String what, String jdk, Maker ours, Maker theirs) throws Exception {
        Allocation allocation = new Allocation(run.plan());
        Interval allowed = measured(allocation, theirs);
        Interval taken = measured(allocation, ours);
        double limit = Math.max(allowed.high(), Goal.NOTHING.limit());
        run.add(what + ": tcpip", jdk, "B/op", Goal.atMost(limit), taken, allowed.width(), "");
    }

    private static Interval measured(Allocation allocation, Maker maker) throws Exception {
        try (Side side = maker.make()) {
            return allocation.of(side);
        }
    }

    /** Both ends on one thread: what was sent over loopback is there when the call returns, or very soon. */
    private static Side sendAndReceive(String name, Stack stack, boolean isDirect) throws Exception {
        Winsock winsock = stack.winsock();
        Stack.Pair pair = stack.nonBlocking(stack.pair());
        ByteBuffer buffer = isDirect ? ByteBuffer.allocateDirect(SIZE) : ByteBuffer.allocate(SIZE);
        return closing(stack, Side.of(name, operations -> {
            for (int i = 0; i < operations; i++) {
                winsock.send(pair.client(), buffer.clear(), 0);
                buffer.clear();
                while (buffer.hasRemaining()) {
                    winsock.recv(pair.server(), buffer, 0);
                }
            }
        }));
    }

    private static Side channels(NioEnds.Channels pair) throws Exception {
        pair.client().configureBlocking(false);
        pair.server().configureBlocking(false);
        ByteBuffer buffer = ByteBuffer.allocate(SIZE);
        return closing(() -> {
            pair.client().close();
            pair.server().close();
        }, Side.of("SocketChannel", operations -> {
            for (int i = 0; i < operations; i++) {
                pair.client().write(buffer.clear());
                buffer.clear();
                while (buffer.hasRemaining()) {
                    pair.server().read(buffer);
                }
            }
        }));
    }

    private static Side overlapped(String name, Stack stack) throws Exception {
        return PingPong.over(name, () -> WinsockEnds.overlapped(stack), SIZE, ByteBuffer::allocateDirect);
    }

    private static Side datagrams(Stack stack) throws Exception {
        Winsock winsock = stack.winsock();
        SocketHandle from = stack.datagram();
        SocketHandle to = stack.datagram();
        InetSocketAddress target = (InetSocketAddress) winsock.getsockname(to);
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        ReceiveResult result = new ReceiveResult();
        return closing(stack, Side.of("tcpip", operations -> {
            for (int i = 0; i < operations; i++) {
                winsock.sendto(from, buffer.clear(), 0, target);
                result.flags(0);
                winsock.recvfrom(to, buffer.clear(), result);
            }
        }));
    }

    private static Side datagramChannels() throws Exception {
        DatagramChannel from = DatagramChannel.open().bind(loopback());
        DatagramChannel to = DatagramChannel.open().bind(loopback());
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        InetSocketAddress target = (InetSocketAddress) to.getLocalAddress();
        return closing(() -> {
            from.close();
            to.close();
        }, Side.of("DatagramChannel", operations -> {
            for (int i = 0; i < operations; i++) {
                from.send(buffer.clear(), target);
                to.receive(buffer.clear());
            }
        }));
    }

    private static Side connections(Stack stack) throws Exception {
        Winsock winsock = stack.winsock();
        SocketHandle listener = stack.listener();
        InetSocketAddress target = (InetSocketAddress) winsock.getsockname(listener);
        return closing(stack, Side.of("tcpip", operations -> {
            for (int i = 0; i < operations; i++) {
                SocketHandle client = stack.stream();
                winsock.setsockopt(client, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, RESET);
                winsock.connect(client, target);
                SocketHandle server = winsock.accept(listener, null);
                winsock.closesocket(client);
                winsock.closesocket(server);
            }
        }));
    }

    private static Side channelConnections() throws Exception {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback());
        InetSocketAddress target = (InetSocketAddress) listener.getLocalAddress();
        return closing(listener, Side.of("SocketChannel", operations -> {
            for (int i = 0; i < operations; i++) {
                SocketChannel client = SocketChannel.open();
                client.setOption(StandardSocketOptions.SO_LINGER, 0);
                client.connect(target);
                SocketChannel server = listener.accept();
                client.close();
                server.close();
            }
        }));
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** {@return a side that closes something when it is closed} */
    private static Side closing(AutoCloseable what, Side side) {
        return new Side() {
            @Override
            public String name() {
                return side.name();
            }

            @Override
            public void run(int operations) throws Exception {
                side.run(operations);
            }

            @Override
            public void close() throws Exception {
                what.close();
            }
        };
    }
}

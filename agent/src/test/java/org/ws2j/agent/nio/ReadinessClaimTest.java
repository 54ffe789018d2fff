package org.ws2j.agent.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredSocket;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** A selector over layers that know better than the operating system what is ready: it neither spins nor sleeps too long. */
final class ReadinessClaimTest extends ChannelTest {
    /** Keeps back what has arrived until it is told to let it through. */
    private static final class Gate extends Way.ClaimingLayer {
        private final AtomicInteger asked = new AtomicInteger();
        private final List<WsaEvent> events = new CopyOnWriteArrayList<>();
        private volatile boolean isOpen;

        Gate(LayerStart start) {
            super(start);
        }

        void open() throws WinsockException {
            isOpen = true;
            for (WsaEvent event : events) {
                upcalls().wpuSetEvent(event);
            }
        }

        void shut() {
            isOpen = false;
        }

        @Override
        public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
                WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
            return isOpen
                    ? super.wspRecv(s, buffer, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId)
                    : WspResult.WOULD_BLOCK;
        }

        @Override
        public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout)
                throws WinsockException {
            asked.incrementAndGet();
            if (isOpen || readfds == null) {
                return super.wspSelect(readfds, writefds, exceptfds, timeout);
            }
            readfds.fdZero();
            boolean isEmpty = writefds == null && exceptfds == null;
            return isEmpty ? 0 : super.wspSelect(null, writefds, exceptfds, timeout);
        }

        @Override
        public void wspEventSelect(SocketHandle s, WsaEvent event, int lNetworkEvents) throws WinsockException {
            if (event != null) {
                events.add(event);
            }
            super.wspEventSelect(s, event, lNetworkEvents);
        }
    }

    /** Reads more than it is asked for, and hands it out bit by bit. */
    private static final class Hoard extends Way.ClaimingLayer {
        /** One socket and what is kept for it. */
        private static final class Hoarding extends LayeredSocket {
            private final ByteBuffer kept = ByteBuffer.allocate(100).limit(0);
            private volatile WsaEvent event;

            Hoarding(Hoard layer, SocketHandle lower) {
                super(layer, lower);
            }
        }

        Hoard(LayerStart start) {
            super(start);
        }

        @Override
        protected LayeredSocket newSocket(SocketHandle lowerSocket, LayeredSocket parent) {
            return new Hoarding(this, lowerSocket);
        }

        @Override
        public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
                WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
            Hoarding socket = (Hoarding) socket(s);
            if (!socket.kept.hasRemaining()) {
                long n = lower().wspRecv(socket.lower(), socket.kept.clear(), lpResult, null, null, null);
                socket.kept.limit((int) Math.max(0, n));
                if (n <= 0) {
                    return n;
                }
            }
            int n = Math.min(buffer.remaining(), socket.kept.remaining());
            buffer.duplicate().put(socket.kept.slice(socket.kept.position(), n));
            socket.kept.position(socket.kept.position() + n);
            if (socket.kept.hasRemaining() && socket.event != null) {
                upcalls().wpuSetEvent(socket.event);
            }
            return n;
        }

        @Override
        public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout)
                throws WinsockException {
            boolean keeps = readfds != null && readfds.fdCount() == 1
                    && ((Hoarding) socket(readfds.get(0))).kept.hasRemaining();
            return keeps ? 1 : super.wspSelect(readfds, writefds, exceptfds, timeout);
        }

        @Override
        public void wspEventSelect(SocketHandle s, WsaEvent event, int lNetworkEvents) throws WinsockException {
            ((Hoarding) socket(s)).event = event;
            super.wspEventSelect(s, event, lNetworkEvents);
        }
    }

    private final BlockingQueue<Integer> returns = new LinkedBlockingQueue<>();
    private final List<Object> layers = new CopyOnWriteArrayList<>();
    private Selector selector;
    private Pair pair;

    /** A thread that selects until it is stopped, and counts. */
    private Running<Integer> selectAgainAndAgain(SelectionKey key, int roomPerRead) {
        return on(Thread.ofPlatform().daemon(), () -> {
            int bytes = 0;
            while (selector.isOpen()) {
                int n = selector.select();
                if (!selector.isOpen()) {
                    break;
                }
                if (n > 0 && key.isReadable()) {
                    bytes += ((SocketChannel) key.channel()).read(ByteBuffer.allocate(roomPerRead));
                    selector.selectedKeys().clear();
                }
                returns.add(n);
            }
            return bytes;
        });
    }

    private SelectionKey useThrough(org.ws2j.layer.LayerFactory factory) throws IOException {
        use(Way.through(start -> {
            var layer = factory.create(start);
            layers.add(layer);
            return layer;
        }));
        selector = selector();
        pair = pair();
        pair.client().configureBlocking(false);
        return pair.client().register(selector, SelectionKey.OP_READ);
    }

    private Gate gate() {
        return (Gate) layers.getLast();
    }

    @Test
    void whatALayerKeepsBackWakesNobodyUntilItLetsItThrough() throws Exception {
        SelectionKey key = useThrough(Gate::new);
        Running<Integer> selecting = selectAgainAndAgain(key, 100);
        awaitWaiting(selecting.thread());
        int before = gate().asked.get();
        pair.server().write(bytes("early"));
        awaitUntil(() -> gate().asked.get() > before);
        awaitWaiting(selecting.thread());
        assertThat(returns).isEmpty();
        gate().open();
        assertThat(returns.take()).isEqualTo(1);
        awaitWaiting(selecting.thread());
        pair.server().write(bytes("later"));
        assertThat(returns.take()).isEqualTo(1);
        gate().shut();
        pair.server().write(bytes("kept"));
        awaitWaiting(selecting.thread());
        gate().open();
        assertThat(returns.take()).isEqualTo(1);
        awaitWaiting(selecting.thread());
        assertThat(gate().asked.get()).isLessThan(before + 20);
        selector.close();
        assertThat(selecting.result().get()).isEqualTo("earlylaterkept".length());
        assertThat(returns).isEmpty();
    }

    @Test
    void whatALayerHasReadAheadIsReadyAsLongAsItIsThere() throws Exception {
        SelectionKey key = useThrough(Hoard::new);
        Running<Integer> selecting = selectAgainAndAgain(key, 4);
        awaitWaiting(selecting.thread());
        pair.server().write(bytes("0123456789"));
        for (int i = 0; i < 3; i++) {
            assertThat(returns.take()).isEqualTo(1);
        }
        awaitWaiting(selecting.thread());
        assertThat(returns).isEmpty();
        pair.server().write(bytes("ab"));
        assertThat(returns.take()).isEqualTo(1);
        awaitWaiting(selecting.thread());
        selector.close();
        assertThat(selecting.result().get()).isEqualTo(12);
        assertThat(returns).isEmpty();
    }

    @Test
    void readinessThatTheProgramDoesNotUseIsToldAgain() throws Exception {
        SelectionKey key = useThrough(Hoard::new);
        pair.server().write(bytes("x"));
        assertThat(selector.select()).isEqualTo(1);
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.select()).isZero();
        key.interestOps(0);
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
        key.interestOps(SelectionKey.OP_READ);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(pair.client().read(room())).isEqualTo(1);
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void everyWakeUpArrivesWhileKeysComeAndGo() throws Exception {
        use(Way.CLAIMED);
        selector = selector();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Pair one = pair();
            one.client().configureBlocking(false);
            one.client().register(selector, SelectionKey.OP_READ);
            pairs.add(one);
        }
        Running<Integer> reading = on(Thread.ofPlatform().daemon(), () -> readAll(20 * 50));
        for (int round = 0; round < 50; round++) {
            for (Pair one : pairs) {
                one.server().write(bytes("x"));
            }
        }
        assertThat(reading.result().get()).isEqualTo(20 * 50);
    }

    private int readAll(int wanted) throws IOException {
        int bytes = 0;
        while (bytes < wanted) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                bytes += ((SocketChannel) key.channel()).read(ByteBuffer.allocate(3));
            }
            selector.selectedKeys().clear();
        }
        return bytes;
    }

    @Test
    void aClaimEndsWithTheLastKey() throws Exception {
        SelectionKey key = useThrough(Gate::new);
        gate().open();
        key.cancel();
        selector.selectNow();
        pair.client().configureBlocking(true);
        pair.server().write(bytes("x"));
        assertThat(pair.client().read(room())).isEqualTo(1);
        SocketAddress peer = pair.client().getRemoteAddress();
        assertThat(peer).isEqualTo(pair.server().getLocalAddress());
    }
}

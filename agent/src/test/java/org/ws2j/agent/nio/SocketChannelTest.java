package org.ws2j.agent.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** Streams. */
final class SocketChannelTest extends ChannelTest {
    @ParameterizedTest
    @EnumSource
    void whatOneEndSendsTheOtherReceives(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        assertThat(pair.client().write(bytes("hello"))).isEqualTo(5);
        ByteBuffer room = room();
        assertThat(pair.server().read(room)).isEqualTo(5);
        assertThat(text(room)).isEqualTo("hello");
    }

    @ParameterizedTest
    @EnumSource
    void directBuffersDoAsWell(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        ByteBuffer data = ByteBuffer.allocateDirect(8).putLong(42).flip();
        assertThat(pair.server().write(data)).isEqualTo(8);
        assertThat(data.hasRemaining()).isFalse();
        ByteBuffer room = ByteBuffer.allocateDirect(100);
        assertThat(pair.client().read(room)).isEqualTo(8);
        assertThat(room.flip().getLong()).isEqualTo(42);
    }

    @ParameterizedTest
    @EnumSource
    void gatheringAndScatteringKeepToTheirPartOfTheArray(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        ByteBuffer[] sources = {bytes("no"), bytes("ab"), bytes("cde"), bytes("no")};
        assertThat(pair.client().write(sources, 1, 2)).isEqualTo(5);
        assertThat(sources[0].remaining()).isEqualTo(2);
        assertThat(sources[2].remaining()).isZero();
        ByteBuffer[] targets = {ByteBuffer.allocate(9), ByteBuffer.allocate(1), ByteBuffer.allocate(9)};
        assertThat(pair.server().read(targets, 1, 2)).isEqualTo(5);
        assertThat(text(targets[1])).isEqualTo("a");
        assertThat(text(targets[2])).isEqualTo("bcde");
        assertThat(targets[0].position()).isZero();
        assertThatThrownBy(() -> pair.server().read(targets, 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsTransferredWithBuffersThatHaveNoRoomOrNoData(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        assertThat(pair.client().write(ByteBuffer.allocate(0))).isZero();
        assertThat(pair.client().read(ByteBuffer.allocate(0))).isZero();
        assertThat(pair.client().read(new ByteBuffer[] {ByteBuffer.allocate(0)})).isZero();
        assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(9).asReadOnlyBuffer()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Read-only buffer");
        assertThatThrownBy(() -> pair.client().read((ByteBuffer) null)).isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aNullAmongTheBuffersIsNoticedBeforeAnythingIsSent(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        assertThatThrownBy(() -> pair.client().write(new ByteBuffer[] {bytes("lost"), null}))
                .isInstanceOf(NullPointerException.class);
        pair.client().configureBlocking(false);
        assertThatThrownBy(() -> pair.client().write(new ByteBuffer[] {bytes("lost"), null}))
                .isInstanceOf(NullPointerException.class);
        pair.client().write(bytes("x"));
        assertThat(pair.server().read(room())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aChannelThatIsClosedBeforeItIsConnectedIsClosedAboveAll(Way way) throws Exception {
        use(way);
        SocketChannel unused = socket();
        unused.close();
        assertTransfersFindItClosed(unused);
        InetSocketAddress nobody = nobody();
        SocketChannel refused = socket();
        assertThatThrownBy(() -> refused.connect(nobody)).isExactlyInstanceOf(ConnectException.class);
        assertTransfersFindItClosed(refused);
        SocketChannel refusedLater = socket();
        refusedLater.configureBlocking(false);
        assertThatThrownBy(() -> {
            refusedLater.connect(nobody);
            while (!refusedLater.finishConnect()) {
                Thread.onSpinWait();
            }
        }).isExactlyInstanceOf(ConnectException.class);
        assertTransfersFindItClosed(refusedLater);
    }

    private static void assertTransfersFindItClosed(SocketChannel channel) {
        assertThatThrownBy(() -> channel.read(room())).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.read(new ByteBuffer[] {room()}))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(bytes("x"))).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(new ByteBuffer[] {bytes("x")}))
                .isExactlyInstanceOf(ClosedChannelException.class);
    }

    /** Answers the first scattering receive as if the socket had just been made non-blocking. */
    private static final class Late extends LayeredProvider {
        private final AtomicBoolean isOnTime = new AtomicBoolean();

        Late(LayerStart start) {
            super(start);
        }

        @Override
        public long wspRecv(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult result,
                WsaOverlapped block, WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
            return isOnTime.getAndSet(true)
                    ? super.wspRecv(s, buffers, offset, count, result, block, routine, thread)
                    : WspResult.WOULD_BLOCK;
        }
    }

    @Test
    void aScatteringReadThatWaitsDoesNotTakeAWaitForTheEnd() throws IOException {
        use(Way.through(Late::new));
        Pair pair = pair();
        pair.server().write(bytes("abc"));
        ByteBuffer[] targets = {ByteBuffer.allocate(1), ByteBuffer.allocate(9)};
        assertThat(pair.client().read(targets)).isEqualTo(3);
        assertThat(text(targets[1])).isEqualTo("bc");
    }

    @ParameterizedTest
    @EnumSource
    void aNonBlockingChannelDoesNotWait(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        pair.client().configureBlocking(false);
        assertThat(pair.client().read(room())).isZero();
        ByteBuffer much = ByteBuffer.allocate(1 << 20);
        int n;
        do { // No write after that: a late acknowledgement may have made room meanwhile.
            n = pair.client().write(much.clear());
            assertThat(much.position()).isEqualTo(n);
        } while (n > 0);
        assertThat(n).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aChannelTellsItsStatesAndAddresses(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        SocketChannel client = socket();
        assertThat(client).hasToString("java.nio.channels.SocketChannel[unconnected]");
        assertThat(client.isConnected()).isFalse();
        assertThat(client.isBlocking()).isTrue();
        assertThat(client.getLocalAddress()).isNull();
        assertThat(client.getRemoteAddress()).isNull();
        client.connect(server.getLocalAddress());
        SocketChannel accepted = closing(server.accept());
        assertThat(client.isConnected()).isTrue();
        assertThat(client.getRemoteAddress()).isEqualTo(server.getLocalAddress());
        assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        assertThat(accepted.getLocalAddress()).isEqualTo(server.getLocalAddress());
        assertThat(client).hasToString("java.nio.channels.SocketChannel[connected local=" + client.getLocalAddress()
                + " remote=" + server.getLocalAddress() + "]");
        client.shutdownInput();
        client.shutdownOutput();
        assertThat(client.toString()).startsWith("java.nio.channels.SocketChannel[connected ishut oshut local=");
        client.close();
        assertThat(client).hasToString("java.nio.channels.SocketChannel[closed]");
        assertThat(client.isConnected()).isFalse();
        assertThatThrownBy(client::getLocalAddress).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatNeedsAConnectionFailsWithoutOne(Way way) throws IOException {
        use(way);
        SocketChannel channel = socket();
        assertThatThrownBy(() -> channel.read(room())).isExactlyInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.write(bytes("x"))).isExactlyInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::shutdownInput).isExactlyInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::shutdownOutput).isExactlyInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::finishConnect).isExactlyInstanceOf(NoConnectionPendingException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aClosedChannelIsClosedForEverything(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        pair.client().close();
        pair.client().close();
        assertThatThrownBy(() -> pair.client().read(room())).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().write(bytes("x"))).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().shutdownInput()).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().connect(loopback(1))).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().bind(null)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().configureBlocking(false))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().getOption(StandardSocketOptions.SO_RCVBUF))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.client().finishConnect()).isExactlyInstanceOf(ClosedChannelException.class);
        assertThat(pair.server().read(room())).isEqualTo(-1);
    }

    // Connecting

    @ParameterizedTest
    @EnumSource
    void aRefusedConnectionClosesTheChannel(Way way) throws IOException {
        use(way);
        InetSocketAddress nobody = nobody();
        SocketChannel channel = socket();
        assertThatThrownBy(() -> channel.connect(nobody)).isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused")
                .hasNoCause();
        assertClosed(channel);
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedConnectionIsToldByFinishConnect(Way way) throws IOException {
        use(way);
        InetSocketAddress nobody = nobody();
        SocketChannel channel = socket();
        channel.configureBlocking(false);
        assertThatThrownBy(() -> {
            channel.connect(nobody);
            while (!channel.finishConnect()) {
                Thread.onSpinWait();
            }
        }).isExactlyInstanceOf(ConnectException.class).hasMessage("Connection refused").hasNoCause();
        assertClosed(channel);
    }

    @ParameterizedTest
    @EnumSource
    void aNonBlockingConnectIsFinished(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        SocketChannel channel = socket();
        channel.configureBlocking(false);
        if (!channel.connect(server.getLocalAddress())) {
            assertThat(channel.isConnectionPending()).isTrue();
            assertThat(channel.toString()).startsWith("java.nio.channels.SocketChannel[connection-pending remote=");
            assertThatThrownBy(() -> channel.connect(server.getLocalAddress()))
                    .isExactlyInstanceOf(ConnectionPendingException.class);
            assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(ConnectionPendingException.class);
            assertThatThrownBy(() -> channel.read(room())).isExactlyInstanceOf(NotYetConnectedException.class);
        }
        while (!channel.finishConnect()) {
            Thread.onSpinWait();
        }
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(channel.finishConnect()).isTrue();
        assertThatThrownBy(() -> channel.connect(server.getLocalAddress()))
                .isExactlyInstanceOf(AlreadyConnectedException.class);
        SocketChannel accepted = closing(server.accept());
        assertThat(accepted.isBlocking()).isTrue();
        assertThat(channel.write(bytes("x"))).isEqualTo(1);
        assertThat(accepted.read(room())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectThatWasBegunCanBeFinishedByABlockingChannel(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        SocketChannel channel = socket();
        channel.configureBlocking(false);
        channel.connect(server.getLocalAddress());
        channel.configureBlocking(true);
        assertThat(channel.finishConnect()).isTrue();
        channel.write(bytes("abc"));
        assertThat(closing(server.accept()).read(room())).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aSocketConnectsFromWhereItIsBound(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        SocketChannel channel = socket();
        channel.bind(loopback(0));
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        assertThat(local.getPort()).isPositive();
        assertThat(channel).hasToString("java.nio.channels.SocketChannel[unconnected local=" + local + "]");
        assertThatThrownBy(() -> channel.bind(loopback(0))).isExactlyInstanceOf(AlreadyBoundException.class);
        channel.connect(server.getLocalAddress());
        assertThat(closing(server.accept()).getRemoteAddress()).isEqualTo(local);
    }

    @ParameterizedTest
    @EnumSource
    void addressesAreCheckedFirst(Way way) throws IOException {
        use(way);
        SocketChannel channel = socket();
        assertThatThrownBy(() -> channel.connect(null)).isExactlyInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.connect(InetSocketAddress.createUnresolved("nowhere", 1)))
                .isExactlyInstanceOf(UnresolvedAddressException.class);
        assertThat(channel.isOpen()).isTrue();
        assertThatThrownBy(() -> channel.connect(loopback(0))).isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertClosed(channel);
    }

    @ParameterizedTest
    @EnumSource
    void nobodyInParticularIsThisSystem(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        SocketChannel channel = socket();
        channel.connect(new InetSocketAddress("0.0.0.0", portOf(server)));
        assertThat(channel.getRemoteAddress()).isEqualTo(loopback(portOf(server)));
    }

    @ParameterizedTest
    @EnumSource
    void ipv6IsServedBesideIpv4(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = unboundServer();
        server.bind(null);
        assertThat(server.getLocalAddress().toString()).startsWith("/[0:0:0:0:0:0:0:0]:");
        for (String host : new String[] {"127.0.0.1", "::1"}) {
            SocketChannel channel = socket();
            InetSocketAddress peer = new InetSocketAddress(host, portOf(server));
            channel.connect(peer);
            SocketChannel accepted = closing(server.accept());
            assertThat(accepted.getLocalAddress()).isEqualTo(peer);
            assertThat(channel.getRemoteAddress()).isEqualTo(peer);
        }
    }

    // Ends

    @ParameterizedTest
    @EnumSource
    void theEndOfAStreamIsReadAgainAndAgain(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        pair.client().write(bytes("last"));
        pair.client().shutdownOutput();
        pair.client().shutdownOutput();
        ByteBuffer room = room();
        assertThat(pair.server().read(room)).isEqualTo(4);
        assertThat(pair.server().read(room)).isEqualTo(-1);
        assertThat(pair.server().read(new ByteBuffer[] {room})).isEqualTo(-1);
        pair.server().configureBlocking(false);
        assertThat(pair.server().read(room)).isEqualTo(-1);
        pair.server().write(bytes("back"));
        assertThat(pair.client().read(room)).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void aShutDownDirectionIsClosedForItsCalls(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        pair.server().write(bytes("unread"));
        pair.client().shutdownInput();
        assertThat(pair.client().read(room())).isEqualTo(-1);
        pair.client().shutdownOutput();
        assertThatThrownBy(() -> pair.client().write(bytes("x")))
                .isExactlyInstanceOf(AsynchronousCloseException.class);
        pair.client().configureBlocking(false);
        assertThat(pair.client().read(room())).isEqualTo(-1);
        assertThatThrownBy(() -> pair.client().write(bytes("x")))
                .isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThat(pair.client().isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aShutdownEndsAReadThatWaits(Way way) throws Exception {
        use(way);
        Pair pair = pair();
        Running<Integer> read = on(Thread.ofPlatform().daemon(), () -> pair.client().read(room()));
        awaitWaiting(read.thread());
        pair.client().shutdownInput();
        assertThat(read.result().get()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void aLingerOfZeroResets(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.client().close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> pair.server().read(room())).isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Connection reset")
                    .hasNoCause();
        }
        assertThatThrownBy(() -> {
            pair.server().write(bytes("x"));
            pair.server().write(bytes("x"));
        }).isExactlyInstanceOf(IOException.class).hasMessage("Broken pipe").hasNoCause();
        assertThat(pair.server().isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatHasGoneBreaksThePipe(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        pair.server().write(bytes("unread"));
        pair.client().close();
        assertThatThrownBy(() -> {
            while (true) {
                pair.server().write(bytes("x"));
            }
        }).isExactlyInstanceOf(IOException.class).message().isIn("Broken pipe", "Connection reset by peer");
    }

    // Asynchronous close and interrupts

    @ParameterizedTest
    @EnumSource
    void aCloseEndsAReadThatWaits(Way way) throws Exception {
        use(way);
        Pair pair = pair();
        Running<Integer> read = on(Thread.ofPlatform().daemon(), () -> pair.client().read(room()));
        awaitWaiting(read.thread());
        pair.client().close();
        assertThat(failureOf(read.result())).isExactlyInstanceOf(AsynchronousCloseException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsAReadOfAVirtualThread(Way way) throws Exception {
        use(way);
        Pair pair = pair();
        Running<Integer> read = on(Thread.ofVirtual(), () -> pair.client().read(room()));
        awaitUntil(() -> read.thread().getState() == Thread.State.WAITING);
        pair.client().close();
        assertThat(failureOf(read.result())).isExactlyInstanceOf(AsynchronousCloseException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsAWriteThatWaits(Way way) throws Exception {
        use(way);
        Pair pair = pair();
        Running<Integer> write = on(Thread.ofPlatform().daemon(), () -> {
            while (true) {
                pair.client().write(ByteBuffer.allocateDirect(1 << 20));
            }
        });
        awaitWaiting(write.thread());
        pair.client().close();
        assertThat(failureOf(write.result())).isInstanceOf(ClosedChannelException.class);
        ByteBuffer room = ByteBuffer.allocate(1 << 20);
        int n = 0;
        while (n >= 0) {
            n = pair.server().read(room.clear());
        }
        assertThat(n).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptClosesTheChannelOfARead(Way way) throws Exception {
        use(way);
        for (Thread.Builder kind : new Thread.Builder[] {Thread.ofPlatform().daemon(), Thread.ofVirtual()}) {
            Pair pair = pair();
            CompletableFuture<Boolean> status = new CompletableFuture<>();
            Running<Integer> read = on(kind, () -> {
                try {
                    return pair.client().read(room());
                } finally {
                    status.complete(Thread.currentThread().isInterrupted());
                }
            });
            awaitUntil(() -> isInChannelOrParked(read.thread()));
            read.thread().interrupt();
            assertThat(failureOf(read.result())).isExactlyInstanceOf(ClosedByInterruptException.class);
            assertThat(status.get()).isTrue();
            assertClosed(pair.client());
        }
    }

    private static boolean isInChannelOrParked(Thread thread) {
        if (thread.isVirtual()) {
            return thread.getState() == Thread.State.WAITING;
        }
        awaitWaiting(thread);
        return true;
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadDoesNotEvenBegin(Way way) throws Exception {
        use(way);
        Pair pair = pair();
        pair.server().write(bytes("there"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pair.client().read(room())).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertClosed(pair.client());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pair.server().write(bytes("x")))
                .isExactlyInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptDoesNotConcernANonBlockingChannel(Way way) throws Exception {
        use(way);
        Pair pair = pair();
        pair.client().configureBlocking(false);
        Thread.currentThread().interrupt();
        assertThat(pair.client().read(room())).isZero();
        assertThat(pair.client().write(bytes("x"))).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(pair.client().isOpen()).isTrue();
    }
}

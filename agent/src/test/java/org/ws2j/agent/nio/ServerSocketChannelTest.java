package org.ws2j.agent.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;

/** Listeners. */
final class ServerSocketChannelTest extends ChannelTest {
    @ParameterizedTest
    @EnumSource
    void aListenerTellsItsStateAndAddress(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = unboundServer();
        assertThat(server.getLocalAddress()).isNull();
        assertThat(server).hasToString("sun.nio.ch.ServerSocketChannelImpl[unbound]");
        assertThatThrownBy(server::accept).isExactlyInstanceOf(NotYetBoundException.class);
        assertThat(server.bind(loopback(0), 3)).isSameAs(server);
        assertThat(portOf(server)).isPositive();
        assertThat(server).hasToString("sun.nio.ch.ServerSocketChannelImpl[]");
        assertThatThrownBy(() -> server.bind(null)).isExactlyInstanceOf(AlreadyBoundException.class);
        server.close();
        assertThat(server).hasToString("sun.nio.ch.ServerSocketChannelImpl[closed]");
        assertThatThrownBy(server::accept).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(server::getLocalAddress).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> server.bind(null)).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void anAddressInUseIsRefused(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        ServerSocketChannel second = unboundServer();
        assertThatThrownBy(() -> second.bind(server.getLocalAddress())).isExactlyInstanceOf(BindException.class)
                .hasMessage("Address already in use")
                .hasNoCause();
        assertThat(second.isOpen()).isTrue();
        assertThat(second.getLocalAddress()).isNull();
        second.bind(loopback(0));
        assertThatThrownBy(() -> unboundServer().bind(InetSocketAddress.createUnresolved("nowhere", 1)))
                .isExactlyInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> unboundServer().bind(new InetSocketAddress("192.0.2.1", 0)))
                .isExactlyInstanceOf(BindException.class)
                .hasMessage("Cannot assign requested address");
    }

    @ParameterizedTest
    @EnumSource
    void aPortIsFreeAgainAfterItsConnectionsHaveEnded(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        SocketChannel client = socket();
        client.connect(server.getLocalAddress());
        SocketChannel accepted = closing(server.accept());
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        accepted.close();
        server.close();
        unboundServer().bind(address);
    }

    @ParameterizedTest
    @EnumSource
    void aNonBlockingListenerDoesNotWait(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        server.configureBlocking(false);
        assertThat(server.accept()).isNull();
        SocketChannel client = socket();
        client.connect(server.getLocalAddress());
        SocketChannel accepted = server.accept();
        while (accepted == null) {
            accepted = server.accept();
        }
        closing(accepted);
        assertThat(accepted.isBlocking()).isTrue();
        assertThat(accepted.isConnected()).isTrue();
        client.write(bytes("x"));
        assertThat(accepted.read(room())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void severalConnectionsWaitAndAreAcceptedInOrder(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        List<SocketChannel> clients = List.of(socket(), socket(), socket());
        for (SocketChannel client : clients) {
            client.connect(server.getLocalAddress());
        }
        for (SocketChannel client : clients) {
            assertThat(closing(server.accept()).getRemoteAddress()).isEqualTo(client.getLocalAddress());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatWasResetIsAcceptedAllTheSame(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        SocketChannel client = socket();
        client.connect(server.getLocalAddress());
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
        SocketChannel accepted = closing(server.accept());
        assertThatThrownBy(() -> accepted.read(room())).hasMessage("Connection reset");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsAnAcceptThatWaits(Way way) throws Exception {
        use(way);
        ServerSocketChannel server = server();
        Running<SocketChannel> accept = on(Thread.ofPlatform().daemon(), server::accept);
        awaitWaiting(accept.thread());
        server.close();
        assertThat(failureOf(accept.result())).isExactlyInstanceOf(AsynchronousCloseException.class);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptClosesTheListenerOfAnAccept(Way way) throws Exception {
        use(way);
        ServerSocketChannel server = server();
        Running<SocketChannel> accept = on(Thread.ofPlatform().daemon(), server::accept);
        awaitWaiting(accept.thread());
        accept.thread().interrupt();
        assertThat(failureOf(accept.result())).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertClosed(server);
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoAcceptsWithATimeOutOneGetsTheConnectionAndTheOtherTimesOut(Way way) throws Exception {
        use(way);
        ServerSocketChannel server = server();
        ServerSocket socket = server.socket();
        socket.setSoTimeout(1_000);
        List<Running<Socket>> accepts = List.of(
                on(Thread.ofPlatform().daemon(), socket::accept), on(Thread.ofPlatform().daemon(), socket::accept));
        for (Running<Socket> each : accepts) {
            awaitUntil(() -> each.thread().getState() != Thread.State.NEW && isWaiting(each.thread()));
        }
        socket().connect(server.getLocalAddress());
        int accepted = 0;
        for (Running<Socket> each : accepts) {
            try {
                closing(each.result().get());
                accepted++;
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isExactlyInstanceOf(SocketTimeoutException.class);
            }
        }
        assertThat(accepted).isEqualTo(1);
        assertThat(server.isBlocking()).isTrue();
    }

    /** In the system, in a lock's queue, or over. */
    private static boolean isWaiting(Thread thread) {
        return thread.getState() != Thread.State.RUNNABLE || isInChannel(thread);
    }

    /** Takes a connection for there at first that somebody else has got. */
    private static final class Hasty extends Way.ClaimingLayer {
        private final AtomicBoolean isAsked = new AtomicBoolean();

        Hasty(LayerStart start) {
            super(start);
        }

        @Override
        public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout)
                throws WinsockException {
            boolean isFirst = readfds != null && !isAsked.getAndSet(true);
            return isFirst ? 1 : super.wspSelect(readfds, writefds, exceptfds, timeout);
        }
    }

    @Test
    void anAcceptWithATimeOutDoesNotWaitForeverForAConnectionThatIsGone() throws IOException {
        use(Way.through(Hasty::new));
        ServerSocketChannel server = server();
        server.socket().setSoTimeout(5);
        assertThatThrownBy(() -> server.socket().accept()).isExactlyInstanceOf(SocketTimeoutException.class)
                .hasMessage("Accept timed out");
        server.socket().setSoTimeout(0);
        SocketChannel client = socket();
        client.connect(server.getLocalAddress());
        assertThat(closing(server.accept()).getRemoteAddress()).isEqualTo(client.getLocalAddress());
    }

    /** Answers the first accept as if the socket had just been made non-blocking. */
    private static final class Late extends LayeredProvider {
        private final AtomicBoolean isOnTime = new AtomicBoolean();

        Late(LayerStart start) {
            super(start);
        }

        @Override
        public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc condition)
                throws WinsockException {
            return isOnTime.getAndSet(true) ? super.wspAccept(s, addr, condition) : null;
        }
    }

    @Test
    void anAcceptThatWaitsReturnsNoNull() throws IOException {
        use(Way.through(Late::new));
        ServerSocketChannel server = server();
        SocketChannel client = socket();
        client.connect(server.getLocalAddress());
        assertThat(closing(server.accept()).getRemoteAddress()).isEqualTo(client.getLocalAddress());
    }

    @ParameterizedTest
    @EnumSource
    void anAcceptWaitsForWhoComes(Way way) throws Exception {
        use(way);
        ServerSocketChannel server = server();
        Running<SocketChannel> accept = on(Thread.ofVirtual(), server::accept);
        awaitUntil(() -> accept.thread().getState() == Thread.State.WAITING);
        SocketChannel client = socket();
        client.connect(server.getLocalAddress());
        assertThat(closing(accept.result().get()).getRemoteAddress()).isEqualTo(client.getLocalAddress());
    }
}

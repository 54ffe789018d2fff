package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc.Decision;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** Streams: binding, connecting, accepting, transfers and the ways that a connection ends. */
final class StreamSocketTest extends MemoryTest {
    private void option(SocketHandle s, int name, Object value) throws WinsockException {
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, name, value);
    }

    private Object option(SocketHandle s, int name) throws WinsockException {
        return winsock.getsockopt(s, SocketOption.SOL_SOCKET, name);
    }

    @Test
    void bytesGoBothWays() throws WinsockException {
        Connection c = connection();
        assertThat(winsock.send(c.client(), bytes("ping"), 0)).isEqualTo(4);
        assertThat(receive(c.server(), 16)).isEqualTo("ping");
        winsock.send(c.server(), bytes("po"), 0);
        winsock.send(c.server(), bytes("ng"), 0);
        assertThat(receive(c.client(), 3)).isEqualTo("pon");
        assertThat(receive(c.client(), 3)).isEqualTo("g");
    }

    @Test
    void bothFamiliesConnect() throws WinsockException {
        SocketHandle listener = stream6();
        winsock.bind(listener, new InetSocketAddress(LOOPBACK6, 80));
        winsock.listen(listener, 1);
        SocketHandle client = stream6();
        winsock.connect(client, new InetSocketAddress(LOOPBACK6, 80));
        SocketHandle server = winsock.accept(listener, null);
        winsock.send(client, bytes("six"), 0);
        assertThat(receive(server, 3)).isEqualTo("six");
    }

    @Test
    void theEndsKnowEachOther() throws WinsockException {
        SocketHandle listener = stream();
        winsock.bind(listener, new InetSocketAddress(address("0.0.0.0"), 7777));
        winsock.listen(listener, 1);
        SocketHandle client = stream();
        InetSocketAddress called = new InetSocketAddress(address("10.1.2.3"), 7777);
        winsock.connect(client, called);
        AddressHolder from = new AddressHolder();
        SocketHandle server = winsock.accept(listener, from);
        assertThat(nameOf(server)).isEqualTo(called).isEqualTo(winsock.getpeername(client));
        assertThat(from.address()).isEqualTo(nameOf(client)).isEqualTo(winsock.getpeername(server));
        assertThat(nameOf(client).getPort()).isBetween(49_152, 65_535);
        assertFails(WsaError.WSAENOTCONN, () -> winsock.getpeername(listener));
        assertFails(WsaError.WSAEINVAL, () -> winsock.getsockname(stream()));
    }

    @Test
    void aTakenAddressIsRefusedUnlessItIsShared() throws WinsockException {
        SocketHandle first = stream();
        winsock.bind(first, loopback(500));
        SocketHandle second = stream();
        assertFails(WsaError.WSAEADDRINUSE, () -> winsock.bind(second, loopback(500)));
        assertFails(WsaError.WSAEADDRINUSE,
                () -> winsock.bind(second, new InetSocketAddress(address("0.0.0.0"), 500)));
        option(second, SocketOption.SO_REUSEADDR, true);
        winsock.bind(second, loopback(500));
        assertFails(WsaError.WSAEINVAL, () -> winsock.bind(second, loopback(501)));
        assertFails(WsaError.WSAEFAULT, () -> winsock.bind(stream(), new InetSocketAddress(LOOPBACK6, 1)));
    }

    @Test
    void anExclusiveAddressIsForbiddenToOthers() throws WinsockException {
        SocketHandle first = stream();
        option(first, SocketOption.SO_EXCLUSIVEADDRUSE, true);
        winsock.bind(first, loopback(500));
        SocketHandle second = stream();
        option(second, SocketOption.SO_REUSEADDR, true);
        assertFails(WsaError.WSAEACCES, () -> winsock.bind(second, loopback(500)));
    }

    @Test
    void aClosedSocketFreesItsAddress() throws WinsockException {
        SocketHandle first = stream();
        winsock.bind(first, loopback(500));
        winsock.closesocket(first);
        winsock.bind(stream(), loopback(500));
    }

    @Test
    void nobodyListeningIsRefused() throws WinsockException {
        SocketHandle s = stream();
        assertFails(WsaError.WSAECONNREFUSED, () -> winsock.connect(s, loopback(1)));
        assertFails(WsaError.WSAEADDRNOTAVAIL, () -> winsock.connect(s, loopback(0)));
        SocketHandle listener = listener();
        winsock.connect(s, nameOf(listener));
        assertFails(WsaError.WSAEISCONN, () -> winsock.connect(s, nameOf(listener)));
    }

    @Test
    void aFullQueueRefuses() throws WinsockException {
        SocketHandle listener = listener();
        winsock.listen(listener, 2);
        winsock.connect(stream(), nameOf(listener));
        winsock.connect(stream(), nameOf(listener));
        SocketHandle third = stream();
        assertFails(WsaError.WSAECONNREFUSED, () -> winsock.connect(third, nameOf(listener)));
        winsock.accept(listener, null);
        winsock.connect(third, nameOf(listener));
    }

    @Test
    void aShorterQueueResetsTheExcess() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle first = stream();
        winsock.connect(first, nameOf(listener));
        SocketHandle second = stream();
        winsock.connect(second, nameOf(listener));
        winsock.listen(listener, 1);
        assertFails(WsaError.WSAECONNRESET, () -> receive(second, 1));
        winsock.send(first, bytes("x"), 0);
    }

    @Test
    void aNonBlockingConnectIsDecidedAtOnce() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle s = stream();
        nonBlocking(s);
        assertThat(winsock.connect(s, nobody())).isEqualTo(WspResult.WOULD_BLOCK);
        FdSet except = FdSet.of(s);
        assertThat(winsock.select(null, null, except, Timeval.POLL)).isEqualTo(1);
        assertThat(option(s, SocketOption.SO_ERROR)).isEqualTo(WsaError.WSAECONNREFUSED.code());
        assertThat(option(s, SocketOption.SO_ERROR)).isEqualTo(0);
        assertThat(winsock.connect(s, nameOf(listener))).isZero();
    }

    @Test
    void anAcceptWaitsForAConnect() throws Exception {
        SocketHandle listener = listener();
        CompletableFuture<SocketHandle> accepted = waiting(() -> winsock.accept(listener, null));
        SocketHandle client = stream();
        winsock.connect(client, nameOf(listener));
        SocketHandle server = accepted.get(20, TimeUnit.SECONDS);
        winsock.send(client, bytes("x"), 0);
        assertThat(receive(server, 1)).isEqualTo("x");
        nonBlocking(listener);
        assertThat(winsock.accept(listener, null)).isNull();
        assertFails(WsaError.WSAEINVAL, () -> winsock.accept(client, null));
    }

    @Test
    void aConditionDefersRejectsAndAccepts() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = stream();
        winsock.connect(client, nameOf(listener));
        List<Object> callers = new ArrayList<>();
        assertFails(WsaError.WSATRY_AGAIN, () -> winsock.wsaAccept(listener, null, request -> {
            callers.add(request.callerId());
            return Decision.CF_DEFER;
        }));
        assertFails(WsaError.WSAEINVAL, () -> winsock.wsaAccept(listener, null, request -> null));
        assertThat(callers).containsExactly(nameOf(client));
        SocketHandle server = winsock.wsaAccept(listener, null, request -> Decision.CF_ACCEPT);
        assertThat(winsock.getpeername(server)).isEqualTo(nameOf(client));

        SocketHandle unwanted = stream();
        winsock.connect(unwanted, nameOf(listener));
        assertFails(WsaError.WSAECONNREFUSED, () -> winsock.wsaAccept(listener, null, request -> Decision.CF_REJECT));
        assertFails(WsaError.WSAECONNRESET, () -> receive(unwanted, 1));
    }

    @Test
    void aWithdrawnConnectionIsNotAccepted() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = stream();
        winsock.connect(client, nameOf(listener));
        option(client, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(client);
        assertFails(WsaError.WSAECONNRESET, () -> winsock.accept(listener, null));
    }

    @Test
    void closingAListenerResetsWhatWaits() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = stream();
        winsock.connect(client, nameOf(listener));
        winsock.closesocket(listener);
        assertFails(WsaError.WSAECONNRESET, () -> receive(client, 1));
    }

    @Test
    void anAcceptedSocketHasTheListenersOptionsAndMode() throws WinsockException {
        SocketHandle listener = listener();
        option(listener, SocketOption.SO_RCVBUF, 77);
        option(listener, SocketOption.SO_KEEPALIVE, true);
        nonBlocking(listener);
        winsock.connect(stream(), nameOf(listener));
        SocketHandle server = winsock.accept(listener, null);
        assertThat(option(server, SocketOption.SO_RCVBUF)).isEqualTo(77);
        assertThat(option(server, SocketOption.SO_KEEPALIVE)).isEqualTo(true);
        assertThat(winsock.recv(server, ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void bothBuffersHoldASenderBack() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.client());
        assertThat(fill(c.client())).isEqualTo(128 * 1_024);
        drain(c.server(), 100);
        assertThat(fill(c.client())).isEqualTo(100);
        option(c.server(), SocketOption.SO_RCVBUF, 64 * 1_024 + 5);
        assertThat(fill(c.client())).isEqualTo(5);
    }

    @Test
    void aBlockingSendEndsWhenAllIsTaken() throws Exception {
        Connection c = connection();
        CompletableFuture<Integer> sent = waiting(() -> winsock.send(c.client(), ByteBuffer.allocate(300_000), 0));
        assertThat(sent).isNotDone();
        drain(c.server(), 300_000);
        assertThat(sent.get(20, TimeUnit.SECONDS)).isEqualTo(300_000);
    }

    @Test
    void aWaitingReceiveIsServedDirectly() throws Exception {
        Connection c = connection();
        CompletableFuture<String> received = waiting(() -> receive(c.server(), 16));
        winsock.send(c.client(), bytes("now"), 0);
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo("now");
    }

    @Test
    void aReceiveThatWantsAllWaitsForAll() throws Exception {
        Connection c = connection();
        ByteBuffer room = ByteBuffer.allocate(6);
        CompletableFuture<Integer> received = waiting(() -> winsock.recv(c.server(), room, MessageFlag.MSG_WAITALL));
        winsock.send(c.client(), bytes("abc"), 0);
        winsock.send(c.client(), bytes("defg"), 0);
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(6);
        assertThat(text(room)).isEqualTo("abcdef");
        CompletableFuture<Integer> rest = waiting(
                () -> winsock.recv(c.server(), ByteBuffer.allocate(6), MessageFlag.MSG_WAITALL));
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(rest.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        nonBlocking(c.server());
        assertFails(WsaError.WSAEOPNOTSUPP,
                () -> winsock.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_WAITALL));
    }

    @Test
    void peekingTakesNothing() throws Exception {
        Connection c = connection();
        ByteBuffer room = ByteBuffer.allocate(8);
        CompletableFuture<Integer> peeked = waiting(() -> winsock.recv(c.server(), room, MessageFlag.MSG_PEEK));
        winsock.send(c.client(), bytes("look"), 0);
        assertThat(peeked.get(20, TimeUnit.SECONDS)).isEqualTo(4);
        assertThat(text(room)).isEqualTo("look");
        assertThat(winsock.ioctlsocket(c.server(), IoctlCode.FIONREAD, 0)).isEqualTo(4);
        assertThat(receive(c.server(), 8)).isEqualTo("look");
        assertThat(winsock.ioctlsocket(c.server(), IoctlCode.FIONREAD, 0)).isEqualTo(0);
    }

    @Test
    void anEmptyReceiveWaitsForDataAndTakesNone() throws Exception {
        Connection c = connection();
        CompletableFuture<Integer> empty = waiting(() -> winsock.recv(c.server(), ByteBuffer.allocate(0), 0));
        assertThat(empty).isNotDone();
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(empty.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(receive(c.server(), 2)).isEqualTo("x");
        assertThat(winsock.send(c.client(), ByteBuffer.allocate(0), 0)).isZero();
    }

    @Test
    void severalBuffersAreOneStretchOfBytes() throws WinsockException {
        Connection c = connection();
        winsock.wsaSend(c.client(), new ByteBuffer[] {bytes("ab"), bytes(""), bytes("cde")}, 0, null, null);
        ByteBuffer[] room = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(3)};
        assertThat(winsock.wsaRecv(c.server(), room, null, null, null)).isEqualTo(5);
        assertThat(text(room[0]) + text(room[1]) + text(room[2])).isEqualTo("abcde");
    }

    @Test
    void aGracefulEndIsZeroBytesAfterTheData() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("last"), 0);
        winsock.closesocket(c.client());
        assertThat(receive(c.server(), 16)).isEqualTo("last");
        assertThat(receive(c.server(), 16)).isEmpty();
        assertThat(receive(c.server(), 16)).isEmpty();
        assertFails(WsaError.WSAECONNRESET, () -> winsock.send(c.server(), bytes("too late"), 0));
        assertFails(WsaError.WSAECONNRESET, () -> receive(c.server(), 16));
    }

    @Test
    void oneDirectionEndsByItself() throws WinsockException {
        Connection c = connection();
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(receive(c.server(), 1)).isEmpty();
        assertFails(WsaError.WSAESHUTDOWN, () -> winsock.send(c.client(), bytes("x"), 0));
        winsock.send(c.server(), bytes("still"), 0);
        assertThat(receive(c.client(), 16)).isEqualTo("still");
        winsock.shutdown(c.client(), ShutdownHow.SD_RECEIVE);
        assertFails(WsaError.WSAESHUTDOWN, () -> receive(c.client(), 1));
        assertFails(WsaError.WSAECONNRESET, () -> winsock.send(c.server(), bytes("nobody"), 0));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.shutdown(stream(), ShutdownHow.SD_SEND));
        assertFails(WsaError.WSAEINVAL, () -> winsock.shutdown(c.client(), 3));
    }

    @Test
    void lingeringForNoTimeResets() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("lost"), 0);
        option(c.client(), SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());
        assertFails(WsaError.WSAECONNRESET, () -> receive(c.server(), 16));
        assertFails(WsaError.WSAECONNRESET, () -> winsock.send(c.server(), bytes("x"), 0));
    }

    @Test
    void closingWithUnreadDataResets() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("unread"), 0);
        winsock.closesocket(c.server());
        assertFails(WsaError.WSAECONNRESET, () -> receive(c.client(), 16));
    }

    @Test
    void aNonBlockingSocketRefusesToLinger() throws WinsockException {
        Connection c = connection();
        option(c.client(), SocketOption.SO_LINGER, new Linger(true, 5));
        nonBlocking(c.client());
        fill(c.client());
        assertFails(WsaError.WSAEWOULDBLOCK, () -> winsock.closesocket(c.client()));
        drain(c.server(), 64 * 1_024);
        winsock.closesocket(c.client());
        drain(c.server(), 64 * 1_024);
        assertThat(receive(c.server(), 1)).isEmpty();
    }

    @Test
    void aBlockingSocketLingersUntilAllIsTaken() throws Exception {
        Connection c = connection();
        option(c.client(), SocketOption.SO_LINGER, new Linger(true, 1_000));
        winsock.send(c.client(), ByteBuffer.allocate(100_000), 0);
        CompletableFuture<Boolean> closed = waiting(() -> {
            winsock.closesocket(c.client());
            return true;
        });
        assertThat(closed).isNotDone();
        drain(c.server(), 100_000);
        assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(receive(c.server(), 1)).isEmpty();
    }

    @Test
    void closingEndsTheCallsOfOthers() throws WinsockException {
        Connection c = connection();
        CompletableFuture<String> receive = waiting(() -> receive(c.server(), 1));
        CompletableFuture<SocketHandle> accept = waiting(() -> winsock.accept(c.listener(), null));
        winsock.closesocket(c.server());
        winsock.closesocket(c.listener());
        assertFailsLater(WsaError.WSAEINTR, receive);
        assertFailsLater(WsaError.WSAEINTR, accept);
    }

    @Test
    void anInterruptIsKeptForLater() throws Exception {
        Connection c = connection();
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> complete(result, () -> {
            receive(c.server(), 1);
            return Thread.currentThread().isInterrupted();
        }));
        awaitUntil(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(result.get(20, TimeUnit.SECONDS)).isTrue();
    }
}

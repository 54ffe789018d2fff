package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.ConditionProc.Decision;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WspResult;

/** SO_CONDITIONAL_ACCEPT: a connection comes about when it is accepted, not before. */
final class ConditionalAcceptTest extends MemoryTest {
    private SocketHandle conditionalListener() throws WinsockException {
        SocketHandle s = listener();
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_CONDITIONAL_ACCEPT, true);
        return s;
    }

    private CompletableFuture<SocketHandle> connecting(SocketHandle listener) {
        return waiting(() -> {
            SocketHandle s = stream();
            winsock.connect(s, nameOf(listener));
            return s;
        });
    }

    private SocketHandle nonBlockingConnect(SocketHandle listener) throws WinsockException {
        SocketHandle s = stream();
        nonBlocking(s);
        assertThat(winsock.connect(s, nameOf(listener))).isEqualTo(WspResult.WOULD_BLOCK);
        return s;
    }

    @Test
    void aConnectWaitsForTheDecision() throws Exception {
        SocketHandle listener = conditionalListener();
        CompletableFuture<SocketHandle> connected = connecting(listener);
        assertThat(connected).isNotDone();
        assertFails(WsaError.WSATRY_AGAIN, () -> winsock.wsaAccept(listener, null, r -> Decision.CF_DEFER));
        assertThat(connected).isNotDone();
        SocketHandle server = winsock.wsaAccept(listener, null, r -> Decision.CF_ACCEPT);
        SocketHandle client = connected.get(20, TimeUnit.SECONDS);
        assertThat(winsock.getpeername(client)).isEqualTo(nameOf(server));
        winsock.send(client, bytes("x"), 0);
        assertThat(receive(server, 1)).isEqualTo("x");
    }

    @Test
    void anAcceptWithoutAConditionAcceptsIt() throws Exception {
        SocketHandle listener = conditionalListener();
        CompletableFuture<SocketHandle> connected = connecting(listener);
        winsock.accept(listener, null);
        assertThat(connected.get(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aRejectedConnectIsRefusedAndCanBeTriedAgain() throws Exception {
        SocketHandle listener = conditionalListener();
        SocketHandle client = stream();
        CompletableFuture<Integer> connected = waiting(() -> winsock.connect(client, nameOf(listener)));
        assertFails(WsaError.WSAECONNREFUSED, () -> winsock.wsaAccept(listener, null, r -> Decision.CF_REJECT));
        assertFailsLater(WsaError.WSAECONNREFUSED, connected);
        assertFails(WsaError.WSAENOTCONN, () -> winsock.getpeername(client));
        CompletableFuture<Integer> again = waiting(() -> winsock.connect(client, nameOf(listener)));
        winsock.accept(listener, null);
        assertThat(again.get(20, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aClientThatDoesNotWaitIsToldLater() throws WinsockException {
        SocketHandle listener = conditionalListener();
        SocketHandle client = nonBlockingConnect(listener);
        winsock.wsaEventSelect(client, winsock.wsaCreateEvent(), NetworkEvent.FD_ALL_EVENTS);
        WsaNetworkEvents record = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(client, null, record);
        assertThat(record.lNetworkEvents()).isZero();
        assertThat(winsock.select(null, FdSet.of(client), FdSet.of(client), Timeval.POLL)).isZero();
        assertFails(WsaError.WSAEALREADY, () -> winsock.connect(client, nameOf(listener)));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.send(client, bytes("x"), 0));
        winsock.accept(listener, null);
        winsock.wsaEnumNetworkEvents(client, null, record);
        assertThat(record.lNetworkEvents()).isEqualTo(NetworkEvent.FD_CONNECT | NetworkEvent.FD_WRITE);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(NetworkEvent.FD_CONNECT))).isZero();
        assertThat(winsock.select(null, FdSet.of(client), null, Timeval.POLL)).isEqualTo(1);
    }

    @Test
    void aRejectionIsToldInTheSameWays() throws WinsockException {
        SocketHandle listener = conditionalListener();
        SocketHandle client = nonBlockingConnect(listener);
        winsock.wsaEventSelect(client, winsock.wsaCreateEvent(), NetworkEvent.FD_CONNECT);
        assertFails(WsaError.WSAECONNREFUSED, () -> winsock.wsaAccept(listener, null, r -> Decision.CF_REJECT));
        WsaNetworkEvents record = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(client, null, record);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(NetworkEvent.FD_CONNECT)))
                .isEqualTo(WsaError.WSAECONNREFUSED.code());
        assertThat(winsock.select(null, null, FdSet.of(client), Timeval.POLL)).isEqualTo(1);
        assertThat(winsock.getsockopt(client, SocketOption.SOL_SOCKET, SocketOption.SO_ERROR))
                .isEqualTo(WsaError.WSAECONNREFUSED.code());
    }

    @Test
    void aClientThatWithdrawsIsNotAccepted() throws WinsockException {
        SocketHandle listener = conditionalListener();
        SocketHandle client = nonBlockingConnect(listener);
        winsock.closesocket(client);
        assertFails(WsaError.WSAECONNRESET, () -> winsock.accept(listener, null));
    }

    @Test
    void closingTheClientEndsItsConnect() throws WinsockException {
        SocketHandle listener = conditionalListener();
        SocketHandle client = stream();
        CompletableFuture<Integer> connected = waiting(() -> winsock.connect(client, nameOf(listener)));
        winsock.closesocket(client);
        assertFailsLater(WsaError.WSAEINTR, connected);
    }

    @Test
    void closingTheListenerRefuses() throws WinsockException {
        SocketHandle listener = conditionalListener();
        CompletableFuture<SocketHandle> connected = connecting(listener);
        winsock.closesocket(listener);
        assertFailsLater(WsaError.WSAECONNREFUSED, connected);
    }

    @Test
    void streamsAloneHaveTheOption() throws WinsockException {
        assertFails(WsaError.WSAENOPROTOOPT,
                () -> winsock.getsockopt(datagram(), SocketOption.SOL_SOCKET, SocketOption.SO_CONDITIONAL_ACCEPT));
    }
}

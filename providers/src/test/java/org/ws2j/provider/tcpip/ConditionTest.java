package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc.ConnectionRequest;
import org.ws2j.spi.ConditionProc.Decision;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** WSPAccept with a condition function. */
final class ConditionTest extends TcpIpTest {
    private SocketHandle clientOf(SocketHandle listener) throws WinsockException {
        SocketHandle client = tcp();
        winsock.connect(client, nameOf(listener));
        return client;
    }

    private SocketHandle accept(SocketHandle listener, Decision decision) throws WinsockException {
        return winsock.wsaAccept(listener, null, request -> decision);
    }

    private int events(SocketHandle s, WsaEvent event) throws WinsockException {
        WsaNetworkEvents events = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(s, event, events);
        return events.lNetworkEvents();
    }

    private void awaitEvent(WsaEvent event) throws WinsockException {
        assertThat(winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false)).isZero();
    }

    @Test
    void theConditionFunctionLearnsWhoCallsWhomAndItsYesIsAConnection() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = clientOf(listener);
        List<ConnectionRequest> requests = new ArrayList<>();
        AddressHolder peer = new AddressHolder();
        SocketHandle server = winsock.wsaAccept(listener, peer, request -> {
            requests.add(request);
            return Decision.CF_ACCEPT;
        });
        winsock.send(client, bytes("in"), 0);

        assertThat(receive(server, 9)).isEqualTo("in");
        assertThat(peer.address()).isEqualTo(nameOf(client));
        assertThat(requests).containsExactly(
                new ConnectionRequest(nameOf(client), null, null, null, nameOf(listener), null));
    }

    @Test
    void aRejectedPeerIsReset() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = clientOf(listener);

        assertFails(WsaError.WSAECONNREFUSED, () -> accept(listener, Decision.CF_REJECT));
        assertFails(WsaError.WSAECONNRESET, () -> receive(client, 1));
        nonBlocking(listener);
        assertThat(winsock.accept(listener, null)).isNull();
    }

    @Test
    void aDeferredRequestStaysAtTheHead() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle first = clientOf(listener);
        SocketHandle second = clientOf(listener);
        assertFails(WsaError.WSATRY_AGAIN, () -> accept(listener, Decision.CF_DEFER));
        assertFails(WsaError.WSATRY_AGAIN, () -> accept(listener, Decision.CF_DEFER));
        assertThat(winsock.select(FdSet.of(listener), null, null, Timeval.POLL)).isEqualTo(1);
        SocketHandle server = accept(listener, Decision.CF_ACCEPT);

        assertThat(winsock.getpeername(server)).isEqualTo(nameOf(first));
        assertThat(winsock.getpeername(winsock.accept(listener, null))).isEqualTo(nameOf(second));
    }

    @Test
    void aDeferredRequestIsAcceptedWithoutACondition() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = clientOf(listener);
        assertFails(WsaError.WSATRY_AGAIN, () -> accept(listener, Decision.CF_DEFER));

        assertThat(winsock.getpeername(winsock.accept(listener, null))).isEqualTo(nameOf(client));
    }

    @Test
    void noDecisionAndAThrownOneLeaveTheRequestAtTheHead() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = clientOf(listener);
        assertFails(WsaError.WSAEINVAL, () -> accept(listener, null));
        TcpListener inside = ((TcpSocket) inside(listener)).listener();
        IllegalStateException thrown = new IllegalStateException("of the condition function");
        assertThatThrownBy(() -> inside.accept(listener, null, request -> {
            throw thrown;
        })).isSameAs(thrown);

        assertThat(winsock.getpeername(accept(listener, Decision.CF_ACCEPT))).isEqualTo(nameOf(client));
    }

    @Test
    void deferringDoesNotReenableTheEventAndDecidingDoes() throws WinsockException {
        SocketHandle listener = listener();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(listener, event, NetworkEvent.FD_ACCEPT);
        clientOf(listener);
        awaitEvent(event);
        assertThat(events(listener, event)).isEqualTo(NetworkEvent.FD_ACCEPT);
        clientOf(listener);
        assertFails(WsaError.WSATRY_AGAIN, () -> accept(listener, Decision.CF_DEFER));
        assertThat(events(listener, event)).isZero();
        assertFails(WsaError.WSAECONNREFUSED, () -> accept(listener, Decision.CF_REJECT));
        awaitEvent(event);

        assertThat(events(listener, event)).isEqualTo(NetworkEvent.FD_ACCEPT);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aRequestWithoutADecisionIsReportedAgain() throws WinsockException {
        SocketHandle listener = listener();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(listener, event, NetworkEvent.FD_ACCEPT);
        clientOf(listener);
        awaitEvent(event);
        events(listener, event);
        assertFails(WsaError.WSAEINVAL, () -> accept(listener, null));

        assertThat(events(listener, event)).isEqualTo(NetworkEvent.FD_ACCEPT);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aBlockingAcceptWaitsAndAsksOnItsOwnThread() throws WinsockException {
        SocketHandle listener = listener();
        CompletableFuture<Thread> asked = new CompletableFuture<>();
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        var accepted = async(() -> {
            caller.complete(Thread.currentThread());
            return winsock.wsaAccept(listener, null, request -> {
                asked.complete(Thread.currentThread());
                return Decision.CF_ACCEPT;
            });
        });
        awaitBlocked(listener);
        clientOf(listener);

        assertThat(accepted.join()).isNotNull();
        assertThat(asked.join()).isSameAs(caller.join());
    }

    @Test
    void nobodyIsAskedAboutNobody() throws WinsockException {
        SocketHandle listener = listener();
        nonBlocking(listener);

        assertThat(winsock.wsaAccept(listener, null, request -> {
            throw new AssertionError("asked");
        })).isNull();
    }

    @Test
    void theConditionFunctionMayCloseItsListener() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = clientOf(listener);
        assertFails(WsaError.WSATRY_AGAIN, () -> winsock.wsaAccept(listener, null, request -> {
            close(listener);
            return Decision.CF_DEFER;
        }));

        assertFails(WsaError.WSAECONNRESET, () -> receive(client, 1));
    }

    private void close(SocketHandle s) {
        try {
            winsock.closesocket(s);
        } catch (WinsockException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void closingTheListenerResetsADeferredRequest() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = clientOf(listener);
        assertFails(WsaError.WSATRY_AGAIN, () -> accept(listener, Decision.CF_DEFER));
        winsock.closesocket(listener);

        assertFails(WsaError.WSAECONNRESET, () -> receive(client, 1));
    }

    @Test
    void connectionsAreNotHeldBackForTheCondition() throws WinsockException {
        SocketHandle s = tcp();
        assertThat(winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_CONDITIONAL_ACCEPT)).isEqualTo(false);
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_CONDITIONAL_ACCEPT, false);

        assertFails(WsaError.WSAENOPROTOOPT,
                () -> winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_CONDITIONAL_ACCEPT, true));
    }
}

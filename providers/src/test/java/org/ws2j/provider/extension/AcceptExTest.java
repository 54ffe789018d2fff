package org.ws2j.provider.extension;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** AcceptEx and GetAcceptExSockaddrs, and the option that follows them. */
@ParameterizedClass
@EnumSource(ExtensionTest.Base.class)
final class AcceptExTest extends ExtensionTest {
    private static final int DATA = 64;

    private final ByteBuffer buffer = ByteBuffer.allocate(DATA + 2 * ROOM);

    private long accept(SocketHandle listener, SocketHandle target, int data, WsaOverlapped block)
            throws WinsockException {
        return acceptEx(listener).acceptEx(listener, target, buffer, data, ROOM, ROOM, block);
    }

    private SocketHandle connect(SocketHandle listener) throws WinsockException {
        SocketHandle client = stream();
        winsock.connect(client, nameOf(listener));
        return client;
    }

    @Test
    void whatPendsOnTheTargetGoesOnUntilThatIsClosed() throws WinsockException {
        assumeTrue(base == Base.MEMORY, "tcpip tells of no changes");
        SocketHandle listener = listener();
        SocketHandle target = stream();
        HeapOverlapped change = new HeapOverlapped();
        assertThat(winsock.wsaIoctl(target, IoctlCode.SIO_ADDRESS_LIST_CHANGE, null, null, change, null))
                .isEqualTo(WspResult.IO_PENDING);
        HeapOverlapped block = block();
        accept(listener, target, 0, block);
        connect(listener);
        await(listener, block);
        assertThat(change.isCompleted()).isFalse();
        winsock.closesocket(target);
        assertThat(change.isCompleted()).isTrue();
        assertThat(change.offsetHigh()).isEqualTo(ABORTED);
    }

    @Test
    void aConnectionThatComesLaterCompletesItOnTheListenersKey() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle target = stream();
        HeapOverlapped block = new HeapOverlapped();
        assertThat(accept(listener, target, 0, block)).isEqualTo(WspResult.IO_PENDING);
        CompletionPort port = port(listener, "listener"); // Later than the call, as fact 11 has it.
        SocketHandle client = connect(listener);
        CompletionPacket packet = packet(port);
        assertThat(packet.completionKey()).isEqualTo("listener");
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.error()).isZero();
        winsock.send(target, bytes("hello"), 0);
        assertThat(receive(client, 8)).isEqualTo("hello");
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aConnectionThatWaitsCompletesItAtOnceAndIsIndicatedAllTheSame() throws WinsockException {
        SocketHandle listener = listener();
        connect(listener);
        HeapOverlapped block = block();
        assertThat(accept(listener, stream(), 0, block)).isZero();
        assertThat(winsock.waits().waitForSingleEvent(block.hEvent(), 0, false)).isZero();
    }

    @Test
    void theSocketCanBeClosedAtTheMomentAtWhichItIsConnected() throws Exception {
        for (int round = 0; round < 300; round++) {
            SocketHandle listener = listener();
            SocketHandle target = stream();
            SocketHandle client = stream();
            HeapOverlapped block = block();
            accept(listener, target, 0, block);
            Thread closing = Thread.ofPlatform().start(() -> {
                try {
                    winsock.closesocket(target);
                } catch (WinsockException e) {
                    reported.add(e);
                }
            });
            winsock.connect(client, nameOf(listener));
            closing.join();
            winsock.closesocket(listener);
            winsock.closesocket(client);
            assertThat(winsock.waits().waitForSingleEvent(block.hEvent(), 30_000, false)).isZero();
            assertThat(block.offsetHigh()).isIn(0, ABORTED);
            assertThat(winsock.openHandles().sockets()).isZero();
            winsock.wsaCloseEvent(block.hEvent());
        }
    }

    @Test
    void theFirstDataComesWithItAndTheAddressesBehind() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = connect(listener);
        HeapOverlapped block = block();
        assertThat(accept(listener, stream(), DATA, block)).isEqualTo(WspResult.IO_PENDING);
        winsock.send(client, bytes("first"), 0);
        assertThat(await(listener, block)).isEqualTo(5);
        assertThat(new String(buffer.array(), 0, 5, US_ASCII)).isEqualTo("first");
        AddressHolder local = new AddressHolder();
        AddressHolder remote = new AddressHolder();
        GetAcceptExSockaddrs addresses =
                function(listener, ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS, GetAcceptExSockaddrs.class);
        addresses.getAcceptExSockaddrs(buffer, DATA, ROOM, ROOM, local, remote);
        assertThat(local.address()).isEqualTo(nameOf(listener));
        assertThat(remote.address()).isEqualTo(nameOf(client));
    }

    @Test
    void aPeerThatEndsWithoutDataIsSuccessWithoutBytes() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = connect(listener);
        HeapOverlapped block = block();
        accept(listener, stream(), DATA, block);
        winsock.shutdown(client, ShutdownHow.SD_SEND);
        assertThat(await(listener, block)).isZero();
    }

    @Test
    void severalAreServedInTheirOrder() throws WinsockException {
        SocketHandle listener = listener();
        HeapOverlapped one = block();
        HeapOverlapped two = block();
        SocketHandle first = stream();
        SocketHandle second = stream();
        acceptEx(listener).acceptEx(listener, first, ByteBuffer.allocate(2 * ROOM), 0, ROOM, ROOM, one);
        acceptEx(listener).acceptEx(listener, second, ByteBuffer.allocate(2 * ROOM), 0, ROOM, ROOM, two);
        SocketHandle client = connect(listener);
        await(listener, one);
        assertThat(two.isCompleted()).isFalse();
        winsock.send(client, bytes("one"), 0);
        assertThat(receive(first, 8)).isEqualTo("one");
        connect(listener);
        await(listener, two);
    }

    @Test
    void itTakesTheConnectionUnannounced() throws WinsockException {
        SocketHandle listener = listener();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(listener, event, NetworkEvent.FD_ACCEPT);
        HeapOverlapped block = block();
        accept(listener, stream(), 0, block);
        connect(listener);
        await(listener, block);
        assertThat(events(listener, event)).isZero();
        connect(listener);
        assertThat(winsock.waits().waitForSingleEvent(event, 30_000, false)).isZero();
        assertThat(events(listener, event)).isEqualTo(NetworkEvent.FD_ACCEPT);
    }

    @Test
    void anAddressWithoutRoomFailsItWhenAConnectionComesWhichStays() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle target = stream();
        HeapOverlapped block = block();
        long started = acceptEx(listener).acceptEx(listener, target, buffer, 0, ROOM - 1, ROOM, block);
        assertThat(started).isEqualTo(WspResult.IO_PENDING);
        assertThat(block.isCompleted()).isFalse();
        SocketHandle client = connect(listener);
        assertFails(WsaError.ERROR_INSUFFICIENT_BUFFER, () -> await(listener, block));
        SocketHandle accepted = winsock.accept(listener, null);
        winsock.send(client, bytes("still"), 0);
        assertThat(receive(accepted, 8)).isEqualTo("still");
        assertThat(accept(listener, target, 0, new HeapOverlapped())).isEqualTo(WspResult.IO_PENDING);
    }

    @Test
    void closingTheListenerAbortsItAndFreesItsTarget() throws WinsockException {
        SocketHandle listener = listener();
        CompletionPort port = port(listener, "listener");
        SocketHandle target = stream();
        HeapOverlapped block = new HeapOverlapped();
        accept(listener, target, 0, block);
        winsock.closesocket(listener);
        assertThat(packet(port).overlapped()).isSameAs(block);
        assertThat(block.offsetHigh()).isEqualTo(ABORTED);
        winsock.bind(target, loopback(0));
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void closingTheListenerAbortsItWhileItWaitsForData() throws WinsockException {
        SocketHandle listener = listener();
        connect(listener);
        HeapOverlapped block = block();
        accept(listener, stream(), DATA, block);
        winsock.closesocket(listener);
        winsock.waits().waitForSingleEvent(block.hEvent(), 30_000, false);
        assertThat(block.offsetHigh()).isEqualTo(ABORTED);
    }

    @Test
    void closingTheTargetAbortsItOnTheListenersKey() throws WinsockException {
        SocketHandle listener = listener();
        CompletionPort port = port(listener, "listener");
        SocketHandle target = stream();
        HeapOverlapped block = new HeapOverlapped();
        accept(listener, target, 0, block);
        winsock.closesocket(target);
        CompletionPacket packet = packet(port);
        assertThat(packet.completionKey()).isEqualTo("listener");
        assertThat(block.offsetHigh()).isEqualTo(ABORTED);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void closingTheTargetAbortsItWhileItWaitsForData() throws WinsockException {
        SocketHandle listener = listener();
        connect(listener);
        SocketHandle target = stream();
        HeapOverlapped block = block();
        accept(listener, target, DATA, block);
        winsock.closesocket(target);
        assertFails(WsaError.WSA_OPERATION_ABORTED, () -> await(listener, block));
    }

    @Test
    void aTargetThatIsClosedAfterItsDataCameWasASuccess() throws WinsockException {
        SocketHandle listener = listener();
        CompletionPort port = port(listener, "listener");
        SocketHandle target = stream();
        HeapOverlapped block = new HeapOverlapped();
        accept(listener, target, DATA, block);
        winsock.send(connect(listener), bytes("data"), 0);
        awaitUntil(block::isCompleted);
        winsock.closesocket(target);
        CompletionPacket packet = packet(port);
        assertThat(packet.error()).isZero();
        assertThat(packet.bytesTransferred()).isEqualTo(4);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void namesAndShutdownWorkOnlyWithTheContext() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = connect(listener);
        SocketHandle target = stream();
        accept(listener, target, 0, new HeapOverlapped());
        assertFails(WsaError.WSAENOTCONN, () -> winsock.getpeername(target));
        assertFails(WsaError.WSAEINVAL, () -> winsock.getsockname(target));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.shutdown(target, ShutdownHow.SD_SEND));
        updateAcceptContext(target, listener);
        assertThat(winsock.getpeername(target)).isEqualTo(nameOf(client));
        assertThat(nameOf(target)).isEqualTo(nameOf(listener));
        winsock.shutdown(target, ShutdownHow.SD_SEND);
        assertThat(receive(client, 8)).isEmpty();
    }

    @Test
    void theContextBringsWhatTheListenerHas() throws WinsockException {
        SocketHandle listener = listener();
        winsock.setsockopt(listener, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 7));
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(listener, event, NetworkEvent.FD_ACCEPT | NetworkEvent.FD_WRITE);
        SocketHandle target = stream();
        HeapOverlapped block = block();
        accept(listener, target, 0, block);
        connect(listener);
        await(listener, block);
        assertThat(winsock.getsockopt(target, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER)).isEqualTo(Linger.OFF);
        updateAcceptContext(target, listener);
        assertThat(winsock.getsockopt(target, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER))
                .isEqualTo(new Linger(true, 7));
        assertThat(events(target, event)).isEqualTo(NetworkEvent.FD_WRITE);
        winsock.setsockopt(target, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, Linger.OFF);
    }

    @Test
    void theContextIsRefusedWhereThereIsNone() throws WinsockException {
        Connection c = connection();
        assertFails(WsaError.WSAENOTCONN, () -> updateAcceptContext(stream(), c.listener()));
        assertFails(WsaError.WSAEINVAL, () -> updateAcceptContext(c.server(), c.client()));
        assertFails(WsaError.WSAEFAULT, () -> updateAcceptContext(c.server(), null));
        assertFails(WsaError.WSAENOPROTOOPT, () -> updateAcceptContext(datagram(), c.listener()));
        SocketHandle closed = listener();
        winsock.closesocket(closed);
        assertFails(WsaError.WSAENOTSOCK, () -> updateAcceptContext(c.server(), closed));
        assertFails(WsaError.WSAENOPROTOOPT, () -> winsock.getsockopt(c.server(), SocketOption.SOL_SOCKET,
                SocketOption.SO_UPDATE_ACCEPT_CONTEXT));
    }

    @Test
    void badParametersFailTheCallAndLeaveTheBlockPending() throws WinsockException {
        SocketHandle listener = listener();
        HeapOverlapped block = new HeapOverlapped();
        assertTold(WsaError.WSA_INVALID_PARAMETER, () -> accept(listener, stream(), 0, null));
        AcceptEx function = acceptEx(listener);
        SocketHandle bound = boundStream();
        assertTold(WsaError.WSAEINVAL, () -> function.acceptEx(bound, stream(), buffer, 0, ROOM, ROOM, block));
        assertThat(block.isCompleted()).isFalse();
        assertTold(WsaError.WSAEINVAL, () -> accept(listener, bound, 0, block));
        SocketHandle closed = stream();
        winsock.closesocket(closed);
        assertTold(WsaError.WSAENOTSOCK, () -> accept(listener, closed, 0, block));
        assertTold(WsaError.WSAEOPNOTSUPP, () -> accept(listener, datagram(), 0, block));
        assertTold(WsaError.WSAEFAULT, () -> function.acceptEx(listener, stream(), null, 0, ROOM, ROOM, block));
        assertTold(WsaError.WSAEFAULT, () -> accept(listener, stream(), DATA + 1, block));
        assertTold(WsaError.WSAEFAULT, () -> function.acceptEx(listener, stream(), buffer, 0, ROOM, 15, block));
        assertTold(WsaError.WSAEFAULT, () -> function.acceptEx(listener, stream(), buffer, -1, ROOM, ROOM, block));
        assertThat(block.isCompleted()).isFalse();
    }

    @Test
    void aClaimedSocketIsGoodForNothingElse() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle target = stream();
        assertThat(accept(listener, target, 0, new HeapOverlapped())).isEqualTo(WspResult.IO_PENDING);
        assertTold(WsaError.WSAEINVAL, () -> accept(listener, target, 0, new HeapOverlapped()));
        assertFails(WsaError.WSAEINVAL, () -> winsock.bind(target, loopback(0)));
        assertFails(WsaError.WSAEINVAL, () -> winsock.connect(target, nameOf(listener)));
        assertFails(WsaError.WSAENOTCONN, () -> winsock.send(target, bytes("x"), 0));
    }

    @Test
    void aConnectedTargetIsRefused() throws WinsockException {
        Connection c = connection();
        assertTold(WsaError.WSAEINVAL, () -> accept(c.listener(), c.client(), 0, new HeapOverlapped()));
    }

    @Test
    void whatTheTargetHasSelectedIsReportedOnIt() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle target = stream();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(target, event, NetworkEvent.FD_READ);
        HeapOverlapped block = block();
        accept(listener, target, 0, block);
        SocketHandle client = connect(listener);
        await(listener, block);
        winsock.send(client, bytes("x"), 0);
        assertThat(winsock.waits().waitForSingleEvent(event, 30_000, false)).isZero();
        assertThat(events(target, event)).isEqualTo(NetworkEvent.FD_READ);
    }

    @Test
    void aBlockingAcceptGetsWhatTheyLeave() throws Exception {
        SocketHandle listener = listener();
        HeapOverlapped block = block();
        SocketHandle target = stream();
        accept(listener, target, 0, block);
        CompletableFuture<SocketHandle> accepted = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                accepted.complete(winsock.accept(listener, null));
            } catch (Throwable e) {
                accepted.completeExceptionally(e);
            }
        });
        SocketHandle first = connect(listener);
        await(listener, block);
        assertThat(accepted).isNotDone();
        SocketHandle second = connect(listener);
        winsock.send(second, bytes("2"), 0);
        assertThat(receive(accepted.get(), 4)).isEqualTo("2");
        winsock.send(first, bytes("1"), 0);
        assertThat(receive(target, 4)).isEqualTo("1");
    }

    @Test
    void theLastCleanUpEndsItWithoutAnIndication() throws WinsockException {
        SocketHandle listener = listener();
        HeapOverlapped block = block();
        accept(listener, stream(), 0, block);
        connect(listener);
        HeapOverlapped waits = block();
        await(listener, block);
        accept(listener, stream(), 0, waits);
        winsock.wsaCleanup();
        assertThat(waits.internal()).isEqualTo(ABORTED);
        assertThat(winsock.waits().waitForSingleEvent(waits.hEvent(), 0, false)).isEqualTo(258);
    }

    @Test
    void aBufferWithoutAddressesTellsNone() throws WinsockException {
        AddressHolder local = new AddressHolder();
        AddressHolder remote = new AddressHolder();
        GetAcceptExSockaddrs addresses =
                function(stream(), ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS, GetAcceptExSockaddrs.class);
        addresses.getAcceptExSockaddrs(buffer, DATA, ROOM, ROOM, local, remote);
        addresses.getAcceptExSockaddrs(ByteBuffer.allocate(4), DATA, ROOM, ROOM, local, null);
        assertThat(local.address()).isNull();
        assertThat(remote.address()).isNull();
    }
}

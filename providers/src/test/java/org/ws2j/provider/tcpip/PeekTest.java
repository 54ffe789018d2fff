package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Linger;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WspResult;

/** MSG_PEEK, MSG_WAITALL and FIONREAD. */
class PeekTest extends TcpIpTest {
    private String peek(SocketHandle s, int room) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(room);
        winsock.recv(s, buffer, MessageFlag.MSG_PEEK);
        return text(buffer);
    }

    private int receiveAll(SocketHandle s, ByteBuffer buffer) throws WinsockException {
        return winsock.recv(s, buffer, MessageFlag.MSG_WAITALL);
    }

    private int waiting(SocketHandle s) throws WinsockException {
        IoctlResult out = new IoctlResult();
        winsock.wsaIoctl(s, IoctlCode.FIONREAD, null, out, null, null);
        return (Integer) out.value();
    }

    private void awaitWaiting(SocketHandle s, int count) {
        awaitUntil(() -> {
            try {
                return waiting(s) == count;
            } catch (WinsockException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private boolean isReadable(SocketHandle s) throws WinsockException {
        return winsock.select(FdSet.of(s), null, null, Timeval.POLL) == 1;
    }

    @Test
    void aReceiveOfAllThatMeetsAResetAnswersWhatHadBeenPeekedAt() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("part"), 0);
        awaitWaiting(c.server(), 4);
        assertThat(peek(c.server(), 9)).isEqualTo("part");
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(c.client());
        ByteBuffer buffer = ByteBuffer.allocate(9);

        assertThat(receiveAll(c.server(), buffer)).isEqualTo(4);
        assertThat(text(buffer)).isEqualTo("part");
        assertFails(WsaError.WSAECONNRESET, () -> receiveAll(c.server(), buffer));
    }

    @Test
    void peekingLeavesTheBytesOfAStream() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("abcdef"), 0);
        awaitWaiting(c.server(), 6);

        assertThat(peek(c.server(), 3)).isEqualTo("abc");
        assertThat(peek(c.server(), 9)).isEqualTo("abcdef");
        assertThat(receive(c.server(), 2)).isEqualTo("ab");
        assertThat(peek(c.server(), 9)).isEqualTo("cdef");
        assertThat(receive(c.server(), 9)).isEqualTo("cdef");
    }

    @Test
    void peekingSeesAsMuchAsThereIsRoomForAndCanGrow() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), ByteBuffer.allocate(10_000), 0);
        awaitWaiting(c.server(), 10_000);
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(5_000), MessageFlag.MSG_PEEK)).isEqualTo(5_000);
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(20_000), MessageFlag.MSG_PEEK)).isEqualTo(10_000);
        winsock.send(c.client(), bytes("tail"), 0);
        awaitWaiting(c.server(), 10_004);
        drain(c.server(), 10_000);

        assertThat(receive(c.server(), 9)).isEqualTo("tail");
    }

    @Test
    void peekingFillsSeveralBuffers() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("abcde"), 0);
        awaitWaiting(c.server(), 5);
        ByteBuffer[] parts = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(9)};
        winsock.wsaRecv(c.server(), parts, new ReceiveResult(MessageFlag.MSG_PEEK), null, null);

        assertThat(text(parts[0]) + "|" + text(parts[1])).isEqualTo("ab|cde");
        assertThat(receive(c.server(), 9)).isEqualTo("abcde");
    }

    @Test
    void aBlockingPeekWaitsAndANonBlockingOneDoesNot() throws WinsockException {
        Connection c = connection();
        var peeked = async(() -> peek(c.server(), 9));
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(peeked.join()).isEqualTo("x");
        nonBlocking(c.client());

        assertThat(winsock.recv(c.client(), ByteBuffer.allocate(9), MessageFlag.MSG_PEEK))
                .isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void aReceiveThatWaitsGetsWhatAPeekHasTakenOutOfTheChannel() throws WinsockException {
        Connection c = connection();
        var received = async(() -> receive(c.server(), 9));
        awaitBlocked(c.server());
        var peeked = async(() -> peek(c.server(), 9));
        winsock.send(c.client(), bytes("one"), 0);
        assertThat(received.join()).isEqualTo("one");
        winsock.send(c.client(), bytes("two"), 0);

        assertThat(peeked.join()).isIn("one", "two");
        assertThat(receive(c.server(), 9)).isEqualTo("two");
    }

    @Test
    void aPeekWithoutRoomWaitsForDataAndTakesNone() throws WinsockException {
        Connection c = connection();
        var peeked = async(() -> winsock.recv(c.server(), ByteBuffer.allocate(0), MessageFlag.MSG_PEEK));
        awaitBlocked(c.server());
        assertThat(peeked).isNotDone();
        winsock.send(c.client(), bytes("x"), 0);

        assertThat(peeked.join()).isZero();
        assertThat(receive(c.server(), 9)).isEqualTo("x");
    }

    @Test
    void peekingSeesTheEndAndAReset() throws WinsockException {
        Connection ending = connection();
        winsock.shutdown(ending.client(), ShutdownHow.SD_SEND);
        assertThat(peek(ending.server(), 9)).isEmpty();
        assertThat(receive(ending.server(), 9)).isEmpty();
        Connection broken = connection();
        winsock.setsockopt(broken.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(broken.client());

        assertFails(WsaError.WSAECONNRESET, () -> peek(broken.server(), 9));
        assertFails(WsaError.WSAESHUTDOWN, () -> {
            Connection shut = connection();
            winsock.shutdown(shut.client(), ShutdownHow.SD_RECEIVE);
            peek(shut.client(), 1);
        });
    }

    @Test
    void whatWasPeekedAtIsReadableAndOfferedToEveryKindOfReceive() throws Exception {
        Connection c = connection();
        winsock.send(c.client(), bytes("abc"), 0);
        awaitWaiting(c.server(), 3);
        peek(c.server(), 9);
        assertThat(isReadable(c.server())).isTrue();
        assertThat(waiting(c.server())).isEqualTo(3);
        ByteChannel file = winsock.channel(c.server());
        ByteBuffer target = ByteBuffer.allocate(1);
        file.read(target);
        assertThat(text(target)).isEqualTo("a");
        ByteBuffer overlapped = ByteBuffer.allocate(9);
        assertThat(winsock.wsaRecv(c.server(), overlapped, null, new HeapOverlapped(), null)).isEqualTo(2);

        assertThat(isReadable(c.server())).isFalse();
        assertThat(waiting(c.server())).isZero();
    }

    @Test
    void aPeekReenablesTheEventAsAnyReceiveDoes() throws WinsockException {
        Connection c = connection();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(c.server(), event, NetworkEvent.FD_READ);
        winsock.send(c.client(), bytes("x"), 0);
        WsaNetworkEvents events = new WsaNetworkEvents();
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false);
        winsock.wsaEnumNetworkEvents(c.server(), event, events);
        assertThat(events.lNetworkEvents()).isEqualTo(NetworkEvent.FD_READ);
        winsock.wsaEnumNetworkEvents(c.server(), event, events);
        assertThat(events.lNetworkEvents()).isZero();
        peek(c.server(), 9);
        winsock.wsaEnumNetworkEvents(c.server(), event, events);

        assertThat(events.lNetworkEvents()).isEqualTo(NetworkEvent.FD_READ);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void peekingAndWaitingForAllAreForSynchronousCalls() throws WinsockException {
        Connection c = connection();
        for (int flag : new int[] {MessageFlag.MSG_PEEK, MessageFlag.MSG_WAITALL}) {
            assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.wsaRecv(c.server(), ByteBuffer.allocate(1),
                    new ReceiveResult(flag), new HeapOverlapped(), null));
        }
    }

    @Test
    void aDatagramStaysWhenItIsPeekedAt() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        winsock.sendto(a, bytes("first"), 0, nameOf(b));
        winsock.sendto(a, bytes("second"), 0, nameOf(b));
        ReceiveResult result = new ReceiveResult(MessageFlag.MSG_PEEK);
        ByteBuffer target = ByteBuffer.allocate(9);
        winsock.wsaRecvFrom(b, target, result, null, null);

        assertThat(result.from()).isEqualTo(nameOf(a));
        assertThat(result.flags()).isZero();
        assertFails(WsaError.WSAEMSGSIZE, () -> peek(b, 2));
        assertThat(isReadable(b)).isTrue();
        assertThat(receive(b, 9)).isEqualTo("first");
        assertThat(receive(b, 9)).isEqualTo("second");
        assertThat(isReadable(b)).isFalse();
    }

    @Test
    void aNewDefaultPeerDropsADatagramThatWasPeekedAt() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        winsock.sendto(a, bytes("x"), 0, nameOf(b));
        peek(b, 9);
        winsock.connect(b, nameOf(a));
        nonBlocking(b);

        assertThat(winsock.recv(b, ByteBuffer.allocate(9), 0)).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void theWaitingBytesOfAStreamAreCounted() throws WinsockException {
        Connection c = connection();
        assertThat(waiting(c.server())).isZero();
        winsock.send(c.client(), bytes("12345"), 0);
        awaitWaiting(c.server(), 5);
        assertThat(waiting(tcp())).isZero();
        assertThat(waiting(c.listener())).isZero();

        assertFails(WsaError.WSAEFAULT, () -> winsock.wsaIoctl(c.server(), IoctlCode.FIONREAD, null, null, null, null));
    }

    @Test
    void theWaitingBytesOfAllDatagramsAreCountedAndStay() throws WinsockException {
        SocketHandle a = boundUdp();
        SocketHandle b = boundUdp();
        winsock.sendto(a, bytes("12345"), 0, nameOf(b));
        winsock.sendto(a, bytes("678"), 0, nameOf(b));
        awaitWaiting(b, 8);

        assertThat(receive(b, 9)).isEqualTo("12345");
        assertThat(waiting(b)).isEqualTo(3);
        assertThat(receive(b, 9)).isEqualTo("678");
        assertThat(waiting(udp())).isZero();
    }

    @Test
    void waitingForAllEndsWithFullBuffers() throws WinsockException {
        Connection c = connection();
        ByteBuffer target = ByteBuffer.allocate(6);
        var received = async(() -> receiveAll(c.server(), target));
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("abc"), 0);
        awaitWaiting(c.server(), 0);
        winsock.send(c.client(), bytes("defgh"), 0);

        assertThat(received.join()).isEqualTo(6);
        assertThat(text(target)).isEqualTo("abcdef");
        assertThat(receive(c.server(), 9)).isEqualTo("gh");
    }

    @Test
    void waitingForAllTakesWhatWasReadAheadFirst() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("abc"), 0);
        awaitWaiting(c.server(), 3);
        peek(c.server(), 3);
        ByteBuffer target = ByteBuffer.allocate(5);
        var received = async(() -> receiveAll(c.server(), target));
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("de"), 0);

        assertThat(received.join()).isEqualTo(5);
        assertThat(text(target)).isEqualTo("abcde");
    }

    @Test
    void waitingForAllEndsWithTheStreamAndWithTheTimeAndKeepsWhatCame() throws WinsockException {
        Connection c = connection();
        winsock.setsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 50);
        winsock.send(c.client(), bytes("ab"), 0);
        awaitWaiting(c.server(), 2);
        assertThat(receiveAll(c.server(), ByteBuffer.allocate(9))).isEqualTo(2);
        assertFails(WsaError.WSAETIMEDOUT, () -> receiveAll(c.server(), ByteBuffer.allocate(9)));
        winsock.send(c.client(), bytes("cd"), 0);
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(receiveAll(c.server(), ByteBuffer.allocate(9))).isEqualTo(2);
        assertThat(receiveAll(c.server(), ByteBuffer.allocate(9))).isZero();
    }

    @Test
    void waitingForAllKeepsWhatCameBeforeAReset() throws WinsockException {
        Connection c = connection();
        ByteBuffer target = ByteBuffer.allocate(9);
        var received = async(() -> receiveAll(c.server(), target));
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("ab"), 0);
        awaitWaiting(c.server(), 0);
        winsock.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        awaitUntil(() -> filled(target) == 2);
        winsock.closesocket(c.client());

        assertThat(received.join()).isEqualTo(2);
        assertFails(WsaError.WSAECONNRESET, () -> receive(c.server(), 9));
    }

    /** {@return how much has arrived in a buffer that a call is still filling} */
    private static int filled(ByteBuffer target) {
        int count = 0;
        while (count < target.capacity() && target.get(count) != 0) {
            count++;
        }
        return count;
    }

    @Test
    void waitingForAllIsForBlockingStreamsAlone() throws WinsockException {
        Connection c = connection();
        assertFails(WsaError.WSAEOPNOTSUPP, () -> receiveAll(boundUdp(), ByteBuffer.allocate(1)));
        for (int other : new int[] {MessageFlag.MSG_PEEK, MessageFlag.MSG_PARTIAL, MessageFlag.MSG_OOB}) {
            assertFails(WsaError.WSAEOPNOTSUPP,
                    () -> winsock.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_WAITALL | other));
        }
        nonBlocking(c.server());

        assertFails(WsaError.WSAEOPNOTSUPP, () -> receiveAll(c.server(), ByteBuffer.allocate(1)));
    }

    @Test
    void aSynchronousPeekTakesItsTurnBehindOverlappedReceives() throws WinsockException {
        Connection c = connection();
        ByteBuffer first = ByteBuffer.allocate(1);
        winsock.wsaRecv(c.server(), first, null, new HeapOverlapped(), null);
        var peeked = async(() -> peek(c.server(), 9));
        awaitBlocked(c.server());
        winsock.send(c.client(), bytes("ab"), 0);

        assertThat(peeked.join()).isEqualTo("b");
        assertThat(first.get(0)).isEqualTo((byte) 'a');
        assertThat(receive(c.server(), 9)).isEqualTo("b");
    }

    @Test
    void peekingNeedsABoundSocket() throws WinsockException {
        SocketHandle s = udp();

        assertFails(WsaError.WSAEINVAL, () -> peek(s, 1));
        assertFails(WsaError.WSAENOTCONN, () -> peek(tcp(), 1));
        winsock.bind(s, new InetSocketAddress(LOOPBACK4, 0));
        nonBlocking(s);
        assertThat(winsock.recv(s, ByteBuffer.allocate(1), MessageFlag.MSG_PEEK)).isEqualTo(WspResult.WOULD_BLOCK);
    }
}

package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WspResult;

/** Urgent data: out of line and in line, its mark, and who is told of it. */
final class UrgentDataTest extends MemoryTest {
    private static final int ALL = NetworkEvent.FD_ALL_EVENTS;

    private void urgent(SocketHandle s, String text) throws WinsockException {
        assertThat(winsock.send(s, bytes(text), MessageFlag.MSG_OOB)).isEqualTo(text.length());
    }

    private String receiveUrgent(SocketHandle s, int flags) throws WinsockException {
        ByteBuffer room = ByteBuffer.allocate(8);
        winsock.recv(s, room, MessageFlag.MSG_OOB | flags);
        return text(room);
    }

    private void inLine(SocketHandle s, boolean on) throws WinsockException {
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_OOBINLINE, on);
    }

    private Object control(SocketHandle s, int code) throws WinsockException {
        return winsock.ioctlsocket(s, code, null);
    }

    private int enumerate(SocketHandle s) throws WinsockException {
        WsaNetworkEvents record = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(s, null, record);
        return record.lNetworkEvents();
    }

    private void select(SocketHandle s) throws WinsockException {
        winsock.wsaEventSelect(s, winsock.wsaCreateEvent(), ALL);
        enumerate(s);
    }

    @Test
    void urgentDataJumpsTheQueue() throws WinsockException {
        Connection c = connection();
        winsock.send(c.client(), bytes("before"), 0);
        urgent(c.client(), "!");
        winsock.send(c.client(), bytes("after"), 0);
        assertThat(receiveUrgent(c.server(), 0)).isEqualTo("!");
        assertThat(receive(c.server(), 16)).isEqualTo("before");
        assertThat(receive(c.server(), 16)).isEqualTo("after");
    }

    @Test
    void noReceiveCrossesTheMark() throws Exception {
        Connection c = connection();
        winsock.send(c.client(), bytes("ab"), 0);
        urgent(c.client(), "!");
        winsock.send(c.client(), bytes("cd"), 0);
        assertThat(control(c.server(), IoctlCode.FIONREAD)).isEqualTo(2);
        ByteBuffer all = ByteBuffer.allocate(4);
        assertThat(winsock.recv(c.server(), all, MessageFlag.MSG_WAITALL)).isEqualTo(2);
        assertThat(control(c.server(), IoctlCode.FIONREAD)).isEqualTo(2);
        assertThat(receive(c.server(), 16)).isEqualTo("cd");
        assertThat(receiveUrgent(c.server(), 0)).isEqualTo("!");
    }

    @Test
    void aWaitingReceiveEndsAtAMarkThatArrives() throws Exception {
        Connection c = connection();
        CompletableFuture<Integer> all =
                waiting(() -> winsock.recv(c.server(), ByteBuffer.allocate(8), MessageFlag.MSG_WAITALL));
        winsock.send(c.client(), bytes("abc"), 0);
        assertThat(all).isNotDone();
        urgent(c.client(), "!");
        assertThat(all.get(20, TimeUnit.SECONDS)).isEqualTo(3);
    }

    @Test
    void onlyTheLastByteOfASendIsUrgent() throws WinsockException {
        Connection c = connection();
        urgent(c.client(), "abc");
        assertThat(receive(c.server(), 16)).isEqualTo("ab");
        assertThat(receiveUrgent(c.server(), 0)).isEqualTo("c");
        assertThat(winsock.send(c.client(), bytes(""), MessageFlag.MSG_OOB)).isZero();
        nonBlocking(c.server());
        assertThat(winsock.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_OOB))
                .isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void severalUrgentBytesWaitInTheirOrder() throws WinsockException {
        Connection c = connection();
        urgent(c.client(), "1");
        winsock.send(c.client(), bytes("a"), 0);
        urgent(c.client(), "2");
        winsock.send(c.client(), bytes("b"), 0);
        assertThat(receiveUrgent(c.server(), MessageFlag.MSG_PEEK)).isEqualTo("1");
        assertThat(receiveUrgent(c.server(), 0)).isEqualTo("1");
        assertThat(receive(c.server(), 16)).isEqualTo("a");
        assertThat(receive(c.server(), 16)).isEqualTo("b");
        assertThat(receiveUrgent(c.server(), 0)).isEqualTo("2");
    }

    @Test
    void inLineItIsReceivedInItsPlaceAndByItself() throws WinsockException {
        Connection c = connection();
        inLine(c.server(), true);
        winsock.send(c.client(), bytes("ab"), 0);
        urgent(c.client(), "!");
        winsock.send(c.client(), bytes("cd"), 0);
        assertFails(WsaError.WSAEINVAL, () -> receiveUrgent(c.server(), 0));
        assertThat(receive(c.server(), 16)).isEqualTo("ab");
        assertThat(control(c.server(), IoctlCode.FIONREAD)).isEqualTo(1);
        ByteBuffer peeked = ByteBuffer.allocate(4);
        winsock.recv(c.server(), peeked, MessageFlag.MSG_PEEK);
        assertThat(text(peeked)).isEqualTo("!");
        assertThat(receive(c.server(), 16)).isEqualTo("!");
        assertThat(receive(c.server(), 16)).isEqualTo("cd");
    }

    @Test
    void inLineAReceiveThatWantsAllIsCutAtBothSidesOfIt() throws WinsockException {
        Connection c = connection();
        inLine(c.server(), true);
        winsock.send(c.client(), bytes("ab"), 0);
        urgent(c.client(), "!");
        winsock.send(c.client(), bytes("cdef"), 0);
        ByteBuffer room = ByteBuffer.allocate(4);
        assertThat(winsock.recv(c.server(), room, MessageFlag.MSG_WAITALL)).isEqualTo(2);
        assertThat(winsock.recv(c.server(), room.clear(), MessageFlag.MSG_WAITALL)).isEqualTo(1);
        assertThat(winsock.recv(c.server(), room.clear(), MessageFlag.MSG_WAITALL)).isEqualTo(4);
    }

    @Test
    void theWayOfReceivingCanChangeWhileItWaits() throws WinsockException {
        Connection c = connection();
        urgent(c.client(), "!");
        select(c.server());
        inLine(c.server(), true);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_READ);
        assertThat(receive(c.server(), 4)).isEqualTo("!");
    }

    @Test
    void theMarkTellsWhetherUrgentDataWaits() throws WinsockException {
        Connection c = connection();
        inLine(c.server(), true);
        assertThat(control(c.server(), IoctlCode.SIOCATMARK)).isEqualTo(true);
        winsock.send(c.client(), bytes("a"), 0);
        assertThat(control(c.server(), IoctlCode.SIOCATMARK)).isEqualTo(true);
        urgent(c.client(), "!");
        assertThat(control(c.server(), IoctlCode.SIOCATMARK)).isEqualTo(false);
        receive(c.server(), 1);
        receive(c.server(), 1);
        assertThat(control(c.server(), IoctlCode.SIOCATMARK)).isEqualTo(true);
        assertFails(WsaError.WSAEINVAL, () -> control(datagram(), IoctlCode.SIOCATMARK));
    }

    @Test
    void itIsReportedByItselfOutOfLine() throws WinsockException {
        Connection c = connection();
        select(c.server());
        urgent(c.client(), "!");
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_OOB);
        urgent(c.client(), "?");
        assertThat(enumerate(c.server())).isZero();
        receiveUrgent(c.server(), 0);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_OOB);
        receiveUrgent(c.server(), 0);
        assertThat(enumerate(c.server())).isZero();
    }

    @Test
    void anOrdinaryReceiveEnablesItsReportToo() throws WinsockException {
        Connection c = connection();
        select(c.server());
        urgent(c.client(), "!");
        winsock.send(c.client(), bytes("a"), 0);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_OOB | NetworkEvent.FD_READ);
        receive(c.server(), 1);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_OOB);
    }

    @Test
    void whatWaitsAtASelectionIsReported() throws WinsockException {
        Connection c = connection();
        urgent(c.client(), "!");
        winsock.wsaEventSelect(c.server(), winsock.wsaCreateEvent(), NetworkEvent.FD_OOB);
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_OOB);
    }

    @Test
    void itIsReportedAsDataInLine() throws WinsockException {
        Connection c = connection();
        inLine(c.server(), true);
        select(c.server());
        urgent(c.client(), "!");
        assertThat(enumerate(c.server())).isEqualTo(NetworkEvent.FD_READ);
    }

    @Test
    void selectFindsItAmongTheExceptionsOutOfLine() throws WinsockException {
        Connection c = connection();
        urgent(c.client(), "!");
        FdSet read = FdSet.of(c.server());
        FdSet except = FdSet.of(c.server());
        assertThat(winsock.select(read, null, except, Timeval.POLL)).isEqualTo(1);
        assertThat(except.fdCount()).isEqualTo(1);
        inLine(c.server(), true);
        FdSet read2 = FdSet.of(c.server());
        FdSet except2 = FdSet.of(c.server());
        assertThat(winsock.select(read2, null, except2, Timeval.POLL)).isEqualTo(1);
        assertThat(read2.fdCount()).isEqualTo(1);
    }

    @Test
    void aSelectWaitsForIt() throws Exception {
        Connection c = connection();
        CompletableFuture<Integer> ready = waiting(() -> winsock.select(null, null, FdSet.of(c.server()), null));
        winsock.send(c.client(), bytes("a"), 0);
        assertThat(ready).isNotDone();
        urgent(c.client(), "!");
        assertThat(ready.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void aReceiveOfItWaitsForItAlone() throws Exception {
        Connection c = connection();
        CompletableFuture<String> received = waiting(() -> receiveUrgent(c.server(), 0));
        winsock.send(c.client(), bytes("a"), 0);
        assertThat(received).isNotDone();
        urgent(c.client(), "!");
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo("!");
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        ByteBuffer room = ByteBuffer.allocate(2);
        assertThat(winsock.wsaSend(c.client(), bytes("?"), MessageFlag.MSG_OOB, null, null)).isEqualTo(1);
        assertThat(winsock.wsaSend(c.client(), bytes("?"), MessageFlag.MSG_OOB, block, null)).isEqualTo(1);
        receiveUrgent(c.server(), 0);
        assertThat(winsock.recv(c.server(), room, MessageFlag.MSG_OOB)).isEqualTo(1);
    }

    @Test
    void theEndOfTheStreamEndsItToo() throws Exception {
        Connection c = connection();
        CompletableFuture<String> received = waiting(() -> receiveUrgent(c.server(), 0));
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(received.get(20, TimeUnit.SECONDS)).isEmpty();
        CompletableFuture<String> reset = waiting(() -> receiveUrgent(c.client(), 0));
        winsock.closesocket(c.client());
        assertFailsLater(WsaError.WSAEINTR, reset);
    }

    @Test
    void theStreamEndsPastUrgentDataThatNobodyTook() throws WinsockException {
        Connection c = connection();
        urgent(c.client(), "ab");
        winsock.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(receive(c.server(), 4)).isEqualTo("a");
        assertThat(receive(c.server(), 4)).isEmpty();
        assertThat(receiveUrgent(c.server(), 0)).isEqualTo("b");
    }

    @Test
    void itNeedsRoomInTheBuffersAsAnyByte() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.client());
        fill(c.client());
        assertThat(winsock.send(c.client(), bytes("!"), MessageFlag.MSG_OOB)).isEqualTo(WspResult.WOULD_BLOCK);
        drain(c.server(), 1);
        urgent(c.client(), "!");
        assertThat(winsock.send(c.client(), bytes("x"), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(receiveUrgent(c.server(), 0)).isEqualTo("!");
        assertThat(winsock.send(c.client(), bytes("x"), 0)).isEqualTo(1);
    }

    @Test
    void acceptedSocketsInheritTheWayOfReceiving() throws WinsockException {
        SocketHandle listener = listener();
        inLine(listener, true);
        winsock.connect(stream(), nameOf(listener));
        SocketHandle server = winsock.accept(listener, null);
        assertThat(winsock.getsockopt(server, SocketOption.SOL_SOCKET, SocketOption.SO_OOBINLINE)).isEqualTo(true);
        assertFails(WsaError.WSAEINVAL, () -> receiveUrgent(server, 0));
    }

    @Test
    void streamsAloneHaveIt() throws WinsockException {
        Connection c = connection();
        SocketHandle d = boundDatagram();
        assertFails(WsaError.WSAEOPNOTSUPP, () -> receiveUrgent(d, 0));
        assertFails(WsaError.WSAEOPNOTSUPP,
                () -> winsock.sendto(d, bytes("x"), MessageFlag.MSG_OOB, nameOf(d)));
        assertFails(WsaError.WSAEOPNOTSUPP, () -> receiveUrgent(c.server(), MessageFlag.MSG_WAITALL));
        assertFails(WsaError.WSAENOTCONN, () -> receiveUrgent(stream(), 0));
        assertThat(winsock.wsaEnumProtocols(null)).allSatisfy(entry -> assertThat(
                (entry.serviceFlags1() & ServiceFlag.XP1_EXPEDITED_DATA) != 0)
                .isNotEqualTo(entry.isConnectionless()));
    }
}

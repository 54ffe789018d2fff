package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.starts;
import static org.ws2j.conformance.Network.bytes;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FileCompletionMode;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/** Completion ports, and the modes of completion. */
final class CompletionPortsSuite extends Suite {
    private static final long LONG_MILLIS = 10_000;

    /** {@return a port for the sockets given, whose keys are the sockets themselves} */
    private CompletionPort portOf(SocketHandle... sockets) throws WinsockException {
        CompletionPort port = signals.port();
        for (SocketHandle s : sockets) {
            ws.ports().associate(s, port, s);
        }
        return port;
    }

    /** Starts a receive that has to wait. */
    private HeapOverlapped receive(SocketHandle s, int room) throws WinsockException {
        HeapOverlapped block = new HeapOverlapped();
        pends(ws.wsaRecv(s, ByteBuffer.allocate(room), null, block, null));
        return block;
    }

    private void assertPacket(CompletionPort port, WsaOverlapped block, int bytes) throws WinsockException {
        CompletionPacket packet = signals.packet(port);
        assertThat(packet.error()).as("error").isZero();
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isEqualTo(bytes);
    }

    // ---- packets of operations -------------------------------------------------------------------------------------

    @Proves("port.packet")
    void anOperationPutsAPacketIntoThePort() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped block = receive(c.server(), 8);
        net.send(c.client(), "abc");
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.completionKey()).isSameAs(c.server());
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isEqualTo(3);
        assertThat(packet.error()).isZero();
        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves({"port.packet", "overlapped.at-once", "trap-34", "fact-10"})
    void anOperationThatIsOverAtOncePutsAPacketTooAndOneOnly() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.client(), c.server());
        net.send(c.client(), "now");
        HeapOverlapped receive = new HeapOverlapped();
        starts(ws.wsaRecv(c.server(), ByteBuffer.allocate(8), null, receive, null));
        assertPacket(port, receive, 3);
        HeapOverlapped send = new HeapOverlapped();
        starts(ws.wsaSend(c.client(), bytes("x"), 0, send, null));
        assertPacket(port, send, 1);

        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves("port.packet")
    void synchronousCallsPutNoPacket() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.client(), c.server());
        net.send(c.client(), "x");
        net.receive(c.server(), 1);

        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves("fact-18")
    void connectingPutsNoPacket() throws WinsockException {
        SocketHandle s = net.stream();
        CompletionPort port = portOf(s);
        ws.connect(s, net.name(net.listener()));

        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves("port.packet")
    void eachSocketsPacketsCarryItsOwnKey() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.client(), c.server());
        receive(c.server(), 1);
        net.send(c.client(), "x");
        assertThat(signals.packet(port).completionKey()).isSameAs(c.server());
        receive(c.client(), 1);
        net.send(c.server(), "y");

        assertThat(signals.packet(port).completionKey()).isSameAs(c.client());
    }

    @Proves("port.packet")
    void datagramsPutPackets() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        CompletionPort port = portOf(receiver);
        HeapOverlapped block = new HeapOverlapped();
        pends(ws.wsaRecvFrom(receiver, ByteBuffer.allocate(8), null, block, null));
        ws.sendto(net.datagram(), bytes("data"), 0, net.name(receiver));

        assertPacket(port, block, 4);
    }

    @Proves({"port.packet", "fact-10"})
    void theEndOfTheStreamIsAPacketWithoutBytes() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped block = receive(c.server(), 1);
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertPacket(port, block, 0);
    }

    @Proves("port.fifo")
    void packetsAreTakenInTheOrderOfTheirOperations() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        List<WsaOverlapped> posted = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            posted.add(receive(c.server(), 1));
        }
        net.send(c.client(), "wxyz");

        for (WsaOverlapped block : posted) {
            assertPacket(port, block, 1);
        }
    }

    @Proves({"port.failed-start", "overlapped.failed-start", "fact-10"})
    void aCallThatFailsPutsNoPacket() throws WinsockException {
        SocketHandle s = net.stream();
        CompletionPort port = portOf(s);
        HeapOverlapped block = new HeapOverlapped();
        fails(WsaError.WSAENOTCONN, () -> ws.wsaRecv(s, ByteBuffer.allocate(1), null, block, null));
        fails(WsaError.WSAENOTCONN, () -> ws.wsaSend(s, bytes("x"), 0, block, null));

        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves({"port.error", "trap-33", "overlapped.reset"})
    void thePacketOfAFailedOperationCarriesItsError() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped block = receive(c.server(), 1);
        net.reset(c.client());
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.error()).isIn(WsaError.WSAECONNRESET.code(), WsaError.WSAECONNABORTED.code());
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isZero();
    }

    @Proves({"port.error", "recv.aborted", "closesocket.aborts"})
    void closingPutsAPacketForEachOperationThatItAborts() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped one = receive(c.server(), 1);
        HeapOverlapped other = receive(c.server(), 1);
        ws.closesocket(c.server());
        CompletionPacket first = signals.packet(port);
        CompletionPacket second = signals.packet(port);

        assertThat(List.of(first.overlapped(), second.overlapped())).containsExactlyInAnyOrder(one, other);
        assertThat(List.of(first.error(), second.error())).containsOnly(aborted());
        assertThat(signals.isEmpty(port)).isTrue();
    }

    /** {@return what a packet says of a close: of a handle of the file system it is the system's own word} */
    private int aborted() {
        return (stack.isIfs() ? WsaError.ERROR_CONNECTION_ABORTED : WsaError.WSA_OPERATION_ABORTED).code();
    }

    @Proves("fact-9")
    void twoReceivesMayShareOneBlock() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped block = receive(c.server(), 1);
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null));
        net.reset(c.client());

        assertThat(signals.packet(port).overlapped()).isSameAs(block);
        assertThat(signals.packet(port).overlapped()).isSameAs(block);
        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves("port.event-too")
    void anEventIsSetBesideThePacket() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null));
        net.send(c.client(), "x");
        signals.await(block.hEvent());

        assertPacket(port, block, 1);
    }

    @Proves("trap-35")
    void theResultCanBeAskedForAfterThePacketWasTaken() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped block = receive(c.server(), 4);
        net.send(c.client(), "abc");
        assertPacket(port, block, 3);

        assertThat(ws.wsaGetOverlappedResult(c.server(), block, false, null)).isEqualTo(3);
    }

    @Proves("port.survives")
    void aPacketInTheQueueOutlivesItsSocket() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.client());
        HeapOverlapped block = new HeapOverlapped(signals.event());
        starts(ws.wsaSend(c.client(), bytes("x"), 0, block, null));
        signals.await(block.hEvent());
        ws.closesocket(c.client());

        assertPacket(port, block, 1);
    }

    @Proves({"overlapped.thread-exit", "fact-16"})
    void anOperationOfAnotherThreadPutsItsPacket() throws Exception {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped block = calls.start(() -> receive(c.server(), 1)).result();
        net.send(c.client(), "x");

        assertPacket(port, block, 1);
    }

    // ---- association -----------------------------------------------------------------------------------------------

    @Proves("fact-11")
    void aPortThatComesLaterCatchesAnOperationUnderWay() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = receive(c.server(), 1);
        CompletionPort port = portOf(c.server());
        net.send(c.client(), "x");

        assertPacket(port, block, 1);
    }

    @Proves({"port.once", "trap-33"})
    void aSocketHasOnePortForItsLife() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        CompletionPort other = signals.port();
        fails(WsaError.WSA_INVALID_PARAMETER, () -> ws.ports().associate(c.server(), port, "again"));
        fails(WsaError.WSA_INVALID_PARAMETER, () -> ws.ports().associate(c.server(), other, "other"));
        HeapOverlapped block = receive(c.server(), 1);
        net.send(c.client(), "x");

        assertPacket(port, block, 1);
    }

    @Proves("port.once")
    void aSocketThatAllowsNoOverlappedOperationsHasNoPort() throws WinsockException {
        SocketHandle s = net.own(
                ws.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP, null, 0, 0));
        CompletionPort port = signals.port();
        fails(WsaError.WSA_INVALID_PARAMETER, () -> ws.ports().associate(s, port, "key"));
    }

    @Proves("port.once")
    void anAcceptedSocketDoesNotInheritThePort() throws WinsockException {
        SocketHandle listener = net.listener();
        CompletionPort port = portOf(listener);
        ws.connect(net.stream(), net.name(listener));
        SocketHandle accepted = net.own(ws.accept(listener, null));
        ws.ports().associate(accepted, port, "its own");
        HeapOverlapped block = new HeapOverlapped();
        starts(ws.wsaSend(accepted, bytes("x"), 0, block, null));

        assertThat(signals.packet(port).completionKey()).isEqualTo("its own");
    }

    @Proves("port.invalid")
    void aClosedSocketOrPortIsRefused() throws WinsockException {
        CompletionPort port = signals.port();
        SocketHandle s = net.stream();
        SocketHandle closed = net.stream();
        ws.closesocket(closed);
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.ports().associate(closed, port, "key"));
        ws.ports().closeIoCompletionPort(port);

        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.ports().associate(s, port, "key"));
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.ports().postQueuedCompletionStatus(port, 0, null, null));
        fails(WsaError.WSA_INVALID_HANDLE, () -> signals.isEmpty(port));
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.ports().closeIoCompletionPort(port));
    }

    @Proves("port.closed")
    void anOperationOutlivesItsPort() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null));
        ws.ports().closeIoCompletionPort(port);
        net.send(c.client(), "x");
        signals.await(block.hEvent());

        assertThat(ws.wsaGetOverlappedResult(c.server(), block, false, null)).isEqualTo(1);
    }

    @Proves("fact-12")
    void anOperationOnADuplicateCompletesWithTheKeyOfTheSocket() throws WinsockException {
        skipIf(Flag.PORTS_BELONG_TO_HANDLES);
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        SocketHandle duplicate = net.own(ws.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM,
                IpProtocol.IPPROTO_TCP, ws.wsaDuplicateSocket(c.server(), ws.processId()), 0,
                SocketFlag.WSA_FLAG_OVERLAPPED));
        HeapOverlapped block = receive(duplicate, 1);
        net.send(c.client(), "x");
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.completionKey()).isSameAs(c.server());
    }

    // ---- taking packets --------------------------------------------------------------------------------------------

    @Proves("port.posted")
    void aPostedPacketIsTakenAsItWasPosted() throws WinsockException {
        CompletionPort port = signals.port();
        HeapOverlapped block = new HeapOverlapped();
        Object key = new Object();
        ws.ports().postQueuedCompletionStatus(port, -7, key, block);
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.bytesTransferred()).isEqualTo(-7);
        assertThat(packet.completionKey()).isSameAs(key);
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.error()).isZero();
    }

    @Proves("port.posted")
    void aPostedPacketNeedsNeitherKeyNorBlock() throws WinsockException {
        CompletionPort port = signals.port();
        ws.ports().postQueuedCompletionStatus(port, 1, null, null);
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.bytesTransferred()).isEqualTo(1);
        assertThat(packet.completionKey()).isNull();
        assertThat(packet.overlapped()).isNull();
    }

    @Proves("port.fifo")
    void postedPacketsAreTakenInTheirOrder() throws WinsockException {
        CompletionPort port = signals.port();
        for (int i = 0; i < 8; i++) {
            ws.ports().postQueuedCompletionStatus(port, i, null, null);
        }
        for (int i = 0; i < 8; i++) {
            assertThat(signals.packet(port).bytesTransferred()).isEqualTo(i);
        }
    }

    @Proves("port.timeout")
    void aTimeOutTakesNothingAndLeavesThePacketAlone() throws WinsockException {
        CompletionPort port = signals.port();
        CompletionPacket packet = new CompletionPacket();
        packet.set(3, "before", null, 5);
        for (long millis : new long[] {0, 1}) {
            assertThat(ws.ports().getQueuedCompletionStatus(port, packet, millis)).isFalse();
        }
        assertThat(packet.bytesTransferred()).isEqualTo(3);
        assertThat(packet.completionKey()).isEqualTo("before");
    }

    @Proves("port.abandoned")
    void closingAPortWakesWhoWaitsAtIt() throws Exception {
        CompletionPort port = signals.port();
        Call<CompletionPacket> wait = calls.waiting(() -> signals.packet(port));
        Call<Integer> several = calls.waiting(() -> ws.ports().getQueuedCompletionStatusEx(
                port, new CompletionPacket[] {new CompletionPacket()}, LONG_MILLIS, false));
        ws.ports().closeIoCompletionPort(port);

        fails(WsaError.ERROR_ABANDONED_WAIT_0, wait::result);
        fails(WsaError.ERROR_ABANDONED_WAIT_0, several::result);
    }

    @Proves("port.lifo")
    void theThreadThatCameLastIsServedFirst() throws Exception {
        CompletionPort port = signals.port();
        Call<CompletionPacket> first = calls.waiting(() -> signals.packet(port));
        Call<CompletionPacket> last = calls.waiting(() -> signals.packet(port));
        ws.ports().postQueuedCompletionStatus(port, 1, null, null);
        assertThat(last.result().bytesTransferred()).isEqualTo(1);
        assertThat(first.isDone()).isFalse();
        ws.ports().postQueuedCompletionStatus(port, 2, null, null);

        assertThat(first.result().bytesTransferred()).isEqualTo(2);
    }

    @Proves("port.several")
    void severalPacketsAreTakenAtOnce() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        ws.ports().postQueuedCompletionStatus(port, 1, "posted", null);
        receive(c.server(), 1);
        net.reset(c.client());
        CompletionPacket[] packets = {new CompletionPacket(), new CompletionPacket(), new CompletionPacket()};
        int taken = 0;
        while (taken < 2) {
            CompletionPacket[] rest = Arrays.copyOfRange(packets, taken, packets.length);
            int n = ws.ports().getQueuedCompletionStatusEx(port, rest, LONG_MILLIS, false);
            assertThat(n).isPositive();
            taken += n;
        }

        assertThat(taken).isEqualTo(2);
        assertThat(packets[0].completionKey()).isEqualTo("posted");
        assertThat(packets[1].error()).as("failures count too").isNotZero();
    }

    @Proves("port.several")
    void noMorePacketsAreTakenThanThereIsRoomFor() throws WinsockException {
        CompletionPort port = signals.port();
        for (int i = 0; i < 3; i++) {
            ws.ports().postQueuedCompletionStatus(port, i, null, null);
        }
        CompletionPacket[] packets = {new CompletionPacket(), new CompletionPacket()};
        assertThat(ws.ports().getQueuedCompletionStatusEx(port, packets, 0, false)).isEqualTo(2);
        assertThat(packets[1].bytesTransferred()).isEqualTo(1);
        assertThat(signals.packet(port).bytesTransferred()).isEqualTo(2);

        assertThat(ws.ports().getQueuedCompletionStatusEx(port, packets, 0, false)).isZero();
    }

    @Proves("port.several")
    void takingSeveralNeedsRoom() throws WinsockException {
        CompletionPort port = signals.port();
        fails(WsaError.WSA_INVALID_PARAMETER,
                () -> ws.ports().getQueuedCompletionStatusEx(port, new CompletionPacket[0], 0, false));
    }

    @Proves("port.alertable")
    void onlyTheWaitForSeveralCanBeAlertable() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = signals.port();
        boolean[] called = new boolean[1];
        starts(ws.wsaSend(c.client(), bytes("x"), 0, new HeapOverlapped(), (e, n, o, f) -> called[0] = true));
        assertThat(signals.isEmpty(port)).isTrue();
        CompletionPacket[] packets = {new CompletionPacket()};
        assertThat(ws.ports().getQueuedCompletionStatusEx(port, packets, 0, false)).isZero();
        assertThat(called[0]).isFalse();

        assertThat(ws.ports().getQueuedCompletionStatusEx(port, packets, LONG_MILLIS, true))
                .isEqualTo(-Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(called[0]).isTrue();
    }

    @Proves("port.inval")
    void aPortCannotLetFewerThanNoThreadsWork() {
        fails(WsaError.WSA_INVALID_PARAMETER, () -> ws.ports().createIoCompletionPort(-1));
    }

    // ---- the modes of completion -----------------------------------------------------------------------------------

    @Proves("port.skip")
    void aPacketCanBeSkippedWhereTheOperationIsOverAtOnce() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = portOf(c.server());
        int skip = FileCompletionMode.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS;
        if (!stack.isIfs()) {
            fails(WsaError.WSA_INVALID_PARAMETER,
                    () -> ws.files().setFileCompletionNotificationModes(c.server(), skip));
            return;
        }
        ws.files().setFileCompletionNotificationModes(c.server(), skip);
        HeapOverlapped late = receive(c.server(), 1);
        net.send(c.client(), "x");
        assertPacket(port, late, 1);
        net.send(c.client(), "y");
        net.awaitReadable(c.server());
        HeapOverlapped atOnce = new HeapOverlapped();
        long n = ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, atOnce, null);

        assertThat(n).as("what lies ready is received at once").isEqualTo(1);
        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves("port.skip-event")
    void anEventOfTheClientIsSetWhateverTheHandleSkips() throws WinsockException {
        Connection c = net.connection();
        ws.files().setFileCompletionNotificationModes(c.server(), FileCompletionMode.FILE_SKIP_SET_EVENT_ON_HANDLE);
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, block, null));
        net.send(c.client(), "x");
        signals.await(block.hEvent());

        assertThat(block.isCompleted()).isTrue();
    }

    @Proves("port.modes-inval")
    void otherModesAndClosedSocketsAreRefused() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSA_INVALID_PARAMETER, () -> ws.files().setFileCompletionNotificationModes(s, 0x40));
        ws.closesocket(s);
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.files().setFileCompletionNotificationModes(s, 0));
    }
}

package org.ws2j.host.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.Waits.WSA_INFINITE;
import static org.ws2j.spi.Waits.WSA_WAIT_IO_COMPLETION;
import static org.ws2j.spi.WsaError.ERROR_ABANDONED_WAIT_0;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.LastMomentClock;
import org.ws2j.host.thread.ManualClock;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

@Timeout(30)
final class PortTest {
    private final ManualClock clock = new ManualClock();
    private final HostThreads threads = new HostThreads(clock, new Reports());
    private final IoCompletionPorts ports = new IoCompletionPorts(threads);
    private final HostThreads otherThreads = new HostThreads(clock, new Reports());
    private final IoCompletionPorts otherHost = new IoCompletionPorts(otherThreads);
    private final CompletionPacket packet = new CompletionPacket();

    private CompletionPort port() throws WinsockException {
        return ports.createIoCompletionPort(1);
    }

    private static CompletionPacket[] packets(int count) {
        CompletionPacket[] packets = new CompletionPacket[count];
        for (int i = 0; i < count; i++) {
            packets[i] = new CompletionPacket();
        }
        return packets;
    }

    private Running<Integer> takingBytes(CompletionPort port, long timeoutMillis) {
        return TestThreads.start(() -> {
            CompletionPacket mine = new CompletionPacket();
            return ports.getQueuedCompletionStatus(port, mine, timeoutMillis) ? mine.bytesTransferred() : -1;
        }).awaitParked();
    }

    @Test
    void aPostedPacketComesBackAsItWasPosted() throws Exception {
        CompletionPort port = port();
        WsaOverlapped block = new HeapOverlapped(null);
        ports.postQueuedCompletionStatus(port, -1, "key", block);
        ports.postQueuedCompletionStatus(port, 0, null, null);
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.bytesTransferred()).isEqualTo(-1);
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.error()).isZero();
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.completionKey()).isNull();
        assertThat(packet.overlapped()).isNull();
    }

    @Test
    void packetsAreTakenFirstInFirstOut() throws Exception {
        CompletionPort port = port();
        List<Integer> taken = new ArrayList<>();
        List<Integer> posted = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            // Two in for one out: the ring grows while it is wrapped around.
            ports.postQueuedCompletionStatus(port, 2 * i, null, null);
            ports.postQueuedCompletionStatus(port, 2 * i + 1, null, null);
            posted.addAll(List.of(2 * i, 2 * i + 1));
            ports.getQueuedCompletionStatus(port, packet, 0);
            taken.add(packet.bytesTransferred());
        }
        while (ports.getQueuedCompletionStatus(port, packet, 0)) {
            taken.add(packet.bytesTransferred());
        }
        assertThat(taken).isEqualTo(posted);
    }

    @Test
    void threadsAreServedLastInFirstOut() throws Exception {
        CompletionPort port = ports.createIoCompletionPort(3);
        Running<Integer> first = takingBytes(port, WSA_INFINITE);
        Running<Integer> second = takingBytes(port, WSA_INFINITE);
        Running<Integer> third = takingBytes(port, WSA_INFINITE);
        for (int i = 1; i <= 3; i++) {
            ports.postQueuedCompletionStatus(port, i, null, null);
        }
        assertThat(third.get()).isEqualTo(1);
        assertThat(second.get()).isEqualTo(2);
        assertThat(first.get()).isEqualTo(3);
    }

    @Test
    void aTimeOutLeavesThePacketAlone() throws Exception {
        CompletionPort port = port();
        packet.set(7, "before", null, 3);
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).isFalse();
        assertThat(packet.bytesTransferred()).isEqualTo(7);
        assertThat(packet.completionKey()).isEqualTo("before");
        Running<Integer> taking = takingBytes(port, 10);
        clock.advance(Duration.ofMillis(10));
        assertThat(taking.get()).isEqualTo(-1);
        ports.postQueuedCompletionStatus(port, 8, null, null);
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).as("not lost in a wait that is over").isTrue();
    }

    @Test
    void anInterruptNeitherEndsTheWaitNorIsLost() throws Exception {
        CompletionPort port = port();
        Running<Boolean> taking = TestThreads.start(() -> {
            Thread.currentThread().interrupt();
            return ports.getQueuedCompletionStatus(port, new CompletionPacket(), WSA_INFINITE) && Thread.interrupted();
        }).awaitParked();
        ports.postQueuedCompletionStatus(port, 0, null, null);
        assertThat(taking.get()).isTrue();
    }

    @Test
    void closingWakesWaitersAsAbandoned() throws Exception {
        CompletionPort port = port();
        List<Running<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(TestThreads.<Void>start(() -> {
                assertFails(ERROR_ABANDONED_WAIT_0,
                        () -> ports.getQueuedCompletionStatus(port, new CompletionPacket(), WSA_INFINITE));
                return null;
            }).awaitParked());
        }
        ports.closeIoCompletionPort(port);
        for (Running<Void> waiter : waiting) {
            assertThat(waiter.get()).isNull();
        }
    }

    @Test
    void everyCallRefusesWhatIsNotAnOpenPort() throws Exception {
        CompletionPort closed = port();
        ports.postQueuedCompletionStatus(closed, 1, null, null);
        ports.closeIoCompletionPort(closed);
        CompletionPort foreign = otherHost.createIoCompletionPort(1);
        TestSocket socket = new TestSocket(threads, true);
        for (CompletionPort bad : new CompletionPort[] {null, closed, foreign}) {
            assertFails(WSA_INVALID_HANDLE, () -> ports.getQueuedCompletionStatus(bad, packet, 0));
            assertFails(WSA_INVALID_HANDLE, () -> ports.getQueuedCompletionStatusEx(bad, packets(1), 0, false));
            assertFails(WSA_INVALID_HANDLE, () -> ports.postQueuedCompletionStatus(bad, 0, null, null));
            assertFails(WSA_INVALID_HANDLE, () -> ports.associate(socket, bad, null));
            assertFails(WSA_INVALID_HANDLE, () -> ports.closeIoCompletionPort(bad));
        }
        assertThat(socket.association()).isNull();
    }

    @Test
    void unusableParametersAreRefused() throws Exception {
        CompletionPort port = port();
        assertFails(WSA_INVALID_PARAMETER, () -> ports.createIoCompletionPort(-1));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.getQueuedCompletionStatus(port, packet, -1));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.getQueuedCompletionStatus(port, packet, WSA_INFINITE + 1));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.getQueuedCompletionStatus(port, null, 0));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.getQueuedCompletionStatusEx(port, packets(1), -1, false));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.getQueuedCompletionStatusEx(port, null, 0, false));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.getQueuedCompletionStatusEx(port, packets(0), 0, false));
        assertFails(WSA_INVALID_PARAMETER,
                () -> ports.getQueuedCompletionStatusEx(port, new CompletionPacket[2], 0, false));
    }

    @Test
    void aSocketIsAssociatedOnceForItsLife() throws Exception {
        CompletionPort port = port();
        TestSocket socket = new TestSocket(threads, true);
        ports.associate(socket, port, "key");
        assertFails(WSA_INVALID_PARAMETER, () -> ports.associate(socket, port, "key"));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.associate(socket, ports.createIoCompletionPort(1), "other"));
    }

    @Test
    void aSocketTellsWhetherItIsAssociatedAsLongAsItIsOpen() throws Exception {
        TestSocket socket = new TestSocket(threads, true);
        assertThat(ports.isAssociated(socket)).isFalse();
        ports.associate(socket, port(), "key");
        assertThat(ports.isAssociated(socket)).isTrue();
        socket.close();
        assertFails(WSA_INVALID_HANDLE, () -> ports.isAssociated(socket));
    }

    @Test
    void associatingRefusesWhatIsNotAnOpenOverlappedSocket() throws Exception {
        CompletionPort port = port();
        TestSocket closed = new TestSocket(threads, true);
        closed.close();
        assertFails(WSA_INVALID_HANDLE, () -> ports.associate(null, port, null));
        assertFails(WSA_INVALID_HANDLE, () -> ports.associate(closed, port, null));
        assertFails(WSA_INVALID_HANDLE, () -> ports.associate(new TestSocket(otherThreads, true), port, null));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.associate(new TestSocket(threads, false), port, null));
    }

    @Test
    void aCompletionPutsAPacketWithTheKeyOfTheAssociationAndItsError() throws Exception {
        CompletionPort port = port();
        TestSocket socket = new TestSocket(threads, true);
        WsaOverlapped block = new HeapOverlapped(null);
        ports.associate(socket, port, "key");
        ports.post(socket.association(), 0, block, WSAECONNRESET.code());
        socket.close();
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).as("survives the close of its socket").isTrue();
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.error()).isEqualTo(WSAECONNRESET.code());
    }

    @Test
    void aCompletionForAClosedPortIsQuiet() throws Exception {
        CompletionPort port = port();
        TestSocket socket = new TestSocket(threads, true);
        ports.associate(socket, port, "key");
        ports.closeIoCompletionPort(port);
        ports.post(socket.association(), 1, null, 0);
        assertThat(ports.openPorts()).isZero();
    }

    @Test
    void droppedAssociationsPutNoPackets() throws Exception {
        CompletionPort port = port();
        TestSocket before = new TestSocket(threads, true);
        TestSocket after = new TestSocket(threads, true);
        ports.associate(before, port, "before");
        ports.dropAssociations();
        ports.associate(after, port, "after");
        ports.post(before.association(), 1, null, 0);
        ports.post(after.association(), 2, null, 0);
        assertThat(ports.getQueuedCompletionStatusEx(port, packets(4), 0, false)).isEqualTo(1);
    }

    @Test
    void severalPacketsAreTakenAtOnceInOrder() throws Exception {
        CompletionPort port = port();
        for (int i = 0; i < 5; i++) {
            ports.postQueuedCompletionStatus(port, i, null, null);
        }
        CompletionPacket[] room = packets(3);
        assertThat(ports.getQueuedCompletionStatusEx(port, room, WSA_INFINITE, false)).isEqualTo(3);
        assertThat(room).extracting(CompletionPacket::bytesTransferred).containsExactly(0, 1, 2);
        assertThat(ports.getQueuedCompletionStatusEx(port, room, 0, false)).isEqualTo(2);
        assertThat(room).extracting(CompletionPacket::bytesTransferred).containsExactly(3, 4, 2);
        assertThat(ports.getQueuedCompletionStatusEx(port, room, 0, false)).isZero();
    }

    @Test
    void whoComesBackForSeveralPacketsTakesNoMoreThanItHasRoomFor() throws Exception {
        CompletionPort port = port();
        CompletionPacket[] room = packets(3);
        for (int i = 0; i < 7; i++) {
            ports.postQueuedCompletionStatus(port, i, null, null);
        }
        ports.getQueuedCompletionStatus(port, packet, 0);
        assertThat(ports.getQueuedCompletionStatusEx(port, room, 0, false)).isEqualTo(3);
        assertThat(room).extracting(CompletionPacket::bytesTransferred).containsExactly(1, 2, 3);
        assertThat(ports.getQueuedCompletionStatusEx(port, room, 0, true)).isEqualTo(3);
        assertThat(room).extracting(CompletionPacket::bytesTransferred).containsExactly(4, 5, 6);
        assertThat(ports.getQueuedCompletionStatusEx(port, room, 0, false)).isZero();
    }

    @Test
    void queuedProceduresEndAnAlertableTakeAndLeaveThePackets() throws Exception {
        CompletionPort port = port();
        List<Object> ran = new ArrayList<>();
        ports.postQueuedCompletionStatus(port, 1, null, null);
        threads.queueApc(threads.current().implicitId(), ran::add, "queued");
        assertThat(ports.getQueuedCompletionStatusEx(port, packets(1), 0, false)).isEqualTo(1);
        ports.postQueuedCompletionStatus(port, 1, null, null);
        assertThat(ports.getQueuedCompletionStatusEx(port, packets(1), 0, true)).isEqualTo(-WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly("queued");
        assertThat(ports.getQueuedCompletionStatusEx(port, packets(1), 0, true)).isEqualTo(1);
    }

    @Test
    void aProcedureEndsAnAlertableTakeThatWaits() throws Exception {
        CompletionPort port = port();
        AtomicReference<WsaThreadId> id = new AtomicReference<>();
        AtomicReference<Thread> ranOn = new AtomicReference<>();
        Running<Integer> taking = TestThreads.start(() -> {
            id.set(threads.current().implicitId());
            return ports.getQueuedCompletionStatusEx(port, packets(1), WSA_INFINITE, true);
        }).awaitParked();
        threads.queueApc(id.get(), context -> ranOn.set(Thread.currentThread()), null);
        assertThat(taking.get()).isEqualTo(-WSA_WAIT_IO_COMPLETION);
        assertThat(ranOn).hasValue(taking.thread());
        ports.postQueuedCompletionStatus(port, 1, null, null);
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).isTrue();
    }

    @Test
    void aPacketInTheLastMomentIsTaken() throws Exception {
        AtomicReference<IoCompletionPorts> host = new AtomicReference<>();
        AtomicReference<CompletionPort> port = new AtomicReference<>();
        LastMomentClock lastMoment =
                new LastMomentClock(() -> host.get().postQueuedCompletionStatus(port.get(), 7, null, null));
        host.set(new IoCompletionPorts(new HostThreads(lastMoment, new Reports())));
        port.set(host.get().createIoCompletionPort(1));
        assertThat(host.get().getQueuedCompletionStatus(port.get(), packet, 1)).isTrue();
        assertThat(packet.bytesTransferred()).isEqualTo(7);
    }

    @Test
    void whatComesToAPortThatWasJustClosedFindsItClosed() {
        IoCompletionPort port = new IoCompletionPort(this, 1, 1);
        PortThread thread = new PortThread(threads.current());
        thread.join(port);
        assertThat(port.close()).isTrue();
        assertThat(port.close()).isFalse();
        assertThat(port.post(1, null, null, 0)).isFalse();
        assertThat(port.take(thread, packet, true)).isEqualTo(PortThread.State.ABANDONED);
    }

    @Test
    void aClosedPortKeepsNoPackets() throws Exception {
        CompletionPort port = port();
        WeakReference<WsaOverlapped> block = new WeakReference<>(postedTo(port));
        ports.closeIoCompletionPort(port);
        while (block.get() != null) {
            System.gc();
        }
        assertFails(WSA_INVALID_HANDLE, () -> ports.getQueuedCompletionStatus(port, packet, 0));
    }

    private WsaOverlapped postedTo(CompletionPort port) throws WinsockException {
        WsaOverlapped block = new HeapOverlapped();
        ports.postQueuedCompletionStatus(port, 1, null, block);
        return block;
    }

    @Test
    void openPortsCountsWhatWasNotClosed() throws Exception {
        CompletionPort one = port();
        CompletionPort two = ports.createIoCompletionPort(0);
        assertThat(ports.openPorts()).isEqualTo(2);
        ports.closeIoCompletionPort(one);
        assertThat(ports.openPorts()).isEqualTo(1);
        ports.closeAll();
        assertThat(ports.openPorts()).isZero();
        assertFails(WSA_INVALID_HANDLE, () -> ports.closeIoCompletionPort(two));
    }

    @Test
    void aPortSaysInPrintWhichItIsAndWhetherItIsClosed() throws Exception {
        CompletionPort one = port();
        CompletionPort two = port();
        assertThat(one).hasToString("completion port 1");
        ports.closeIoCompletionPort(two);
        assertThat(two).hasToString("completion port 2 (closed)");
    }
}

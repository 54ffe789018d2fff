package org.ws2j.host.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.Waits.WSA_INFINITE;
import static org.ws2j.spi.Waits.WSA_WAIT_EVENT_0;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSAEMSGSIZE;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;
import static org.ws2j.spi.WsaOverlapped.WSS_OPERATION_IN_PROGRESS;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.CompletionPorts;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspResult;

/** Overlapped requests: who writes which field when, and what reaches the event and the port. */
@Timeout(30)
final class OverlappedTrapsTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule module = FakeModule.nonIfs("base");
    private final ByteBuffer buffer = ByteBuffer.allocate(8);
    private final CompletionPacket packet = new CompletionPacket();

    OverlappedTrapsTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    private Winsock start() throws WinsockException {
        host.base(module);
        return host.start();
    }

    private NonIfsTable table() {
        return module.table(NonIfsTable.class);
    }

    /** A block that keeps a record of who writes to it. */
    private static final class Recorded extends WsaOverlapped {
        private final HeapOverlapped block = new HeapOverlapped();
        private final List<String> log = new CopyOnWriteArrayList<>();
        private volatile WsaEvent event;

        @Override
        public long internal() {
            return block.internal();
        }

        @Override
        public void internal(long status) {
            log.add("Internal=" + status);
            block.internal(status);
        }

        @Override
        public long internalHigh() {
            return block.internalHigh();
        }

        @Override
        public void internalHigh(long bytes) {
            log.add("InternalHigh=" + bytes);
            block.internalHigh(bytes);
        }

        @Override
        public int offset() {
            return block.offset();
        }

        @Override
        public void offset(int flags) {
            log.add("Offset=" + flags);
            block.offset(flags);
        }

        @Override
        public int offsetHigh() {
            return block.offsetHigh();
        }

        @Override
        public void offsetHigh(int error) {
            log.add("OffsetHigh=" + error);
            block.offsetHigh(error);
        }

        @Override
        public WsaEvent hEvent() {
            return event;
        }
    }

    @Test
    @Trap(27)
    void bytesAndStatusAreFinalBeforeTheEventAndThePacketAndNothingIsWrittenAfterThem() throws Exception {
        Winsock winsock = start();
        SocketHandle s = host.socket();
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(s, port, "key");
        Recorded overlapped = new Recorded();
        CompletionPacket early = new CompletionPacket();
        AtomicReference<Boolean> packetBeforeEvent = new AtomicReference<>();
        overlapped.event = winsock.waits().createEvent(() -> {
            overlapped.log.add("event");
            packetBeforeEvent.set(taken(winsock, port, early));
        });
        winsock.wsaRecv(s, buffer, null, overlapped, null);
        overlapped.log.clear();
        table().complete(table().socket(s).takeRequest(), WSAECONNRESET.code(), 5);
        assertThat(overlapped.log)
                .containsExactly("InternalHigh=5", "Internal=" + WSAECONNRESET.code(), "event");
        assertThat(packetBeforeEvent.get()).isFalse();
        assertThat(taken(winsock, port, packet)).isTrue();
        assertThat(packet.overlapped()).isSameAs(overlapped);
    }

    private static boolean taken(Winsock winsock, CompletionPort port, CompletionPacket packet) {
        try {
            return winsock.ports().getQueuedCompletionStatus(port, packet, 0);
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Trap(28)
    void whatTheProviderKeepsInTheBlockSurvivesTheCompletion() throws Exception {
        start();
        SocketHandle s = host.socket();
        HeapOverlapped overlapped = new HeapOverlapped();
        host.winsock().wsaRecv(s, buffer, null, overlapped, null);
        overlapped.offset(MessageFlag.MSG_PARTIAL);
        overlapped.offsetHigh(WSAEMSGSIZE.code());
        table().complete(table().socket(s).takeRequest(), WSAEMSGSIZE.code(), 8);
        assertThat(overlapped.offset()).isEqualTo(MessageFlag.MSG_PARTIAL);
        assertThat(overlapped.offsetHigh()).isEqualTo(WSAEMSGSIZE.code());
        assertThat(overlapped.internalHigh()).isEqualTo(8);
    }

    @Test
    @Trap(28)
    void aCompletionNeverLeavesTheStatusThatMeansUnderWay() throws Exception {
        start();
        SocketHandle s = host.socket();
        HeapOverlapped overlapped = new HeapOverlapped();
        host.winsock().wsaRecv(s, buffer, null, overlapped, null);
        table().complete(table().socket(s).takeRequest(), (int) WSS_OPERATION_IN_PROGRESS, 0);
        assertThat(overlapped.isCompleted()).isTrue();
    }

    @Test
    @Trap({29, 30})
    void aCompletionBeforeTheCallHasReturnedStands() throws Exception {
        FakeModule quick = FakeModule.of("quick", start -> new NonIfsTable(start) {
            @Override
            public long wspRecv(SocketHandle s, ByteBuffer target, ReceiveResult result, WsaOverlapped overlapped,
                    WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
                long pending = super.wspRecv(s, target, result, overlapped, routine, thread);
                try {
                    TestThreads.start(() -> {
                        complete(socket(s).takeRequest(), 0, 3);
                        return null;
                    }).ended();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                return pending;
            }
        });
        WsaProtocolInfo entry = host.base(quick, FakeHost.udp());
        Winsock winsock = start();
        SocketHandle s = host.socket(entry);
        WsaEvent event = winsock.wsaCreateEvent();
        Recorded overlapped = new Recorded();
        overlapped.event = event;
        assertThat(winsock.wsaRecv(s, buffer, null, overlapped, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(overlapped.log)
                .containsExactly("Internal=" + WSS_OPERATION_IN_PROGRESS, "InternalHigh=3", "Internal=0");
        assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isEqualTo(WSA_WAIT_EVENT_0);
        winsock.wsaCloseEvent(event);
    }

    @Test
    @Trap(31)
    void theLowBitOfTheEventKeepsThePacketFromThePort() throws Exception {
        Winsock winsock = start();
        SocketHandle s = host.socket();
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(s, port, "key");
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped overlapped = new HeapOverlapped(event.tagged());
        winsock.wsaResetEvent(event.tagged());
        winsock.wsaRecv(s, buffer, null, overlapped, null);
        table().complete(table().socket(s).takeRequest(), 0, 1);
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isFalse();
        assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isEqualTo(WSA_WAIT_EVENT_0);
        assertThat(winsock.waits().waitForSingleEvent(event.tagged(), 0, false)).isEqualTo(WSA_WAIT_EVENT_0);
        winsock.wsaCloseEvent(event.tagged());
        assertFails(WSA_INVALID_HANDLE, () -> winsock.wsaCloseEvent(event));
    }

    @Test
    @Trap(31)
    void aProviderThatCompletesTaggedRequestsByItselfIsPolled() throws Exception {
        FakeModule polling = FakeModule.of("polling", start -> new NonIfsTable(start) {
            @Override
            public long wspGetOverlappedResult(SocketHandle s, WsaOverlapped block, boolean wait,
                    ReceiveResult result) {
                return block.isCompleted() ? block.internalHigh() : WspResult.IO_INCOMPLETE;
            }
        });
        WsaProtocolInfo entry = host.base(polling, FakeHost.udp());
        Winsock winsock = start();
        SocketHandle s = host.socket(entry);
        HeapOverlapped overlapped = new HeapOverlapped(winsock.wsaCreateEvent().tagged());
        winsock.wsaRecv(s, buffer, null, overlapped, null);
        assertThat(winsock.wsaGetOverlappedResult(s, overlapped, false, null)).isEqualTo(WspResult.IO_INCOMPLETE);
        overlapped.internalHigh(4);
        overlapped.internal(0);
        assertThat(winsock.wsaGetOverlappedResult(s, overlapped, false, null)).isEqualTo(4);
        winsock.wsaCloseEvent(overlapped.hEvent());
    }

    @Test
    @Trap(32)
    void aResultThatCannotBeBecomesAFailure() throws Exception {
        FakeModule odd = FakeModule.of("odd", start -> new NonIfsTable(start) {
            @Override
            public long wspGetOverlappedResult(SocketHandle s, WsaOverlapped block, boolean wait,
                    ReceiveResult result) {
                return -1;
            }
        });
        WsaProtocolInfo entry = host.base(odd, FakeHost.udp());
        Winsock winsock = start();
        SocketHandle s = host.socket(entry);
        assertFails(WSASYSCALLFAILURE, () -> winsock.wsaGetOverlappedResult(s, new HeapOverlapped(), true, null));
    }

    @Test
    @Trap(33)
    void thePortBelongsToTheClientsHandleOnceAndTellsFailuresToo() throws Exception {
        Winsock winsock = start();
        SocketHandle s = host.socket();
        CompletionPorts ports = winsock.ports();
        CompletionPort port = ports.createIoCompletionPort(0);
        ports.associate(s, port, "key");
        CompletionPort second = ports.createIoCompletionPort(0);
        assertFails(WSA_INVALID_PARAMETER, () -> ports.associate(s, second, "other"));
        assertFails(WSA_INVALID_PARAMETER, () -> ports.associate(s, port, "key"));
        HeapOverlapped good = new HeapOverlapped();
        HeapOverlapped bad = new HeapOverlapped();
        winsock.wsaRecv(s, buffer, null, good, null);
        winsock.wsaRecv(s, buffer, null, bad, null);
        table().complete(table().socket(s).takeRequest(), 0, 2);
        table().complete(table().socket(s).takeRequest(), WSAECONNRESET.code(), 0);
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.overlapped()).isSameAs(good);
        assertThat(packet.error()).isZero();
        assertThat(packet.bytesTransferred()).isEqualTo(2);
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.overlapped()).isSameAs(bad);
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.error()).isEqualTo(WSAECONNRESET.code());
        assertThat(ports.getQueuedCompletionStatus(port, packet, 0)).isFalse();
        ports.closeIoCompletionPort(second);
        ports.closeIoCompletionPort(port);
    }

    @Test
    @Trap(34)
    void aLayersPortGetsAPacketForEachOperationAlsoForOneThatWasOverAtOnce() throws Exception {
        FakeModule base = FakeModule.of("files", start -> new IfsTable(start) {
            @Override
            public long wspSend(SocketHandle s, ByteBuffer source, int flags, WsaOverlapped overlapped,
                    WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
                int n = source.remaining();
                services().files().completeRequest(s, overlapped, 0, n);
                return n;
            }
        });
        WsaProtocolInfo entry = host.base(base, FakeHost.udp());
        Winsock winsock = start();
        SocketHandle upper = host.socket();
        WspProcTable lower = winsockTable(entry, base);
        SocketHandle below = base.table(IfsTable.class).sockets().getFirst();
        HostServices services = base.services();
        CompletionPort port = services.ports().createIoCompletionPort(0);
        services.ports().associate(below, port, upper);
        Running<List<Object>> worker = TestThreads.start(() -> {
            List<Object> seen = new ArrayList<>();
            CompletionPacket mine = new CompletionPacket();
            while (services.ports().getQueuedCompletionStatus(port, mine, WSA_INFINITE)
                    && mine.bytesTransferred() != 0xFFFFFFFF) {
                seen.add(mine.completionKey());
                seen.add(mine.overlapped());
                seen.add(mine.bytesTransferred());
            }
            seen.add(mine.overlapped() == null && mine.completionKey() == null ? "exit" : "no exit packet");
            return seen;
        });
        HeapOverlapped first = new HeapOverlapped();
        HeapOverlapped second = new HeapOverlapped();
        assertThat(lower.wspSend(below, ByteBuffer.allocate(3), 0, first, null, null)).isEqualTo(3);
        assertThat(lower.wspSend(below, ByteBuffer.allocate(4), 0, second, null, null)).isEqualTo(4);
        services.ports().postQueuedCompletionStatus(port, 0xFFFFFFFF, null, null);
        assertThat(worker.get()).containsExactly(upper, first, 3, upper, second, 4, "exit");
        services.ports().closeIoCompletionPort(port);
        assertThat(winsock.openHandles().ports()).isZero();
    }

    private WspProcTable winsockTable(WsaProtocolInfo entry, FakeModule base) throws WinsockException {
        host.socket(entry);
        return base.table(IfsTable.class);
    }

    @Test
    @Trap(34)
    void aSynchronousSocketHasNoPort() throws Exception {
        Winsock winsock = start();
        SocketHandle s = winsock.wsaSocket(
                AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP, null, 0, 0);
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        assertFails(WSA_INVALID_PARAMETER, () -> winsock.ports().associate(s, port, "key"));
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    @Trap(35)
    void theResultStaysReadableAfterThePacketWasTaken() throws Exception {
        FakeModule readable = FakeModule.of("readable", start -> new IfsTable(start) {
            @Override
            public long wspGetOverlappedResult(SocketHandle s, WsaOverlapped block, boolean wait, ReceiveResult result)
                    throws WinsockException {
                if (block.internal() != 0) {
                    throw new WinsockException((int) block.internal(), null, null);
                }
                return block.internalHigh();
            }
        });
        WsaProtocolInfo entry = host.base(readable, FakeHost.udp());
        Winsock winsock = start();
        SocketHandle s = host.socket(entry);
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(s, port, "key");
        HeapOverlapped overlapped = new HeapOverlapped();
        winsock.wsaRecv(s, buffer, null, overlapped, null);
        IfsTable files = readable.table(IfsTable.class);
        files.complete(files.socket(s).takeRequest(), WSAECONNRESET.code(), 0);
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isTrue();
        for (int i = 0; i < 3; i++) {
            assertFails(WSAECONNRESET, () -> winsock.wsaGetOverlappedResult(s, overlapped, false, null));
        }
        winsock.ports().closeIoCompletionPort(port);
    }
}

package org.ws2j.host.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;
import static org.ws2j.spi.WsaError.WSA_OPERATION_ABORTED;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.FakeSocket.Request;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** Who ends the life of a handle, and when. */
@Timeout(30)
final class ClosingTrapsTest {
    private final FakeHost host = new FakeHost();

    ClosingTrapsTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    @Trap(1)
    void theOwnerCompletesAndClosesAHandleThatItsClientHasClosed() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.of("layer", ClosingLayerTable::new);
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(s, port, "key");
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThat(winsock.wsaRecv(s, ByteBuffer.allocate(8), null, overlapped, null)).isEqualTo(WspResult.IO_PENDING);
        IfsTable baseTable = base.table(IfsTable.class);
        FakeSocket below = baseTable.socket(baseTable.sockets().getFirst());
        Request request = below.takeRequest();
        ClosingLayerTable table = layer.table(ClosingLayerTable.class);

        winsock.closesocket(s);

        assertFails(WSAENOTSOCK, () -> winsock.getsockname(s));
        assertThat(winsock.openHandles().sockets()).isEqualTo(1);
        baseTable.complete(request, WSA_OPERATION_ABORTED.code(), 0);
        assertThat(TestThreads.start(table::work).get()).isTrue();
        CompletionPacket packet = new CompletionPacket();
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.overlapped()).isSameAs(overlapped);
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.error()).isEqualTo(WSA_OPERATION_ABORTED.code());
        assertThat(winsock.openHandles().sockets()).isZero();
        assertFails(WSAENOTSOCK, () -> layer.upcalls().wpuQuerySocketHandleContext(s));
    }

    @Test
    @Trap(1)
    void closingAgainAHandleThatItsOwnerStillHoldsIsNoSocketToTheClient() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.of("layer", ClosingLayerTable::new);
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        winsock.wsaRecv(s, ByteBuffer.allocate(8), null, new HeapOverlapped(), null);
        winsock.closesocket(s);
        assertFails(WSAENOTSOCK, () -> winsock.closesocket(s));
        assertThat(host.reports().failures()).isEmpty();
    }

    @Test
    @Trap(2)
    void aHandleOfTheFileSystemIsForgottenWhenItsProviderHasClosedIt() throws Exception {
        FakeModule base = FakeModule.of("base", start -> new IfsTable(start) {
            @Override
            protected void release(SocketHandle s) {
                // No upcall says that such a handle is closed: some providers leave it to the system.
            }
        });
        host.base(base);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        FakeSocket file = base.table(IfsTable.class).socket(s);
        winsock.closesocket(s);
        assertThat(winsock.openHandles().sockets()).isZero();
        assertThat(file.closes()).isEqualTo(1);
        assertFails(WSAENOTSOCK, () -> winsock.closesocket(s));
    }

    @Test
    @Trap(12)
    void aLowerSocketThatALayerClosesLeavesNoRecordThatANewOneCouldMeet() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        WsaProtocolInfo chain = host.ifsChain(FakeModule.ifsLayer("layer"), host.base(base));
        Winsock winsock = host.start();
        SocketHandle stale = host.socket(chain);
        base.table(IfsTable.class).wspCloseSocket(stale);
        assertThat(winsock.openHandles().sockets()).isZero();
        for (int i = 0; i < 100; i++) {
            host.socket(chain);
            assertFails(WSAENOTSOCK, () -> winsock.getsockname(stale));
        }
        assertFails(WSAEINVAL, () -> base.upcalls().wpuModifyIfsHandle(chain.catalogEntryId(), stale));
    }

    @Test
    @Trap({25, 14})
    void aCleanUpThatTakesItsTimeMayCloseAndCompleteWithoutALockOfTheHost() throws Exception {
        CountDownLatch inCleanup = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCleanup() throws WinsockException {
                inCleanup.countDown();
                awaitQuietly(goOn);
                for (SocketHandle s : sockets()) {
                    Request request = socket(s).takeRequest();
                    complete(request, WSA_OPERATION_ABORTED.code(), 0);
                    upcalls().wpuCloseSocketHandle(s);
                }
                super.wspCleanup();
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        HeapOverlapped overlapped = new HeapOverlapped();
        winsock.wsaRecv(s, ByteBuffer.allocate(1), null, overlapped, null);
        Running<Void> cleanup = TestThreads.start(() -> {
            winsock.wsaCleanup();
            return null;
        });
        inCleanup.await();
        // Another thread goes through the host meanwhile.
        assertFails(WSANOTINITIALISED, () -> winsock.getsockname(s));
        assertThat(winsock.catalog().wscEnumProtocols()).hasSize(1);
        assertThat(module.upcalls().wpuQuerySocketHandleContext(s)).isNotNull();
        goOn.countDown();
        cleanup.get();
        assertThat(overlapped.internal()).isEqualTo(WSA_OPERATION_ABORTED.code());
        assertThat(winsock.openHandles().isEmpty()).isTrue();
        assertThat(host.reports().failures()).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Trap({25, 57})
    void handlesThatAProviderNeverClosesAreReapedAfterItsCleanUp() throws Exception {
        FakeModule nonIfs = FakeModule.nonIfs("base");
        FakeModule ifs = FakeModule.ifs("files");
        WsaProtocolInfo first = host.base(nonIfs);
        WsaProtocolInfo second = host.base(ifs, FakeHost.udp());
        Winsock winsock = host.start();
        for (int i = 0; i < 10; i++) {
            host.socket(first);
            host.socket(second);
        }
        FakeSocket file = ifs.table(IfsTable.class).socket(ifs.table(IfsTable.class).sockets().getFirst());
        assertThat(winsock.openHandles().sockets()).isEqualTo(20);
        winsock.wsaCleanup();
        assertThat(winsock.openHandles().sockets()).isZero();
        assertThat(file.closes()).isEqualTo(1);
    }

    @Test
    @Trap(59)
    void upcallsAfterTheLastCleanUpAreRefusedAndHarmNothing() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        Upcalls upcalls = module.upcalls();
        WsaThreadId id = upcalls.wpuOpenCurrentThread();
        winsock.wsaCleanup();
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuCloseSocketHandle(s));
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuQuerySocketHandleContext(s));
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuCreateSocketHandle(0, null));
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuModifyIfsHandle(0, s));
        assertFails(WSANOTINITIALISED,
                () -> upcalls.wpuCompleteOverlappedRequest(s, new HeapOverlapped(), 0, 0));
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuQueueApc(id, context -> {}, null));
        assertFails(WSANOTINITIALISED, upcalls::wpuOpenCurrentThread);
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuCloseThread(id));
        assertFails(WSANOTINITIALISED, upcalls::wpuCreateEvent);
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuGetProviderPath(UUID.randomUUID()));
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuQueryBlockingCallback(0));
        assertThat(upcalls.wpuPostMessage(winsock.windows().createWindow(message -> {}), 1, s, 0)).isFalse();
        assertThat(upcalls.wpuFdIsSet(s, FdSet.of(s))).isFalse();
        assertThat(winsock.wsaStartup(WinsockVersion.V2_2)).isNotNull();
    }
}

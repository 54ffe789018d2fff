package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.Waits.WSA_WAIT_IO_COMPLETION;
import static org.ws2j.spi.WsaError.WSAEINPROGRESS;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSAEOPNOTSUPP;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket.Request;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.Message;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/** The last WSACleanup, and what comes after it. */
@Timeout(30)
final class CleanupTest {
    private final FakeHost host = new FakeHost();

    CleanupTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    private static FakeModule logging(String name, List<String> log) {
        return FakeModule.of(name, start -> new NonIfsTable(start) {
            @Override
            public void wspCleanup() throws WinsockException {
                log.add(name);
                super.wspCleanup();
            }

            @Override
            public void wspCloseSocket(SocketHandle s) {
                log.add("close in " + name);
            }
        });
    }

    @Test
    void providersAreCleanedUpNewestFirstAndNoSocketIsClosedBefore() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        List<WsaProtocolInfo> entries = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            entries.add(host.base(logging(name, log)));
        }
        Winsock winsock = host.start();
        for (int i : new int[] {1, 2, 0}) {
            host.socket(entries.get(i));
        }
        winsock.wsaCleanup();
        assertThat(log).containsExactly("a", "c", "b");
        assertThat(winsock.openHandles().isEmpty()).isTrue();
    }

    @Test
    void aCleanUpThatThrowsIsReportedAndTheOthersFollow() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        WsaProtocolInfo first = host.base(logging("first", log));
        RuntimeException failure = new IllegalStateException("broken");
        WsaProtocolInfo second = host.base(FakeModule.of("second", start -> new NonIfsTable(start) {
            @Override
            public void wspCleanup() {
                throw failure;
            }
        }));
        Winsock winsock = host.start();
        host.socket(first);
        host.socket(second);
        winsock.wsaCleanup();
        assertThat(log).containsExactly("first");
        assertThat(host.reports().failures()).containsExactly(failure);
        assertFails(WSANOTINITIALISED, winsock::wsaCleanup);
    }

    @Test
    void upcallsWorkInsideOfIt() throws Exception {
        List<Object> seen = new CopyOnWriteArrayList<>();
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCleanup() throws WinsockException {
                int id = start().info().catalogEntryId();
                SocketHandle late = upcalls().wpuCreateSocketHandle(id, "late");
                seen.add(upcalls().wpuQuerySocketHandleContext(late));
                upcalls().wpuCloseSocketHandle(late);
                seen.add(upcalls().wpuGetProviderPath(start().info().providerId()));
                WsaEvent event = upcalls().wpuCreateEvent();
                upcalls().wpuSetEvent(event);
                upcalls().wpuCloseEvent(event);
                WsaThreadId thread = upcalls().wpuOpenCurrentThread();
                upcalls().wpuQueueApc(thread, seen::add, "procedure");
                seen.add(services().waits().sleepEx(0, true));
                upcalls().wpuCloseThread(thread);
                seen.add(upcalls().wpuQueryBlockingCallback(id) == null);
                assertFails(WSAEINPROGRESS, () -> host.winsock().wsaStartup(WinsockVersion.V2_2));
                assertFails(WSANOTINITIALISED, () -> host.winsock().wsaCleanup());
                super.wspCleanup();
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        host.socket();
        winsock.wsaCleanup();
        assertThat(seen).containsExactly("late", module.path(), "procedure", WSA_WAIT_IO_COMPLETION, true);
        assertThat(host.reports().failures()).isEmpty();
        assertThat(winsock.openHandles().isEmpty()).isTrue();
    }

    @Test
    void requestsThatAreUnderWayGetNoIndicationAfterIt() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        SocketHandle other = host.socket();
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(s, port, "key");
        List<String> told = new CopyOnWriteArrayList<>();
        winsock.wsaRecv(s, ByteBuffer.allocate(1), null, new HeapOverlapped(), null);
        winsock.wsaRecv(other, ByteBuffer.allocate(1), null, new HeapOverlapped(), (e, n, o, f) -> told.add("routine"));
        Request pending = module.table(NonIfsTable.class).socket(s).takeRequest();
        Request withRoutine = module.table(NonIfsTable.class).socket(other).takeRequest();
        module.upcalls().wpuQueueApc(withRoutine.threadId(), context -> told.add("procedure"), null);
        winsock.wsaCleanup();
        assertFails(WSANOTINITIALISED, () -> module.table(NonIfsTable.class).complete(pending, 0, 1));
        assertThat(winsock.waits().sleepEx(0, true)).isZero();
        assertThat(told).isEmpty();
        assertThat(winsock.ports().getQueuedCompletionStatus(port, new CompletionPacket(), 0)).isFalse();
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void messagesThatWereQueuedAreDropped() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        WindowHandle window = winsock.windows().createWindow(message -> {});
        assertThat(module.upcalls().wpuPostMessage(window, Message.WM_USER, s, 0)).isTrue();
        winsock.wsaCleanup();
        assertThat(winsock.windows().getMessage(0)).isNull();
        winsock.windows().destroyWindow(window);
    }

    @Test
    void afterItEverythingCanBeStartedAgain() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.nonIfsLayer("layer");
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        Winsock winsock = host.start();
        for (int round = 1; round <= 3; round++) {
            SocketHandle s = host.socket(chain);
            assertThat(winsock.providerOf(s)).isEqualTo("layer");
            assertThat(winsock.send(s, ByteBuffer.allocate(2), 0)).isEqualTo(2);
            winsock.wsaCleanup();
            assertThat(layer.starts()).hasSize(round);
            assertThat(base.starts()).hasSize(round);
            winsock.wsaStartup(WinsockVersion.V2_2);
            assertFails(WSAENOTSOCK, () -> winsock.closesocket(s));
        }
        assertThat(layer.loads()).isEqualTo(1);
        assertThat(base.tables()).allSatisfy(t -> assertThat(((IfsTable) t).cleanups()).isEqualTo(1));
    }

    @Test
    void theNextStartUpMayBeOfAnotherVersion() throws Exception {
        host.base(FakeModule.nonIfs("base"));
        Winsock winsock = host.start(WinsockVersion.V1_1);
        winsock.wsaSetBlockingHook(() -> false);
        winsock.wsaCleanup();
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertFails(WSAEOPNOTSUPP, () -> winsock.wsaSetBlockingHook(() -> false));
        assertFails(WSAEOPNOTSUPP, winsock::wsaIsBlocking);
        assertFails(WSAEOPNOTSUPP, winsock::wsaUnhookBlockingHook);
        assertFails(WSAEOPNOTSUPP, winsock::wsaCancelBlockingCall);
    }
}

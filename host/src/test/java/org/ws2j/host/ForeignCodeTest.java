package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaProtocolInfo;

/** The host holds no lock of its own while foreign code runs: another thread gets everything done meanwhile. */
@Timeout(60)
final class ForeignCodeTest {
    private static final int PATIENCE_SECONDS = 20;

    private final FakeHost host = new FakeHost();
    private final AtomicBoolean ran = new AtomicBoolean();
    private final FakeModule module = FakeModule.of("base", BlockingTable::new);
    private WsaProtocolInfo entry;
    private Winsock winsock;

    ForeignCodeTest() throws WinsockException {
    }

    private void start() throws WinsockException {
        entry = host.base(module);
        winsock = host.start(WinsockVersion.V1_1);
        winsock.closesocket(host.socket(entry));
    }

    @AfterEach
    void close() {
        host.close();
    }

    /** Has another thread do everything, and waits for it a bounded time. */
    private void otherThreadGetsEverythingDone() {
        try {
            FutureTask<Void> done = new FutureTask<>(() -> {
                everything();
                return null;
            });
            Thread.ofPlatform().daemon().start(done);
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            ran.set(true);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void everything() throws Exception {
        FakeStart start = module.starts().getFirst();
        new EveryUpcall(start.upcalls(), start.services(), entry).assertAllSucceed();
        winsock.wsaStartup(WinsockVersion.V1_1);
        SocketHandle s = host.socket(entry);
        module.table(NonIfsTable.class).socket(s).willReceive((byte) 1);
        winsock.recv(s, ByteBuffer.allocate(1), 0);
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(s, port, 1);
        start.upcalls().wpuCompleteOverlappedRequest(s, new HeapOverlapped(winsock.wsaCreateEvent()), 0, 0);
        winsock.ports().getQueuedCompletionStatus(port, new CompletionPacket(), Waits.WSA_INFINITE);
        winsock.ports().closeIoCompletionPort(port);
        winsock.closesocket(s);
        WindowHandle window = winsock.windows().createWindow(message -> {
        });
        winsock.windows().postMessage(window, 1, null, 0);
        winsock.windows().dispatchMessage(winsock.windows().getMessage(Waits.WSA_INFINITE));
        winsock.windows().destroyWindow(window);
        winsock.wsaSetBlockingHook(() -> true);
        start.services().catalog().wscEnumProtocols();
        host.catalog().setOptions(entry.catalogEntryId(), Map.of("name", UUID.randomUUID().toString()));
        winsock.openHandles();
        winsock.wsaCleanup();
    }

    private void assertRan() {
        assertThat(host.reports().failures()).isEmpty();
        assertThat(ran).isTrue();
    }

    @Test
    void inAProcedure() throws Exception {
        start();
        module.upcalls().wpuQueueApc(
                module.upcalls().wpuOpenCurrentThread(), context -> otherThreadGetsEverythingDone(), null);
        winsock.waits().sleepEx(0, true);
        assertRan();
    }

    @Test
    void inAProcedureThatEndsAWait() throws Exception {
        start();
        WsaEvent[] events = {winsock.wsaCreateEvent(), winsock.wsaCreateEvent()};
        module.upcalls().wpuQueueApc(
                module.upcalls().wpuOpenCurrentThread(), context -> otherThreadGetsEverythingDone(), null);
        winsock.wsaWaitForMultipleEvents(events, true, Waits.WSA_INFINITE, true);
        assertRan();
    }

    @Test
    void inABlockingHook() throws Exception {
        start();
        SocketHandle s = host.socket(entry);
        winsock.wsaSetBlockingHook(() -> {
            otherThreadGetsEverythingDone();
            try {
                module.table(NonIfsTable.class).socket(s).willReceive((byte) 1);
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
            return true;
        });
        assertThat(winsock.recv(s, ByteBuffer.allocate(1), 0)).isEqualTo(1);
        assertRan();
    }

    @Test
    void inAWindowProcedure() throws Exception {
        start();
        WindowHandle window = winsock.windows().createWindow(message -> otherThreadGetsEverythingDone());
        module.upcalls().wpuPostMessage(window, 1, null, 0);
        winsock.windows().dispatchMessage(winsock.windows().getMessage(0));
        assertRan();
    }

    @Test
    void inTheExecutorOfAWindow() throws Exception {
        start();
        WindowHandle window = winsock.windows().createWindow(task -> {
            otherThreadGetsEverythingDone();
            task.run();
        }, message -> otherThreadGetsEverythingDone());
        assertThat(module.upcalls().wpuPostMessage(window, 1, null, 0)).isTrue();
        assertRan();
    }

    @Test
    void inTheSinkOfAnEvent() throws Exception {
        start();
        WsaEvent event = winsock.waits().createEvent(this::otherThreadGetsEverythingDone);
        module.upcalls().wpuSetEvent(event);
        assertRan();
    }

    @Test
    void inTheSinkOfACompletion() throws Exception {
        start();
        SocketHandle s = host.socket(entry);
        module.upcalls().wpuCompleteOverlappedRequest(
                s, new RecordingOverlapped(null, (ov, error, bytes) -> otherThreadGetsEverythingDone()), 0, 0);
        assertRan();
    }

    @Test
    void inStartUpCleanUpAndClose() throws Exception {
        List<String> done = new ArrayList<>();
        FakeModule slow = FakeModule.of("slow", start -> {
            otherThreadGetsEverythingDone();
            done.add("start-up");
            return new NonIfsTable(start) {
                @Override
                public void wspCloseSocket(SocketHandle s) throws WinsockException {
                    otherThreadGetsEverythingDone();
                    super.wspCloseSocket(s);
                    done.add("close");
                }

                @Override
                public void wspCleanup() {
                    upcallsOfAnotherThreadWork();
                    done.add("clean-up");
                }

                private void upcallsOfAnotherThreadWork() {
                    Thread other = Thread.ofPlatform().daemon().start(() -> {
                        try {
                            new EveryUpcall(start().upcalls(), start().services(), start().info()).assertAllSucceed();
                            done.add("upcalls");
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
                    try {
                        assertThat(other.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            };
        });
        WsaProtocolInfo slowEntry = host.base(slow, FakeHost.udp());
        start();
        winsock.closesocket(host.socket(slowEntry));
        winsock.wsaCleanup();
        assertThat(done).containsExactly("start-up", "close", "upcalls", "clean-up");
        assertRan();
    }

    @Test
    void inTheFileObjectOfAHandle() throws Exception {
        start();
        SocketHandle file = winsock.files().createFileHandle(new FileObject() {
            @Override
            public int read(ByteBuffer target) {
                otherThreadGetsEverythingDone();
                return 0;
            }

            @Override
            public int write(ByteBuffer source) {
                return 0;
            }

            @Override
            public void close() {
                otherThreadGetsEverythingDone();
            }
        });
        module.upcalls().wpuModifyIfsHandle(entry.catalogEntryId(), file);
        winsock.files().readFile(file, ByteBuffer.allocate(1));
        assertRan();
        ran.set(false);
        winsock.files().closeHandle(file);
        assertRan();
    }
}

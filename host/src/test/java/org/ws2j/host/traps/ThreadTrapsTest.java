package org.ws2j.host.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.Waits.WSA_WAIT_IO_COMPLETION;
import static org.ws2j.spi.Waits.WSA_WAIT_TIMEOUT;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAEMSGSIZE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.FakeSocket.Request;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.Message;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/** Threads that are unknown, that wait or that have ended, and the locks of a layer. */
@Timeout(30)
final class ThreadTrapsTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule module = FakeModule.nonIfs("base");
    private final Winsock winsock;
    private final SocketHandle s;

    ThreadTrapsTest() throws WinsockException {
        host.base(module);
        winsock = host.start();
        s = host.socket();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private Upcalls upcalls() {
        return module.upcalls();
    }

    private NonIfsTable table() {
        return module.table(NonIfsTable.class);
    }

    private int sleepAlertably() {
        return winsock.waits().sleepEx(0, true);
    }

    @Test
    @Trap(36)
    void whatALayerKeepsInTheBlockUntilTheProcedureRunsIsNotTouched() throws Exception {
        List<Integer> told = new CopyOnWriteArrayList<>();
        HeapOverlapped overlapped = new HeapOverlapped();
        winsock.wsaRecv(s, ByteBuffer.allocate(8), null, overlapped, (error, bytes, block, flags) -> {
            told.addAll(List.of(error, bytes, flags));
            assertThat(block).isSameAs(overlapped);
        });
        Request request = table().socket(s).takeRequest();
        WsaThreadId thread = request.threadId();
        TestThreads.start(() -> {
            overlapped.offset(MessageFlag.MSG_PARTIAL);
            overlapped.offsetHigh(WSAEMSGSIZE.code());
            overlapped.internalHigh(8);
            overlapped.internal(0x1234_5678_9ABCL);
            upcalls().wpuQueueApc(thread, context -> {
                WsaOverlapped block = (WsaOverlapped) context;
                assertThat(block.internal()).isEqualTo(0x1234_5678_9ABCL);
                block.internal(0);
                request.routine().completed(
                        block.offsetHigh(), (int) block.internalHigh(), block, block.offset());
            }, overlapped);
            return null;
        }).ended();
        assertThat(told).isEmpty();
        assertThat(sleepAlertably()).isEqualTo(WSA_WAIT_IO_COMPLETION);
        assertThat(told).containsExactly(WSAEMSGSIZE.code(), 8, MessageFlag.MSG_PARTIAL);
        assertThat(host.reports().failures()).isEmpty();
    }

    @Test
    @Trap(37)
    void theIdThatComesWithACallStaysGoodAsLongAsItsThread() throws Exception {
        List<Integer> ran = new CopyOnWriteArrayList<>();
        List<WsaThreadId> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            winsock.wsaRecv(s, ByteBuffer.allocate(1), null, new HeapOverlapped(), (e, n, block, flags) -> {});
            ids.add(table().socket(s).takeRequest().threadId());
        }
        assertThat(ids).doesNotContainNull();
        WsaThreadId opened = upcalls().wpuOpenCurrentThread();
        upcalls().wpuCloseThread(opened);
        winsock.closesocket(s);
        for (int i = 0; i < 3; i++) {
            int n = i;
            upcalls().wpuQueueApc(ids.get(i), context -> ran.add(n), null);
        }
        assertThat(sleepAlertably()).isEqualTo(WSA_WAIT_IO_COMPLETION);
        assertThat(ran).containsExactly(0, 1, 2);
        assertFails(WSAEINVAL, () -> upcalls().wpuCloseThread(ids.getFirst()));
    }

    @Test
    @Trap(38)
    void closingAnIdDoesNotCancelWhatIsQueued() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        WsaThreadId id = upcalls().wpuOpenCurrentThread();
        upcalls().wpuQueueApc(id, context -> ran.incrementAndGet(), null);
        upcalls().wpuCloseThread(id);
        assertThat(sleepAlertably()).isEqualTo(WSA_WAIT_IO_COMPLETION);
        assertThat(ran).hasValue(1);
        assertFails(WSAEFAULT, () -> upcalls().wpuQueueApc(id, context -> {}, null));
    }

    @Test
    @Trap(39)
    void idsThatNobodyClosesGoWithTheirThread() throws Exception {
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Running<Set<WsaThreadId>> leaking = TestThreads.start(() -> {
            Set<WsaThreadId> ids = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 1000; i++) {
                ids.add(upcalls().wpuOpenCurrentThread());
            }
            opened.countDown();
            end.await();
            return ids;
        });
        opened.await();
        assertThat(winsock.openHandles().threadIds()).isEqualTo(1000);
        end.countDown();
        assertThat(leaking.ended()).hasSize(1000);
        assertThat(winsock.openHandles().threadIds()).isZero();
    }

    @Test
    @Trap(40)
    void anyThreadMayMakeUpcallsAlsoOneThatTheHostHasNeverSeen() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            Callable<Object> task = () -> {
                WsaThreadId id = upcalls().wpuOpenCurrentThread();
                upcalls().wpuQueueApc(id, context -> {}, null);
                assertThat(sleepAlertably()).isEqualTo(WSA_WAIT_IO_COMPLETION);
                upcalls().wpuCloseThread(id);
                WsaEvent event = upcalls().wpuCreateEvent();
                upcalls().wpuSetEvent(event);
                upcalls().wpuResetEvent(event);
                upcalls().wpuCloseEvent(event);
                assertThat(upcalls().wpuQueryBlockingCallback(module.starts().getFirst().info().catalogEntryId()))
                        .isNull();
                SocketHandle mine = upcalls().wpuCreateSocketHandle(
                        module.starts().getFirst().info().catalogEntryId(), "mine");
                upcalls().wpuCloseSocketHandle(mine);
                return upcalls().wpuQuerySocketHandleContext(s);
            };
            Running<Object> stranger = virtual ? TestThreads.startVirtual(task) : TestThreads.start(task);
            assertThat(stranger.ended()).isInstanceOf(FakeSocket.class);
        }
    }

    @Test
    @Trap(40)
    void aWindowProcedureMayMakeUpcalls() throws Exception {
        CompletableFuture<Object> context = new CompletableFuture<>();
        WindowHandle window = winsock.windows().createWindow(task -> Thread.ofPlatform().start(task), message -> {
            try {
                upcalls().wpuOpenCurrentThread();
                context.complete(upcalls().wpuQuerySocketHandleContext((SocketHandle) message.wParam()));
            } catch (WinsockException e) {
                context.completeExceptionally(e);
            }
        });
        assertThat(upcalls().wpuPostMessage(window, Message.WM_USER, s, 0)).isTrue();
        assertThat(context.get()).isInstanceOf(FakeSocket.class);
        winsock.windows().destroyWindow(window);
    }

    @Test
    @Trap(41)
    void aProcedureForAThreadThatHasEndedIsRefused() throws Exception {
        WsaThreadId dead = TestThreads.start(upcalls()::wpuOpenCurrentThread).ended();
        assertFails(WSAEFAULT, () -> upcalls().wpuQueueApc(dead, context -> {}, null));
    }

    @Test
    @Trap(42)
    void aCompletionRoutineMayStartTheNextReceive() throws Exception {
        List<Integer> told = new CopyOnWriteArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(8);
        AtomicInteger depth = new AtomicInteger();
        WsaCompletionRoutine[] routine = new WsaCompletionRoutine[1];
        routine[0] = (error, bytes, block, flags) -> {
            assertThat(depth.incrementAndGet()).isEqualTo(1);
            told.add(bytes);
            if (bytes < 5) {
                receive(buffer, routine[0]);
                completeByProcedure(bytes + 1);
            }
            depth.decrementAndGet();
        };
        receive(buffer, routine[0]);
        completeByProcedure(1);
        assertThat(sleepAlertably()).isEqualTo(WSA_WAIT_IO_COMPLETION);
        assertThat(told).containsExactly(1, 2, 3, 4, 5);
        assertThat(host.reports().failures()).isEmpty();
    }

    private void receive(ByteBuffer buffer, WsaCompletionRoutine routine) {
        try {
            winsock.wsaRecv(s, buffer, null, new HeapOverlapped(), routine);
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    private void completeByProcedure(int bytes) {
        try {
            Request request = table().socket(s).takeRequest();
            upcalls().wpuQueueApc(request.threadId(), context -> {
                request.overlapped().internal(0);
                request.routine().completed(0, bytes, request.overlapped(), 0);
            }, null);
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Trap(43)
    void eventsOfAnyOriginAreOfOneKind() throws Exception {
        List<WsaEvent> events = List.of(
                winsock.wsaCreateEvent(), upcalls().wpuCreateEvent(),
                module.services().waits().createEvent(true, false));
        for (WsaEvent event : events) {
            module.services().waits().setEvent(event);
            assertThat(winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 0, false)).isZero();
            upcalls().wpuResetEvent(event);
            assertThat(module.services().waits().waitForSingleEvent(event, 0, false)).isEqualTo(WSA_WAIT_TIMEOUT);
            upcalls().wpuSetEvent(event);
            winsock.wsaResetEvent(event);
            HeapOverlapped overlapped = new HeapOverlapped(event);
            winsock.wsaRecv(s, ByteBuffer.allocate(1), null, overlapped, null);
            table().complete(table().socket(s).takeRequest(), 0, 0);
            assertThat(module.services().waits().waitForSingleEvent(event, 0, false)).isZero();
        }
        upcalls().wpuCloseEvent(events.get(0));
        module.services().waits().closeEvent(events.get(1));
        winsock.wsaCloseEvent(events.get(2));
        assertThat(winsock.openHandles().events()).isZero();
    }

    @Test
    @Trap(44)
    void upcallsUnderALockOfTheLayerDoNotWaitForTheHostsCallsIntoIt() throws Exception {
        Object layersLock = new Object();
        CountDownLatch clientIsInside = new CountDownLatch(1);
        FakeModule locking = FakeModule.of("locking", start -> new NonIfsTable(start) {
            private int shutdowns;

            @Override
            public void wspShutdown(SocketHandle handle, int how) {
                clientIsInside.countDown();
                synchronized (layersLock) {
                    shutdowns++;
                }
            }

            @Override
            public Object wspGetSockOpt(SocketHandle handle, int level, int name) {
                synchronized (layersLock) {
                    return shutdowns;
                }
            }
        });
        try (FakeHost other = FakeHost.with(locking)) {
            SocketHandle handle = other.socket();
            Running<Object> client;
            synchronized (layersLock) {
                client = TestThreads.start(() -> {
                    other.winsock().shutdown(handle, ShutdownHow.SD_SEND);
                    return null;
                });
                clientIsInside.await();
                makeUpcalls(locking, handle);
                assertThat(client.isDone()).isFalse();
            }
            client.get();
            assertThat(other.winsock().getsockopt(handle, 0, 0)).isEqualTo(1);
        }
    }

    private static void makeUpcalls(FakeModule module, SocketHandle handle) throws WinsockException {
        WsaProtocolInfo info = module.starts().getFirst().info();
        Upcalls calls = module.upcalls();
        SocketHandle made = calls.wpuCreateSocketHandle(info.catalogEntryId(), "made");
        calls.wpuQuerySocketHandleContext(handle);
        calls.wpuCompleteOverlappedRequest(handle, new HeapOverlapped(calls.wpuCreateEvent()), 0, 0);
        calls.wpuGetProviderPath(info.providerId());
        calls.wpuQueueApc(calls.wpuOpenCurrentThread(), context -> {}, null);
        calls.wpuQueryBlockingCallback(info.catalogEntryId());
        calls.wpuCloseSocketHandle(made);
    }
}

package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINPROGRESS;
import static org.ws2j.spi.WsaError.WSAEINTR;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAEOPNOTSUPP;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.BlockingHook;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/** The blocking hooks of a client of 1.x, whose threads make one call at a time. */
@Timeout(30)
final class BlockingHookTest {
    private final FakeHost host = new FakeHost();
    private final Winsock winsock;
    private final SocketHandle s;
    private final List<Object> seen = new CopyOnWriteArrayList<>();

    BlockingHookTest() throws WinsockException {
        host.base(FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspShutdown(SocketHandle handle, int turns) throws WinsockException {
                BlockingCallback callback =
                        upcalls().wpuQueryBlockingCallback(start().info().catalogEntryId());
                for (int i = 0; callback != null && i < turns; i++) {
                    if (!callback.call()) {
                        throw new WinsockException(WSAEINTR);
                    }
                }
            }

            @Override
            public long wspRecv(
                    SocketHandle handle,
                    ByteBuffer buffer,
                    ReceiveResult result,
                    WsaOverlapped overlapped,
                    WsaCompletionRoutine routine,
                    WsaThreadId threadId)
                    throws WinsockException {
                wspShutdown(handle, Integer.MAX_VALUE);
                return 0;
            }

            @Override
            public void wspCancelBlockingCall() {
                seen.add("cancelled");
            }
        }));
        winsock = host.start(WinsockVersion.V1_1);
        s = host.socket();
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void theHookRunsWhileACallOfItsThreadBlocks() throws Exception {
        assertThat(winsock.wsaSetBlockingHook(() -> seen.add(Thread.currentThread()))).isNull();
        winsock.shutdown(s, 2);
        assertThat(seen).containsExactly(Thread.currentThread(), Thread.currentThread());
        TestThreads.start(() -> {
            winsock.shutdown(s, 2);
            return null;
        }).get();
        assertThat(seen).hasSize(2);
        winsock.wsaUnhookBlockingHook();
        winsock.shutdown(s, 2);
        assertThat(seen).hasSize(2);
    }

    @Test
    void aFileReadIsABlockingCallThatTheHookCanCancel() throws Exception {
        winsock.wsaSetBlockingHook(() -> {
            assertFails(WSAEINPROGRESS, () -> winsock.files().readFile(s, ByteBuffer.allocate(1)));
            try {
                winsock.wsaCancelBlockingCall();
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
            return false;
        });
        assertFails(WSAEINTR, () -> winsock.files().readFile(s, ByteBuffer.allocate(1)));
        assertThat(seen).containsExactly("cancelled");
    }

    @Test
    void settingAHookReturnsTheFormerOne() throws Exception {
        BlockingHook first = () -> false;
        BlockingHook second = () -> true;
        winsock.wsaSetBlockingHook(first);
        assertThat(winsock.wsaSetBlockingHook(second)).isSameAs(first);
        winsock.wsaUnhookBlockingHook();
        assertThat(winsock.wsaSetBlockingHook(first)).isNull();
        assertFails(WSAEFAULT, () -> winsock.wsaSetBlockingHook(null));
    }

    @Test
    void insideTheHookTheThreadIsBlockingAndEveryOtherCallIsInProgress() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        winsock.wsaSetBlockingHook(() -> {
            assertFails(WSAEINPROGRESS, () -> winsock.send(s, buffer, 0));
            assertFails(WSAEINPROGRESS, () -> winsock.recv(s, buffer, 0));
            assertFails(WSAEINPROGRESS, () -> winsock.socket(2, 1, 6));
            assertFails(WSAEINPROGRESS, () -> winsock.closesocket(s));
            assertFails(WSAEINPROGRESS, () -> winsock.accept(s, null));
            assertFails(WSAEINPROGRESS, () -> winsock.shutdown(s, 1));
            assertFails(WSAEINPROGRESS, () -> winsock.select(FdSet.of(s), null, null, Timeval.POLL));
            try {
                seen.add(winsock.wsaIsBlocking());
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
            return false;
        });
        assertThat(winsock.wsaIsBlocking()).isFalse();
        winsock.shutdown(s, 1);
        assertThat(seen).containsExactly(true);
        assertThat(host.reports().failures()).isEmpty();
        assertThat(winsock.wsaIsBlocking()).isFalse();
        winsock.closesocket(s);
    }

    @Test
    void aCancelledCallEndsInterruptedAndTheNextOneWaitsAgain() throws Exception {
        AtomicBoolean cancel = new AtomicBoolean(true);
        winsock.wsaSetBlockingHook(() -> {
            try {
                if (cancel.getAndSet(false)) {
                    winsock.wsaCancelBlockingCall();
                }
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
            return true;
        });
        assertFails(WSAEINTR, () -> winsock.shutdown(s, 3));
        assertThat(seen).containsExactly("cancelled");
        winsock.shutdown(s, 3);
        assertFails(WSAEINVAL, winsock::wsaCancelBlockingCall);
    }

    @Test
    void aHookThatBreaksIsReportedAndTheCallGoesOn() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        winsock.wsaSetBlockingHook(() -> {
            throw broken;
        });
        winsock.shutdown(s, 2);
        assertThat(host.reports().failures()).containsExactly(broken, broken);
        assertThat(winsock.wsaIsBlocking()).isFalse();
    }

    @Test
    void aProcessInWhichAnybodyNegotiated2HasNoHooks() throws Exception {
        winsock.wsaSetBlockingHook(() -> seen.add("hook"));
        winsock.wsaStartup(WinsockVersion.V2_2);
        winsock.shutdown(s, 2);
        assertThat(seen).isEmpty();
        assertFails(WSAEOPNOTSUPP, () -> winsock.wsaSetBlockingHook(() -> false));
    }

    @Test
    void aVirtualMachineErrorOfAHookIsRethrown() throws Exception {
        winsock.wsaSetBlockingHook(() -> {
            throw new InternalError("of a hook");
        });
        assertThatThrownBy(() -> winsock.shutdown(s, 1)).isInstanceOf(InternalError.class);
        assertThat(winsock.wsaIsBlocking()).isFalse();
    }

    @Test
    void aCallInsideOneThatWasCancelledWaitsOnItsOwnAccount() throws Exception {
        List<Boolean> goesOn = new CopyOnWriteArrayList<>();
        try (FakeHost own = new FakeHost()) {
            own.base(FakeModule.of("nesting", start -> new NonIfsTable(start) {
                @Override
                public void wspShutdown(SocketHandle handle, int nested) throws WinsockException {
                    BlockingCallback callback =
                            upcalls().wpuQueryBlockingCallback(start().info().catalogEntryId());
                    goesOn.add(callback.call());
                    if (nested > 0) {
                        own.winsock().shutdown(handle, nested - 1);
                        goesOn.add(callback.call());
                    }
                }

                @Override
                public void wspCancelBlockingCall() {}
            }));
            own.start(WinsockVersion.V1_1);
            SocketHandle handle = own.socket();
            AtomicBoolean cancel = new AtomicBoolean(true);
            own.winsock().wsaSetBlockingHook(() -> {
                try {
                    if (cancel.getAndSet(false)) {
                        own.winsock().wsaCancelBlockingCall();
                    }
                } catch (WinsockException e) {
                    throw new AssertionError(e);
                }
                return false;
            });
            own.winsock().shutdown(handle, 1);
            assertThat(goesOn).containsExactly(false, true, false);
        }
    }
}

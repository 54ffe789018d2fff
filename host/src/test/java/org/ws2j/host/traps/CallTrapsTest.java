package org.ws2j.host.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINTR;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOBUFS;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/** What the host makes of the results of calls. */
@Timeout(30)
final class CallTrapsTest {
    private final FakeHost host = new FakeHost();

    CallTrapsTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    @Trap(5)
    void aSuccessfulUpcallOnTheWayOutDoesNotHideTheFailure() throws Exception {
        FakeModule cleaning = FakeModule.of("cleaning", start -> new NonIfsTable(start) {
            @Override
            public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
                    throws WinsockException {
                SocketHandle s = super.wspSocket(af, type, protocol, info, g, flags);
                try {
                    throw new WinsockException(WSAENOBUFS);
                } finally {
                    upcalls().wpuCloseSocketHandle(s);
                }
            }
        });
        host.base(cleaning);
        Winsock winsock = host.start();
        assertFails(WSAENOBUFS, () -> host.socket());
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAENOBUFS.code());
        assertThat(winsock.openHandles().sockets()).isZero();
    }

    @Test
    @Trap(6)
    void aSuccessfulCallSaysNothingOfErrorsMetInside() throws Exception {
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public int wspSelect(FdSet read, FdSet write, FdSet except, Timeval timeout) {
                try {
                    upcalls().wpuQuerySocketHandleContext(null);
                } catch (WinsockException passedDown) {
                    return passedDown.is(WSAENOTSOCK) ? 0 : -1;
                }
                return -1;
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        winsock.wsaSetLastError(4711);
        assertThat(winsock.select(FdSet.of(s), null, null, Timeval.POLL)).isZero();
        assertThat(winsock.wsaGetLastError()).isEqualTo(4711);
    }

    @Test
    @Trap(7)
    void aFailureWithoutACodeIsASystemCallFailure() throws Exception {
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCloseSocket(SocketHandle s) throws WinsockException {
                throw new WinsockException(0, null, null);
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        assertFails(WSASYSCALLFAILURE, () -> winsock.closesocket(s));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSASYSCALLFAILURE.code());
    }

    @Test
    @Trap(53)
    void theLastErrorIsTheThreadsOwnAlsoInsideAProvider() throws Exception {
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspShutdown(SocketHandle s, int how) {
                services().wsaSetLastError(services().wsaGetLastError() + how);
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        winsock.wsaSetLastError(100);
        Running<Integer> other = TestThreads.start(() -> {
            assertThat(module.services().wsaGetLastError()).isZero();
            winsock.wsaSetLastError(200);
            winsock.shutdown(s, 2);
            return winsock.wsaGetLastError();
        });
        assertThat(other.get()).isEqualTo(202);
        winsock.shutdown(s, 1);
        assertThat(winsock.wsaGetLastError()).isEqualTo(101);
    }

    @Test
    @Trap(54)
    void aHandleInsideAnOptionReachesTheLayerWhateverTheLevelIs() throws Exception {
        List<Object> below = new CopyOnWriteArrayList<>();
        FakeModule base = FakeModule.of("base", start -> new IfsTable(start) {
            @Override
            public void wspSetSockOpt(SocketHandle s, int level, int name, Object value) {
                below.addAll(List.of(s, level, value));
            }
        });
        FakeModule layer = FakeModule.of("layer", start -> new NonIfsLayerTable(start) {
            @Override
            public void wspSetSockOpt(SocketHandle s, int level, int name, Object value) throws WinsockException {
                boolean accept = name == SocketOption.SO_UPDATE_ACCEPT_CONTEXT;
                lower().wspSetSockOpt(lower(s), level, name, accept ? lower((SocketHandle) value) : value);
            }
        });
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        Winsock winsock = host.start();
        SocketHandle accepted = host.socket(chain);
        SocketHandle listener = host.socket(chain);
        List<SocketHandle> lower = base.table(IfsTable.class).sockets();
        for (int level : new int[] {SocketOption.SOL_SOCKET, 4711}) {
            below.clear();
            winsock.setsockopt(accepted, level, SocketOption.SO_UPDATE_ACCEPT_CONTEXT, listener);
            assertThat(below).containsExactly(lower.get(0), level, lower.get(1));
        }
    }

    @Test
    @Trap(54)
    void theProtocolInfoOfALayeredSocketIsThatOfItsChain() throws Exception {
        FakeModule layer = FakeModule.of("layer", start -> new NonIfsLayerTable(start) {
            @Override
            public Object wspGetSockOpt(SocketHandle s, int level, int name) {
                return start().info();
            }
        });
        WsaProtocolInfo chain = host.chain(layer, host.base(FakeModule.ifs("base")));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        assertThat(winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_PROTOCOL_INFOW)).isEqualTo(chain);
    }

    @Test
    @Trap(56)
    void theHostChecksTheHandleBeforeAProviderCanAnswerForIt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        FakeModule generous = FakeModule.of("generous", start -> new NonIfsTable(start) {
            @Override
            public Object wspGetSockOpt(SocketHandle s, int level, int name) {
                calls.incrementAndGet();
                return 0;
            }

            @Override
            public long wspIoctl(SocketHandle s, int code, Object in, IoctlResult out, WsaOverlapped overlapped,
                    WsaCompletionRoutine routine, WsaThreadId thread) {
                return calls.incrementAndGet();
            }

            @Override
            public Qos wspGetQosByName(SocketHandle s, String name, List<String> names) {
                calls.incrementAndGet();
                return null;
            }
        });
        host.base(generous);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        winsock.closesocket(s);
        assertFails(WSAENOTSOCK, () -> winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE));
        assertFails(WSAENOTSOCK, () -> winsock.wsaIoctl(s, IoctlCode.FIONREAD, null, new IoctlResult(), null, null));
        assertFails(WSAENOTSOCK, () -> winsock.wsaGetQosByName(s, "x", null));
        assertFails(WSAENOTSOCK, () -> winsock.getsockopt(null, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE));
        assertThat(calls).hasValue(0);
    }

    @Test
    @Trap(58)
    void aBlockingCallIsCancelledOnItsOwnThreadInTheProviderThatBlocks() throws Exception {
        List<Thread> cancelled = new CopyOnWriteArrayList<>();
        ThreadLocal<Boolean> inCall = ThreadLocal.withInitial(() -> false);
        FakeModule base = FakeModule.of("base", start -> new IfsTable(start) {
            @Override
            public long wspRecv(SocketHandle s, ByteBuffer target, ReceiveResult result, WsaOverlapped overlapped,
                    WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
                BlockingCallback callback =
                        upcalls().wpuQueryBlockingCallback(start().info().catalogEntryId());
                inCall.set(true);
                while (callback.call()) {
                    Thread.onSpinWait();
                }
                inCall.set(false);
                throw new WinsockException(WSAEINTR);
            }

            @Override
            public void wspCancelBlockingCall() {
                assertThat(inCall.get()).isTrue();
                cancelled.add(Thread.currentThread());
            }
        });
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), host.base(base));
        Winsock winsock = host.start(WinsockVersion.V1_1);
        SocketHandle s = host.socket(chain);
        AtomicInteger turns = new AtomicInteger();
        winsock.wsaSetBlockingHook(() -> {
            if (turns.incrementAndGet() == 3) {
                try {
                    winsock.wsaCancelBlockingCall();
                } catch (WinsockException e) {
                    throw new AssertionError(e);
                }
            }
            return false;
        });
        assertFails(WSAEINTR, () -> winsock.recv(s, ByteBuffer.allocate(1), 0));
        assertThat(cancelled).containsExactly(Thread.currentThread());
        assertThat(turns).hasValue(3);
        assertThat(host.reports().failures()).isEmpty();
        assertFails(WSAEINVAL, winsock::wsaCancelBlockingCall);
    }
}

package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEALREADY;
import static org.ws2j.spi.WsaError.WSAECONNREFUSED;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;

/** The thread's last error, and how the answers of providers reach the client. */
@Timeout(30)
final class LastErrorTest {
    private final FakeHost host = new FakeHost();

    LastErrorTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    private static FakeModule connecting(WinsockException answer) {
        return FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public int wspConnect(SocketHandle s, SocketAddress name, ByteBuffer callerData, ByteBuffer calleeData,
                    Qos sqos, Qos gqos) throws WinsockException {
                throw answer;
            }
        });
    }

    @Test
    void itIsZeroBeforeAnyAndEachThreadHasItsOwn() throws Exception {
        Winsock winsock = host.start();
        assertThat(winsock.wsaGetLastError()).isZero();
        winsock.wsaSetLastError(4711);
        assertThat(TestThreads.start(winsock::wsaGetLastError).get()).isZero();
        assertThat(winsock.wsaGetLastError()).isEqualTo(4711);
    }

    @Test
    void aProvidersFailureComesThroughAsItIs() throws Exception {
        WinsockException answer = new WinsockException(WSAECONNREFUSED, "nobody there");
        host.base(connecting(answer));
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        assertThatThrownBy(() -> winsock.connect(s, new InetSocketAddress(1))).isSameAs(answer);
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAECONNREFUSED.code());
    }

    @Test
    void successLeavesItAlone() throws Exception {
        host.base(FakeModule.nonIfs("base"));
        Winsock winsock = host.start();
        winsock.wsaSetLastError(4711);
        SocketHandle s = host.socket();
        winsock.send(s, ByteBuffer.allocate(1), 0);
        winsock.wsaRecv(s, ByteBuffer.allocate(1), null, new HeapOverlapped(), null);
        winsock.closesocket(s);
        winsock.wsaCloseEvent(winsock.wsaCreateEvent());
        assertThat(winsock.wsaGetLastError()).isEqualTo(4711);
    }

    @Test
    void whatTheHostRefusesByItselfIsThereToo() throws Exception {
        host.base(FakeModule.nonIfs("base"));
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        check(winsock, WSAEFAULT, () -> winsock.send(s, (ByteBuffer) null, 0));
        check(winsock, WSAEINVAL, () -> winsock.wsaSend(s, new ByteBuffer[0], 0, null, null));
        check(winsock, WSAEFAULT, () -> winsock.wsaSend(s, (ByteBuffer[]) null, 0, null, null));
        check(winsock, WSAEFAULT, () -> winsock.wsaRecv(s, new ByteBuffer[] {null}, null, null, null));
        check(winsock, WSAEFAULT, () -> winsock.wsaGetOverlappedResult(s, null, false, null));
        check(winsock, WSAEINVAL, () -> winsock.select(null, null, null, Timeval.POLL));
        check(winsock, WSAEINVAL, () -> winsock.wsaEventSelect(s, null, NetworkEvent.FD_READ));
        check(winsock, WSAENOTSOCK, () -> winsock.closesocket(null));
        check(winsock, WSAENOTSOCK, () -> winsock.wsaDuplicateSocket(null, 1));
        check(winsock, WSA_INVALID_HANDLE, () -> winsock.wsaSetEvent(null));
        check(winsock, WSA_INVALID_HANDLE, () -> winsock.wsaResetEvent(null));
        check(winsock, WSA_INVALID_HANDLE, () -> winsock.wsaCloseEvent(null));
        check(winsock, WSA_INVALID_PARAMETER, () -> winsock.wsaWaitForMultipleEvents(new WsaEvent[0], false, 0, false));
    }

    private static void check(Winsock winsock, WsaError error, ThrowingCallable call) {
        winsock.wsaSetLastError(0);
        assertFails(error, call);
        assertThat(winsock.wsaGetLastError()).isEqualTo(error.code());
    }

    @Test
    void whatAProviderThrowsThatIsNoAnswerIsReportedAndASystemCallFailure() throws Exception {
        for (Throwable thrown : List.of(new IllegalStateException("x"), new AssertionError("y"),
                new NoSuchMethodError("z"), new StackOverflowError())) {
            FakeModule broken = FakeModule.of("broken", start -> new NonIfsTable(start) {
                @Override
                public void wspShutdown(SocketHandle s, int how) {
                    LastErrorTest.<RuntimeException>sneak(thrown);
                }
            });
            try (FakeHost one = FakeHost.with(broken)) {
                SocketHandle s = one.socket();
                WinsockException failure = catchThrowableOfType(
                        WinsockException.class, () -> one.winsock().shutdown(s, ShutdownHow.SD_SEND));
                assertThat(failure.is(WSASYSCALLFAILURE)).isTrue();
                assertThat(failure).hasCause(thrown);
                assertThat(one.winsock().wsaGetLastError()).isEqualTo(WSASYSCALLFAILURE.code());
                assertThat(one.reports().failures()).containsExactly(thrown);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void anErrorOfTheVirtualMachineIsNobodysAnswer() throws Exception {
        OutOfMemoryError error = new OutOfMemoryError("test");
        host.base(FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspShutdown(SocketHandle s, int how) {
                throw error;
            }
        }));
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        assertThatThrownBy(() -> winsock.shutdown(s, ShutdownHow.SD_SEND)).isSameAs(error);
        winsock.closesocket(s);
    }

    @Test
    void alreadyIsInvalidToAClientOfVersion1() throws Exception {
        host.base(connecting(new WinsockException(WSAEALREADY)));
        Winsock winsock = host.start(WinsockVersion.V1_1);
        SocketHandle s = host.socket();
        check(winsock, WSAEINVAL, () -> winsock.connect(s, new InetSocketAddress(1)));
        winsock.wsaStartup(WinsockVersion.V2_2);
        check(winsock, WSAEALREADY, () -> winsock.connect(s, new InetSocketAddress(1)));
    }

    @Test
    void nullWhereAnAnswerIsDueIsASystemCallFailure() throws Exception {
        host.base(FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public SocketAddress wspGetSockName(SocketHandle s) {
                return null;
            }

            @Override
            public SocketAddress wspGetPeerName(SocketHandle s) {
                return null;
            }

            @Override
            public Object wspGetSockOpt(SocketHandle s, int level, int name) {
                return null;
            }
        }));
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        check(winsock, WSASYSCALLFAILURE, () -> winsock.getsockname(s));
        check(winsock, WSASYSCALLFAILURE, () -> winsock.getpeername(s));
        check(winsock, WSASYSCALLFAILURE, () -> winsock.getsockopt(s, 1, 1));
    }
}

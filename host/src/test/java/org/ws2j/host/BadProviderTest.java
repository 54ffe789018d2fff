package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSAEINVALIDPROVIDER;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** Providers that throw, or return what cannot be: the client gets the documented error, and the host goes on working. */
@Timeout(60)
final class BadProviderTest {
    private static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("nowhere", 1);

    private final FakeHost host = new FakeHost();
    private final FakeModule good = FakeModule.nonIfs("good");
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();
    private WsaProtocolInfo goodEntry;
    private WsaProtocolInfo badEntry;
    private Winsock winsock;

    BadProviderTest() throws WinsockException {
    }

    private void start(FakeModule bad) throws WinsockException {
        goodEntry = host.base(good, FakeHost.udp());
        badEntry = host.base(bad, FakeHost.tcp());
        winsock = host.start();
    }

    @AfterEach
    void close() {
        thrown.set(null);
        host.close();
    }

    private void assertTheHostGoesOn() throws WinsockException {
        SocketHandle s = host.socket(goodEntry);
        good.table(NonIfsTable.class).socket(s).willReceive((byte) 1);
        assertThat(winsock.recv(s, ByteBuffer.allocate(1), 0)).isEqualTo(1);
        winsock.closesocket(s);
    }

    /** Every function of the client that ends in one of a provider. */
    private Map<String, ThrowingCallable> calls(SocketHandle s) {
        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("wspSocket", () -> host.socket(badEntry));
        calls.put("wspAccept", () -> winsock.accept(s, null));
        calls.put("wspJoinLeaf", () -> winsock.wsaJoinLeaf(s, ADDRESS, null, null, null, null, 0));
        calls.put("wspAddressToString", () -> winsock.wsaAddressToString(new InetSocketAddress(0), badEntry));
        calls.put("wspStringToAddress", () -> winsock.wsaStringToAddress("text", 2, badEntry));
        calls.put("wspAsyncSelect", () -> winsock.wsaAsyncSelect(s, null, 0, 0));
        calls.put("wspEventSelect", () -> winsock.wsaEventSelect(s, null, 0));
        calls.put("wspEnumNetworkEvents", () -> winsock.wsaEnumNetworkEvents(s, null, new WsaNetworkEvents()));
        calls.put("wspBind", () -> winsock.bind(s, ADDRESS));
        calls.put("wspConnect", () -> winsock.connect(s, ADDRESS));
        calls.put("wspListen", () -> winsock.listen(s, 1));
        calls.put("wspShutdown", () -> winsock.shutdown(s, 1));
        calls.put("wspSendDisconnect", () -> winsock.wsaSendDisconnect(s, null));
        calls.put("wspRecvDisconnect", () -> winsock.wsaRecvDisconnect(s, null));
        calls.put("wspDuplicateSocket", () -> winsock.wsaDuplicateSocket(s, 1));
        calls.put("wspGetOverlappedResult",
                () -> winsock.wsaGetOverlappedResult(s, new HeapOverlapped(), false, null));
        calls.put("wspGetPeerName", () -> winsock.getpeername(s));
        calls.put("wspGetSockName", () -> winsock.getsockname(s));
        calls.put("wspGetSockOpt", () -> winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE));
        calls.put("wspSetSockOpt", () -> winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE, 1));
        calls.put("wspGetQosByName", () -> winsock.wsaGetQosByName(s, "name", new ArrayList<>()));
        calls.put("wspIoctl", () -> winsock.ioctlsocket(s, IoctlCode.FIONREAD, null));
        calls.put("wspSelect", () -> winsock.select(FdSet.of(s), null, null, Timeval.POLL));
        calls.put("wspRecv", () -> winsock.recv(s, ByteBuffer.allocate(1), 0));
        calls.put("wspRecv, overlapped",
                () -> winsock.wsaRecv(s, ByteBuffer.allocate(1), null, new HeapOverlapped(), null));
        calls.put("wspRecv[]", () -> winsock.wsaRecv(s, buffers, null, null, null));
        calls.put("wspRecvFrom", () -> winsock.recvfrom(s, ByteBuffer.allocate(1), new ReceiveResult()));
        calls.put("wspRecvFrom[]", () -> winsock.wsaRecvFrom(s, buffers, null, null, null));
        calls.put("wspSend", () -> winsock.send(s, ByteBuffer.allocate(1), 0));
        calls.put("wspSend[]", () -> winsock.wsaSend(s, buffers, 0, null, null));
        calls.put("wspSendTo", () -> winsock.sendto(s, ByteBuffer.allocate(1), 0, ADDRESS));
        calls.put("wspSendTo[]", () -> winsock.wsaSendTo(s, buffers, 0, ADDRESS, null, null));
        calls.put("readFile", () -> winsock.files().readFile(s, ByteBuffer.allocate(1)));
        calls.put("writeFile", () -> winsock.files().writeFile(s, ByteBuffer.allocate(1)));
        calls.put("readFile, overlapped",
                () -> winsock.files().readFile(s, ByteBuffer.allocate(1), new HeapOverlapped()));
        calls.put("writeFile, overlapped",
                () -> winsock.files().writeFile(s, ByteBuffer.allocate(1), new HeapOverlapped()));
        calls.put("wspCloseSocket", () -> winsock.closesocket(s));
        return calls;
    }

    private SocketHandle socketOfThrowingProvider() throws WinsockException {
        start(FakeModule.of("bad", start -> ThrowingTable.over(new NonIfsTable(start), thrown::get)));
        return host.socket(badEntry);
    }

    @Test
    void whatAProviderThrowsIsASystemCallFailureWithItsCauseFromEveryFunction() throws Exception {
        SocketHandle s = socketOfThrowingProvider();
        for (Throwable failure : List.of(new IllegalStateException("bad"), new AssertionError("bad"),
                new NoSuchMethodError("bad"), new StackOverflowError())) {
            for (Map.Entry<String, ThrowingCallable> call : calls(s).entrySet()) {
                int reports = host.reports().failures().size();
                thrown.set(failure);
                WinsockException seen = catchThrowableOfType(WinsockException.class, call.getValue());
                thrown.set(null);
                assertThat(seen).as(call.getKey()).isNotNull();
                assertThat(seen.is(WSASYSCALLFAILURE)).as(call.getKey() + ": " + seen).isTrue();
                assertThat(seen.getCause()).as(call.getKey()).isInstanceOf(failure.getClass());
                assertThat(host.reports().failures()).as(call.getKey()).hasSize(reports + 1);
            }
        }
        assertTheHostGoesOn();
        assertThat(winsock.recv(s, ByteBuffer.allocate(1), 0)).as("the very same socket").isZero();
        winsock.closesocket(s);
    }

    @Test
    void whatAProviderThrowsBecomesTheLastErrorOfEveryFunctionOfTheClient() throws Exception {
        SocketHandle s = socketOfThrowingProvider();
        for (Map.Entry<String, ThrowingCallable> call : calls(s).entrySet()) {
            if (call.getKey().contains("File")) {
                continue;
            }
            winsock.wsaSetLastError(0);
            thrown.set(new IllegalStateException("bad"));
            assertFails(WSASYSCALLFAILURE, call.getValue());
            thrown.set(null);
            assertThat(winsock.wsaGetLastError()).as(call.getKey()).isEqualTo(WSASYSCALLFAILURE.code());
        }
    }

    @Test
    void aFailureOfWinsockPassesUnchanged() throws Exception {
        SocketHandle s = socketOfThrowingProvider();
        for (Map.Entry<String, ThrowingCallable> call : calls(s).entrySet()) {
            thrown.set(new WinsockException(WSAECONNRESET));
            assertFails(WSAECONNRESET, call.getValue());
            thrown.set(new WinsockException(20_000, "a code of its own", null));
            WinsockException own = catchThrowableOfType(WinsockException.class, call.getValue());
            assertThat(own.code()).as(call.getKey()).isEqualTo(20_000);
            thrown.set(new WinsockException(0, "failed without a code", null));
            assertFails(WSASYSCALLFAILURE, call.getValue());
            thrown.set(null);
        }
        assertThat(host.reports().failures()).isEmpty();
    }

    /** A provider that returns garbage. */
    private static final class GarbageTable extends NonIfsTable {
        private Object garbage;
        private SocketHandle handle;
        private Throwable closeFailure;

        GarbageTable(FakeStart start) {
            super(start);
        }

        private long number() {
            return ((Number) garbage).longValue();
        }

        @Override
        public SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int dwFlags)
                throws WinsockException {
            return garbage == null ? super.wspSocket(af, type, protocol, info, g, dwFlags) : handle;
        }

        @Override
        public SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition) {
            return handle;
        }

        @Override
        public SocketHandle wspJoinLeaf(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData,
                ByteBuffer lpCalleeData, Qos lpSQOS, Qos lpGQOS, int dwFlags) {
            return handle;
        }

        @Override
        public void wspCloseSocket(SocketHandle s) throws WinsockException {
            if (closeFailure != null) {
                Thrower.<RuntimeException, Void>sneaky(closeFailure);
            }
            super.wspCloseSocket(s);
        }

        @Override
        public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
                WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) {
            return number();
        }

        @Override
        public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
                WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) {
            return number();
        }

        @Override
        public long wspRecv(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
                WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) {
            return number();
        }

        @Override
        public int wspConnect(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData,
                ByteBuffer lpCalleeData, Qos lpSQOS, Qos lpGQOS) {
            return (int) number();
        }

        @Override
        public int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) {
            return (int) number();
        }

        @Override
        public long wspIoctl(SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
                WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) {
            return number();
        }

        @Override
        public long wspGetOverlappedResult(SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait,
                ReceiveResult lpResult) {
            return number();
        }

        @Override
        public SocketAddress wspGetSockName(SocketHandle s) {
            return null;
        }

        @Override
        public SocketAddress wspGetPeerName(SocketHandle s) {
            return null;
        }

        @Override
        public Object wspGetSockOpt(SocketHandle s, int level, int optname) {
            return null;
        }

        @Override
        public WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) {
            return null;
        }

        @Override
        public String wspAddressToString(SocketAddress lpsaAddress, WsaProtocolInfo lpProtocolInfo) {
            return null;
        }

        @Override
        public SocketAddress wspStringToAddress(String addressString, int addressFamily,
                WsaProtocolInfo lpProtocolInfo) {
            return null;
        }
    }

    private GarbageTable table;

    private SocketHandle socketOfGarbageProvider() throws WinsockException {
        start(FakeModule.of("bad", start -> table = new GarbageTable(start)));
        return host.socket(badEntry);
    }

    @Test
    void aNullSocketIsASystemCallFailure() throws Exception {
        SocketHandle s = socketOfGarbageProvider();
        table.garbage = 0;
        assertFails(WSASYSCALLFAILURE, () -> host.socket(badEntry));
        assertFails(WSASYSCALLFAILURE, () -> winsock.wsaJoinLeaf(s, ADDRESS, null, null, null, null, 0));
        assertThat(winsock.accept(s, null)).as("nothing is pending").isNull();
        assertTheHostGoesOn();
    }

    @Test
    void aHandleThatIsNoRegisteredSocketMakesAnInvalidProvider() throws Exception {
        SocketHandle s = socketOfGarbageProvider();
        table.garbage = 0;
        SocketHandle released = host.socket(goodEntry);
        winsock.closesocket(released);
        try (TwoKinds other = new TwoKinds()) {
            for (SocketHandle bad : new SocketHandle[] {released, other.created(), new SocketHandle() {
            }, winsock.files().createFileHandle(new FakeSocket(goodEntry, 0))}) {
                table.handle = bad;
                for (Throwable closeFailure : new Throwable[] {null, new WinsockException(WsaError.WSAENOTSOCK),
                        new IllegalStateException("close"), new AssertionError("close")}) {
                    table.closeFailure = closeFailure;
                    assertFails(WSAEINVALIDPROVIDER, () -> host.socket(badEntry));
                    assertFails(WSAEINVALIDPROVIDER, () -> winsock.accept(s, null));
                    assertFails(WSAEINVALIDPROVIDER,
                            () -> winsock.wsaJoinLeaf(s, ADDRESS, null, null, null, null, 0));
                }
            }
        }
        assertTheHostGoesOn();
    }

    @Test
    void impossibleCountsAreSystemCallFailures() throws Exception {
        SocketHandle s = socketOfGarbageProvider();
        ByteBuffer buffer = ByteBuffer.allocate(4);
        for (long count : new long[] {5, Long.MAX_VALUE, -1, Long.MIN_VALUE, -10054, 1L << 32}) {
            table.garbage = count;
            assertFails(WSASYSCALLFAILURE, () -> winsock.recv(s, buffer, 0));
            assertFails(WSASYSCALLFAILURE, () -> winsock.send(s, buffer, 0));
            assertFails(WSASYSCALLFAILURE, () -> winsock.wsaRecv(s, new ByteBuffer[] {buffer}, null, null, null));
            assertFails(WSASYSCALLFAILURE, () -> winsock.wsaRecv(s, buffer, null, new HeapOverlapped(), null));
            assertFails(WSASYSCALLFAILURE, () -> winsock.files().readFile(s, buffer));
            assertFails(WSASYSCALLFAILURE, () -> winsock.files().writeFile(s, buffer));
            assertFails(WSASYSCALLFAILURE, () -> winsock.files().readFile(s, buffer, new HeapOverlapped()));
            assertFails(WSASYSCALLFAILURE, () -> winsock.ioctlsocket(s, IoctlCode.FIONREAD, null));
        }
        assertThat(buffer.position()).isZero();
        assertTheHostGoesOn();
    }

    @Test
    void aPendingResultOfASynchronousCallIsASystemCallFailure() throws Exception {
        SocketHandle s = socketOfGarbageProvider();
        ByteBuffer buffer = ByteBuffer.allocate(4);
        table.garbage = WspResult.IO_PENDING;
        assertFails(WSASYSCALLFAILURE, () -> winsock.recv(s, buffer, 0));
        assertFails(WSASYSCALLFAILURE, () -> winsock.send(s, buffer, 0));
        assertFails(WSASYSCALLFAILURE, () -> winsock.ioctlsocket(s, IoctlCode.FIONREAD, null));
        assertFails(WSASYSCALLFAILURE, () -> winsock.files().readFile(s, buffer));
        assertThat(winsock.wsaRecv(s, buffer, null, new HeapOverlapped(), null)).isEqualTo(WspResult.IO_PENDING);
    }

    @Test
    void impossibleResultsOfOtherFunctionsAreSystemCallFailures() throws Exception {
        SocketHandle s = socketOfGarbageProvider();
        for (int result : new int[] {-1, -10054, 5, Integer.MAX_VALUE}) {
            table.garbage = result;
            assertFails(WSASYSCALLFAILURE, () -> winsock.connect(s, ADDRESS));
            assertFails(WSASYSCALLFAILURE, () -> winsock.select(FdSet.of(s), FdSet.of(s), null, Timeval.POLL));
        }
        table.garbage = -5;
        assertFails(WSASYSCALLFAILURE, () -> winsock.wsaGetOverlappedResult(s, new HeapOverlapped(), false, null));
        assertFails(WSASYSCALLFAILURE, () -> winsock.getsockname(s));
        assertFails(WSASYSCALLFAILURE, () -> winsock.getpeername(s));
        assertFails(WSASYSCALLFAILURE, () -> winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE));
        assertFails(WSASYSCALLFAILURE, () -> winsock.wsaDuplicateSocket(s, 1));
        assertFails(WSASYSCALLFAILURE, () -> winsock.wsaAddressToString(new InetSocketAddress(0), badEntry));
        assertFails(WSASYSCALLFAILURE, () -> winsock.wsaStringToAddress("text", 2, badEntry));
        assertTheHostGoesOn();
    }
}

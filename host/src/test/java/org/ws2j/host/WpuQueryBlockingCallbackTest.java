package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINPROGRESS;
import static org.ws2j.spi.WsaError.WSAEINTR;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENETDOWN;
import static org.ws2j.spi.WsaError.WSAEOPNOTSUPP;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.BlockingHook;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaProtocolInfo;

@Timeout(30)
final class WpuQueryBlockingCallbackTest {
    private static final BlockingHook HOOK = () -> true;

    private final FakeHost host = new FakeHost();
    private final FakeModule module = FakeModule.of("base", BlockingTable::new);
    private final WsaProtocolInfo entry;
    private Winsock winsock;
    private SocketHandle s;

    WpuQueryBlockingCallbackTest() throws WinsockException {
        entry = host.base(module);
    }

    private void start(WinsockVersion version) throws WinsockException {
        winsock = host.start(version);
        s = host.socket(entry);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private Upcalls upcalls() {
        return module.upcalls();
    }

    private BlockingTable table() {
        return module.table(BlockingTable.class);
    }

    private FakeSocket socket() throws WinsockException {
        return table().socket(s);
    }

    private int receive() throws WinsockException {
        return winsock.recv(s, ByteBuffer.allocate(1), 0);
    }

    @Test
    void aThreadWithoutAHookHasNoCallback() throws Exception {
        start(WinsockVersion.V1_1);
        assertThat(upcalls().wpuQueryBlockingCallback(entry.catalogEntryId())).isNull();
        assertFails(WSAENETDOWN, this::receive);
    }

    @Test
    void aClientOfTwoHasNoCallbackAndNoHooks() throws Exception {
        start(WinsockVersion.V2_2);
        assertThat(upcalls().wpuQueryBlockingCallback(entry.catalogEntryId())).isNull();
        assertFails(WSAEOPNOTSUPP, () -> winsock.wsaSetBlockingHook(HOOK));
        assertFails(WSAEOPNOTSUPP, winsock::wsaUnhookBlockingHook);
        assertFails(WSAEOPNOTSUPP, winsock::wsaIsBlocking);
        assertFails(WSAEOPNOTSUPP, winsock::wsaCancelBlockingCall);
    }

    @Test
    void aProcessInWhichAnybodyNegotiatedTwoHasNoHooks() throws Exception {
        start(WinsockVersion.V1_1);
        winsock.wsaSetBlockingHook(HOOK);
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertThat(upcalls().wpuQueryBlockingCallback(entry.catalogEntryId())).isNull();
        assertFails(WSAEOPNOTSUPP, winsock::wsaIsBlocking);
    }

    @Test
    void anUnknownCatalogEntryAnswersInvalid() throws Exception {
        start(WinsockVersion.V1_1);
        assertFails(WSAEINVAL, () -> upcalls().wpuQueryBlockingCallback(4711));
        winsock.wsaSetBlockingHook(HOOK);
        assertFails(WSAEINVAL, () -> upcalls().wpuQueryBlockingCallback(4711));
    }

    @Test
    void theEntryOfAProviderThatIsDeinstalledIsKnownUntilTheLastCleanUp() throws Exception {
        start(WinsockVersion.V2_2);
        int id = entry.catalogEntryId();
        Upcalls upcalls = upcalls();
        assertThat(upcalls.wpuQueryBlockingCallback(id)).isNull();
        host.catalog().wscDeinstallProvider(entry.providerId());
        assertThat(upcalls.wpuQueryBlockingCallback(id)).isNull();
        winsock.wsaCleanup();
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertFails(WSAEINVAL, () -> upcalls.wpuQueryBlockingCallback(id));
    }

    @Test
    void theHookIsTheOneOfTheCallingThread() throws Exception {
        start(WinsockVersion.V1_1);
        assertThat(winsock.wsaSetBlockingHook(HOOK)).isNull();
        assertThat(upcalls().wpuQueryBlockingCallback(entry.catalogEntryId())).isNotNull();
        BlockingCallback elsewhere = TestThreads
                .start(() -> upcalls().wpuQueryBlockingCallback(entry.catalogEntryId())).get();
        assertThat(elsewhere).isNull();
    }

    @Test
    void settingReturnsTheFormerHookAndUnhookingEndsIt() throws Exception {
        start(WinsockVersion.V1_1);
        BlockingHook second = () -> false;
        winsock.wsaSetBlockingHook(HOOK);
        assertThat(winsock.wsaSetBlockingHook(second)).isSameAs(HOOK);
        winsock.wsaUnhookBlockingHook();
        assertThat(upcalls().wpuQueryBlockingCallback(entry.catalogEntryId())).isNull();
        assertThat(winsock.wsaSetBlockingHook(HOOK)).isNull();
        assertFails(WSAEFAULT, () -> winsock.wsaSetBlockingHook(null));
    }

    @Test
    void theHookRunsAgainAndAgainUntilTheCallCanFinish() throws Exception {
        start(WinsockVersion.V1_1);
        AtomicInteger calls = new AtomicInteger();
        winsock.wsaSetBlockingHook(() -> {
            if (calls.incrementAndGet() == 3) {
                unchecked(() -> socket().willReceive((byte) 1));
            }
            return true;
        });
        assertThat(receive()).isEqualTo(1);
        assertThat(calls).hasValue(3);
    }

    @Test
    void aHookThatReturnsFalseCancelsNothing() throws Exception {
        start(WinsockVersion.V1_1);
        AtomicInteger calls = new AtomicInteger();
        winsock.wsaSetBlockingHook(() -> {
            if (calls.incrementAndGet() == 2) {
                unchecked(() -> socket().willReceive((byte) 1));
            }
            return false;
        });
        assertThat(receive()).isEqualTo(1);
        assertThat(calls).hasValue(2);
    }

    @Test
    void cancellingInTheHookReachesTheProviderAndEndsTheCall() throws Exception {
        start(WinsockVersion.V1_1);
        winsock.wsaSetBlockingHook(() -> {
            unchecked(winsock::wsaCancelBlockingCall);
            return true;
        });
        assertFails(WSAEINTR, this::receive);
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEINTR.code());
        assertThat(table().cancels).hasValue(1);
        assertThat(table().turns).hasValue(1);
    }

    @Test
    void theCallAfterACancelledOneIsNotCancelled() throws Exception {
        start(WinsockVersion.V1_1);
        AtomicInteger calls = new AtomicInteger();
        winsock.wsaSetBlockingHook(() -> {
            if (calls.incrementAndGet() == 1) {
                unchecked(winsock::wsaCancelBlockingCall);
            } else {
                unchecked(() -> socket().willReceive((byte) 1));
            }
            return true;
        });
        assertFails(WSAEINTR, this::receive);
        assertThat(receive()).isEqualTo(1);
    }

    @Test
    void cancellingGoesToTheTopProviderOfTheCallInProgress() throws Exception {
        AtomicInteger atLayer = new AtomicInteger();
        FakeModule layer = FakeModule.of("layer", start -> new NonIfsLayerTable(start) {
            @Override
            public void wspCancelBlockingCall() throws WinsockException {
                atLayer.incrementAndGet();
                super.wspCancelBlockingCall();
            }
        });
        WsaProtocolInfo chain = host.chain(layer, entry);
        winsock = host.start(WinsockVersion.V1_1);
        SocketHandle upper = host.socket(chain);
        winsock.wsaSetBlockingHook(() -> {
            unchecked(winsock::wsaCancelBlockingCall);
            return true;
        });
        assertFails(WSAEINTR, () -> winsock.recv(upper, ByteBuffer.allocate(1), 0));
        assertThat(atLayer).hasValue(1);
        assertThat(table().cancels).hasValue(1);
    }

    @Test
    void cancellingWithoutABlockingCallAnswersInvalid() throws Exception {
        start(WinsockVersion.V1_1);
        assertFails(WSAEINVAL, winsock::wsaCancelBlockingCall);
        winsock.wsaSetBlockingHook(HOOK);
        assertFails(WSAEINVAL, winsock::wsaCancelBlockingCall);
        assertThat(table().cancels).hasValue(0);
    }

    @Test
    void aCancelThatTheProviderRefusesDoesNotEndTheCall() throws Exception {
        start(WinsockVersion.V1_1);
        List<Throwable> failures = new ArrayList<>(List.of(
                new WinsockException(WSAENETDOWN), new IllegalStateException("cancel"), new AssertionError("cancel"),
                new StackOverflowError("cancel")));
        List<Integer> codes = new ArrayList<>();
        winsock.wsaSetBlockingHook(() -> {
            if (failures.isEmpty()) {
                unchecked(() -> socket().willReceive((byte) 1));
                return true;
            }
            table().cancelFailure = failures.removeFirst();
            try {
                winsock.wsaCancelBlockingCall();
            } catch (WinsockException e) {
                codes.add(e.code());
            }
            return true;
        });
        assertThat(receive()).isEqualTo(1);
        assertThat(codes).containsExactly(WSAENETDOWN.code(), WSASYSCALLFAILURE.code(), WSASYSCALLFAILURE.code(),
                WSASYSCALLFAILURE.code());
    }

    @Test
    void insideTheHookTheThreadIsBlockingAndEveryOtherCallAnswersInProgress() throws Exception {
        start(WinsockVersion.V1_1);
        SocketHandle other = host.socket(entry);
        List<ThrowingCallable> calls = List.of(
                () -> winsock.recv(other, ByteBuffer.allocate(1), 0),
                () -> winsock.send(other, ByteBuffer.allocate(1), 0),
                () -> winsock.recvfrom(other, ByteBuffer.allocate(1), null),
                () -> winsock.sendto(other, ByteBuffer.allocate(1), 0, null),
                () -> winsock.socket(2, 1, 6),
                () -> winsock.closesocket(other),
                () -> winsock.bind(other, new InetSocketAddress(0)),
                () -> winsock.connect(other, new InetSocketAddress(0)),
                () -> winsock.listen(other, 1),
                () -> winsock.accept(other, null),
                () -> winsock.shutdown(other, 2),
                () -> winsock.select(FdSet.of(other), null, null, Timeval.POLL),
                () -> winsock.getsockname(other),
                () -> winsock.getpeername(other),
                () -> winsock.getsockopt(other, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE),
                () -> winsock.setsockopt(other, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE, true),
                () -> winsock.ioctlsocket(other, IoctlCode.FIONREAD, null),
                () -> winsock.wsaEventSelect(other, null, 0),
                () -> winsock.wsaAsyncSelect(other, null, 0, 0),
                () -> winsock.wsaEnumNetworkEvents(other, null, new WsaNetworkEvents()),
                () -> winsock.wsaDuplicateSocket(other, 1),
                () -> winsock.wsaEnumProtocols(),
                () -> winsock.wsaCleanup());
        List<Boolean> blocking = new ArrayList<>();
        winsock.wsaSetBlockingHook(() -> {
            unchecked(() -> blocking.add(winsock.wsaIsBlocking()));
            for (int i = 0; i < calls.size(); i++) {
                assertInProgress(i, calls.get(i));
            }
            unchecked(() -> socket().willReceive((byte) 1));
            return true;
        });
        assertThat(winsock.wsaIsBlocking()).isFalse();
        assertThat(receive()).isEqualTo(1);
        assertThat(blocking).containsExactly(true);
        assertThat(host.reports().failures()).isEmpty();
        assertThat(winsock.wsaIsBlocking()).isFalse();
        winsock.closesocket(other);
    }

    private static void assertInProgress(int index, ThrowingCallable call) {
        try {
            assertFails(WSAEINPROGRESS, call);
        } catch (AssertionError e) {
            throw new AssertionError("call " + index, e);
        }
    }

    @Test
    void otherThreadsGoOnWhileAHookRuns() throws Exception {
        start(WinsockVersion.V1_1);
        SocketHandle other = host.socket(entry);
        table().socket(other).willReceive((byte) 2);
        winsock.wsaSetBlockingHook(() -> {
            unchecked(() -> assertThat(
                    TestThreads.start(() -> winsock.recv(other, ByteBuffer.allocate(1), 0)).get()).isEqualTo(1));
            unchecked(() -> socket().willReceive((byte) 1));
            return true;
        });
        assertThat(receive()).isEqualTo(1);
        assertThat(host.reports().failures()).isEmpty();
    }

    @Test
    void whatAHookThrowsIsReportedAndTheCallGoesOnWaiting() throws Exception {
        start(WinsockVersion.V1_1);
        AtomicInteger calls = new AtomicInteger();
        winsock.wsaSetBlockingHook(() -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("hook");
            }
            unchecked(() -> socket().willReceive((byte) 1));
            return true;
        });
        assertThat(receive()).isEqualTo(1);
        assertThat(host.reports().failures()).hasSize(1);
        assertThat(winsock.wsaIsBlocking()).isFalse();
    }

    /** Something that may throw. */
    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private static void unchecked(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

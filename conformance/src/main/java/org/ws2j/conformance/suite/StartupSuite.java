package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.conformance.Attempt;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;

/** WSAStartup, WSACleanup, the thread's last error. */
final class StartupSuite extends Suite {
    private static final int ANY_EVENT = NetworkEvent.FD_READ | NetworkEvent.FD_ACCEPT | NetworkEvent.FD_CLOSE;

    // ---- WSAStartup ------------------------------------------------------------------------------------------------

    @Proves("startup.versions")
    void eachVersionThatThereIsCanBeHad() throws WinsockException {
        for (int[] version : new int[][] {{1, 0}, {1, 1}, {2, 0}, {2, 1}, {2, 2}}) {
            negotiates(version[0], version[1], new WinsockVersion(version[0], version[1]));
        }
    }

    @Proves("startup.versions")
    void aVersionThatThereIsNotBecomesTheNextBelow() throws WinsockException {
        negotiates(1, 2, WinsockVersion.V1_1);
        negotiates(1, 99, WinsockVersion.V1_1);
        negotiates(2, 3, WinsockVersion.V2_2);
        negotiates(3, 0, WinsockVersion.V2_2);
        negotiates(255, 255, WinsockVersion.V2_2);
    }

    private void negotiates(int major, int minor, WinsockVersion expected) throws WinsockException {
        assertThat(ws.wsaStartup(new WinsockVersion(major, minor))).satisfies(data -> {
            assertThat(data.version()).as("requested %d.%d", major, minor).isEqualTo(expected);
            assertThat(data.highVersion()).isEqualTo(WinsockVersion.V2_2);
        });
        ws.wsaCleanup();
    }

    @Proves("startup.versions")
    void versionsBeforeTheFirstAreNotSupported() {
        fails(WsaError.WSAVERNOTSUPPORTED, () -> ws.wsaStartup(new WinsockVersion(0, 0)));
        fails(WsaError.WSAVERNOTSUPPORTED, () -> ws.wsaStartup(new WinsockVersion(0, 9)));
        fails(WsaError.WSAEFAULT, () -> ws.wsaStartup(null));
    }

    @Proves("startup.counts")
    void eachStartWantsACleanUpOfItsOwn() throws WinsockException {
        ws.wsaStartup(WinsockVersion.V2_2);
        ws.wsaStartup(WinsockVersion.V2_2);
        Connection c = net.connection();
        ws.wsaCleanup();
        ws.wsaCleanup();
        net.send(c.client(), "still");
        assertThat(net.receiveAll(c.server(), 5)).isEqualTo("still");
        ws.wsaCleanup();

        fails(WsaError.WSANOTINITIALISED, () -> ws.send(c.client(), bytes("x"), 0));
    }

    @Proves("startup.counts")
    void aStartThatFailsCountsNothing() throws WinsockException {
        fails(WsaError.WSAVERNOTSUPPORTED, () -> ws.wsaStartup(new WinsockVersion(0, 1)));
        ws.wsaCleanup();

        fails(WsaError.WSANOTINITIALISED, ws::wsaCleanup);
    }

    @Proves("startup.counts")
    void theStartOfOneThreadServesTheOthers() throws Exception {
        SocketHandle s = calls.start(net::boundStream).result();

        assertThat(net.name(s).getPort()).isPositive();
    }

    @Proves("startup.again")
    void allWorksAgainAfterAnotherStart() throws WinsockException {
        for (int i = 0; i < 3; i++) {
            Connection c = net.connection();
            net.send(c.client(), "again");
            assertThat(net.receiveAll(c.server(), 5)).isEqualTo("again");
            ws.wsaCleanup();
            ws.wsaStartup(WinsockVersion.V2_2);
        }
    }

    @Proves({"startup.again", "cleanup.releases"})
    void aSocketFromBeforeTheLastCleanUpIsNoSocketAfterAnotherStart() throws WinsockException {
        SocketHandle s = net.boundStream();
        ws.wsaCleanup();
        ws.wsaStartup(WinsockVersion.V2_2);

        fails(WsaError.WSAENOTSOCK, () -> ws.listen(s, 1));
        fails(WsaError.WSAENOTSOCK, () -> ws.closesocket(s));
    }

    // ---- WSACleanup, of sockets without a peer: one that is closed first has something to tell to the other ----

    @Proves("cleanup.notinitialised")
    void oneCleanUpTooManyIsNotInitialised() throws WinsockException {
        ws.wsaCleanup();

        fails(WsaError.WSANOTINITIALISED, ws::wsaCleanup);
        fails(WsaError.WSANOTINITIALISED, ws::wsaCleanup);
    }

    @Proves({"cleanup.notinitialised", "common.notinitialised"})
    void withoutAStartNothingOfTheNetworkWorks() throws WinsockException {
        SocketHandle s = net.boundStream();
        WsaEvent event = signals.event();
        ws.wsaCleanup();
        List<Attempt> attempts = List.of(
                () -> ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP),
                () -> ws.closesocket(s), () -> ws.bind(s, loopback(0)), () -> ws.listen(s, 1), () -> ws.accept(s, null),
                () -> ws.connect(s, loopback(1)), () -> ws.getsockname(s), () -> ws.getpeername(s),
                () -> ws.wsaSend(s, bytes("x"), 0, null, null), () -> ws.recv(s, ByteBuffer.allocate(1), 0),
                () -> ws.wsaEventSelect(s, event, NetworkEvent.FD_READ), ws::wsaCreateEvent, ws::wsaEnumProtocols,
                () -> ws.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 0, false),
                () -> ws.select(null, null, null, null), () -> ws.wsaProviderConfigChange(null, null, null));

        attempts.forEach(attempt -> fails(WsaError.WSANOTINITIALISED, attempt));
    }

    @Proves("cleanup.releases")
    void theLastCleanUpReleasesEverySocket() throws WinsockException {
        net.connection();
        net.boundDatagram();
        net.listener();
        net.stream6();
        assertThat(ws.openHandles().sockets()).isGreaterThanOrEqualTo(6);
        ws.wsaCleanup();

        assertThat(ws.openHandles().sockets()).isZero();
    }

    @Proves("cleanup.releases")
    void theLastCleanUpFreesTheAddresses() throws WinsockException {
        InetSocketAddress name = net.name(net.listener());
        ws.wsaCleanup();
        ws.wsaStartup(WinsockVersion.V2_2);
        SocketHandle s = net.stream();
        ws.bind(s, name);

        assertThat(net.name(s)).isEqualTo(name);
    }

    @Proves({"cleanup.silent", "overlapped.cleanup"})
    void theLastCleanUpSetsNoEventOfAnOperation() throws WinsockException {
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(net.boundDatagram(), ByteBuffer.allocate(4), null, block, null));
        ws.wsaCleanup();

        assertThat(signals.isSet(block.hEvent())).isFalse();
    }

    @Proves({"cleanup.silent", "overlapped.cleanup"})
    void theLastCleanUpQueuesNoPacket() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        CompletionPort port = signals.port();
        ws.ports().associate(s, port, 1);
        pends(ws.wsaRecv(s, ByteBuffer.allocate(4), null, new HeapOverlapped(), null));
        ws.wsaCleanup();

        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves({"cleanup.silent", "overlapped.cleanup"})
    void theLastCleanUpRunsNoCompletionRoutine() throws WinsockException {
        List<Integer> errors = new ArrayList<>();
        pends(ws.wsaRecv(net.boundDatagram(), ByteBuffer.allocate(4), null, new HeapOverlapped(),
                (error, n, block, flags) -> errors.add(error)));
        ws.wsaCleanup();
        ws.waits().sleepEx(0, true);

        assertThat(errors).isEmpty();
    }

    @Proves("cleanup.silent")
    void theLastCleanUpSetsNoEventOfTheNetwork() throws WinsockException {
        WsaEvent event = signals.event();
        ws.wsaEventSelect(net.listener(), event, ANY_EVENT);
        ws.wsaCleanup();

        assertThat(signals.isSet(event)).isFalse();
    }

    @Proves("cleanup.silent")
    void theLastCleanUpPostsNoMessage() throws WinsockException {
        ws.wsaAsyncSelect(net.listener(), signals.window(), Message.WM_USER, ANY_EVENT);
        ws.wsaCleanup();

        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves("cleanup.silent")
    void theLastCleanUpEndsCallsThatWait() throws Exception {
        SocketHandle listener = net.listener();
        SocketHandle receiver = net.boundDatagram();
        List<Call<?>> waiting = List.of(
                calls.waiting(() -> ws.recv(receiver, ByteBuffer.allocate(4), 0)),
                calls.waiting(() -> ws.accept(listener, null)),
                calls.waiting(() -> ws.select(FdSet.of(listener, receiver), null, null, null)));
        ws.wsaCleanup();

        for (Call<?> call : waiting) {
            assertThat(failure(call)).isInstanceOf(WinsockException.class);
        }
    }

    private static Throwable failure(Call<?> call) {
        try {
            call.result();
            return null;
        } catch (Exception e) {
            return e;
        }
    }

    // ---- the last error --------------------------------------------------------------------------------------------

    @Proves({"last-error.thread", "trap-53"})
    void eachThreadHasItsOwnLastError() throws Exception {
        ws.wsaSetLastError(WsaError.WSAEINTR.code());
        int there = calls.start(() -> {
            int before = ws.wsaGetLastError();
            fails(WsaError.WSAENOTSOCK, () -> ws.listen(null, 1));
            assertThat(ws.wsaGetLastError()).isEqualTo(WsaError.WSAENOTSOCK.code());
            return before;
        }).result();

        assertThat(there).isZero();
        assertThat(ws.wsaGetLastError()).isEqualTo(WsaError.WSAEINTR.code());
    }

    @Proves("last-error.set")
    void theLastErrorIsWhatWasSet() {
        for (int code : new int[] {WsaError.WSAENETDOWN.code(), 12_345, 0}) {
            ws.wsaSetLastError(code);
            assertThat(ws.wsaGetLastError()).isEqualTo(code);
        }
    }

    @Proves({"last-error.set", "common.last-error"})
    void aFailureReplacesTheLastErrorAndASuccessDoesNot() throws WinsockException {
        SocketHandle s = net.stream();
        ws.wsaSetLastError(WsaError.WSAENETDOWN.code());
        ws.bind(s, loopback(0));
        assertThat(ws.wsaGetLastError()).isEqualTo(WsaError.WSAENETDOWN.code());
        fails(WsaError.WSAEINVAL, () -> ws.bind(s, loopback(0)));

        assertThat(ws.wsaGetLastError()).isEqualTo(WsaError.WSAEINVAL.code());
    }

    @Proves("last-error.survives")
    void theLastErrorSurvivesTheLastCleanUp() throws WinsockException {
        ws.wsaSetLastError(WsaError.WSAEMSGSIZE.code());
        ws.wsaCleanup();
        assertThat(ws.wsaGetLastError()).isEqualTo(WsaError.WSAEMSGSIZE.code());
        ws.wsaSetLastError(WsaError.WSAEACCES.code());

        assertThat(ws.wsaGetLastError()).as("set without a start").isEqualTo(WsaError.WSAEACCES.code());
    }

    @Proves("startup.versions")
    void aStartThatFailsLeavesTheLastErrorAlone() {
        ws.wsaSetLastError(WsaError.WSAEACCES.code());
        fails(WsaError.WSAVERNOTSUPPORTED, () -> ws.wsaStartup(new WinsockVersion(0, 1)));

        assertThat(ws.wsaGetLastError()).isEqualTo(WsaError.WSAEACCES.code());
    }

    // ---- a client of 2.x -------------------------------------------------------------------------------------------

    @Proves({"hook.opnotsupp", "cancel.opnotsupp"})
    void aClientOf2HasNoBlockingHooks() {
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.wsaSetBlockingHook(() -> false));
        fails(WsaError.WSAEOPNOTSUPP, ws::wsaUnhookBlockingHook);
        fails(WsaError.WSAEOPNOTSUPP, ws::wsaIsBlocking);
        fails(WsaError.WSAEOPNOTSUPP, ws::wsaCancelBlockingCall);
    }
}

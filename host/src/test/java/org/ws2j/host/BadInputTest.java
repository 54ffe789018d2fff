package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOBUFS;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;
import static org.ws2j.spi.WsaError.WSAVERNOTSUPPORTED;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaProtocolInfo;

/** A client's bad input: each gives the documented error, and the host goes on working. */
@Timeout(30)
final class BadInputTest {
    private final TwoKinds hosts;
    private final Winsock winsock;

    BadInputTest() throws WinsockException {
        hosts = new TwoKinds();
        winsock = hosts.winsock;
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private void assertTheHostGoesOn() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {hosts.created(), hosts.file()}) {
            assertThat(winsock.send(s, ByteBuffer.allocate(3), 0)).isEqualTo(3);
            winsock.closesocket(s);
        }
        assertThat(hosts.reports().failures()).isEmpty();
    }

    /** Every function that takes a socket. */
    private Map<String, ThrowingCallable> calls(SocketHandle s) {
        ByteBuffer one = ByteBuffer.allocate(1);
        ByteBuffer[] several = {one};
        InetSocketAddress address = new InetSocketAddress(0);
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("closesocket", () -> winsock.closesocket(s));
        calls.put("wsaDuplicateSocket", () -> winsock.wsaDuplicateSocket(s, 1));
        calls.put("bind", () -> winsock.bind(s, address));
        calls.put("listen", () -> winsock.listen(s, 1));
        calls.put("accept", () -> winsock.accept(s, null));
        calls.put("wsaAccept", () -> winsock.wsaAccept(s, null, null));
        calls.put("connect", () -> winsock.connect(s, address));
        calls.put("wsaJoinLeaf", () -> winsock.wsaJoinLeaf(s, address, null, null, null, null, 0));
        calls.put("shutdown", () -> winsock.shutdown(s, 1));
        calls.put("wsaSendDisconnect", () -> winsock.wsaSendDisconnect(s, null));
        calls.put("wsaRecvDisconnect", () -> winsock.wsaRecvDisconnect(s, null));
        calls.put("send", () -> winsock.send(s, one, 0));
        calls.put("sendto", () -> winsock.sendto(s, one, 0, address));
        calls.put("recv", () -> winsock.recv(s, one, 0));
        calls.put("recvfrom", () -> winsock.recvfrom(s, one, new ReceiveResult()));
        calls.put("wsaSend", () -> winsock.wsaSend(s, several, 0, null, null));
        calls.put("wsaSendTo", () -> winsock.wsaSendTo(s, several, 0, address, null, null));
        calls.put("wsaRecv", () -> winsock.wsaRecv(s, several, null, null, null));
        calls.put("wsaRecvFrom", () -> winsock.wsaRecvFrom(s, several, null, null, null));
        calls.put("wsaGetOverlappedResult",
                () -> winsock.wsaGetOverlappedResult(s, new HeapOverlapped(), false, null));
        calls.put("channel", () -> winsock.channel(s));
        calls.put("wsaEventSelect", () -> winsock.wsaEventSelect(s, null, 0));
        calls.put("wsaEnumNetworkEvents", () -> winsock.wsaEnumNetworkEvents(s, null, new WsaNetworkEvents()));
        calls.put("wsaAsyncSelect", () -> winsock.wsaAsyncSelect(s, null, 0, 0));
        calls.put("getsockname", () -> winsock.getsockname(s));
        calls.put("getpeername", () -> winsock.getpeername(s));
        calls.put("getsockopt", () -> winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE));
        calls.put("setsockopt", () -> winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE, true));
        calls.put("ioctlsocket", () -> winsock.ioctlsocket(s, IoctlCode.FIONREAD, null));
        calls.put("wsaIoctl", () -> winsock.wsaIoctl(s, IoctlCode.FIONREAD, null, new IoctlResult(), null, null));
        calls.put("wsaGetQosByName", () -> winsock.wsaGetQosByName(s, "", new ArrayList<>()));
        calls.put("providerOf", () -> winsock.providerOf(s));
        return calls;
    }

    private void assertAll(SocketHandle s, WsaError error) {
        calls(s).forEach((name, call) -> {
            winsock.wsaSetLastError(0);
            WinsockException failure = catchThrowableOfType(WinsockException.class, call);
            assertThat(failure).as(name).isNotNull();
            assertThat(failure.is(error)).as(name + ": " + failure).isTrue();
            assertThat(winsock.wsaGetLastError()).as(name).isEqualTo(error.code());
        });
    }

    @Test
    void whatIsNoOpenSocketAnswersNotSocketEverywhere() throws Exception {
        SocketHandle closedCreated = hosts.created();
        SocketHandle closedFile = hosts.file();
        winsock.closesocket(closedCreated);
        winsock.closesocket(closedFile);
        try (TwoKinds other = new TwoKinds()) {
            SocketHandle[] foreign = {other.created(), other.file()};
            for (SocketHandle bad : new SocketHandle[] {null, closedCreated, closedFile, foreign[0], foreign[1],
                    new SocketHandle() {
                    }, winsock.files().createFileHandle(new FakeSocket(hosts.ifsEntry, 0))}) {
                assertAll(bad, WSAENOTSOCK);
            }
            other.winsock.closesocket(foreign[0]);
            other.winsock.closesocket(foreign[1]);
        }
        assertTheHostGoesOn();
    }

    @Test
    void anotherHostsSocketInASetAnswersNotSocket() throws Exception {
        try (TwoKinds other = new TwoKinds()) {
            FdSet set = FdSet.of(hosts.created(), other.created());
            assertFails(WSAENOTSOCK, () -> winsock.select(set, null, null, Timeval.POLL));
        }
        assertFails(WSAEINVAL, () -> winsock.select(null, new FdSet(), null, Timeval.POLL));
        assertFails(WSAEINVAL,
                () -> winsock.select(FdSet.of(hosts.created()), null, null, new Timeval(0, 1_000_000)));
        assertTheHostGoesOn();
    }

    @Test
    void anotherHostsSocketCannotBeAssociatedWithAPort() throws Exception {
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        try (TwoKinds other = new TwoKinds()) {
            SocketHandle foreign = other.created();
            assertFails(WsaError.WSA_INVALID_HANDLE, () -> winsock.ports().associate(foreign, port, null));
            CompletionPort foreignPort = other.winsock.ports().createIoCompletionPort(0);
            SocketHandle mine = hosts.created();
            assertFails(WsaError.WSA_INVALID_HANDLE, () -> winsock.ports().associate(mine, foreignPort, null));
        }
        assertFails(WsaError.WSA_INVALID_HANDLE, () -> winsock.ports().associate(null, port, null));
        assertFails(WsaError.WSA_INVALID_HANDLE, () -> winsock.ports().associate(hosts.created(), null, null));
        assertTheHostGoesOn();
    }

    @Test
    void outsideStartUpAndCleanUpEveryFunctionAnswersNotInitialised() throws Exception {
        SocketHandle s = hosts.created();
        winsock.wsaCleanup();
        assertAll(s, WSANOTINITIALISED);
        assertFails(WSANOTINITIALISED, () -> winsock.socket(2, 1, 6));
        assertFails(WSANOTINITIALISED, () -> winsock.wsaSocket(2, 1, 6, null, 0, 0));
        assertFails(WSANOTINITIALISED, () -> winsock.select(FdSet.of(s), null, null, Timeval.POLL));
        assertFails(WSANOTINITIALISED, winsock::wsaCreateEvent);
        assertFails(WSANOTINITIALISED, () -> winsock.wsaEnumProtocols());
        assertFails(WSANOTINITIALISED, winsock::wsaCleanup);
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertTheHostGoesOn();
    }

    @Test
    void nullBuffersBlocksAndNamesAnswerFault() throws Exception {
        SocketHandle s = hosts.created();
        assertFails(WSAEFAULT, () -> winsock.send(s, null, 0));
        assertFails(WSAEFAULT, () -> winsock.recv(s, null, 0));
        assertFails(WSAEFAULT, () -> winsock.recvfrom(s, null, new ReceiveResult()));
        assertFails(WSAEFAULT, () -> winsock.sendto(s, null, 0, null));
        assertFails(WSAEFAULT, () -> winsock.wsaSend(s, (ByteBuffer[]) null, 0, null, null));
        assertFails(WSAEFAULT, () -> winsock.wsaRecv(s, new ByteBuffer[] {null}, null, null, null));
        assertFails(WSAEFAULT, () -> winsock.wsaGetOverlappedResult(s, null, false, null));
        assertFails(WSAEFAULT, () -> winsock.wsaAddressToString(null, null));
        assertFails(WSAEFAULT, () -> winsock.wsaStringToAddress(null, 2, null));
        assertFails(WSAEFAULT, () -> winsock.wsaStartup(null));
        assertTheHostGoesOn();
    }

    @Test
    void aWrongCatalogEntryAnswersInvalid() throws Exception {
        WsaProtocolInfo unknown = hosts.nonIfsEntry.toBuilder().catalogEntryId(4711).build();
        assertFails(WSAEINVAL, () -> hosts.host.socket(unknown));
        assertFails(WSAEINVAL, () -> winsock.wsaAddressToString(new InetSocketAddress(0), unknown));
        assertFails(WSAEINVAL, () -> winsock.wsaStringToAddress("text", 2, unknown));
        assertTheHostGoesOn();
    }

    @Test
    void anEnumerationBufferThatIsMissingOrTooSmallTellsHowManyEntriesThereAre() throws Exception {
        for (WsaProtocolInfo[] buffer : new WsaProtocolInfo[][] {null, {}, {null}}) {
            BufferTooSmallException failure = catchThrowableOfType(
                    BufferTooSmallException.class, () -> winsock.wsaEnumProtocols(null, buffer));
            assertThat(failure.is(WSAENOBUFS)).isTrue();
            assertThat(failure.needed()).isEqualTo(2);
            assertFails(WSAENOBUFS, () -> winsock.services().catalog().wscEnumProtocols(null, buffer));
        }
        assertThat(winsock.wsaEnumProtocols(null, new WsaProtocolInfo[2])).isEqualTo(2);
        assertTheHostGoesOn();
    }

    @Test
    void anEventThatIsNoneAnswersInvalidToASelectionOfNetworkEvents() throws Exception {
        SocketHandle s = hosts.created();
        WsaEvent closed = winsock.wsaCreateEvent();
        winsock.wsaCloseEvent(closed);
        assertFails(WSAEINVAL, () -> winsock.wsaEventSelect(s, null, NetworkEvent.FD_READ));
        assertFails(WSAEINVAL, () -> winsock.wsaEventSelect(s, closed, NetworkEvent.FD_READ));
        assertFails(WSAEINVAL, () -> winsock.wsaAsyncSelect(s, null, 1, NetworkEvent.FD_READ));
        assertTheHostGoesOn();
    }

    @Test
    void aRoutineOnASocketWithAPortAnswersInvalidAndIsNeverCalled() throws Exception {
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        for (SocketHandle s : new SocketHandle[] {hosts.created(), hosts.file()}) {
            winsock.ports().associate(s, port, null);
            assertFails(WSAEINVAL, () -> winsock.wsaRecv(
                    s, ByteBuffer.allocate(1), null, new HeapOverlapped(), (error, bytes, ov, flags) -> {
                    }));
        }
        assertThat(winsock.waits().sleepEx(0, true)).isZero();
        assertTheHostGoesOn();
    }

    @Test
    void aVersionBeforeTheFirstIsNotSupported() throws Exception {
        assertFails(WSAVERNOTSUPPORTED, () -> winsock.wsaStartup(new WinsockVersion(0, 9)));
        winsock.wsaCleanup();
        assertFails(WSAVERNOTSUPPORTED, () -> winsock.wsaStartup(new WinsockVersion(0, 9)));
        assertFails(WSANOTINITIALISED, () -> winsock.socket(2, 1, 6));
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertTheHostGoesOn();
    }

    @Test
    void aMissingEnumerationBufferIsRefusedAlsoIfNothingMatches() throws Exception {
        int[] nobodys = {4711};
        assertFails(WSAENOBUFS, () -> winsock.wsaEnumProtocols(nobodys, null));
        assertFails(WSAENOBUFS, () -> winsock.services().catalog().wscEnumProtocols(nobodys, null));
        assertThat(winsock.wsaEnumProtocols(nobodys, new WsaProtocolInfo[0])).isZero();
    }
}

package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

@Timeout(30)
final class WpuCloseSocketHandleTest {
    private final TwoKinds hosts;

    WpuCloseSocketHandleTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void aReleasedHandleIsNoSocketToAnyCall() throws Exception {
        SocketHandle s = hosts.handle("context");
        hosts.upcalls.wpuCloseSocketHandle(s);
        assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuQuerySocketHandleContext(s));
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuCompleteOverlappedRequest(s, new HeapOverlapped(), 0, 0));
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuModifyIfsHandle(hosts.ifsEntry.catalogEntryId(), s));
        assertFails(WSAENOTSOCK, () -> hosts.winsock.recv(s, ByteBuffer.allocate(1), 0));
        assertFails(WSAENOTSOCK, () -> hosts.winsock.closesocket(s));
        assertFails(WSAENOTSOCK, () -> hosts.winsock.files().readFile(s, ByteBuffer.allocate(1)));
        CompletionPort port = hosts.winsock.ports().createIoCompletionPort(0);
        assertFails(WSA_INVALID_HANDLE, () -> hosts.winsock.ports().associate(s, port, null));
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void closingTwiceAnswersNotSocket() throws Exception {
        SocketHandle s = hosts.handle(null);
        hosts.upcalls.wpuCloseSocketHandle(s);
        assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuCloseSocketHandle(s));
    }

    @Test
    void aHandleThatWasNeverCreatedAnswersNotSocket() throws Exception {
        assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuCloseSocketHandle(null));
        try (TwoKinds other = new TwoKinds()) {
            SocketHandle foreign = other.handle("foreign");
            assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuCloseSocketHandle(foreign));
            assertThat(other.upcalls.wpuQuerySocketHandleContext(foreign)).isEqualTo("foreign");
        }
    }

    @Test
    void anIfsHandleAnswersNotSocketAndStaysOpen() throws Exception {
        SocketHandle s = hosts.file();
        assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuCloseSocketHandle(s));
        assertThat(hosts.winsock.recv(s, ByteBuffer.allocate(1), 0)).isZero();
    }

    @Test
    void whatTheProviderAttachedIsTheProvidersToRelease() throws Exception {
        FakeSocket attached = new FakeSocket(hosts.nonIfsEntry, 0);
        hosts.upcalls.wpuCloseSocketHandle(hosts.handle(attached));
        assertThat(attached.closes()).isZero();
    }

    @Test
    void aStaleHandleNeverComesToMeanAnotherSocket() throws Exception {
        SocketHandle stale = hosts.handle("stale");
        hosts.upcalls.wpuCloseSocketHandle(stale);
        for (int i = 0; i < 5_000; i++) {
            SocketHandle fresh = hosts.handle("fresh");
            assertThat(fresh).isNotSameAs(stale).isNotEqualTo(stale);
            assertThat(fresh.toString()).isNotEqualTo(stale.toString());
            assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuQuerySocketHandleContext(stale));
            hosts.upcalls.wpuCloseSocketHandle(fresh);
        }
    }

    @Test
    void theErrorNamesWhatIsNoCreatedHandle() throws Exception {
        SocketHandle released = hosts.handle(null);
        String name = released.toString();
        hosts.upcalls.wpuCloseSocketHandle(released);
        assertThatThrownBy(() -> hosts.upcalls.wpuCloseSocketHandle(null)).hasMessageContaining("null");
        assertThatThrownBy(() -> hosts.upcalls.wpuCloseSocketHandle(released)).hasMessageContaining(name);
        assertThatThrownBy(() -> hosts.upcalls.wpuCloseSocketHandle(new SocketHandle() {
        })).hasMessageContaining("another host");
    }
}

package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

@Timeout(30)
final class WpuCreateSocketHandleTest {
    private final TwoKinds hosts;

    WpuCreateSocketHandleTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void eachHandleIsANewOne() throws Exception {
        Set<SocketHandle> seen = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 100; i++) {
            assertThat(seen.add(hosts.handle(null))).isTrue();
        }
        assertThat(hosts.winsock.openHandles().sockets()).isEqualTo(100);
    }

    @Test
    void theHandleCarriesTheContext() throws Exception {
        Object context = new Object();
        assertThat(hosts.upcalls.wpuQuerySocketHandleContext(hosts.handle(context))).isSameAs(context);
    }

    @Test
    void theHandleBelongsToTheProviderOfTheEntry() throws Exception {
        SocketHandle ofOther = hosts.upcalls.wpuCreateSocketHandle(hosts.ifsEntry.catalogEntryId(), null);
        assertThat(hosts.winsock.providerOf(hosts.handle(null))).isEqualTo("nonifs");
        assertThat(hosts.winsock.providerOf(ofOther)).isEqualTo("ifs");
    }

    @Test
    void anUnknownCatalogEntryAnswersInvalid() {
        int unknown = 4711;
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuCreateSocketHandle(unknown, null));
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuCreateSocketHandle(-1, null));
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void readingTheHandleAsAFileIsRedirectedToTheOwnersRecv() throws Exception {
        FakeSocket socket = new FakeSocket(hosts.nonIfsEntry, 0);
        SocketHandle s = hosts.handle(socket);
        socket.willReceive((byte) 1, (byte) 2);
        ByteBuffer buffer = ByteBuffer.allocate(8);
        assertThat(hosts.winsock.files().readFile(s, buffer)).isEqualTo(2);
        assertThat(buffer.position()).isEqualTo(2);
        assertThat(buffer.array()).startsWith(1, 2);
    }

    @Test
    void writingTheHandleAsAFileIsRedirectedToTheOwnersSend() throws Exception {
        FakeSocket socket = new FakeSocket(hosts.nonIfsEntry, 0);
        SocketHandle s = hosts.handle(socket);
        assertThat(hosts.winsock.files().writeFile(s, ByteBuffer.wrap(new byte[] {3, 4}))).isEqualTo(2);
        assertThat(socket.sent()).containsExactly(3, 4);
    }

    @Test
    void completionsArriveAtTheHandlesPort() throws Exception {
        SocketHandle s = hosts.handle(null);
        CompletionPort port = hosts.winsock.ports().createIoCompletionPort(0);
        hosts.winsock.ports().associate(s, port, "key");
        HeapOverlapped overlapped = new HeapOverlapped();
        hosts.upcalls.wpuCompleteOverlappedRequest(s, overlapped, 0, 3);
        CompletionPacket packet = new CompletionPacket();
        assertThat(hosts.winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.overlapped()).isSameAs(overlapped);
        assertThat(packet.bytesTransferred()).isEqualTo(3);
    }

    @Test
    void theHandleCanBeAssociatedWithOnePortOnly() throws Exception {
        SocketHandle s = hosts.handle(null);
        CompletionPort port = hosts.winsock.ports().createIoCompletionPort(0);
        hosts.winsock.ports().associate(s, port, 1);
        assertFails(WSA_INVALID_PARAMETER, () -> hosts.winsock.ports().associate(s, port, 1));
    }
}

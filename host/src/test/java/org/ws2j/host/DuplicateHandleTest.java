package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.ERROR_CONNECTION_ABORTED;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;
import static org.ws2j.spi.WsaError.WSA_OPERATION_ABORTED;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** Several handles of one file object. */
@Timeout(30)
final class DuplicateHandleTest {
    private final TwoKinds hosts;
    private final FileHandles files;
    private final CompletionPort port;

    DuplicateHandleTest() throws WinsockException {
        hosts = new TwoKinds();
        files = hosts.winsock.files();
        port = hosts.winsock.ports().createIoCompletionPort(1);
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private SocketHandle registered(SocketHandle s) throws WinsockException {
        return hosts.upcalls.wpuModifyIfsHandle(hosts.ifsEntry.catalogEntryId(), s);
    }

    private CompletionPacket packet() throws WinsockException {
        CompletionPacket packet = new CompletionPacket();
        return hosts.winsock.ports().getQueuedCompletionStatus(port, packet, 0) ? packet : null;
    }

    @Test
    void aDuplicateStandsForTheSameObjectAndIsNoSocketBeforeItIsRegistered() throws Exception {
        SocketHandle original = hosts.file();
        SocketHandle copy = files.duplicateHandle(original);
        assertThat(copy).isNotSameAs(original);
        assertThat(copy.toString()).isNotEqualTo(original.toString());
        assertThat(files.fileObject(copy)).isSameAs(files.fileObject(original));
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertFails(WSAENOTSOCK, () -> hosts.winsock.send(copy, buffer, 0));
        registered(copy);
        assertThat(hosts.winsock.send(copy, buffer, 0)).isEqualTo(1);
    }

    @Test
    void thePortOfTheOneHandleIsThatOfTheOtherAndHasTheKeyOfTheOneThatWasAssociated() throws Exception {
        SocketHandle original = hosts.file();
        hosts.winsock.ports().associate(original, port, "original");
        SocketHandle copy = registered(files.duplicateHandle(original));
        assertFails(WSA_INVALID_PARAMETER, () -> hosts.winsock.ports().associate(copy, port, "copy"));
        files.completeRequest(copy, new HeapOverlapped(), 0, 3);
        assertThat(packet().completionKey()).isEqualTo("original");
    }

    @Test
    void aPortThatTheCopyIsAssociatedWithServesTheOriginalToo() throws Exception {
        SocketHandle original = hosts.file();
        SocketHandle copy = registered(files.duplicateHandle(original));
        hosts.winsock.ports().associate(copy, port, "copy");
        files.completeRequest(original, new HeapOverlapped(), 0, 3);
        assertThat(packet().completionKey()).isEqualTo("copy");
    }

    @Test
    void theLastCloseAloneClosesTheObjectWhicheverItIs() throws Exception {
        for (boolean originalFirst : new boolean[] {true, false}) {
            SocketHandle original = hosts.file();
            FakeSocket object = hosts.ifsTable.socket(original);
            SocketHandle copy = registered(files.duplicateHandle(original));
            SocketHandle first = originalFirst ? original : copy;
            SocketHandle last = originalFirst ? copy : original;
            hosts.winsock.closesocket(first);
            assertThat(object.closes()).isZero();
            assertThat(hosts.winsock.send(last, ByteBuffer.allocate(2), 0)).isEqualTo(2);
            assertFails(WSAENOTSOCK, () -> hosts.winsock.send(first, ByteBuffer.allocate(2), 0));
            hosts.winsock.closesocket(last);
            assertThat(object.closes()).isEqualTo(1);
        }
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void aCopyOfACopyCounts() throws Exception {
        SocketHandle original = hosts.file();
        FakeSocket object = hosts.ifsTable.socket(original);
        SocketHandle second = files.duplicateHandle(original);
        files.closeHandle(original);
        SocketHandle third = files.duplicateHandle(second);
        files.closeHandle(second);
        assertThat(object.closes()).isZero();
        files.closeHandle(third);
        assertThat(object.closes()).isEqualTo(1);
    }

    @Test
    void anAbortedOperationShowsTheSystemsWordInItsPacketOnlyAfterTheLastClose() throws Exception {
        SocketHandle original = hosts.file();
        SocketHandle copy = registered(files.duplicateHandle(original));
        hosts.winsock.ports().associate(original, port, "key");
        hosts.winsock.closesocket(original);
        files.completeRequest(original, new HeapOverlapped(), WSA_OPERATION_ABORTED.code(), 0);
        assertThat(packet().error()).isEqualTo(WSA_OPERATION_ABORTED.code());
        hosts.winsock.closesocket(copy);
        files.completeRequest(original, new HeapOverlapped(), WSA_OPERATION_ABORTED.code(), 0);
        assertThat(packet().error()).isEqualTo(ERROR_CONNECTION_ABORTED.code());
    }

    @Test
    void aCopyAllowsOverlappedOperationsIfTheOriginalDoes() throws Exception {
        int any = IpProtocol.FROM_PROTOCOL_INFO;
        SocketHandle synchronous = hosts.winsock.wsaSocket(any, any, any, hosts.ifsEntry, 0, 0);
        SocketHandle copy = registered(files.duplicateHandle(synchronous));
        assertFails(WSA_INVALID_PARAMETER, () -> hosts.winsock.ports().associate(copy, port, null));
        SocketHandle other = registered(files.duplicateHandle(hosts.file()));
        hosts.winsock.ports().associate(other, port, null);
    }

    @Test
    void whatIsNotAnOpenHandleOfTheFileSystemCannotBeDuplicated() throws Exception {
        SocketHandle closed = hosts.file();
        hosts.winsock.closesocket(closed);
        assertFails(WSA_INVALID_HANDLE, () -> files.duplicateHandle(closed));
        assertFails(WSA_INVALID_HANDLE, () -> files.duplicateHandle(hosts.created()));
        assertFails(WSA_INVALID_HANDLE, () -> files.duplicateHandle(null));
        try (TwoKinds other = new TwoKinds()) {
            assertFails(WSA_INVALID_HANDLE, () -> files.duplicateHandle(other.file()));
        }
    }

    @Test
    void theLastCleanupClosesAnObjectOfSeveralHandlesOnce() throws Exception {
        SocketHandle original = hosts.file();
        FakeSocket object = hosts.ifsTable.socket(original);
        files.duplicateHandle(original);
        registered(files.duplicateHandle(original));
        hosts.winsock.wsaCleanup();
        assertThat(object.closes()).isEqualTo(1);
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }
}

package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.ERROR_CONNECTION_ABORTED;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSA_OPERATION_ABORTED;

import org.junit.jupiter.api.Test;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** The system's own completion of requests on handles of the file system. */
final class CompleteRequestTest extends CompletionTest {
    CompleteRequestTest() throws WinsockException {
    }

    @Override
    SocketHandle socket() throws WinsockException {
        return hosts.file();
    }

    @Override
    void complete(SocketHandle s, WsaOverlapped overlapped, int error, int bytes) throws WinsockException {
        hosts.winsock.files().completeRequest(s, overlapped, error, bytes);
    }

    @Test
    void whatNeverWasAFileHandleAnswersInvalid() throws Exception {
        try (TwoKinds other = new TwoKinds()) {
            for (SocketHandle bad : new SocketHandle[] {null, hosts.created(), other.file()}) {
                assertFails(WSAEINVAL, () -> complete(bad, new HeapOverlapped(), 0, 0));
            }
        }
    }

    @Test
    void anOperationThatACloseHasEndedShowsTheSystemsWordInItsPacketAndWinsocksInItsBlock() throws Exception {
        SocketHandle s = associated();
        HeapOverlapped overlapped = new HeapOverlapped();
        hosts.winsock.closesocket(s);
        complete(s, overlapped, WSA_OPERATION_ABORTED.code(), 0);
        assertThat(packet().error()).isEqualTo(ERROR_CONNECTION_ABORTED.code()).isEqualTo(1236);
        assertThat(overlapped.internal()).isEqualTo(WSA_OPERATION_ABORTED.code());
    }

    @Test
    void anOperationThatAFlushHasEndedShowsWinsocksWordInBoth() throws Exception {
        SocketHandle s = associated();
        HeapOverlapped overlapped = new HeapOverlapped();
        complete(s, overlapped, WSA_OPERATION_ABORTED.code(), 0);
        assertThat(packet().error()).isEqualTo(WSA_OPERATION_ABORTED.code());
        assertThat(overlapped.internal()).isEqualTo(WSA_OPERATION_ABORTED.code());
    }

    @Test
    void otherOutcomesKeepTheirWordAfterTheClose() throws Exception {
        SocketHandle s = associated();
        hosts.winsock.closesocket(s);
        complete(s, new HeapOverlapped(), WSAECONNRESET.code(), 0);
        assertThat(packet().error()).isEqualTo(WSAECONNRESET.code());
        complete(s, new HeapOverlapped(), 0, 11);
        assertThat(packet().bytesTransferred()).isEqualTo(11);
    }
}

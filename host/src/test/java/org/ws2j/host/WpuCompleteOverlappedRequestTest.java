package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSA_OPERATION_ABORTED;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

final class WpuCompleteOverlappedRequestTest extends CompletionTest {
    WpuCompleteOverlappedRequestTest() throws WinsockException {
    }

    @Override
    SocketHandle socket() throws WinsockException {
        return hosts.created();
    }

    @Override
    void complete(SocketHandle s, WsaOverlapped overlapped, int error, int bytes) throws WinsockException {
        hosts.upcalls.wpuCompleteOverlappedRequest(s, overlapped, error, bytes);
    }

    @Test
    void whatIsNoCreatedHandleAnswersInvalidAndLeavesTheBlockAlone() throws Exception {
        SocketHandle released = hosts.handle(null);
        hosts.upcalls.wpuCloseSocketHandle(released);
        try (TwoKinds other = new TwoKinds()) {
            for (SocketHandle bad : new SocketHandle[] {null, hosts.file(), released, other.created()}) {
                HeapOverlapped overlapped = new HeapOverlapped();
                overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
                assertFails(WSAEINVAL, () -> complete(bad, overlapped, 0, 5));
                assertThat(overlapped.isCompleted()).isFalse();
                assertThat(overlapped.internalHigh()).isZero();
            }
        }
    }

    @Test
    void aHandleThatItsClientHasClosedIsCompletedUntilItsOwnerReleasesIt() throws Exception {
        hosts.nonIfsTable.releaseLate();
        SocketHandle s = hosts.created();
        HeapOverlapped overlapped = new HeapOverlapped();
        overlapped.internal(WsaOverlapped.WSS_OPERATION_IN_PROGRESS);
        hosts.winsock.ports().associate(s, openPort(), "late");
        hosts.winsock.closesocket(s);
        assertFails(WSAENOTSOCK, () -> hosts.winsock.recv(s, ByteBuffer.allocate(1), 0));
        complete(s, overlapped, WSA_OPERATION_ABORTED.code(), 0);
        CompletionPacket packet = packet();
        assertThat(packet.error()).isEqualTo(WSA_OPERATION_ABORTED.code());
        assertThat(packet.completionKey()).isEqualTo("late");
        hosts.upcalls.wpuCloseSocketHandle(s);
        assertFails(WSAEINVAL, () -> complete(s, overlapped, 0, 0));
    }

    @Test
    void theOutcomeOfAnOperationThatWaitsIsReadThroughTheClient() throws Exception {
        SocketHandle s = hosts.created();
        HeapOverlapped overlapped = new HeapOverlapped();
        long result = hosts.winsock.wsaRecv(s, ByteBuffer.allocate(4), null, overlapped, null);
        assertThat(result).isEqualTo(WspResult.IO_PENDING);
        assertThat(overlapped.isCompleted()).isFalse();
        hosts.nonIfsTable.complete(hosts.nonIfsTable.socket(s).takeRequest(), 0, 4);
        assertThat(overlapped.isCompleted()).isTrue();
    }

    @Test
    void aVirtualMachineErrorOfASinkIsRethrown() throws Exception {
        SocketHandle s = hosts.created();
        HeapOverlapped overlapped = new HeapOverlapped() {
            @Override
            public CompletionSink sink() {
                return (block, error, bytes) -> {
                    throw new InternalError("of a sink");
                };
            }
        };
        assertThatThrownBy(() -> complete(s, overlapped, 0, 5)).isInstanceOf(InternalError.class);
        assertThat(overlapped.isCompleted()).isTrue();
        assertThat(hosts.reports().failures()).isEmpty();
    }
}

package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.FileCompletionMode.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS;
import static org.ws2j.spi.FileCompletionMode.FILE_SKIP_SET_EVENT_ON_HANDLE;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.traps.Trap;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

/** SetFileCompletionNotificationModes, and operations that are over at once. */
@Timeout(30)
final class CompletionModesTest {
    private final TwoKinds hosts;
    private final FileHandles files;
    private final CompletionPort port;

    CompletionModesTest() throws WinsockException {
        hosts = new TwoKinds();
        files = hosts.winsock.files();
        port = hosts.winsock.ports().createIoCompletionPort(1);
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private SocketHandle associated() throws WinsockException {
        SocketHandle s = hosts.file();
        hosts.winsock.ports().associate(s, port, "key");
        return s;
    }

    private CompletionPacket packet() throws WinsockException {
        CompletionPacket packet = new CompletionPacket();
        return hosts.winsock.ports().getQueuedCompletionStatus(port, packet, 0) ? packet : null;
    }

    private boolean signaled(WsaEvent event) throws WinsockException {
        return hosts.winsock.waits().waitForSingleEvent(event, 0, false) == Waits.WSA_WAIT_EVENT_0;
    }

    @Test
    void withoutModesSuccessAtOnceQueuesAPacket() throws Exception {
        SocketHandle s = associated();
        HeapOverlapped overlapped = new HeapOverlapped();
        files.completeRequestAtOnce(s, overlapped, 5);
        CompletionPacket packet = packet();
        assertThat(packet.overlapped()).isSameAs(overlapped);
        assertThat(packet.bytesTransferred()).isEqualTo(5);
        assertThat(packet.error()).isZero();
    }

    @Test
    void successAtOnceQueuesNoPacketWhereTheModeSaysSoAndTheEventAndTheFieldsStillTell() throws Exception {
        SocketHandle s = associated();
        files.setFileCompletionNotificationModes(s, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
        WsaEvent event = hosts.winsock.wsaCreateEvent();
        HeapOverlapped overlapped = new HeapOverlapped(event);
        overlapped.internal(HeapOverlapped.WSS_OPERATION_IN_PROGRESS);
        files.completeRequestAtOnce(s, overlapped, 5);
        assertThat(packet()).isNull();
        assertThat(signaled(event)).isTrue();
        assertThat(overlapped.internal()).isZero();
        assertThat(overlapped.internalHigh()).isEqualTo(5);
    }

    @Test
    void aSinkLearnsOfSuccessAtOnceWhateverTheMode() throws Exception {
        SocketHandle s = associated();
        files.setFileCompletionNotificationModes(s, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
        List<Integer> told = new ArrayList<>();
        files.completeRequestAtOnce(s, new RecordingOverlapped(null, (ov, error, bytes) -> told.add(bytes)), 5);
        assertThat(told).containsExactly(5);
    }

    @Test
    void whatIsOverLaterQueuesItsPacketWhateverTheMode() throws Exception {
        SocketHandle s = associated();
        files.setFileCompletionNotificationModes(s, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
        files.completeRequest(s, new HeapOverlapped(), 0, 4);
        assertThat(packet().bytesTransferred()).isEqualTo(4);
        files.completeRequest(s, new HeapOverlapped(), WSAECONNRESET.code(), 0);
        assertThat(packet().error()).isEqualTo(WSAECONNRESET.code());
    }

    @Test
    void thereIsNoWayBack() throws Exception {
        SocketHandle s = associated();
        files.setFileCompletionNotificationModes(s, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
        files.setFileCompletionNotificationModes(s, 0);
        files.setFileCompletionNotificationModes(s, FILE_SKIP_SET_EVENT_ON_HANDLE);
        files.completeRequestAtOnce(s, new HeapOverlapped(), 5);
        assertThat(packet()).isNull();
    }

    @Test
    void modesBelongToTheObjectAndSoToEachOfItsHandles() throws Exception {
        SocketHandle s = associated();
        SocketHandle copy = hosts.upcalls.wpuModifyIfsHandle(
                hosts.ifsEntry.catalogEntryId(), files.duplicateHandle(s));
        files.setFileCompletionNotificationModes(copy, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
        files.completeRequestAtOnce(s, new HeapOverlapped(), 5);
        assertThat(packet()).isNull();
    }

    @Test
    void theHandleItselfIsNeverSignaledAndAnEventStillIs() throws Exception {
        SocketHandle s = associated();
        files.setFileCompletionNotificationModes(s, FILE_SKIP_SET_EVENT_ON_HANDLE);
        WsaEvent event = hosts.winsock.wsaCreateEvent();
        files.completeRequestAtOnce(s, new HeapOverlapped(event), 5);
        assertThat(signaled(event)).isTrue();
        assertThat(packet()).isNotNull();
    }

    @Test
    @Trap(34)
    void aCreatedHandleRefusesToSkipPacketsAndTakesTheOtherMode() throws Exception {
        SocketHandle created = hosts.created();
        for (int modes : new int[] {1, 3}) {
            assertFails(WSA_INVALID_PARAMETER, () -> files.setFileCompletionNotificationModes(created, modes));
        }
        files.setFileCompletionNotificationModes(created, FILE_SKIP_SET_EVENT_ON_HANDLE);
    }

    @Test
    void otherFlagsAreAnInvalidParameterAndSetNothing() throws Exception {
        SocketHandle s = associated();
        for (int modes : new int[] {4, 0x80, -1, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | 4}) {
            assertFails(WSA_INVALID_PARAMETER, () -> files.setFileCompletionNotificationModes(s, modes));
            assertFails(WSA_INVALID_PARAMETER, () -> files.setFileCompletionNotificationModes(hosts.created(), modes));
        }
        files.completeRequestAtOnce(s, new HeapOverlapped(), 5);
        assertThat(packet()).isNotNull();
    }

    @Test
    void whatIsNotAnOpenSocketIsAnInvalidHandle() throws Exception {
        SocketHandle closed = hosts.file();
        hosts.winsock.closesocket(closed);
        SocketHandle unregistered = files.createFileHandle(new FakeSocket(hosts.ifsEntry, 0));
        for (SocketHandle bad : new SocketHandle[] {null, closed, unregistered}) {
            assertFails(WSA_INVALID_HANDLE, () -> files.setFileCompletionNotificationModes(bad, 0));
        }
    }

    @Test
    void completingAtOnceRefusesWhatCompletingLaterRefuses() throws Exception {
        assertFails(WSAEINVAL, () -> files.completeRequestAtOnce(hosts.created(), new HeapOverlapped(), 0));
        assertFails(WSAEINVAL, () -> files.completeRequestAtOnce(null, new HeapOverlapped(), 0));
        assertFails(WSAEFAULT, () -> files.completeRequestAtOnce(hosts.file(), null, 0));
    }
}

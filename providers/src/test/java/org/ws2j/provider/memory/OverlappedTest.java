package org.ws2j.provider.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** Overlapped transfers in their three styles, and what ends them. */
final class OverlappedTest extends MemoryTest {
    private static final int ABORTED = WsaError.WSA_OPERATION_ABORTED.code();

    @Test
    void anEventTellsOfTheCompletion() throws WinsockException {
        Connection c = connection();
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        ByteBuffer room = ByteBuffer.allocate(8);
        assertThat(winsock.wsaRecv(c.server(), room, null, block, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(winsock.wsaGetOverlappedResult(c.server(), block, false, null)).isEqualTo(WspResult.IO_INCOMPLETE);
        winsock.send(c.client(), bytes("data"), 0);
        assertThat(winsock.wsaGetOverlappedResult(c.server(), block, true, new ReceiveResult())).isEqualTo(4);
        assertThat(new String(room.array(), 0, 4, US_ASCII)).isEqualTo("data");
    }

    @Test
    void aPortGetsAPacketForEach() throws WinsockException {
        Connection c = connection();
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        winsock.ports().associate(c.server(), port, "key");
        List<HeapOverlapped> blocks = new ArrayList<>();
        ByteBuffer[] rooms = {ByteBuffer.allocate(2), ByteBuffer.allocate(2), ByteBuffer.allocate(2)};
        for (ByteBuffer room : rooms) {
            blocks.add(new HeapOverlapped());
            winsock.wsaRecv(c.server(), room, null, blocks.getLast(), null);
        }
        winsock.send(c.client(), bytes("abcdef"), 0);
        CompletionPacket packet = new CompletionPacket();
        for (int i = 0; i < rooms.length; i++) {
            assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 20_000)).isTrue();
            assertThat(packet.overlapped()).isSameAs(blocks.get(i));
            assertThat(rooms[i].array()).containsExactly("abcdef".charAt(2 * i), "abcdef".charAt(2 * i + 1));
        }
        winsock.wsaSend(c.server(), bytes("now"), 0, new HeapOverlapped(), null);
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.bytesTransferred()).isEqualTo(3);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void routinesRunInAlertableWaitsAndNeverNested() throws WinsockException {
        Connection c = connection();
        List<String> log = new ArrayList<>();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, new HeapOverlapped(), (error, n, block, flags) -> {
            log.add("first in");
            winsock.waits().sleepEx(0, true);
            log.add("first out");
        });
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(1), null, new HeapOverlapped(),
                (error, n, block, flags) -> log.add("second"));
        winsock.send(c.client(), bytes("ab"), 0);
        assertThat(log).isEmpty();
        winsock.waits().sleepEx(0, true);
        assertThat(log).containsExactly("first in", "first out", "second");
    }

    @Test
    void pendingSendsAreFirstInFirstOut() throws WinsockException {
        Connection c = connection();
        nonBlocking(c.client());
        long filled = fill(c.client());
        HeapOverlapped one = new HeapOverlapped();
        HeapOverlapped two = new HeapOverlapped();
        assertThat(winsock.wsaSend(c.client(), bytes("one"), 0, one, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(winsock.wsaSend(c.client(), bytes("two"), 0, two, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(winsock.send(c.client(), bytes("x"), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        drain(c.server(), 3);
        assertThat(one.isCompleted()).isTrue();
        assertThat(two.isCompleted()).isFalse();
        drain(c.server(), filled - 3);
        assertThat(receive(c.server(), 9)).isEqualTo("onetwo");
        assertThat(two.internalHigh()).isEqualTo(3);
    }

    @Test
    void aPendingReceiveSwallowsDataUnannounced() throws WinsockException {
        Connection c = connection();
        var event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(c.server(), event, 1);
        HeapOverlapped block = new HeapOverlapped();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(4), null, block, null);
        winsock.send(c.client(), bytes("1234"), 0);
        var record = new WsaNetworkEvents();
        winsock.wsaEnumNetworkEvents(c.server(), event, record);
        assertThat(record.lNetworkEvents()).isZero();
        winsock.send(c.client(), bytes("5"), 0);
        winsock.wsaEnumNetworkEvents(c.server(), event, record);
        assertThat(record.lNetworkEvents()).isEqualTo(1);
    }

    @Test
    void closingAbortsAndIndicatesBeforeTheHandleGoes() throws WinsockException {
        Connection c = connection();
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        winsock.ports().associate(c.server(), port, "key");
        HeapOverlapped block = new HeapOverlapped();
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(4), null, block, null);
        int before = winsock.openHandles().sockets();
        winsock.closesocket(c.server());
        CompletionPacket packet = new CompletionPacket();
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.error()).isEqualTo(ABORTED);
        assertThat(block.offsetHigh()).isEqualTo(ABORTED);
        assertThat(winsock.openHandles().sockets()).isEqualTo(before - 1);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void theLastCleanUpIndicatesNothingAndTheNextStartWorks() throws WinsockException {
        Connection c = connection();
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        winsock.wsaRecv(c.server(), ByteBuffer.allocate(4), null, block, null);
        CompletableFuture<String> blocked = waiting(() -> receive(c.client(), 1));
        winsock.wsaCleanup();
        assertThat(block.internal()).isEqualTo(ABORTED);
        assertFailsLater(WsaError.WSAEINTR, blocked);
        winsock.wsaStartup(version());
        Connection again = connection();
        winsock.send(again.client(), bytes("x"), 0);
        assertThat(receive(again.server(), 1)).isEqualTo("x");
    }

    @Test
    void aFailureAtOnceIsNotIndicated() throws WinsockException {
        SocketHandle s = stream();
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        assertFails(WsaError.WSAENOTCONN, () -> winsock.wsaRecv(s, ByteBuffer.allocate(1), null, block, null));
        assertFails(WsaError.WSAEFAULT, () -> winsock.wsaRecv(s, (ByteBuffer) null, null, block, null));
        assertFails(WsaError.WSAEOPNOTSUPP,
                () -> winsock.wsaRecv(s, ByteBuffer.allocate(1), new ReceiveResult(MessageFlag.MSG_PEEK), block, null));
        winsock.closesocket(s);
        assertThat(winsock.openHandles().sockets()).isZero();
    }

    @Test
    void aResetFailsWhatIsPending() throws WinsockException {
        Connection c = connection();
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        winsock.wsaRecv(c.client(), ByteBuffer.allocate(1), null, block, null);
        winsock.send(c.client(), bytes("unread"), 0);
        winsock.closesocket(c.server());
        assertFails(WsaError.WSAECONNRESET, () -> winsock.wsaGetOverlappedResult(c.client(), block, true, null));
    }

    @Test
    void anIoctlIsIndicated() throws WinsockException {
        SocketHandle s = stream();
        HeapOverlapped block = new HeapOverlapped(winsock.wsaCreateEvent());
        winsock.wsaIoctl(s, IoctlCode.FIONBIO, true, null, block, null);
        assertThat(winsock.wsaGetOverlappedResult(s, block, true, null)).isZero();
        assertFails(WsaError.WSAEOPNOTSUPP, () -> winsock.wsaIoctl(s, 0x4000_1234, null, null, null, null));
    }

    /** A block whose completion answers: the next receive, and a byte back. */
    private final class Echo extends HeapOverlapped implements CompletionSink {
        private final SocketHandle s;
        private final ByteBuffer room = ByteBuffer.allocate(1);
        private final CompletableFuture<Integer> over;
        private int rounds;

        Echo(SocketHandle s, CompletableFuture<Integer> over) {
            this.s = s;
            this.over = over;
        }

        @Override
        public CompletionSink sink() {
            return this;
        }

        @Override
        public void completed(WsaOverlapped block, int error, int bytes) {
            try {
                rounds++;
                if (rounds == 50_000) {
                    over.complete(rounds);
                    return;
                }
                winsock.wsaRecv(s, room, null, this, null);
                winsock.send(s, ByteBuffer.allocate(1), 0);
            } catch (WinsockException e) {
                over.completeExceptionally(e);
            }
        }
    }

    @Test
    void twoEndsThatAnswerEachOtherDoSoInTurns() throws Exception {
        Connection c = connection();
        CompletableFuture<Integer> over = new CompletableFuture<>();
        Echo client = new Echo(c.client(), over);
        Echo server = new Echo(c.server(), over);
        winsock.wsaRecv(c.client(), client.room, null, client, null);
        winsock.wsaRecv(c.server(), server.room, null, server, null);
        winsock.send(c.client(), ByteBuffer.allocate(1), 0);
        assertThat(over.get(20, TimeUnit.SECONDS)).isEqualTo(50_000);
    }
}

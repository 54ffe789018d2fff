package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAEMSGSIZE;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** The functions that transfer data: what the host does with buffers, results and routines. */
@Timeout(30)
final class TransferTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule module = FakeModule.of("base", Gathering::new);
    private final Winsock winsock;
    private final SocketHandle s;

    TransferTest() throws WinsockException {
        host.base(module);
        winsock = host.start();
        s = host.socket();
    }

    /** Takes at most seven bytes of several buffers at once, and gives up to five. */
    private static final class Gathering extends NonIfsTable {
        private long answer;
        private int answerFlags;

        Gathering(FakeStart start) {
            super(start);
        }

        @Override
        public long wspSend(SocketHandle handle, ByteBuffer[] buffers, int offset, int count, int flags,
                WsaOverlapped overlapped, WsaCompletionRoutine routine, WsaThreadId thread) {
            long sum = 0;
            for (int i = offset; i < offset + count; i++) {
                sum += buffers[i].remaining();
            }
            return Math.min(7, sum);
        }

        @Override
        public long wspRecv(SocketHandle handle, ByteBuffer[] buffers, int offset, int count, ReceiveResult result,
                WsaOverlapped overlapped, WsaCompletionRoutine routine, WsaThreadId thread) {
            return overlapped == null ? 5 : 3;
        }

        @Override
        public long wspRecvFrom(SocketHandle handle, ByteBuffer buffer, ReceiveResult result,
                WsaOverlapped overlapped, WsaCompletionRoutine routine, WsaThreadId thread) {
            if (result != null) {
                result.flags(answerFlags);
            }
            return answer;
        }

        @Override
        public long wspRecv(SocketHandle handle, ByteBuffer buffer, ReceiveResult result, WsaOverlapped overlapped,
                WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
            if (result != null && overlapped == null) {
                result.flags(answerFlags);
                return answer;
            }
            return super.wspRecv(handle, buffer, result, overlapped, routine, thread);
        }
    }

    @AfterEach
    void close() {
        host.close();
    }

    private Gathering table() {
        return module.table(Gathering.class);
    }

    @Test
    void asynchronousCallAdvancesItsBufferByWhatItTransferred() throws Exception {
        ByteBuffer out = ByteBuffer.allocate(10).position(2).limit(6);
        assertThat(winsock.send(s, out, 0)).isEqualTo(4);
        assertThat(out.position()).isEqualTo(6);
        table().socket(s).willReceive((byte) 1, (byte) 2, (byte) 3);
        ByteBuffer in = ByteBuffer.allocate(10).position(1);
        assertThat(winsock.recv(s, in, 0)).isEqualTo(3);
        assertThat(in.position()).isEqualTo(4);
        assertThat(in.array()).startsWith(0, 1, 2, 3, 0);
        assertThat(winsock.recv(s, in, 0)).isZero();
        assertThat(in.position()).isEqualTo(4);
    }

    @Test
    void severalBuffersAdvanceOneAfterTheOther() throws Exception {
        ByteBuffer[] buffers = {ByteBuffer.allocate(3), ByteBuffer.allocate(0), ByteBuffer.allocate(9)};
        assertThat(winsock.wsaSend(s, buffers, 0, null, null)).isEqualTo(7);
        assertThat(buffers).extracting(ByteBuffer::position).containsExactly(3, 0, 4);
        assertThat(winsock.wsaRecv(s, buffers, null, null, null)).isEqualTo(5);
        assertThat(buffers).extracting(ByteBuffer::position).containsExactly(3, 0, 9);
    }

    @Test
    void anOverlappedCallLeavesItsBuffersAloneAlsoWhenItIsOverAtOnce() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(4);
        assertThat(winsock.wsaRecv(s, buffer, null, new HeapOverlapped(), null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(buffer.position()).isZero();
        table().complete(table().socket(s).takeRequest(), 0, 4);
        assertThat(buffer.position()).isZero();
        ByteBuffer[] buffers = {ByteBuffer.allocate(2), ByteBuffer.allocate(2)};
        assertThat(winsock.wsaRecv(s, buffers, null, new HeapOverlapped(), null)).isEqualTo(3);
        assertThat(buffers).extracting(ByteBuffer::position).containsExactly(0, 0);
    }

    @Test
    void aCallThatWouldBlockMovesNothing() throws Exception {
        table().answer = WspResult.WOULD_BLOCK;
        ByteBuffer buffer = ByteBuffer.allocate(4);
        assertThat(winsock.recvfrom(s, buffer, null)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(buffer.position()).isZero();
    }

    @Test
    void moreBytesThanTheBufferHasRoomForAreASystemCallFailure() {
        ByteBuffer buffer = ByteBuffer.allocate(4);
        for (long impossible : new long[] {5, Long.MAX_VALUE, -1, WspResult.IO_INCOMPLETE}) {
            table().answer = impossible;
            assertFails(WSASYSCALLFAILURE, () -> winsock.recvfrom(s, buffer, null));
            assertThat(winsock.wsaGetLastError()).isEqualTo(WSASYSCALLFAILURE.code());
        }
        assertThat(buffer.position()).isZero();
    }

    @Test
    void aPartOfAMessageIsAMessageTooLongForThePlainReceive() {
        table().answer = 2;
        table().answerFlags = MessageFlag.MSG_PARTIAL;
        assertFails(WSAEMSGSIZE, () -> winsock.recv(s, ByteBuffer.allocate(4), MessageFlag.MSG_PEEK));
    }

    @Test
    void aCompletionRoutineOnASocketWithAPortIsInvalidAndNeverRuns() throws Exception {
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        winsock.ports().associate(s, port, "key");
        WsaCompletionRoutine never = (error, bytes, block, flags) -> {
            throw new AssertionError("never");
        };
        ByteBuffer buffer = ByteBuffer.allocate(1);
        HeapOverlapped overlapped = new HeapOverlapped();
        assertFails(WSAEINVAL, () -> winsock.wsaRecv(s, buffer, null, overlapped, never));
        assertFails(WSAEINVAL, () -> winsock.wsaSend(s, buffer, 0, overlapped, never));
        assertFails(WSAEINVAL, () -> winsock.wsaRecvFrom(s, buffer, null, overlapped, never));
        assertFails(WSAEINVAL, () -> winsock.wsaSendTo(s, buffer, 0, null, overlapped, never));
        assertFails(WSAEINVAL, () -> winsock.wsaIoctl(s, 1, null, null, overlapped, never));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEINVAL.code());
        assertThat(table().socket(s).takeRequest()).isNull();
        assertThat(overlapped.internal()).isZero();
        assertThat(winsock.waits().sleepEx(0, true)).isZero();
        assertThat(winsock.wsaRecv(s, buffer, null, overlapped, null)).isEqualTo(WspResult.IO_PENDING);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aChannelReadsAndWritesTheSocketAsAFileAndClosesIt() throws Exception {
        table().socket(s).willReceive((byte) 7);
        ByteChannel channel = winsock.channel(s);
        ByteBuffer buffer = ByteBuffer.allocate(4);
        assertThat(channel.read(buffer)).isEqualTo(1);
        assertThat(channel.read(buffer)).isEqualTo(-1);
        assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
        assertThat(channel.write(ByteBuffer.allocate(3))).isEqualTo(3);
        channel.close();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> channel.read(buffer)).isInstanceOf(ClosedChannelException.class);
        assertFails(WSAENOTSOCK, () -> winsock.closesocket(s));
    }
}

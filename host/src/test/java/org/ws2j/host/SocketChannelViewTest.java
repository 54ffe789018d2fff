package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSAEWOULDBLOCK;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/** A socket of either kind as a channel of bytes. */
@Timeout(30)
final class SocketChannelViewTest {
    private final TwoKinds hosts;

    SocketChannelViewTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @SuppressWarnings("try") // closing twice is what the test is about
    private void readsWritesAndCloses(SocketHandle s, FakeSocket socket) throws Exception {
        try (ByteChannel channel = hosts.winsock.channel(s)) {
            socket.willReceive((byte) 1, (byte) 2);
            ByteBuffer buffer = ByteBuffer.allocate(4);
            assertThat(channel.read(buffer)).isEqualTo(2);
            assertThat(buffer.position()).isEqualTo(2);
            assertThat(channel.read(buffer)).as("end of the stream").isEqualTo(-1);
            assertThat(channel.read(ByteBuffer.allocate(0))).as("no room").isZero();
            assertThat(channel.write(ByteBuffer.wrap(new byte[] {3, 4}))).isEqualTo(2);
            assertThat(socket.sent()).containsExactly(3, 4);
            assertThat(channel.isOpen()).isTrue();
            channel.close();
            assertThat(channel.isOpen()).isFalse();
            channel.close();
            assertFails(WSAENOTSOCK, () -> hosts.winsock.recv(s, ByteBuffer.allocate(1), 0));
            assertThatThrownBy(() -> channel.read(buffer)).isExactlyInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.write(buffer)).isExactlyInstanceOf(ClosedChannelException.class);
        }
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void aCreatedHandleReadsWritesAndCloses() throws Exception {
        SocketHandle s = hosts.created();
        readsWritesAndCloses(s, hosts.nonIfsTable.socket(s));
    }

    @Test
    void aFileHandleReadsWritesAndCloses() throws Exception {
        SocketHandle s = hosts.file();
        readsWritesAndCloses(s, hosts.ifsTable.socket(s));
    }

    @Test
    void whatIsNoSocketHasNoChannel() throws Exception {
        SocketHandle closed = hosts.created();
        hosts.winsock.closesocket(closed);
        assertFails(WSAENOTSOCK, () -> hosts.winsock.channel(closed));
        assertFails(WSAENOTSOCK, () -> hosts.winsock.channel(null));
        hosts.winsock.wsaCleanup();
        assertFails(WSANOTINITIALISED, () -> hosts.winsock.channel(closed));
    }

    @Test
    void aSocketThatWasClosedOtherwiseMayStillBeClosedAsAChannel() throws Exception {
        SocketHandle s = hosts.created();
        ByteChannel channel = hosts.winsock.channel(s);
        hosts.winsock.closesocket(s);
        assertFails(WSAENOTSOCK, () -> channel.read(ByteBuffer.allocate(1)));
        channel.close();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aChannelWhoseCloseIsRefusedIsOpenAndMayBeClosedLater() throws Exception {
        AtomicBoolean lingers = new AtomicBoolean(true);
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCloseSocket(SocketHandle s) throws WinsockException {
                if (lingers.getAndSet(false)) {
                    throw new WinsockException(WSAEWOULDBLOCK);
                }
                super.wspCloseSocket(s);
            }
        });
        try (FakeHost host = FakeHost.with(module)) {
            ByteChannel channel = host.winsock().channel(host.socket());
            assertFails(WSAEWOULDBLOCK, channel::close);
            assertThat(channel.isOpen()).isTrue();
            channel.close();
            assertThat(channel.isOpen()).isFalse();
            assertThat(host.winsock().openHandles().sockets()).isZero();
        }
    }

    @Test
    void aChannelOfAHostThatWasCleanedUpIsClosedWellEnough() throws Exception {
        ByteChannel channel = hosts.winsock.channel(hosts.created());
        hosts.winsock.wsaCleanup();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aReadThatTheChannelsCloseEndsSaysSo() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
                    WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
                reading.countDown();
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                throw new WinsockException(WSAECONNRESET);
            }
        });
        try (FakeHost host = FakeHost.with(module)) {
            ByteChannel channel = host.winsock().channel(host.socket());
            Running<Integer> reader = TestThreads.start(() -> channel.read(ByteBuffer.allocate(1)));
            reading.await();
            channel.close();
            closed.countDown();
            assertThatThrownBy(reader::get).hasCauseInstanceOf(AsynchronousCloseException.class);
        }
    }
}

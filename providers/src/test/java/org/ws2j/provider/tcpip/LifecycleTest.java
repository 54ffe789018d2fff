package org.ws2j.provider.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.ws2j.host.Winsock;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/** Start-up, clean-up, many sockets at once. */
final class LifecycleTest extends TcpIpTest {
    /** Counts what is opened. */
    private static final class CountingTransport extends SelectorProvider {
        private final SelectorProvider real = SelectorProvider.provider();
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger selectors = new AtomicInteger();

        @Override
        public DatagramChannel openDatagramChannel() {
            throw new UnsupportedOperationException();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            opened.incrementAndGet();
            return real.openDatagramChannel(family);
        }

        @Override
        public Pipe openPipe() {
            throw new UnsupportedOperationException();
        }

        @Override
        public AbstractSelector openSelector() throws IOException {
            selectors.incrementAndGet();
            return real.openSelector();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
            opened.incrementAndGet();
            return real.openServerSocketChannel(family);
        }

        @Override
        public SocketChannel openSocketChannel() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
            opened.incrementAndGet();
            return real.openSocketChannel(family);
        }
    }

    @Test
    void fourEntriesAreOffered() {
        List<WsaProtocolInfo> entries = new TcpIpModule().protocols();

        assertThat(new TcpIpModule().name()).isEqualTo("tcpip");
        assertThat(entries).hasSize(4).allSatisfy(entry -> {
            assertThat(entry.providerId()).isEqualTo(TcpIpProtocols.PROVIDER_ID);
            assertThat(entry.protocolChain()).isEqualTo(ProtocolChain.BASE);
            assertThat(entry.isIfs()).isTrue();
        });
        assertThat(entries).extracting(WsaProtocolInfo::maxSockAddr).containsExactly(16, 16, 28, 28);
        assertThat(entries).extracting(WsaProtocolInfo::messageSize).containsExactly(0, 65_507, 0, 65_527);
        assertThat(entries.get(0).serviceFlags1() & ServiceFlag.XP1_GRACEFUL_CLOSE).isNotZero();
        assertThat(entries.get(1).isConnectionless()).isTrue();
    }

    @Test
    void everythingIsOpenedByTheTransport() throws WinsockException {
        CountingTransport transport = new CountingTransport();
        try (Winsock host = Winsock.builder().module(new TcpIpModule(transport)).build()) {
            host.wsaStartup(WinsockVersion.V2_2);
            SocketHandle listener = host.socket(2, 1, 6);
            host.bind(listener, loopback(0));
            host.listen(listener, 1);
            host.socket(23, 2, 17);
        }

        assertThat(transport.opened).hasValue(3);
    }

    @Test
    void virtualThreadsShareOneSelectorHoweverManyWait() throws Exception {
        assertThat(selectorsFor(300, Thread.ofVirtual())).isEqualTo(1);
    }

    @Test
    void threadsBeyondALimitShareOneSelectorToo() throws Exception {
        // 128, and one more for each thread that has looked at the same time.
        assertThat(selectorsFor(200, Thread.ofPlatform().daemon())).isBetween(128 + 1, 160);
    }

    /** Lets many threads wait, each for a datagram on a socket of its own. {@return how many selectors that takes} */
    private static int selectorsFor(int threads, Thread.Builder builder) throws Exception {
        CountingTransport transport = new CountingTransport();
        try (Winsock host = Winsock.builder().module(new TcpIpModule(transport)).build()) {
            host.wsaStartup(WinsockVersion.V2_2);
            List<CompletableFuture<Integer>> received = new ArrayList<>();
            List<SocketHandle> sockets = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                SocketHandle s = host.socket(2, 2, 17);
                host.bind(s, loopback(0));
                sockets.add(s);
                CompletableFuture<Integer> one = new CompletableFuture<>();
                builder.start(() -> complete(one, () -> host.recv(s, ByteBuffer.allocate(9), 0)));
                received.add(one);
            }
            for (SocketHandle s : sockets) {
                awaitUntil(((TcpIpSocket) host.files().fileObject(s))::isWaitedFor);
            }
            for (SocketHandle s : sockets) {
                host.sendto(s, bytes("x"), 0, (InetSocketAddress) host.getsockname(s));
            }
            for (CompletableFuture<Integer> one : received) {
                assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            }
            return transport.selectors.get();
        }
    }

    @Test
    void everyStartUpButTheLastLeavesTheProviderRunning() throws Exception {
        TransportProvider provider = new TcpIpModule().load(winsock.services());
        Upcalls upcalls = inside(tcp()).network.upcalls();
        WsaProtocolInfo entry = winsock.wsaEnumProtocols().get(0);
        WspProcTable table = provider.wspStartup(WinsockVersion.V2_2, entry, upcalls).procTable();
        assertThat(provider.wspStartup(WinsockVersion.V2_2, entry, upcalls).procTable()).isSameAs(table);
        table.wspCleanup();
        SocketHandle s = table.wspSocket(0, 0, 0, entry, 0, 0);
        table.wspCleanup();

        assertFails(WsaError.WSANOTINITIALISED, table::wspCleanup);
        assertFails(WsaError.WSANOTINITIALISED, () -> table.wspListen(s, 1));
        WspProcTable again = provider.wspStartup(WinsockVersion.V2_2, entry, upcalls).procTable();
        SocketHandle next = again.wspSocket(0, 0, 0, entry, 0, 0);
        again.wspCloseSocket(next);
        again.wspCleanup();
        assertFails(WsaError.WSAVERNOTSUPPORTED,
                () -> provider.wspStartup(WinsockVersion.V1_1, entry, upcalls));
    }

    @Test
    void theLastCleanUpResetsConnectionsAndPermitsANewStart() throws IOException {
        SocketHandle listener = listener();
        try (Socket plain = new Socket(LOOPBACK4, nameOf(listener).getPort())) {
            SocketHandle server = winsock.accept(listener, null);
            winsock.wsaRecv(server, ByteBuffer.allocate(1), null, new HeapOverlapped(), null);
            winsock.wsaCleanup();

            assertThat(winsock.openHandles().sockets()).isZero();
            Assertions.assertThatThrownBy(() -> plain.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        winsock.wsaStartup(WinsockVersion.V2_2);
        Connection c = connection();
        winsock.send(c.client(), bytes("again"), 0);
        assertThat(receive(c.server(), 9)).isEqualTo("again");
    }

    @Test
    void aThousandConnectionsWorkOnVirtualThreads() throws Exception {
        int count = 1_000;
        SocketHandle listener = tcp();
        winsock.bind(listener, loopback(0));
        winsock.listen(listener, count);
        InetSocketAddress name = nameOf(listener);
        var accepting = async(() -> {
            List<Thread> echoing = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                SocketHandle server = winsock.accept(listener, null);
                echoing.add(Thread.ofVirtual().start(() -> echo(server)));
            }
            return echoing;
        });
        List<CompletableFuture<String>> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = "client " + i;
            clients.add(async(() -> talk(name, text)));
        }
        for (int i = 0; i < count; i++) {
            assertThat(clients.get(i).get()).isEqualTo("client " + i);
        }
        for (Thread echo : accepting.get()) {
            echo.join();
        }
        winsock.closesocket(listener);
        assertThat(winsock.openHandles().sockets()).isZero();
    }

    private void echo(SocketHandle s) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(64);
            while (winsock.recv(s, buffer.clear(), 0) > 0) {
                winsock.send(s, buffer.flip(), 0);
            }
            winsock.closesocket(s);
        } catch (WinsockException e) {
            reported.add(e);
        }
    }

    private String talk(InetSocketAddress name, String text) throws WinsockException {
        SocketHandle s = tcp();
        winsock.connect(s, name);
        winsock.send(s, bytes(text), 0);
        ByteBuffer answer = ByteBuffer.allocate(64);
        while (answer.position() < text.length()) {
            winsock.recv(s, answer, 0);
        }
        winsock.closesocket(s);
        return text(answer);
    }

    @Test
    void closingWhileOthersTransferHurtsNobodyElse() throws Exception {
        for (int round = 0; round < 50; round++) {
            Connection c = connection();
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calls.add(async(() -> untilItFails(c.server(), true)));
                calls.add(async(() -> untilItFails(c.client(), false)));
            }
            awaitBlocked(c.server());
            winsock.closesocket(round % 2 == 0 ? c.server() : c.client());
            winsock.closesocket(round % 2 == 0 ? c.client() : c.server());
            for (CompletableFuture<?> call : calls) {
                call.get();
            }
            winsock.closesocket(c.listener());
        }
        assertThat(winsock.openHandles().sockets()).isZero();
    }

    /** Transfers until it is refused, which must be for one of the reasons there are. */
    private Object untilItFails(SocketHandle s, boolean receives) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(receives ? 700 : 7);
        try {
            while ((receives ? winsock.recv(s, buffer.clear(), 0) : winsock.send(s, buffer.clear(), 0)) > 0) {
                Thread.onSpinWait();
            }
            return null;
        } catch (WinsockException e) {
            assertThat(e.code()).isIn(WsaError.WSAEINTR.code(), WsaError.WSAENOTSOCK.code(),
                    WsaError.WSAECONNRESET.code());
            return null;
        }
    }
}

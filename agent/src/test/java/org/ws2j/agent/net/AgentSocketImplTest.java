package org.ws2j.agent.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.agent.TestNetwork;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.layer.LayeredSocket;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/** What the behaviour program cannot see: layers that fail, what a call costs, implementations without a socket. */
@SuppressWarnings("try") // what a close does is what is tested
class AgentSocketImplTest {
    private static final int ROUNDS = 4_000;
    private static final int MESSAGE = 64;

    /** Less than a byte for each round: what a call makes it makes each time. */
    private static final long NEGLIGIBLE_BYTES = ROUNDS;

    /** The compiler makes objects now and then, as it takes code back that it has made: of so many samples the least counts. */
    private static final int ALLOCATION_SAMPLES = 5;

    /** A socket over an implementation that the test makes. */
    private static final class Over extends Socket {
        Over(SocketImpl impl) throws SocketException {
            super(impl);
        }
    }

    /** Fails every receive. */
    private static final class Failing extends LayeredProvider {
        private final RuntimeException unexpected;
        private final WsaError error;

        Failing(LayerStart start, RuntimeException unexpected, WsaError error) {
            super(start);
            this.unexpected = unexpected;
            this.error = error;
        }

        @Override
        public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult result, WsaOverlapped block,
                WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
            if (unexpected != null) {
                throw unexpected;
            }
            throw new WinsockException(error, "as the test wants");
        }
    }

    /** Holds back each receive until it is told to let them go. */
    private static final class Holding extends LayeredProvider {
        private final CountDownLatch held;
        private final CountDownLatch free;

        Holding(LayerStart start, CountDownLatch held, CountDownLatch free) {
            super(start);
            this.held = held;
            this.free = free;
        }

        @Override
        public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult result, WsaOverlapped block,
                WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
            held.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new WinsockException(WsaError.WSAEINTR, "as the test ends", e);
            }
            return super.wspRecv(s, buffer, result, block, routine, thread);
        }
    }

    /** Says that it knows when its sockets are ready. */
    private static final class Claiming extends LayeredProvider {
        Claiming(LayerStart start) {
            super(start);
        }

        @Override
        protected boolean claims(LayeredSocket socket, int ioControlCode) {
            return ioControlCode == IoctlCode.SIO_BSP_HANDLE_SELECT || super.claims(socket, ioControlCode);
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static Socket connect(AgentNetwork network, ServerSocket listener) throws IOException {
        Socket made = new Over(new AgentSocketImpl(network, false));
        made.connect(listener.getLocalSocketAddress());
        return made;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void bytesGoThroughAnyNumberOfLayers(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers);
                ServerSocket listener = listen();
                Socket s = connect(network, listener);
                Socket peer = listener.accept()) {
            s.getOutputStream().write("there".getBytes(StandardCharsets.UTF_8));
            assertThat(peer.getInputStream().readNBytes(5)).asString().isEqualTo("there");
            peer.getOutputStream().write("back".getBytes(StandardCharsets.UTF_8));
            peer.shutdownOutput();
            assertThat(s.getInputStream().readAllBytes()).asString().isEqualTo("back");
            assertThat(network.traffic().sums().sent()).isEqualTo(5);
            assertThat(network.traffic().sums().received()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void blockedReadsAndWritesAllocateNothing(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers);
                ServerSocket listener = listen();
                Socket s = connect(network, listener);
                Socket peer = listener.accept()) {
            Thread echo = Thread.ofPlatform().daemon().start(() -> echo(peer));
            pingPong(s);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < ALLOCATION_SAMPLES; i++) {
                least = Math.min(least, allocatedBytes(s));
            }
            assertThat(least).isLessThan(NEGLIGIBLE_BYTES);
            s.close();
            echo.join();
        }
    }

    private static long allocatedBytes(Socket s) throws IOException {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        pingPong(s);
        return memory.getCurrentThreadAllocatedBytes() - before;
    }

    private static void echo(Socket peer) {
        byte[] message = new byte[MESSAGE];
        try {
            InputStream in = peer.getInputStream();
            while (in.readNBytes(message, 0, MESSAGE) == MESSAGE) {
                peer.getOutputStream().write(message);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void pingPong(Socket s) throws IOException {
        byte[] message = new byte[MESSAGE];
        InputStream in = s.getInputStream();
        OutputStream out = s.getOutputStream();
        for (int i = 0; i < ROUNDS; i++) {
            out.write(message, 0, MESSAGE);
            for (int n = 0; n < MESSAGE;) {
                n += in.read(message, n, MESSAGE - n);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void whoHasReadTheEndReadsItAgainAfterTheClose(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers);
                ServerSocket listener = listen();
                Socket s = connect(network, listener);
                Socket peer = listener.accept()) {
            InputStream in = s.getInputStream();
            peer.close();
            assertThat(in.read()).isEqualTo(-1);
            s.close();
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[5])).isEqualTo(-1);
            assertThatThrownBy(in::available).isInstanceOf(SocketException.class).hasMessage("Socket closed");
        }
    }

    @Test
    @Timeout(60)
    void aReadThatWaitsForItsTurnIsLimitedInTime() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (AgentNetwork network = TestNetwork.through(start -> new Holding(start, held, free));
                ServerSocket listener = listen();
                Socket s = connect(network, listener);
                Socket peer = listener.accept()) {
            InputStream in = s.getInputStream();
            CompletableFuture<Integer> first = read(in);
            held.await();
            s.setSoTimeout(20);
            assertThatThrownBy(in::read).isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out");
            assertThat(first).isNotDone();
            s.setSoTimeout(20_000);
            CompletableFuture<Integer> second = read(in);
            peer.getOutputStream().write(new byte[] {7, 8});
            free.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(7);
            assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(8);
        }
    }

    private static CompletableFuture<Integer> read(InputStream in) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(in.read());
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @Test
    void aClosedImplementationHasTheOptionsThatItHad() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            for (boolean server : new boolean[] {false, true}) {
                AgentSocketImpl asked = new AgentSocketImpl(network, server);
                asked.create(true);
                AgentSocketImpl other = new AgentSocketImpl(network, server);
                other.create(true);
                other.close();
                assertThat(other.supportedOptions()).isNotEmpty().isEqualTo(asked.supportedOptions());
                asked.close();
            }
        }
    }

    @Test
    void aLayerThatThrowsBreaksTheSocketWithAnIoException() throws Exception {
        RuntimeException bug = new IllegalStateException("a bug of the layer");
        try (AgentNetwork network = TestNetwork.through(start -> new Failing(start, bug, null));
                ServerSocket listener = listen();
                Socket s = connect(network, listener)) {
            assertThatThrownBy(() -> s.getInputStream().read()).isInstanceOf(SocketException.class).hasRootCause(bug);
            s.getOutputStream().write(1);
        }
    }

    @Test
    void aLayersErrorIsWhatTheJdkThrowsForIt() throws Exception {
        try (AgentNetwork network = TestNetwork.through(start -> new Failing(start, null, WsaError.WSAECONNRESET));
                ServerSocket listener = listen();
                Socket s = connect(network, listener)) {
            assertThatThrownBy(() -> s.getInputStream().read()).isExactlyInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
            s.getInputStream().available();
        }
    }

    @Test
    void aLayersErrorIsNotTakenForATimeOut() throws Exception {
        try (AgentNetwork network = TestNetwork.through(start -> new Failing(start, null, WsaError.WSAENETDOWN));
                ServerSocket listener = listen();
                Socket s = connect(network, listener)) {
            s.setSoTimeout(1_000);
            assertThatThrownBy(() -> s.getInputStream().read()).isNotInstanceOf(SocketTimeoutException.class)
                    .isExactlyInstanceOf(SocketException.class).hasMessage("Network is down");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void anAcceptedImplementationIsConnected(int layers) throws Exception {
        try (AgentNetwork network = TestNetwork.layered(layers)) {
            AgentSocketImpl server = listening(network);
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), localPort(server))) {
                AgentSocketImpl accepted = new AgentSocketImpl(network, false);
                server.accept(accepted);
                accepted.getOutputStream().write(9);
                assertThat(client.getInputStream().read()).isEqualTo(9);
                assertThat(accepted).asString().contains(",port=" + client.getLocalPort() + ",");
                assertThatThrownBy(() -> server.accept(accepted)).isInstanceOf(SocketException.class)
                        .hasMessage("Not a newly created SocketImpl");
                accepted.close();
            }
            server.close();
        }
    }

    /** Its text ends with it; what returns it is for java.net alone. */
    private static int localPort(AgentSocketImpl server) {
        String text = server.toString();
        return Integer.parseInt(text.substring(text.lastIndexOf('=') + 1, text.length() - 1));
    }

    private static AgentSocketImpl listening(AgentNetwork network) throws IOException {
        AgentSocketImpl server = new AgentSocketImpl(network, true);
        server.create(true);
        server.bind(InetAddress.getLoopbackAddress(), 0);
        server.listen(50);
        return server;
    }

    @Test
    void timeOutsOfConnectAndAcceptWorkThroughALayerThatKnowsWhatIsReady() throws Exception {
        try (AgentNetwork network = TestNetwork.through(Claiming::new)) {
            AgentSocketImpl server = listening(network);
            server.setOption(SocketOptions.SO_TIMEOUT, 20);
            assertThat(failureOfAccept(network, server)).isInstanceOf(SocketTimeoutException.class);
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), localPort(server));
            try (Socket client = new Over(new AgentSocketImpl(network, false))) {
                client.connect(address, 20_000);
                server.setOption(SocketOptions.SO_TIMEOUT, 20_000);
                assertThat(failureOfAccept(network, server)).isNull();
            }
            server.close();
            try (Socket refused = new Over(new AgentSocketImpl(network, false))) {
                assertThatThrownBy(() -> refused.connect(address, 20_000)).isInstanceOf(ConnectException.class)
                        .hasMessage("Connection refused");
            }
        }
    }

    @Test
    void acceptsOfSeveralThreadsShareTheTime() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AgentSocketImpl server = listening(network);
            server.setOption(SocketOptions.SO_TIMEOUT, 50);
            CompletableFuture<Throwable> other = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> other.complete(failureOfAccept(network, server)));
            assertThat(failureOfAccept(network, server)).isInstanceOf(SocketTimeoutException.class);
            assertThat(other.get(20, TimeUnit.SECONDS)).isInstanceOf(SocketTimeoutException.class);
            server.close();
        }
    }

    private static Throwable failureOfAccept(AgentNetwork network, AgentSocketImpl server) {
        try {
            server.accept(new AgentSocketImpl(network, false));
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void anImplementationWithoutASocketRefusesEverything() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AgentSocketImpl bare = new AgentSocketImpl(network, false);
            assertThatThrownBy(() -> bare.bind(InetAddress.getLoopbackAddress(), 0))
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(bare::available).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> bare.getOption(SocketOptions.SO_TIMEOUT)).isInstanceOf(SocketException.class);
            assertThat(bare.supportedOptions()).isEmpty();
            bare.close();
            assertThatThrownBy(() -> bare.create(true)).isInstanceOf(IOException.class);
            assertThat(network.traffic().sums().streams()).isZero();
        }
    }

    @Test
    void whatIsMadeTwiceOrIsNoStreamIsRefused() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AgentSocketImpl made = new AgentSocketImpl(network, false);
            assertThatThrownBy(() -> made.create(false)).isInstanceOf(IOException.class);
            made.create(true);
            assertThatThrownBy(() -> made.create(true)).isInstanceOf(IOException.class).hasMessage("Already created");
            made.close();
        }
    }

    @Test
    void anUnknownOptionIsRefused() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0)) {
            AgentSocketImpl made = new AgentSocketImpl(network, false);
            made.create(true);
            assertThatThrownBy(() -> made.getOption(4_711)).isInstanceOf(SocketException.class)
                    .hasMessage("Unknown option 4711");
            assertThatThrownBy(() -> made.setOption(SocketOptions.TCP_NODELAY, "on"))
                    .isInstanceOf(SocketException.class);
            made.close();
        }
    }

    @Test
    void everySocketIsReportedAndGone() throws Exception {
        try (AgentNetwork network = TestNetwork.layered(0); ServerSocket listener = listen()) {
            Socket s = connect(network, listener);
            assertThat(network.traffic().sums().open()).isEqualTo(1);
            s.close();
            listener.close();
            try (Socket refused = new Over(new AgentSocketImpl(network, false))) {
                assertThatThrownBy(() -> refused.connect(listener.getLocalSocketAddress()))
                        .isInstanceOf(ConnectException.class);
            }
            assertThat(network.traffic().sums().open()).isZero();
            assertThat(network.traffic().sums().streams()).isEqualTo(2);
        }
    }
}

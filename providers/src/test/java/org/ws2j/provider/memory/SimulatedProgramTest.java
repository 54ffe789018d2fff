package org.ws2j.provider.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Simulation;
import org.ws2j.host.SimulationException;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** Whole programs over the provider that run the same way every time. */
@Timeout(60)
final class SimulatedProgramTest {
    private static final int CLIENTS = 4;
    private static final InetSocketAddress ECHO = MemoryTest.loopback(7);

    /** What a program did: its choices, and what its threads noted down. */
    private record Run(List<Simulation.Turn> trace, List<String> log, Duration elapsed) {
    }

    /** A program that is run with different seeds. */
    private abstract static class Program {
        final List<String> log = new ArrayList<>();
        final List<Throwable> reported = new ArrayList<>();
        Simulation simulation;
        Winsock winsock;

        abstract void start() throws WinsockException;

        /** Turns are taken at waits and at calls. */
        WinsockBuilder simulated(WinsockBuilder builder) {
            return builder.simulation(simulation);
        }

        final Run run(long seed) throws Exception {
            MemoryModule module = new MemoryModule();
            ProtocolCatalog catalog = ProtocolCatalog.inMemory(List.of(module));
            catalog.wscInstallProvider(MemoryProtocols.PROVIDER_ID, "builtin:memory", module.protocols(), Map.of());
            try (Simulation made = Simulation.seeded(seed)) {
                simulation = made;
                winsock = simulated(Winsock.builder().module(module).catalog(catalog))
                        .reporter((what, failure) -> reported.add(failure))
                        .build();
                winsock.wsaStartup(WinsockVersion.V2_2);
                start();
                made.run();
                winsock.close();
                assertThat(winsock.openHandles().isEmpty() && reported.isEmpty()).isTrue();
                return new Run(made.trace(), log, made.elapsed());
            }
        }

        final SocketHandle stream() throws WinsockException {
            return winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP);
        }

        final SocketHandle listener() throws WinsockException {
            SocketHandle s = stream();
            winsock.bind(s, ECHO);
            winsock.listen(s, 5);
            return s;
        }

        /** A client that sends three words, the second one late, reads the echo of each, and ends. */
        final void client(String name) throws WinsockException {
            SocketHandle s = stream();
            winsock.connect(s, ECHO);
            winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 60_000);
            for (int i = 0; i < 3; i++) {
                winsock.send(s, ByteBuffer.wrap((name + i).getBytes(US_ASCII)), 0);
                ByteBuffer echo = ByteBuffer.allocate(name.length() + 1);
                while (echo.hasRemaining() && winsock.recv(s, echo, 0) > 0) {
                    // A stream may deliver a word in pieces.
                }
                log.add(new String(echo.array(), US_ASCII));
                winsock.waits().sleepEx(10L * i, false);
            }
            winsock.shutdown(s, ShutdownHow.SD_SEND);
            assertThat(winsock.recv(s, ByteBuffer.allocate(1), 0)).isZero();
            winsock.closesocket(s);
        }

        final void startClients() {
            for (int i = 0; i < CLIENTS; i++) {
                String name = "client" + i + "-";
                simulation.start(name, () -> client(name));
            }
        }

        /** Echoes what has come. {@return false at the end of the stream} */
        final boolean echo(SocketHandle s, ByteBuffer buffer) throws WinsockException {
            buffer.clear();
            if (winsock.recv(s, buffer, 0) <= 0) {
                return false;
            }
            buffer.flip();
            winsock.send(s, buffer, 0);
            return true;
        }
    }

    /** A server with a thread for each connection. */
    private static final class ThreadPerConnection extends Program {
        @Override
        void start() throws WinsockException {
            SocketHandle listener = listener();
            simulation.start("server", () -> {
                for (int i = 0; i < CLIENTS; i++) {
                    SocketHandle s = winsock.accept(listener, null);
                    simulation.start("connection" + i, () -> {
                        ByteBuffer buffer = ByteBuffer.allocate(64);
                        while (echo(s, buffer)) {
                            simulation.pause();
                        }
                        winsock.closesocket(s);
                    });
                }
                winsock.closesocket(listener);
            });
            startClients();
        }
    }

    /** A server with one thread that selects. */
    private static final class Selecting extends Program {
        @Override
        void start() throws WinsockException {
            SocketHandle listener = listener();
            simulation.start("server", () -> {
                List<SocketHandle> open = new ArrayList<>(List.of(listener));
                ByteBuffer buffer = ByteBuffer.allocate(64);
                int accepted = 0;
                while (accepted < CLIENTS || open.size() > 1) {
                    FdSet read = FdSet.of(open.toArray(SocketHandle[]::new));
                    winsock.select(read, null, null, new Timeval(1, 0));
                    for (int i = 0; i < read.fdCount(); i++) {
                        SocketHandle s = read.get(i);
                        if (s == listener) {
                            open.add(winsock.accept(listener, null));
                            accepted++;
                        } else if (!echo(s, buffer)) {
                            winsock.closesocket(s);
                            open.remove(s);
                        }
                    }
                }
                winsock.closesocket(listener);
            });
            startClients();
        }
    }

    /** A server of overlapped receives at a completion port with two threads, and an accepting one that waits for events. */
    private static final class Completing extends Program {
        private CompletionPort port;
        private int ended;

        private final class Connection extends HeapOverlapped {
            private final SocketHandle s;
            private final ByteBuffer buffer = ByteBuffer.allocate(64);

            Connection(SocketHandle s) {
                this.s = s;
            }

            void receive() throws WinsockException {
                buffer.clear();
                winsock.wsaRecv(s, buffer, null, this, null);
            }

            void received(int bytes) throws WinsockException {
                if (bytes > 0) {
                    winsock.send(s, buffer.limit(bytes), 0);
                    receive();
                    return;
                }
                winsock.closesocket(s);
                if (++ended == CLIENTS) {
                    winsock.ports().postQueuedCompletionStatus(port, 0, "end", null);
                    winsock.ports().postQueuedCompletionStatus(port, 0, "end", null);
                }
            }
        }

        @Override
        void start() throws WinsockException {
            SocketHandle listener = listener();
            port = winsock.ports().createIoCompletionPort(2);
            simulation.start("accepts", () -> accept(listener));
            for (String name : List.of("worker0", "worker1")) {
                simulation.start(name, () -> {
                    CompletionPacket packet = new CompletionPacket();
                    winsock.ports().getQueuedCompletionStatus(port, packet, Waits.WSA_INFINITE);
                    while (packet.overlapped() instanceof Connection connection) {
                        log.add(name);
                        connection.received(packet.bytesTransferred());
                        winsock.ports().getQueuedCompletionStatus(port, packet, Waits.WSA_INFINITE);
                    }
                });
            }
            startClients();
        }

        private void accept(SocketHandle listener) throws WinsockException {
            WsaEvent event = winsock.wsaCreateEvent();
            winsock.wsaEventSelect(listener, event, NetworkEvent.FD_ACCEPT);
            int accepted = 0;
            while (accepted < CLIENTS) {
                winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, Waits.WSA_INFINITE, false);
                winsock.wsaEnumNetworkEvents(listener, event, new WsaNetworkEvents());
                SocketHandle s = winsock.accept(listener, null);
                while (s != null) {
                    accepted++;
                    winsock.wsaEventSelect(s, null, 0);
                    winsock.ioctlsocket(s, IoctlCode.FIONBIO, false);
                    winsock.ports().associate(s, port, "connection");
                    new Connection(s).receive();
                    s = winsock.accept(listener, null);
                }
            }
            winsock.closesocket(listener);
            winsock.wsaCloseEvent(event);
        }
    }

    /** Runs programs with a hundred seeds, each twice. */
    private static void assertDeterministic(Supplier<Program> programs) throws Exception {
        Set<List<Simulation.Turn>> traces = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            Run run = programs.get().run(seed);
            assertThat(programs.get().run(seed)).as("seed " + seed).isEqualTo(run);
            assertThat(run.log.stream().filter(line -> line.startsWith("client")).distinct()).hasSize(3 * CLIENTS);
            traces.add(run.trace);
        }
        assertThat(traces).as("different interleavings").hasSizeGreaterThan(90);
    }

    @Test
    void aServerWithAThreadForEachConnectionRunsTheSameWayWithTheSameSeed() throws Exception {
        assertDeterministic(ThreadPerConnection::new);
    }

    @Test
    void aServerThatSelectsRunsTheSameWayWithTheSameSeed() throws Exception {
        assertDeterministic(Selecting::new);
    }

    @Test
    void aServerWithEventsAndACompletionPortRunsTheSameWayWithTheSameSeed() throws Exception {
        assertDeterministic(Completing::new);
    }

    /** A program that takes turns only where its threads wait. */
    private static final class Waiting extends Program {
        @Override
        WinsockBuilder simulated(WinsockBuilder builder) {
            return builder.clock(simulation.clock());
        }

        @Override
        void start() throws WinsockException {
            SocketHandle listener = listener();
            simulation.start("server", () -> {
                SocketHandle s = winsock.accept(listener, null);
                winsock.waits().sleepEx(Duration.ofHours(5).toMillis(), false);
                winsock.closesocket(s);
                winsock.closesocket(listener);
            });
            simulation.start("client", () -> {
                SocketHandle s = stream();
                winsock.connect(s, ECHO);
                winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 3_600_000);
                for (int i = 0; i < 4; i++) {
                    WinsockException timeout = catchThrowableOfType(
                            WinsockException.class, () -> winsock.recv(s, ByteBuffer.allocate(1), 0));
                    assertThat(timeout.is(WsaError.WSAETIMEDOUT)).isTrue();
                    log.add("timed out at " + simulation.elapsed());
                }
                winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 0);
                assertThat(winsock.recv(s, ByteBuffer.allocate(1), 0)).isZero();
                winsock.closesocket(s);
            });
        }
    }

    @Test
    void hoursOfTimeOutsPassWithoutWaitingAndToTheNanosecond() throws Exception {
        Run run = new Waiting().run(5);
        assertThat(run.log).containsExactly(
                "timed out at PT1H", "timed out at PT2H", "timed out at PT3H", "timed out at PT4H");
        assertThat(run.elapsed).isEqualTo(Duration.ofHours(5));
    }

    /** A client that forgets to end its stream, and a server that waits for the end. */
    private static final class Deadlocked extends Program {
        @Override
        void start() throws WinsockException {
            SocketHandle listener = listener();
            simulation.start("server", () -> {
                SocketHandle s = winsock.accept(listener, null);
                while (winsock.recv(s, ByteBuffer.allocate(8), 0) > 0) {
                    // Until the end.
                }
                winsock.closesocket(s);
            });
            simulation.start("client", () -> {
                SocketHandle s = stream();
                winsock.connect(s, ECHO);
                winsock.send(s, ByteBuffer.allocate(3), 0);
                winsock.recv(s, ByteBuffer.allocate(1), 0);
            });
        }
    }

    @Test
    void aProgramWhoseThreadsWaitForEachOtherIsReportedWithThePlacesWhereTheyWait() {
        Deadlocked program = new Deadlocked();
        SimulationException report = catchThrowableOfType(SimulationException.class, () -> program.run(1));
        assertThat(report)
                .hasMessageContaining("server is in recv, called by " + Deadlocked.class.getName())
                .hasMessageContaining("client is in recv, called by " + Deadlocked.class.getName());
        program.winsock.close();
        assertThat(program.winsock.openHandles().sockets()).isZero();
        assertThat(program.reported).isEmpty();
    }
}

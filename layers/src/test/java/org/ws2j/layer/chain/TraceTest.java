package org.ws2j.layer.chain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Linger;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitFileBuffers;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** What the trace layer writes, as tshark reads it. */
@Timeout(60)
final class TraceTest {
    @TempDir
    private Path folder;

    private Path file;
    private Chains chains;
    private EchoServer server;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("demo.pcapng");
        chains = new Chains().over("trace", Map.of("file", file.toString())).over("passthrough").start();
        server = new EchoServer();
    }

    @AfterEach
    void nothingIsReported() throws IOException {
        server.close();
        chains.close();
        assertThat(chains.open().details()).isEmpty();
        assertThat(chains.reports).isEmpty();
    }

    private SocketHandle connected() throws WinsockException {
        SocketHandle s = chains.tcp();
        chains.winsock.connect(s, server.address());
        return s;
    }

    private void receive(SocketHandle s, int length) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            assertThat(chains.winsock.recv(s, buffer, 0)).isPositive();
        }
    }

    /** Runs tshark over the file; skips the test where there is none. */
    private List<String> tshark(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        command.addAll(List.of(options));
        Path out = folder.resolve("out");
        Process process;
        try {
            process = new ProcessBuilder(command).redirectOutput(out.toFile())
                    .redirectError(folder.resolve("err").toFile()).start();
        } catch (IOException e) {
            Assumptions.abort("tshark is not installed: " + e.getMessage());
            return List.of();
        }
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
        return Files.readAllLines(out);
    }

    /** The flags of each TCP packet, such as "·S··", one line each, and no complaint. */
    private List<String> flags() throws IOException {
        assertThat(complaints()).isEmpty();
        return tshark("-T", "fields", "-e", "tcp.flags.str").stream()
                .map(f -> f.replaceAll("[^A-Z]", "")).toList();
    }

    private List<String> complaints() throws IOException {
        return tshark("-Y", "_ws.malformed || _ws.expert.severity >= 6291456 || ip.checksum.status == \"Bad\""
                + " || tcp.checksum.status == \"Bad\" || tcp.analysis.flags",
                "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE");
    }

    private String stream(int number) throws IOException {
        return String.join("\n", tshark("-q", "-z", "follow,tcp,ascii," + number));
    }

    @Test
    void aConversationReadsAsItWas() throws IOException {
        SocketHandle s = connected();
        chains.winsock.send(s, US_ASCII.encode("synchronous"), 0);
        receive(s, 11);
        ByteBuffer[] parts = {US_ASCII.encode("gath"), US_ASCII.encode("ered")};
        chains.winsock.wsaSend(s, parts, 0, null, null);
        ByteBuffer[] targets = {ByteBuffer.allocate(8)};
        int received = 0;
        while (received < 8) {
            received += (int) chains.winsock.wsaRecv(s, targets, null, null, null);
        }
        HeapOverlapped out = new HeapOverlapped(chains.winsock.wsaCreateEvent());
        chains.winsock.wsaSend(s, US_ASCII.encode("overlapped"), 0, out, null);
        assertThat(chains.winsock.wsaGetOverlappedResult(s, out, true, null)).isEqualTo(10);
        HeapOverlapped in = new HeapOverlapped(chains.winsock.wsaCreateEvent());
        ByteBuffer buffer = ByteBuffer.allocate(64);
        chains.winsock.wsaRecv(s, buffer, null, in, null);
        assertThat(chains.winsock.wsaGetOverlappedResult(s, in, true, null)).isPositive();
        chains.winsock.shutdown(s, ShutdownHow.SD_SEND);
        assertThat(chains.winsock.recv(s, ByteBuffer.allocate(64), 0)).isZero();
        int port = ((InetSocketAddress) chains.winsock.getsockname(s)).getPort();
        chains.winsock.closesocket(s);
        chains.winsock.wsaCloseEvent(in.hEvent());
        chains.winsock.wsaCloseEvent(out.hEvent());

        assertThat(flags()).startsWith("S", "AS", "A").contains("AF").doesNotContain("AR", "R");
        assertThat(stream(0)).contains("synchronous", "gathered", "overlapped")
                .contains("127.0.0.1:" + port)
                .contains("127.0.0.1:" + server.address().getPort());
        assertThat(tshark("-T", "fields", "-e", "frame.interface_name").stream().distinct()).hasSize(1);
    }

    @Test
    void aRefusedConnectIsASynAndAReset() throws IOException {
        try (Socket reserved = new Socket()) {
            reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketHandle s = chains.tcp();
            assertThatThrownBy(() -> chains.winsock.connect(s, reserved.getLocalSocketAddress()))
                    .hasMessageContaining("WSAECONNREFUSED");
            chains.winsock.closesocket(s);
        }
        assertThat(tshark("-T", "fields", "-e", "tcp.flags.str").stream()
                .map(f -> f.replaceAll("[^A-Z]", ""))).containsExactly("S", "AR");
    }

    @Test
    void aRefusedNonBlockingConnectIsTheSame() throws IOException {
        try (Socket reserved = new Socket()) {
            reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketHandle s = chains.tcp();
            WsaEvent event = chains.winsock.wsaCreateEvent();
            chains.winsock.wsaEventSelect(s, event, NetworkEvent.FD_CONNECT);
            chains.winsock.connect(s, reserved.getLocalSocketAddress());
            chains.winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false);
            WsaNetworkEvents events = new WsaNetworkEvents();
            chains.winsock.wsaEnumNetworkEvents(s, event, events);
            assertThat(events.has(NetworkEvent.FD_CONNECT)).isTrue();
            chains.winsock.closesocket(s);
            chains.winsock.wsaCloseEvent(event);
        }
        assertThat(tshark("-T", "fields", "-e", "tcp.flags.str").stream()
                .map(f -> f.replaceAll("[^A-Z]", ""))).containsExactly("S", "AR");
    }

    @Test
    void severalMegabytesAreFollowedToTheLastByte() throws Exception {
        byte[] data = new byte[8 << 20];
        new Random(7).nextBytes(data);
        byte[] back = new byte[data.length];
        SocketHandle s = connected();
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                ByteBuffer all = ByteBuffer.wrap(data);
                while (all.hasRemaining()) {
                    int chunk = Math.min(all.remaining(), 100_000);
                    ByteBuffer part = all.slice(all.position(), chunk);
                    all.position(all.position() + chunk);
                    while (part.hasRemaining()) {
                        chains.winsock.send(s, part, 0);
                    }
                }
                chains.winsock.shutdown(s, ShutdownHow.SD_SEND);
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        });
        ByteBuffer target = ByteBuffer.wrap(back);
        HeapOverlapped in = new HeapOverlapped(chains.winsock.wsaCreateEvent());
        while (true) {
            chains.winsock.wsaRecv(s, target.slice(), null, in, null);
            long received = chains.winsock.wsaGetOverlappedResult(s, in, true, null);
            if (received == 0) {
                break;
            }
            target.position(target.position() + (int) received);
        }
        sender.join();
        chains.winsock.closesocket(s);
        chains.winsock.wsaCloseEvent(in.hEvent());
        assertThat(back).isEqualTo(data);
        assertThat(complaints()).isEmpty();
        assertThat(followed(true)).isEqualTo(data);
        assertThat(followed(false)).isEqualTo(data);
    }

    private byte[] followed(boolean isOpeners) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tshark("-q", "-z", "follow,tcp,raw,0").stream()
                .filter(line -> line.matches("\t?[0-9a-f]+") && line.startsWith("\t") != isOpeners)
                .forEach(line -> bytes.writeBytes(HexFormat.of().parseHex(line.strip())));
        return bytes.toByteArray();
    }

    @Test
    void theTraceOfAProgramThatClosesNothingIsWhole() throws Exception {
        Path trace = folder.resolve("unclosed.pcapng");
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), UnclosedTrace.class.getName(), trace.toString(),
                "the last words")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(trace, ISO_8859_1)).contains("the last words");
    }

    @Test
    void aResetByThePeerIsOne() throws IOException {
        SocketHandle s = connected();
        chains.winsock.send(s, US_ASCII.encode("x"), 0);
        receive(s, 1);
        server.reset();
        assertThatThrownBy(() -> chains.winsock.recv(s, ByteBuffer.allocate(1), 0))
                .hasMessageContaining("WSAECONNRESET");
        chains.winsock.closesocket(s);
        assertThat(flagsOfLast()).isEqualTo("AR");
    }

    @Test
    void aHardCloseIsAReset() throws IOException {
        SocketHandle s = connected();
        chains.winsock.send(s, US_ASCII.encode("x"), 0);
        receive(s, 1);
        chains.winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        chains.winsock.closesocket(s);
        assertThat(flagsOfLast()).isEqualTo("AR");
    }

    @Test
    void theCleanUpIsAReset() throws IOException {
        SocketHandle s = connected();
        chains.winsock.send(s, US_ASCII.encode("x"), 0);
        chains.winsock.wsaCleanup();
        assertThat(flagsOfLast()).isEqualTo("AR");
    }

    private String flagsOfLast() throws IOException {
        return tshark("-T", "fields", "-e", "tcp.flags.str").getLast().replaceAll("[^A-Z]", "");
    }

    @Test
    void aNonBlockingConnectIsRecorded() throws IOException {
        SocketHandle s = chains.tcp();
        chains.winsock.ioctlsocket(s, IoctlCode.FIONBIO, true);
        chains.winsock.connect(s, server.address());
        FdSet write = FdSet.of(s);
        assertThat(chains.winsock.select(null, write, null, new Timeval(20, 0))).isEqualTo(1);
        chains.winsock.send(s, US_ASCII.encode("x"), 0);
        chains.winsock.closesocket(s);
        assertThat(flags()).startsWith("S", "AS", "A");
    }

    @Test
    void anAcceptedConnectionIsRecordedFromThePeersSide() throws IOException {
        SocketHandle listener = chains.tcp();
        chains.winsock.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        chains.winsock.listen(listener, 1);
        InetSocketAddress address = (InetSocketAddress) chains.winsock.getsockname(listener);
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            SocketHandle accepted = chains.winsock.accept(listener, null);
            client.getOutputStream().write("knock".getBytes(US_ASCII));
            receive(accepted, 5);
            chains.winsock.closesocket(accepted);
        }
        chains.winsock.closesocket(listener);
        assertThat(flags()).startsWith("S", "AS", "A");
        assertThat(tshark("-T", "fields", "-e", "tcp.dstport").getFirst()).isEqualTo("" + address.getPort());
        assertThat(stream(0)).contains("knock");
    }

    @Test
    void aTransmittedFileIsRecordedToTheLastByte() throws IOException {
        Path content = folder.resolve("content");
        Files.writeString(content, "a file's content");
        SocketHandle s = connected();
        TransmitFile transmitFile = (TransmitFile) extensionFunction(s, ExtensionFunction.WSAID_TRANSMITFILE);
        TransmitFileBuffers around = new TransmitFileBuffers(US_ASCII.encode("<"), US_ASCII.encode(">"));
        HeapOverlapped out = new HeapOverlapped(chains.winsock.wsaCreateEvent());
        try (FileChannel channel = FileChannel.open(content)) {
            transmitFile.transmitFile(s, channel, 0, 0, null, around, 0);
            receive(s, 18);
            transmitFile.transmitFile(s, channel, 4, 0, out, null, TransmitFlag.TF_DISCONNECT);
            assertThat(chains.winsock.wsaGetOverlappedResult(s, out, true, null)).isEqualTo(4);
        }
        receive(s, 4);
        assertThat(chains.winsock.recv(s, ByteBuffer.allocate(1), 0)).isZero();
        chains.winsock.closesocket(s);
        chains.winsock.wsaCloseEvent(out.hEvent());
        assertThat(flags()).startsWith("S", "AS", "A").contains("AF");
        assertThat(new String(followed(true), US_ASCII)).isEqualTo("<a file's content>a fi");
    }

    private Object extensionFunction(SocketHandle s, UUID function) throws WinsockException {
        IoctlResult out = new IoctlResult();
        chains.winsock.wsaIoctl(
                s, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, function, out, null, null);
        return out.value();
    }

    @Test
    void datagramsAreRecordedWithTheirAddresses() throws IOException {
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            SocketHandle s = chains.udp();
            chains.winsock.bind(s, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            chains.winsock.sendto(s, US_ASCII.encode("ping"), 0, peer.getLocalSocketAddress());
            peer.receive(new DatagramPacket(new byte[8], 8));
            peer.send(new DatagramPacket("pong!".getBytes(US_ASCII), 5, chains.winsock.getsockname(s)));
            chains.winsock.recvfrom(s, ByteBuffer.allocate(16), new ReceiveResult());
            String own = "" + ((InetSocketAddress) chains.winsock.getsockname(s)).getPort();
            String others = "" + peer.getLocalPort();
            chains.winsock.closesocket(s);
            assertThat(tshark("-T", "fields", "-e", "udp.srcport", "-e", "udp.dstport", "-e", "udp.length"))
                    .containsExactly(own + "\t" + others + "\t12", others + "\t" + own + "\t13");
            assertThat(complaints()).isEmpty();
        }
    }

    @Test
    void aFileGoesOnAfterAnotherStart() throws IOException {
        chains.winsock.closesocket(connected());
        chains.winsock.wsaCleanup();
        chains.winsock.wsaStartup(WinsockVersion.V2_2);
        chains.winsock.closesocket(connected());
        chains.winsock.wsaCleanup();
        assertThat(tshark("-Y", "tcp.flags.syn == 1 && tcp.flags.ack == 0")).hasSize(2);
    }

    @Test
    void aFileThatCannotBeMadeIsReportedOnceAndTheTrafficGoesOn() throws IOException {
        Path impossible = folder.resolve("no such folder").resolve("x.pcapng");
        try (Chains others = new Chains().over("trace", Map.of("file", impossible.toString())).start()) {
            for (int i = 0; i < 2; i++) {
                SocketHandle s = others.tcp();
                others.winsock.connect(s, server.address());
                assertThat(others.winsock.send(s, US_ASCII.encode("x"), 0)).isEqualTo(1);
                others.winsock.closesocket(s);
            }
            assertThat(others.reports).hasSize(1);
        }
    }
}

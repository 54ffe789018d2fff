package org.ws2j.layer.trace.pcapng;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PcapngFileTest {

    private static final InetSocketAddress LOCAL = Recording.address("192.0.2.1", 50_000);
    private static final InetSocketAddress REMOTE = Recording.address("192.0.2.2", 7_777);

    @TempDir
    Path folder;

    private final List<Exception> reported = new ArrayList<>();

    @Test
    void sectionHeaderComesFirstAndNamesItsWriter() {
        Capture.Block section =
                Capture.of(new Recording().closedBytes()).blocks().get(0);

        assertThat(section.type()).isEqualTo(0x0A0D0D0A);
        assertThat(section.body()).startsWith(0x1A, 0x2B, 0x3C, 0x4D, 0, 1, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1);
        Map<Integer, byte[]> options = Capture.options(section.body(), 16);
        assertThat(options).containsOnlyKeys(2, 3, 4);
        assertThat(new String(options.get(2), UTF_8)).isEqualTo(System.getProperty("os.arch"));
        assertThat(new String(options.get(3), UTF_8)).startsWith(System.getProperty("os.name"));
        assertThat(new String(options.get(4), UTF_8)).isEqualTo("ws2j");
    }

    @Test
    void interfaceDescriptionIsExactlyAsTheFormatSays() {
        Capture.Block description =
                Capture.of(new Recording().closedBytes()).blocks().get(1);

        assertThat(description.type()).isEqualTo(1);
        assertThat(description.body())
                .containsExactly(
                        0, 101, 0, 0, 0, 0, 0, 0, 0, 2, 0, 3, 't', 'a', 'p', 0, 0, 9, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void enhancedPacketIsExactlyAsTheFormatSays() {
        Recording recording = new Recording();
        UdpDatagrams udp = recording.tap.udp();
        udp.annotate("hello");
        udp.received(0x0102030405060708L, LOCAL, REMOTE, ByteBuffer.wrap(new byte[] {'x'}), 0, 1);
        Capture.Block block = Capture.of(recording.closedBytes()).blocks().get(2);

        assertThat(block.type()).isEqualTo(6);
        assertThat(block.body())
                .startsWith(0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 29, 0, 0, 0, 29, 0x45, 0, 0, 29);
        assertThat(block.body())
                .endsWith(
                        'x', 0, 0, 0, 0, 2, 0, 4, 0, 0, 0, 1, 0, 1, 0, 5, 'h', 'e', 'l', 'l', 'o', 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void eventIsWrittenAtOnceAfterFlushAlways() {
        Recording recording = new Recording();
        recording.file.flushAlways();
        recording.tap.udp().received(1, LOCAL, REMOTE, ByteBuffer.wrap(new byte[] {'x'}), 0, 1);
        assertThat(Capture.of(recording.bytesSoFar()).packets()).hasSize(1);
    }

    @Test
    void commentBelongsToOnePacketAndIsCutWhenItIsTooLong() {
        Recording recording = new Recording();
        UdpDatagrams udp = recording.tap.udp();
        udp.annotate("\u20AC".repeat(100_000));
        udp.sent(1, LOCAL, REMOTE, Recording.ascii("first"), 0, 5);
        udp.sent(2, LOCAL, REMOTE, Recording.ascii("second"), 0, 6);

        List<Packet> packets = recording.packets();

        assertThat(packets.get(0).comment()).isEqualTo("\u20AC".repeat(8_192));
        assertThat(packets.get(1).comment()).isNull();
    }

    @Test
    void packetsNameTheirInterface() {
        Recording recording = new Recording();
        CaptureInterface second = recording.file.addInterface("second");
        second.udp().sent(1, LOCAL, REMOTE, Recording.ascii("b"), 0, 1);
        recording.tap.udp().sent(2, LOCAL, REMOTE, Recording.ascii("a"), 0, 1);

        assertThat(second.name()).isEqualTo("second");
        assertThat(recording.packets()).extracting(Packet::interfaceId).containsExactly(1, 0);
    }

    @Test
    void flushMakesWhatWasRecordedReadable() throws IOException {
        Path path = folder.resolve("flushed.pcapng");
        try (PcapngFile file = PcapngFile.create(path, reported::add)) {
            file.addInterface("tap").udp().sent(1, LOCAL, REMOTE, Recording.ascii("a"), 0, 1);
            assertThat(path).isEmptyFile();

            file.flush();

            assertThat(Capture.of(Files.readAllBytes(path)).packets()).hasSize(1);
        }
        assertThat(reported).isEmpty();
    }

    @Test
    void recordingInAnInterruptedThreadHarmsNothing() throws IOException {
        Path path = folder.resolve("interrupted.pcapng");
        try (PcapngFile file = PcapngFile.create(path, reported::add)) {
            UdpDatagrams udp = file.addInterface("tap").udp();
            Thread.currentThread().interrupt();
            udp.sent(1, LOCAL, REMOTE, Recording.ascii("a"), 0, 1);
            file.flush();
            assertThat(Thread.interrupted()).isTrue();
            udp.sent(2, LOCAL, REMOTE, Recording.ascii("b"), 0, 1);
        }

        assertThat(reported).isEmpty();
        assertThat(Capture.of(Files.readAllBytes(path)).packets()).hasSize(2);
    }

    @Test
    void fileThatCannotBeCreatedThrows() {
        Path path = folder.resolve("absent").resolve("file.pcapng");

        assertThatThrownBy(() -> PcapngFile.create(path, reported::add)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void failureToWriteIsKeptAndReportedOnce() {
        IOException full = new IOException("disk full");
        PcapngFile file = PcapngFile.writingTo(failingWith(full), reported::add);
        TcpConversation tcp = file.addInterface("tap").tcp(LOCAL, REMOTE);
        ByteBuffer payload = ByteBuffer.allocate(1 << 20);
        for (int i = 0; i < 10; i++) {
            tcp.sent(i, payload, 0, payload.capacity());
        }
        tcp.closed(11);
        file.flush();
        file.close();

        assertThat(reported).containsExactly(full);
        assertThat(file.failure()).containsSame(full);
    }

    @Test
    void streamThatThrowsUncheckedFailsTheTraceOnly() {
        RuntimeException broken = new UncheckedIOException(new IOException("broken"));
        PcapngFile file = PcapngFile.writingTo(failingWith(broken), reported::add);

        file.flush();

        assertThat(reported).containsExactly(broken);
    }

    @Test
    void callbackThatThrowsDoesNotReachTheTraffic() {
        IOException full = new IOException("disk full");
        RuntimeException fromCallback = new IllegalStateException("callback");
        PcapngFile file = PcapngFile.writingTo(failingWith(full), failure -> {
            throw fromCallback;
        });

        file.flush();

        assertThat(file.failure()).containsSame(full);
        assertThat(full.getSuppressed()).containsExactly(fromCallback);
    }

    @Test
    void callbackRunsWithoutTheLock() {
        List<Boolean> finished = new ArrayList<>();
        PcapngFile[] file = new PcapngFile[1];
        file[0] = PcapngFile.writingTo(failingWith(new IOException("full")), failure -> {
            Thread other = Thread.ofPlatform().start(() -> file[0].failure());
            try {
                finished.add(other.join(Duration.ofSeconds(20)));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        file[0].flush();

        assertThat(finished).containsExactly(true);
    }

    @Test
    void whatIsRecordedAfterCloseIsDropped() {
        Recording recording = new Recording();
        TcpConversation tcp = recording.tap.tcp(LOCAL, REMOTE);
        tcp.connected(1);
        int length = recording.closedBytes().length;

        tcp.sent(2, Recording.ascii("late"), 0, 4);
        recording.tap.udp().sent(3, LOCAL, REMOTE, Recording.ascii("late"), 0, 4);
        recording.file.flush();
        recording.file.close();

        assertThat(recording.closedBytes()).hasSize(length);
    }

    @Test
    void streamThatIsItselfTracedDoesNotRecordItself() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TcpConversation[] tcp = new TcpConversation[1];
        OutputStream traced = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("single byte");
            }

            @Override
            public void write(byte[] source, int offset, int length) {
                tcp[0].sent(9, ByteBuffer.wrap(source), offset, length);
                bytes.write(source, offset, length);
            }
        };
        PcapngFile file = PcapngFile.writingTo(traced, reported::add);
        tcp[0] = file.addInterface("tap").tcp(LOCAL, REMOTE);
        byte[] payload = Recording.letters(1 << 20, 1);

        tcp[0].sent(1, ByteBuffer.wrap(payload), 0, payload.length);
        file.close();

        assertThat(reported).isEmpty();
        assertThat(TcpReplay.of(Capture.of(bytes.toByteArray()).packets()).sent())
                .isEqualTo(payload);
    }

    @Test
    void rejectedArgumentsLeaveTheFileWhole() {
        Recording recording = new Recording();
        TcpConversation tcp = recording.tap.tcp(LOCAL, REMOTE);
        ByteBuffer ten = ByteBuffer.allocate(10);

        assertThatThrownBy(() -> tcp.sent(1, ten, 5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tcp.received(1, new ByteBuffer[] {ten, ten}, 21))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> recording.tap.udp().sent(1, LOCAL, REMOTE, ten, 0, -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> recording.tap.udp().sent(1, LOCAL, REMOTE, ByteBuffer.allocate(65_508), 0, 65_508))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65508")
                .hasMessageContaining("65507");

        assertThat(recording.packets()).isEmpty();
    }

    private static OutputStream failingWith(Exception failure) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (failure instanceof IOException checked) {
                    throw checked;
                }
                throw (RuntimeException) failure;
            }
        };
    }
}

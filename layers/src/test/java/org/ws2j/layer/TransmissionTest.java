package org.ws2j.layer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitFileBuffers;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** Files and pieces of memory: as they are through a layer that does not look, through its own functions otherwise. */
@Timeout(30)
final class TransmissionTest {
    private static final int ABORTED = WsaError.WSA_OPERATION_ABORTED.code();

    @TempDir
    private Path folder;

    private final StringBuilder looked = new StringBuilder();
    private final List<String> pieces = Collections.synchronizedList(new ArrayList<>());
    private ExtensionStack stack;
    private FileChannel file;

    private final class Looking extends LayeredProvider {
        Looking(LayerStart start) {
            super(start);
        }

        @Override
        protected void sent(Transfer transfer) {
            looked.append(US_ASCII.decode(transfer.copy())).append('|');
        }
    }

    @BeforeEach
    void open() throws IOException {
        Path path = folder.resolve("file");
        Files.writeString(path, "0123456789");
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        use(Looking::new);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        stack.stack.layer.wspCloseSocket(stack.s);
        assertThat(stack.stack.host.open()).isEmpty();
        assertThat(stack.stack.host.reports).isEmpty();
    }

    private void use(LayerFactory factory) throws WinsockException {
        stack = new ExtensionStack(factory);
        stack.stack.base.answer("wspSend", (f, a) -> {
            String piece = US_ASCII.decode(((ByteBuffer) a[1]).duplicate()).toString();
            pieces.add(piece);
            if (a[3] != null) {
                stack.stack.host.complete((SocketHandle) a[0], (WsaOverlapped) a[3], 0, piece.length());
            }
            return (long) piece.length();
        });
        stack.stack.base.answer("wspShutdown", (f, a) -> pieces.add("shutdown " + a[1]));
    }

    private TransmitFile transmitFile() throws WinsockException {
        return (TransmitFile) stack.ask(ExtensionFunction.WSAID_TRANSMITFILE);
    }

    private TransmitPackets transmitPackets() throws WinsockException {
        return (TransmitPackets) stack.ask(ExtensionFunction.WSAID_TRANSMITPACKETS);
    }

    private static TransmitFileBuffers around() {
        return new TransmitFileBuffers(US_ASCII.encode("head"), US_ASCII.encode("tail"));
    }

    @Test
    void aLayerThatDoesNotLookPassesTheFileDown() throws IOException {
        use(LayeredProvider::new);
        List<Object> below = new ArrayList<>();
        stack.functions.put(ExtensionFunction.WSAID_TRANSMITFILE, (TransmitFile) (s, f, n, per, o, buffers, flags) -> {
            below.addAll(List.of(s, f, n, per, buffers, flags));
            if (o != null) {
                below.addAll(List.of(o.offset(), o.offsetHigh()));
                stack.complete(o, 0, 18);
            }
            return 18;
        });
        TransmitFileBuffers around = around();
        assertThat(transmitFile().transmitFile(stack.s, file, 10, 4, null, around, 4)).isEqualTo(18);
        assertThat(below).containsExactly(stack.lower(), file, 10L, 4, around, 4);
        below.clear();
        HeapOverlapped overlapped = new HeapOverlapped();
        overlapped.offset(3);
        overlapped.offsetHigh(1);
        assertThat(transmitFile().transmitFile(stack.s, file, 10, 4, overlapped, around, 0)).isEqualTo(18);
        assertThat(below).containsExactly(stack.lower(), file, 10L, 4, around, 0, 3, 1);
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 18));
        assertThat(pieces).isEmpty();
    }

    @Test
    void aLayerThatLooksSeesEveryByteInOrder() throws IOException {
        file.position(2);
        assertThat(transmitFile().transmitFile(stack.s, file, 0, 3, null, around(), 0)).isEqualTo(16);
        assertThat(pieces).containsExactly("hea", "d", "234", "567", "89", "tai", "l");
        assertThat(looked.toString()).isEqualTo(String.join("|", pieces) + "|");
        assertThat(file.position()).isEqualTo(2);
    }

    @Test
    void anOverlappedOneBeginsWhereItsBlockSaysAndIsIndicatedOnce() throws WinsockException {
        HeapOverlapped overlapped = new HeapOverlapped();
        overlapped.offset(6);
        transmitFile().transmitFile(stack.s, file, 3, 0, overlapped, around(), 0);
        assertThat(pieces).containsExactly("head", "678", "tail");
        assertThat(looked.toString()).isEqualTo("head|678|tail|");
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 11));
    }

    /** The base keeps the blocks of sends until it is told to complete them. */
    private List<WsaOverlapped> pendingSends() {
        List<WsaOverlapped> blocks = new ArrayList<>();
        stack.stack.base.answer("wspSend", (f, a) -> {
            pieces.add(US_ASCII.decode(((ByteBuffer) a[1]).duplicate()).toString());
            blocks.add((WsaOverlapped) a[3]);
            return (long) WspResult.IO_PENDING;
        });
        return blocks;
    }

    @Test
    void thePieceAfterAnotherIsSentWhenThatIsOver() throws WinsockException {
        List<WsaOverlapped> blocks = pendingSends();
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThat(transmitFile().transmitFile(stack.s, file, 0, 5, overlapped, null, 0))
                .isEqualTo(WspResult.IO_PENDING);
        assertThat(pieces).containsExactly("01234");
        stack.complete(blocks.getFirst(), 0, 2);
        assertThat(pieces).containsExactly("01234", "234");
        stack.complete(blocks.get(1), 0, 3);
        assertThat(stack.stack.host.completions).isEmpty();
        stack.complete(blocks.get(2), 0, 5);
        assertThat(pieces).containsExactly("01234", "234", "56789");
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 10));
    }

    @Test
    void aLargeFileWhosePiecesAreOverAtOnceNeedsNoDeepStack() throws IOException {
        Path large = folder.resolve("large");
        Files.write(large, new byte[200_000]);
        HeapOverlapped overlapped = new HeapOverlapped();
        try (FileChannel channel = FileChannel.open(large, StandardOpenOption.READ)) {
            transmitFile().transmitFile(stack.s, channel, 0, 10, overlapped, null, 0);
        }
        assertThat(pieces).hasSize(20_000);
        assertThat(overlapped.internalHigh()).isEqualTo(200_000);
    }

    @Test
    void aFailureInTheMiddleEndsItWithWhatWasSent() throws WinsockException {
        List<WsaOverlapped> blocks = pendingSends();
        HeapOverlapped overlapped = new HeapOverlapped();
        transmitFile().transmitFile(stack.s, file, 0, 5, overlapped, null, 0);
        int reset = WsaError.WSAECONNRESET.code();
        stack.complete(blocks.getFirst(), reset, 0);
        assertThat(pieces).containsExactly("01234");
        assertThat(stack.stack.host.completions)
                .containsExactly(new FakeHost.Completion(stack.s, overlapped, reset, 0));
    }

    @Test
    void aSocketThatIsClosedMeanwhileEndsIt() throws WinsockException {
        List<WsaOverlapped> blocks = pendingSends();
        HeapOverlapped overlapped = new HeapOverlapped();
        SocketHandle other = stack.stack.socket();
        transmitFile().transmitFile(other, file, 0, 5, overlapped, null, 0);
        stack.stack.layer.wspCloseSocket(other);
        stack.complete(blocks.getFirst(), 0, 5);
        assertThat(stack.stack.host.completions).hasSize(1).first()
                .satisfies(c -> assertThat(c.error()).isEqualTo(ABORTED));
        assertThat(((FakeHost.Handle) other).isReleased).isTrue();
    }

    @Test
    void whatTheBaseRefusesFailsTheCallAndIsNotIndicated() throws WinsockException {
        stack.stack.base.answer("wspSend", (f, a) -> {
            throw new WinsockException(WsaError.WSAENOTCONN);
        });
        TransmitFile transmitFile = transmitFile();
        assertThatThrownBy(() -> transmitFile.transmitFile(stack.s, file, 0, 0, new HeapOverlapped(), null, 0))
                .hasMessageContaining("WSAENOTCONN");
        assertThat(stack.stack.host.completions).isEmpty();
        assertThat(stack.stack.host.wsaGetLastError()).isEqualTo(WsaError.WSAENOTCONN.code());
    }

    @Test
    void aNonBlockingSocketIsWaitedFor() throws WinsockException {
        stack.stack.base.answer("wspSend", (f, a) -> stack.stack.base.count("wspSelect") == 0
                ? WspResult.WOULD_BLOCK
                : (long) ((ByteBuffer) a[1]).remaining());
        stack.stack.base.answer("wspSelect", (f, a) -> 1);
        assertThat(transmitFile().transmitFile(stack.s, file, 0, 0, null, null, 0)).isEqualTo(10);
        assertThat(stack.stack.base.count("wspSelect")).isEqualTo(1);
    }

    @Test
    void disconnectingShutsTheOutputDownAfterTheData() throws WinsockException {
        transmitFile().transmitFile(stack.s, file, 0, 0, null, null, TransmitFlag.TF_DISCONNECT);
        HeapOverlapped overlapped = new HeapOverlapped();
        transmitFile().transmitFile(stack.s, file, 0, 0, overlapped, null, TransmitFlag.TF_DISCONNECT);
        String shutdown = "shutdown " + ShutdownHow.SD_SEND;
        assertThat(pieces).containsExactly("0123456789", shutdown, "0123456789", shutdown);
        assertThat(overlapped.internalHigh()).isEqualTo(10);
    }

    @Test
    void makingTheSocketFitForUseAgainIsDisconnectEx() throws WinsockException {
        int both = TransmitFlag.TF_DISCONNECT | TransmitFlag.TF_REUSE_SOCKET;
        TransmitFile transmitFile = transmitFile();
        assertThatThrownBy(() -> transmitFile.transmitFile(stack.s, null, 0, 0, null, null, both))
                .hasMessageContaining("WSAEINVAL");
        List<WsaOverlapped> blocks = new ArrayList<>();
        stack.functions.put(ExtensionFunction.WSAID_DISCONNECTEX, (DisconnectEx) (s, o, flags) -> {
            blocks.add(o);
            return WspResult.IO_PENDING;
        });
        HeapOverlapped overlapped = new HeapOverlapped();
        transmitFile.transmitFile(stack.s, file, 0, 0, overlapped, null, both);
        assertThat(stack.stack.host.completions).isEmpty();
        stack.complete(blocks.getFirst(), 0, 0);
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 10));
    }

    @Test
    void badArgumentsAreRefused() throws WinsockException {
        TransmitFile transmitFile = transmitFile();
        assertThatThrownBy(() -> transmitFile.transmitFile(stack.s, file, -1, 0, null, null, 0))
                .hasMessageContaining("WSAEINVAL");
        assertThatThrownBy(() -> transmitFile.transmitFile(stack.s, file, 0, -1, null, null, 0))
                .hasMessageContaining("WSAEINVAL");
        assertThatThrownBy(() -> transmitFile.transmitFile(stack.s, file, 0, 0, null, null, 0x40))
                .hasMessageContaining("WSAEINVAL");
        assertThatThrownBy(() -> transmitFile.transmitFile(
                stack.s, file, 0, 0, null, null, TransmitFlag.TF_REUSE_SOCKET)).hasMessageContaining("WSAEINVAL");
        HeapOverlapped negative = new HeapOverlapped();
        negative.offset(-1);
        negative.offsetHigh(-1);
        assertThatThrownBy(() -> transmitFile.transmitFile(stack.s, file, 0, 0, negative, null, 0))
                .hasMessageContaining("WSAEINVAL");
        assertThatThrownBy(() -> transmitFile.transmitFile(stack.s, null, 0, 0, null,
                new TransmitFileBuffers(null, US_ASCII.encode("tail")), TransmitFlag.TF_REUSE_SOCKET))
                .hasMessageContaining("WSAEINVAL");
        TransmitPackets transmitPackets = transmitPackets();
        assertThatThrownBy(() -> transmitPackets.transmitPackets(stack.s, null, 0, 0, null, 0))
                .hasMessageContaining("WSAEFAULT");
        assertThatThrownBy(() -> transmitPackets.transmitPackets(
                stack.s, new TransmitPacketsElement[1], 1, 0, null, 0)).hasMessageContaining("WSAEFAULT");
        assertThatThrownBy(() -> transmitPackets.transmitPackets(
                stack.s, new TransmitPacketsElement[1], 2, 0, null, 0)).hasMessageContaining("WSAEFAULT");
        assertThatThrownBy(() -> transmitPackets.transmitPackets(
                stack.s, new TransmitPacketsElement[1], -1, 0, null, 0)).hasMessageContaining("WSAEINVAL");
        assertThatThrownBy(() -> transmitPackets.transmitPackets(
                stack.s, new TransmitPacketsElement[0], 0, -2, null, 0)).hasMessageContaining("WSAEINVAL");
    }

    @Test
    void ofAFileThatIsShorterAllOfItIsSent() throws WinsockException {
        assertThat(transmitFile().transmitFile(stack.s, file, 11, 0, null, around(), 0)).isEqualTo(18);
        assertThat(pieces).containsExactly("head", "0123456789", "tail");
    }

    @Test
    void ofAFileThatBecomesShorterIsSentWhatIsLeft() throws WinsockException {
        stack.stack.base.answer("wspSend", (f, a) -> {
            String piece = US_ASCII.decode(((ByteBuffer) a[1]).duplicate()).toString();
            pieces.add(piece);
            shorten(pieces.size() == 2 ? 6 : 8);
            return (long) piece.length();
        });
        assertThat(transmitFile().transmitFile(stack.s, file, 0, 4, null, around(), 0)).isEqualTo(14);
        assertThat(pieces).containsExactly("head", "0123", "45", "tail");
    }

    private void shorten(int size) {
        try {
            file.truncate(size);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whereASizeOfMinusOneIsGivenTheElementsSayIt() throws WinsockException {
        assertThat(transmitPackets().transmitPackets(stack.s, elements(), 3, -1, null, 0)).isEqualTo(5);
        assertThat(pieces).containsExactly("ab", "45", "c");
        pieces.clear();
        use(start -> new Looking(connectionless(start)));
        assertThat(transmitPackets().transmitPackets(stack.s, elements(), 3, -1, null, 0)).isEqualTo(5);
        assertThat(pieces).containsExactly("ab45", "c");
    }

    private TransmitPacketsElement[] elements() {
        return new TransmitPacketsElement[] {
                new TransmitPacketsElement.Memory(US_ASCII.encode("ab"), false),
                new TransmitPacketsElement.File(file, 4, 2, true),
                new TransmitPacketsElement.Memory(US_ASCII.encode("c"), true),
                new TransmitPacketsElement.Memory(US_ASCII.encode("not counted"), true)
        };
    }

    @Test
    void elementsOfAStreamAreSentOneAfterTheOther() throws WinsockException {
        assertThat(transmitPackets().transmitPackets(stack.s, elements(), 3, 0, null, 0)).isEqualTo(5);
        assertThat(pieces).containsExactly("ab", "45", "c");
    }

    @Test
    void elementsOfADatagramSocketArePutTogetherToPackets() throws WinsockException {
        use(start -> new Looking(connectionless(start)));
        assertThat(transmitPackets().transmitPackets(stack.s, elements(), 3, 0, null, 0)).isEqualTo(5);
        assertThat(pieces).containsExactly("ab45", "c");
        TransmitFile transmitFile = transmitFile();
        assertThatThrownBy(() -> transmitFile.transmitFile(stack.s, file, 0, 0, null, null, 0))
                .hasMessageContaining("WSAEOPNOTSUPP");
    }

    @Test
    void aPacketLongerThanADatagramIsRefused() throws WinsockException {
        use(start -> new Looking(connectionless(start)));
        TransmitPacketsElement half = new TransmitPacketsElement.Memory(ByteBuffer.allocate(40_000), false);
        TransmitPackets transmitPackets = transmitPackets();
        assertThatThrownBy(() -> transmitPackets.transmitPackets(
                stack.s, new TransmitPacketsElement[] {half, half}, 2, 0, null, 0)).hasMessageContaining("WSAEMSGSIZE");
    }

    static LayerStart connectionless(LayerStart start) {
        return new LayerStart(
                start.info().toBuilder().serviceFlags1(ServiceFlag.XP1_CONNECTIONLESS).build(), start.ownEntry(),
                start.position(), start.lowerInfo(), start.lower(), start.upcalls(), start.services(), start.options());
    }
}

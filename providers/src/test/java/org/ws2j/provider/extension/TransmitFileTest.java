package org.ws2j.provider.extension;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitFileBuffers;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** TransmitFile: what it sends, and how it ends. */
@ParameterizedClass
@EnumSource(ExtensionTest.Base.class)
final class TransmitFileTest extends ExtensionTest {
    private static final int LARGE = 5 * 1024 * 1024 + 3;

    @TempDir
    Path folder;

    private FileChannel file(byte[] content) throws IOException {
        return FileChannel.open(Files.write(folder.resolve("file"), content), StandardOpenOption.READ);
    }

    private FileChannel file(String content) throws IOException {
        return file(content.getBytes(US_ASCII));
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private static TransmitFileBuffers around(String head, String tail) {
        return new TransmitFileBuffers(head == null ? null : bytes(head), tail == null ? null : bytes(tail));
    }

    private TransmitFile function(SocketHandle s) throws WinsockException {
        return function(s, ExtensionFunction.WSAID_TRANSMITFILE, TransmitFile.class);
    }

    @Test
    void headFileAndTailFollowEachOther() throws Exception {
        Connection c = connection();
        try (FileChannel file = file("0123456789")) {
            assertThat(function(c.server()).transmitFile(c.server(), file, 0, 0, null, around("<", ">"), 0))
                    .isEqualTo(12);
        }
        winsock.shutdown(c.server(), ShutdownHow.SD_SEND);
        assertThat(new String(receiveAll(c.client()), US_ASCII)).isEqualTo("<0123456789>");
    }

    @Test
    void aSynchronousOneBeginsWhereTheFileStandsAndDoesNotMoveIt() throws Exception {
        Connection c = connection();
        try (FileChannel file = file("0123456789")) {
            file.position(4);
            assertThat(function(c.server()).transmitFile(c.server(), file, 3, 2, null, null, 0)).isEqualTo(3);
            assertThat(file.position()).isEqualTo(4);
        }
        winsock.shutdown(c.server(), ShutdownHow.SD_SEND);
        assertThat(new String(receiveAll(c.client()), US_ASCII)).isEqualTo("456");
    }

    @Test
    void anOverlappedOneBeginsWhereItsBlockSays() throws Exception {
        Connection c = connection();
        HeapOverlapped block = block();
        block.offset(6);
        try (FileChannel file = file("0123456789")) {
            function(c.server()).transmitFile(c.server(), file, 100, 0, block, around(null, "!"), 0);
            assertThat(await(c.server(), block)).isEqualTo(5);
        }
        winsock.shutdown(c.server(), ShutdownHow.SD_SEND);
        assertThat(new String(receiveAll(c.client()), US_ASCII)).isEqualTo("6789!");
    }

    @Test
    void anOffsetBeyondFourGibibytesIsReadAsUnsigned() throws Exception {
        Connection c = connection();
        HeapOverlapped block = block();
        block.offset(-1);
        block.offsetHigh(1);
        try (FileChannel file = file("short")) {
            function(c.server()).transmitFile(c.server(), file, 0, 0, block, around("only", null), 0);
            assertThat(await(c.server(), block)).isEqualTo(4);
        }
    }

    @Test
    void aLargeFileGoesThroughWholeAndWithOneIndication() throws Exception {
        Connection c = connection();
        CompletionPort port = port(c.server(), "key");
        byte[] content = random(LARGE);
        HeapOverlapped block = block();
        try (FileChannel file = file(content)) {
            int disconnect = TransmitFlag.TF_DISCONNECT;
            assertThat(function(c.server()).transmitFile(c.server(), file, 0, 0, block, null, disconnect))
                    .isEqualTo(WspResult.IO_PENDING);
            assertThat(receiveAll(c.client())).isEqualTo(content);
            assertThat(await(c.server(), block)).isEqualTo(LARGE);
        }
        assertThat(packet(port).bytesTransferred()).isEqualTo(LARGE);
        assertNoPacket(port);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aSynchronousOneWaitsOnANonBlockingSocketToo() throws Exception {
        Connection c = connection();
        winsock.ioctlsocket(c.server(), IoctlCode.FIONBIO, true);
        byte[] content = random(LARGE);
        Thread sender = Thread.ofVirtual().start(() -> {
            try (FileChannel file = file(content)) {
                function(c.server()).transmitFile(c.server(), file, 0, 0, null, null, TransmitFlag.TF_DISCONNECT);
            } catch (IOException e) {
                reported.add(e);
            }
        });
        assertThat(receiveAll(c.client())).isEqualTo(content);
        sender.join();
    }

    @Test
    void twoAtOnceDoNotMixTheirData() throws Exception {
        Connection c = connection();
        byte[] content = random(LARGE / 2);
        HeapOverlapped one = block();
        HeapOverlapped two = block();
        try (FileChannel file = file(content)) {
            TransmitFile function = function(c.server());
            function.transmitFile(c.server(), file, 0, 0, one, around("1", "1"), 0);
            function.transmitFile(c.server(), file, 0, 0, two, around("2", "2"), TransmitFlag.TF_DISCONNECT);
            byte[] received = receiveAll(c.client());
            int length = content.length + 2;
            assertThat(received).hasSize(2 * length);
            assertThat(received[0]).isEqualTo((byte) '1');
            assertThat(received[length - 1]).isEqualTo((byte) '1');
            assertThat(received[length]).isEqualTo((byte) '2');
            assertThat(Arrays.copyOfRange(received, length + 1, 2 * length - 1)).isEqualTo(content);
            assertThat(await(c.server(), two)).isEqualTo(length);
        }
        assertThat(one.internalHigh()).isEqualTo(content.length + 2);
    }

    @Test
    void aReusedSocketCanConnectAgain() throws Exception {
        SocketHandle listener = listener();
        SocketHandle other = listener();
        SocketHandle s = boundStream();
        winsock.connect(s, nameOf(listener));
        HeapOverlapped block = block();
        int reuse = TransmitFlag.TF_DISCONNECT | TransmitFlag.TF_REUSE_SOCKET;
        function(s).transmitFile(s, null, 0, 0, block, around("bye", null), reuse);
        assertThat(await(s, block)).isEqualTo(3);
        assertThat(receiveAll(winsock.accept(listener, null))).containsExactly("bye".getBytes(US_ASCII));
        HeapOverlapped again = block();
        connectEx(s).connectEx(s, nameOf(other), bytes("again"), again);
        assertThat(await(s, again)).isEqualTo(5);
    }

    @Test
    void closingTheSocketAbortsIt() throws Exception {
        Connection c = connection();
        HeapOverlapped block = block();
        HeapOverlapped behind = block();
        try (FileChannel file = file(random(LARGE))) {
            TransmitFile function = function(c.server());
            assertThat(function.transmitFile(c.server(), file, 0, 0, block, null, 0)).isEqualTo(WspResult.IO_PENDING);
            assertThat(function.transmitFile(c.server(), file, 0, 0, behind, null, 0)).isEqualTo(WspResult.IO_PENDING);
            winsock.closesocket(c.server());
            assertThat(winsock.waits().waitForSingleEvent(block.hEvent(), 30_000, false)).isZero();
            assertThat(winsock.waits().waitForSingleEvent(behind.hEvent(), 30_000, false)).isZero();
        }
        assertThat(block.offsetHigh()).isEqualTo(ABORTED);
        assertThat(behind.offsetHigh()).isNotZero();
    }

    @Test
    void closingTheSocketBetweenTwoPiecesAbortsIt() throws Exception {
        Connection c = connection();
        HeapOverlapped block = block();
        try (FileChannel file = new WatchedFile(file(random(LARGE)), position -> {
            if (position > 0 && winsock.openHandles().sockets() == 3) {
                winsock.closesocket(c.server());
            }
        })) {
            function(c.server()).transmitFile(c.server(), file, 0, 0, block, null, 0);
            assertThat(winsock.waits().waitForSingleEvent(block.hEvent(), 30_000, false)).isZero();
        }
        assertThat(block.offsetHigh()).isEqualTo(ABORTED);
    }

    @Test
    void theLastCleanUpEndsItWithoutAnIndication() throws Exception {
        Connection c = connection();
        HeapOverlapped block = block();
        try (FileChannel file = file(random(LARGE))) {
            function(c.server()).transmitFile(c.server(), file, 0, 0, block, null, 0);
            winsock.wsaCleanup();
        }
        assertThat(block.internal()).isEqualTo(ABORTED);
        assertThat(winsock.waits().waitForSingleEvent(block.hEvent(), 0, false)).isEqualTo(258);
    }

    @Test
    void onASocketThatIsNotOverlappedItWaits() throws Exception {
        SocketHandle listener = listener();
        var info = winsock.wsaEnumProtocols().stream()
                .filter(p -> p.socketType() == SocketType.SOCK_STREAM && p.addressFamily() == 2).findFirst();
        SocketHandle s = winsock.wsaSocket(2, SocketType.SOCK_STREAM, 6, info.orElseThrow(), 0, 0);
        winsock.connect(s, nameOf(listener));
        HeapOverlapped block = block();
        assertThat(function(s).transmitFile(s, null, 0, 0, block, around("sync", null), 0)).isEqualTo(4);
        assertThat(winsock.waits().waitForSingleEvent(block.hEvent(), 0, false)).isEqualTo(258);
    }

    @Test
    void badParametersFailTheCall() throws Exception {
        Connection c = connection();
        SocketHandle s = c.server();
        TransmitFile function = function(s);
        try (FileChannel file = file("x")) {
            for (WsaOverlapped block : new WsaOverlapped[] {null, block()}) {
                assertTold(WsaError.WSAEINVAL, () -> function.transmitFile(s, file, -1, 0, block, null, 0));
                assertTold(WsaError.WSAEINVAL, () -> function.transmitFile(s, file, 1L << 31, 0, block, null, 0));
                assertTold(WsaError.WSAEINVAL, () -> function.transmitFile(s, file, 0, -1, block, null, 0));
                assertTold(WsaError.WSAEINVAL, () -> function.transmitFile(s, file, 0, 0, block, null, 0x40));
                assertTold(WsaError.WSAEINVAL, () -> function.transmitFile(s, file, 0, 0, block, null,
                        TransmitFlag.TF_REUSE_SOCKET));
                SocketHandle unconnected = stream();
                assertTold(WsaError.WSAENOTCONN, () -> function.transmitFile(unconnected, file, 0, 0, block, null, 0));
                assertTold(WsaError.WSAENOTCONN, () -> function.transmitFile(unconnected, null, 0, 0, block, null, 0));
                SocketHandle datagram = datagram();
                assertTold(WsaError.WSAEOPNOTSUPP, () -> function.transmitFile(datagram, file, 0, 0, block, null, 0));
            }
            winsock.shutdown(s, ShutdownHow.SD_SEND);
            assertTold(WsaError.WSAESHUTDOWN, () -> function.transmitFile(s, file, 0, 0, null, null, 0));
            assertTold(WsaError.WSAESHUTDOWN, () -> function.transmitFile(s, file, 0, 0, block(), null, 0));
            winsock.closesocket(s);
            assertTold(WsaError.WSAENOTSOCK, () -> function.transmitFile(s, file, 0, 0, null, null, 0));
        }
    }

    @Test
    void aFileThatCannotBeReadFailsTheCall() throws Exception {
        Connection c = connection();
        FileChannel closed = file("x");
        closed.close();
        TransmitFile function = function(c.server());
        assertTold(WsaError.WSAEFAULT, () -> function.transmitFile(c.server(), closed, 0, 0, null, null, 0));
        try (FileChannel writeOnly = FileChannel.open(folder.resolve("file"), StandardOpenOption.WRITE)) {
            assertTold(WsaError.WSAEFAULT, () -> function.transmitFile(c.server(), writeOnly, 0, 0, block(), null, 0));
        }
    }

    @Test
    void hintsAreTakenAndChangeNothing() throws Exception {
        Connection c = connection();
        int hints = TransmitFlag.TF_WRITE_BEHIND | TransmitFlag.TF_USE_SYSTEM_THREAD | TransmitFlag.TF_USE_KERNEL_APC;
        ByteBuffer head = bytes("head");
        assertThat(function(c.server()).transmitFile(c.server(), null, 0, 0, null, new TransmitFileBuffers(head, null),
                hints)).isEqualTo(4);
        assertThat(head.remaining()).isEqualTo(4);
        assertThat(receive(c.client(), 8)).isEqualTo("head");
    }
}

package org.ws2j.provider.extension;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/** TransmitPackets, on streams and as datagrams. */
@ParameterizedClass
@EnumSource(ExtensionTest.Base.class)
final class TransmitPacketsTest extends ExtensionTest {
    @TempDir
    Path folder;

    private Path content;

    @BeforeEach
    void writeFile() throws Exception {
        content = Files.write(folder.resolve("file"), "0123456789".getBytes(US_ASCII));
    }

    private static TransmitPacketsElement memory(String text, boolean endsPacket) {
        return new TransmitPacketsElement.Memory(bytes(text), endsPacket);
    }

    private long send(SocketHandle s, int size, WsaOverlapped block, int flags, TransmitPacketsElement... elements)
            throws WinsockException {
        TransmitPackets function = function(s, ExtensionFunction.WSAID_TRANSMITPACKETS, TransmitPackets.class);
        return function.transmitPackets(s, elements, elements.length, size, block, flags);
    }

    /** A datagram socket with a default peer. */
    private SocketHandle connected(SocketHandle peer) throws WinsockException {
        SocketHandle s = datagram();
        winsock.connect(s, nameOf(peer));
        return s;
    }

    @Test
    void piecesOfMemoryAndOfFilesFollowEachOtherOnAStream() throws Exception {
        for (boolean overlapped : new boolean[] {false, true}) {
            Connection c = connection();
            try (FileChannel file = FileChannel.open(content, StandardOpenOption.READ)) {
                file.position(8);
                HeapOverlapped block = overlapped ? block() : null;
                long n = send(c.server(), 0, block, TransmitFlag.TF_DISCONNECT,
                        memory("<", false),
                        new TransmitPacketsElement.File(file, 2, 3, true),
                        new TransmitPacketsElement.File(file, -1, 0, false),
                        memory("", false),
                        memory(">", true));
                assertThat(overlapped ? await(c.server(), block) : n).isEqualTo(7);
            }
            assertThat(new String(receiveAll(c.client()), US_ASCII)).isEqualTo("<23489>");
        }
    }

    @Test
    void theEndOfAPacketEndsADatagram() throws Exception {
        for (boolean overlapped : new boolean[] {false, true}) {
            SocketHandle peer = datagram();
            SocketHandle s = connected(peer);
            try (FileChannel file = FileChannel.open(content, StandardOpenOption.READ)) {
                HeapOverlapped block = overlapped ? block() : null;
                long n = send(s, -1, block, 0,
                        memory("one ", false),
                        new TransmitPacketsElement.File(file, 5, 2, true),
                        memory("two", true),
                        memory("three", false));
                assertThat(overlapped ? await(s, block) : n).isEqualTo(14);
            }
            assertThat(receive(peer, 32)).isEqualTo("one 56");
            assertThat(receive(peer, 32)).isEqualTo("two");
            assertThat(receive(peer, 32)).isEqualTo("three");
        }
    }

    @Test
    void aSizeOfSendsEndsDatagramsToo() throws WinsockException {
        SocketHandle peer = datagram();
        assertThat(send(connected(peer), 4, null, 0, memory("123456", false), memory("78", false), memory("9", false)))
                .isEqualTo(9);
        assertThat(receive(peer, 32)).isEqualTo("1234");
        assertThat(receive(peer, 32)).isEqualTo("5678");
        assertThat(receive(peer, 32)).isEqualTo("9");
    }

    @Test
    void disconnectingHasNoEffectOnDatagrams() throws WinsockException {
        SocketHandle peer = datagram();
        SocketHandle s = connected(peer);
        send(s, 0, null, TransmitFlag.TF_DISCONNECT, memory("a", false));
        send(s, 0, null, 0, memory("b", false));
        assertThat(receive(peer, 8)).isEqualTo("a");
        assertThat(receive(peer, 8)).isEqualTo("b");
    }

    @Test
    void aPacketLongerThanADatagramIsTooLong() throws WinsockException {
        SocketHandle s = connected(datagram());
        for (int length : new int[] {65_536, 70_000}) {
            TransmitPacketsElement element = new TransmitPacketsElement.Memory(ByteBuffer.allocate(length), true);
            assertTold(WsaError.WSAEMSGSIZE, () -> send(s, 0, null, 0, element));
            assertTold(WsaError.WSAEMSGSIZE, () -> send(s, 0, block(), 0, element));
        }
    }

    @Test
    void badParametersFailTheCall() throws WinsockException {
        Connection c = connection();
        SocketHandle s = c.server();
        TransmitPackets function = function(s, ExtensionFunction.WSAID_TRANSMITPACKETS, TransmitPackets.class);
        TransmitPacketsElement[] one = {memory("x", false)};
        assertTold(WsaError.WSAEFAULT, () -> function.transmitPackets(s, null, 1, 0, null, 0));
        assertTold(WsaError.WSAEFAULT, () -> function.transmitPackets(s, one, 2, 0, null, 0));
        assertTold(WsaError.WSAEFAULT,
                () -> function.transmitPackets(s, new TransmitPacketsElement[1], 1, 0, null, 0));
        assertTold(WsaError.WSAEFAULT, () -> send(s, 0, null, 0, new TransmitPacketsElement.Memory(null, false)));
        assertTold(WsaError.WSAEFAULT, () -> send(s, 0, null, 0, new TransmitPacketsElement.File(null, 0, 0, false)));
        assertTold(WsaError.WSAEINVAL, () -> function.transmitPackets(s, one, -1, 0, null, 0));
        assertTold(WsaError.WSAEINVAL, () -> function.transmitPackets(s, one, 1, -2, null, 0));
        assertTold(WsaError.WSAEINVAL, () -> function.transmitPackets(s, one, 1, 0, null, 0x80));
        assertTold(WsaError.WSAENOTCONN, () -> send(stream(), 0, null, 0, one));
        assertTold(WsaError.WSAENOTCONN, () -> send(datagram(), 0, block(), 0, one));
        winsock.closesocket(s);
        assertTold(WsaError.WSAENOTSOCK, () -> function.transmitPackets(s, one, 1, 0, null, 0));
    }

    @Test
    void aBadOffsetOrLengthOfAFileIsRefused() throws Exception {
        Connection c = connection();
        try (FileChannel file = FileChannel.open(content, StandardOpenOption.READ)) {
            assertTold(WsaError.WSAEINVAL,
                    () -> send(c.server(), 0, null, 0, new TransmitPacketsElement.File(file, -2, 0, false)));
            assertTold(WsaError.WSAEINVAL,
                    () -> send(c.server(), 0, null, 0, new TransmitPacketsElement.File(file, 0, -1, false)));
        }
    }
}

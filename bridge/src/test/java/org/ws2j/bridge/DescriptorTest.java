package org.ws2j.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** A base provider in C whose sockets are file descriptors. */
@Timeout(60)
final class DescriptorTest {
    private InstalledLibrary installed;
    private Winsock ws;

    @BeforeEach
    void start() throws Exception {
        installed = new InstalledLibrary(NativeBuild.descriptors());
        ws = installed.winsock();
    }

    @AfterEach
    void end() {
        if (installed != null) {
            installed.close();
            assertThat(installed.reports()).isEmpty();
        }
    }

    private SocketHandle socket() throws WinsockException {
        return ws.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer filled) {
        return UTF_8.decode(filled.flip()).toString();
    }

    private static int number(SocketHandle s) {
        return Integer.decode(s.toString().replace("SOCKET ", ""));
    }

    @Test
    void aSocketIsItsFileDescriptor() throws WinsockException {
        assertThat(number(socket())).isPositive().isLessThan(HandleNumbers.FIRST_GIVEN);
    }

    @Test
    void theNumberOfAClosedDescriptorIsOfItsSuccessorAlone() throws WinsockException {
        SocketHandle old = socket();
        ws.closesocket(socket());
        ws.closesocket(old);
        SocketHandle next = socket();

        assertThat(number(next)).isEqualTo(number(old));
        assertThat(next).isNotSameAs(old);
        assertThatExceptionOfType(WinsockException.class)
                .isThrownBy(() -> ws.closesocket(old))
                .matches(e -> e.is(WsaError.WSAENOTSOCK));
    }

    @Test
    void theFileFunctionsReadAndWriteTheDescriptor() throws WinsockException {
        SocketHandle one = socket();
        SocketHandle other = socket();
        ByteBuffer room = ByteBuffer.allocate(16);

        assertThat(ws.files().writeFile(one, bytes("file"))).isEqualTo(4);
        assertThat(ws.files().readFile(other, room)).isEqualTo(4);
        assertThat(text(room)).isEqualTo("file");
    }

    @Test
    void theSystemCompletesWhatIsOverlapped() throws WinsockException {
        SocketHandle one = socket();
        SocketHandle other = socket();
        HeapOverlapped block = new HeapOverlapped(ws.wsaCreateEvent());
        ByteBuffer room = ByteBuffer.allocate(16);
        ws.files().writeFile(one, bytes("now"));

        assertThat(ws.wsaRecv(other, room, null, block, null)).isEqualTo(3);
        assertThat(ws.waits().waitForSingleEvent(block.hEvent(), 0, false)).isZero();
        assertThat(ws.wsaGetOverlappedResult(other, block, false, null)).isEqualTo(3);
    }
}

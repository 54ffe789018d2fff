package org.ws2j.provider.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/** SIO_GET_EXTENSION_FUNCTION_POINTER. */
@ParameterizedClass
@EnumSource(ExtensionTest.Base.class)
final class ExtensionPointerTest extends ExtensionTest {
    private long ask(SocketHandle s, Object in, IoctlResult out, WsaOverlapped block) throws WinsockException {
        return winsock.wsaIoctl(s, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, in, out, block, null);
    }

    @Test
    void anOverlappedOneAnswersAtOnceAndQueuesAPacketOfNoBytes() throws WinsockException {
        SocketHandle s = stream();
        CompletionPort port = port(s, "key");
        HeapOverlapped block = new HeapOverlapped();
        IoctlResult out = new IoctlResult();
        assertThat(ask(s, ExtensionFunction.WSAID_ACCEPTEX, out, block)).isZero();
        assertThat(out.value()).isInstanceOf(AcceptEx.class);
        CompletionPacket packet = packet(port);
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isZero();
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aRoutineIsQueuedToo() throws WinsockException {
        SocketHandle s = stream();
        int[] runs = new int[1];
        winsock.wsaIoctl(s, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, ExtensionFunction.WSAID_CONNECTEX,
                new IoctlResult(), new HeapOverlapped(), (error, n, block, flags) -> runs[0]++);
        winsock.waits().sleepEx(0, true);
        assertThat(runs[0]).isEqualTo(1);
    }

    @Test
    void anUnknownFunctionLeavesTheBlockAndThePortAlone() throws WinsockException {
        SocketHandle s = stream();
        CompletionPort port = port(s, "key");
        HeapOverlapped block = new HeapOverlapped();
        block.internal(4_711);
        UUID unknown = new UUID(1, 2);
        assertFails(WsaError.WSAEINVAL, () -> ask(s, unknown, new IoctlResult(), block));
        assertFails(WsaError.WSAEINVAL, () -> ask(s, unknown, new IoctlResult(), null));
        assertThat(block.internal()).isEqualTo(4_711);
        assertNoPacket(port);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aWrongInputOrNoOutputIsAFault() throws WinsockException {
        SocketHandle s = stream();
        assertFails(WsaError.WSAEFAULT, () -> ask(s, null, new IoctlResult(), null));
        assertFails(WsaError.WSAEFAULT, () -> ask(s, "AcceptEx", new IoctlResult(), null));
        assertFails(WsaError.WSAEFAULT, () -> ask(s, ExtensionFunction.WSAID_ACCEPTEX, null, null));
    }
}

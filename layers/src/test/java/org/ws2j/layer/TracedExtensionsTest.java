package org.ws2j.layer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.layer.trace.TraceModule;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/** What the trace layer records of extension functions and of peeking, over a base that cannot be asked for addresses. */
@Timeout(30)
final class TracedExtensionsTest {
    private static final InetSocketAddress LOCAL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0x4142);
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0x4344);

    @TempDir
    private Path folder;

    private Path file;
    private ExtensionStack stack;
    private WsaOverlapped block;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("trace.pcapng");
        stack = new ExtensionStack(new Stack(new TraceModule(), Map.of("file", file.toString())));
        stack.functions.put(ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS,
                (GetAcceptExSockaddrs) (out, data, local, remote, localHolder, remoteHolder) -> {
                    localHolder.address(LOCAL);
                    remoteHolder.address(PEER);
                });
        stack.functions.put(ExtensionFunction.WSAID_ACCEPTEX, (AcceptEx) (l, a, out, data, local, remote, o) -> {
            block = o;
            return WspResult.IO_PENDING;
        });
        stack.functions.put(ExtensionFunction.WSAID_CONNECTEX, (ConnectEx) (s, name, data, o) -> {
            block = o;
            return WspResult.IO_PENDING;
        });
        stack.functions.put(ExtensionFunction.WSAID_DISCONNECTEX, (DisconnectEx) (s, o, flags) -> 0);
    }

    /** The file, once the layer is stopped: one character for each byte. */
    private String recorded() throws IOException {
        stack.stack.layer.wspCleanup();
        assertThat(stack.stack.host.reports).isEmpty();
        return Files.readString(file, ISO_8859_1);
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    @Test
    void anAcceptedConnectionAndItsFirstDataAreRecordedWithTheAddressesOfTheBuffer() throws IOException {
        AcceptEx acceptEx = (AcceptEx) stack.ask(ExtensionFunction.WSAID_ACCEPTEX);
        ByteBuffer out = ByteBuffer.allocate(100);
        acceptEx.acceptEx(stack.s, stack.stack.socket(), out, 20, 32, 32, new HeapOverlapped());
        out.put(0, "first data".getBytes(US_ASCII));
        stack.complete(block, 0, 10);
        String recorded = recorded();
        assertThat(count(recorded, "first data")).isEqualTo(1);
        assertThat(recorded).contains("CDAB").contains("ABCD");
    }

    @Test
    void twoConnectionsOfOneSocketAreTwoConversations() throws IOException {
        stack.stack.base.answer("wspGetSockName", (f, a) -> LOCAL);
        ConnectEx connectEx = (ConnectEx) stack.ask(ExtensionFunction.WSAID_CONNECTEX);
        DisconnectEx disconnectEx = (DisconnectEx) stack.ask(ExtensionFunction.WSAID_DISCONNECTEX);
        connectEx.connectEx(stack.s, PEER, US_ASCII.encode("hello"), new HeapOverlapped());
        stack.complete(block, 0, 5);
        disconnectEx.disconnectEx(stack.s, null, TransmitFlag.TF_REUSE_SOCKET);
        connectEx.connectEx(
                stack.s, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0x4546), US_ASCII.encode("again"),
                new HeapOverlapped());
        stack.complete(block, 0, 5);
        String recorded = recorded();
        assertThat(count(recorded, "hello")).isEqualTo(1);
        assertThat(count(recorded, "again")).isEqualTo(1);
        assertThat(recorded.indexOf("ABEF")).isGreaterThan(recorded.lastIndexOf("CDAB"));
    }

    @Test
    void whatIsPeekedAtIsRecordedOnceWhenItIsReceived() throws IOException {
        stack.stack.base.answer("wspGetSockName", (f, a) -> LOCAL);
        stack.stack.base.answer("wspGetPeerName", (f, a) -> PEER);
        stack.stack.base.answer("wspRecv", (f, a) -> {
            ((ByteBuffer) a[1]).put(0, "looked at".getBytes(US_ASCII));
            return 9L;
        });
        ByteBuffer buffer = ByteBuffer.allocate(9);
        for (int flags : new int[] {MessageFlag.MSG_PEEK, MessageFlag.MSG_PEEK, 0}) {
            stack.stack.layer.wspRecv(stack.s, buffer, new ReceiveResult(flags), null, null, null);
        }
        assertThat(count(recorded(), "looked at")).isEqualTo(1);
    }
}

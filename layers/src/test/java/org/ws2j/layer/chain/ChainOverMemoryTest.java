package org.ws2j.layer.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.layer.passthrough.PassThroughModule;
import org.ws2j.provider.memory.MemoryModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspResult;

/** Pass-through layers over a base provider whose handles are the host's own. */
@Timeout(30)
@ParameterizedClass
@ValueSource(ints = {1, 3})
final class ChainOverMemoryTest {
    @Parameter
    private int depth;

    private final List<Throwable> reports = Collections.synchronizedList(new ArrayList<>());
    private Winsock winsock;
    private SocketHandle client;
    private SocketHandle server;

    @BeforeEach
    void start() throws WinsockException {
        MemoryModule memory = new MemoryModule();
        PassThroughModule layer = new PassThroughModule();
        ProtocolCatalog catalog = ProtocolCatalog.inMemory(List.of(memory, layer));
        List<WsaProtocolInfo> bases = memory.protocols();
        List<WsaProtocolInfo> top =
                catalog.wscInstallProvider(bases.getFirst().providerId(), "builtin:memory", bases, Map.of());
        for (int i = 0; i < depth; i++) {
            catalog.wscInstallProviderAndChains(
                    UUID.randomUUID(), "builtin:passthrough", "layer " + i, 0, top, Map.of());
            top = catalog.wscEnumProtocols().stream().filter(e -> e.protocolChain().isChain()).limit(4).toList();
        }
        winsock = Winsock.builder().module(memory).module(layer).catalog(catalog)
                .reporter((what, e) -> reports.add(new AssertionError(what, e))).build();
        winsock.wsaStartup(WinsockVersion.V2_2);
        SocketHandle listener = stream();
        winsock.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        winsock.listen(listener, 1);
        client = stream();
        winsock.connect(client, winsock.getsockname(listener));
        server = winsock.accept(listener, null);
        winsock.closesocket(listener);
    }

    @AfterEach
    void nothingIsLeft() throws WinsockException {
        winsock.closesocket(client);
        winsock.closesocket(server);
        while (winsock.openHandles().sockets() != 0) {
            Thread.onSpinWait();
        }
        winsock.close();
        assertThat(reports).isEmpty();
    }

    private SocketHandle stream() throws WinsockException {
        return winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, 0);
    }

    private static ByteBuffer bytes(String text) {
        return US_ASCII.encode(text);
    }

    @Test
    void bytesAndReadinessGoThrough() throws WinsockException {
        assertThat(winsock.openHandles().sockets()).isEqualTo(2 * (depth + 1));
        winsock.send(client, bytes("hello"), 0);
        assertThat(winsock.select(FdSet.of(client, server), null, null, new Timeval(20, 0))).isEqualTo(1);
        assertThat(winsock.recv(server, ByteBuffer.allocate(9), 0)).isEqualTo(5);
    }

    @Test
    void aDuplicateIsTheSameSocketUnderAnotherHandle() throws WinsockException {
        WsaProtocolInfo info = winsock.wsaDuplicateSocket(client, winsock.processId());
        Object entry = winsock.getsockopt(client, SocketOption.SOL_SOCKET, SocketOption.SO_PROTOCOL_INFOW);
        assertThat(info).isEqualTo(
                ((WsaProtocolInfo) entry).toBuilder().providerReserved(info.providerReserved()).build());
        SocketHandle duplicate = winsock.wsaSocket(-1, -1, -1, info, 0, SocketFlag.WSA_FLAG_OVERLAPPED);
        assertThatThrownBy(() -> winsock.wsaSocket(-1, -1, -1, info, 0, SocketFlag.WSA_FLAG_OVERLAPPED))
                .hasMessageContaining("WSAEINVAL");
        winsock.send(client, bytes("one "), 0);
        winsock.closesocket(client);
        winsock.send(duplicate, bytes("two"), 0);
        ByteBuffer buffer = ByteBuffer.allocate(9);
        winsock.recv(server, buffer, 0);
        assertThat(US_ASCII.decode(buffer.flip()).toString()).isEqualTo("one two");
        assertThat(winsock.getpeername(duplicate)).isEqualTo(winsock.getsockname(server));
        client = duplicate;
    }

    @Test
    void peekingTakesNothingAndWaitingForAllFillsTheBuffer() throws WinsockException {
        winsock.send(client, bytes("abc"), 0);
        ByteBuffer peeked = ByteBuffer.allocate(2);
        assertThat(winsock.recv(server, peeked, MessageFlag.MSG_PEEK)).isEqualTo(2);
        winsock.send(client, bytes("def"), 0);
        ByteBuffer all = ByteBuffer.allocate(6);
        assertThat(winsock.recv(server, all, MessageFlag.MSG_WAITALL)).isEqualTo(6);
        assertThat(US_ASCII.decode(all.flip()).toString()).isEqualTo("abcdef");
    }

    @Test
    void disconnectingSaysTheEndInBothDirections() throws WinsockException {
        winsock.wsaSendDisconnect(client, null);
        assertThat(winsock.recv(server, ByteBuffer.allocate(1), 0)).isZero();
        winsock.wsaRecvDisconnect(server, null);
        assertThatThrownBy(() -> winsock.send(client, bytes("x"), 0)).hasMessageContaining("WSAESHUTDOWN");
    }

    @Test
    void packetsAndEventsGoThrough() throws WinsockException {
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        winsock.ports().associate(server, port, "key");
        HeapOverlapped block = new HeapOverlapped();
        assertThat(winsock.wsaRecv(server, ByteBuffer.allocate(4), null, block, null)).isEqualTo(WspResult.IO_PENDING);
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(client, event, NetworkEvent.FD_READ);
        winsock.send(client, bytes("data"), 0);
        CompletionPacket packet = new CompletionPacket();
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 20_000)).isTrue();
        assertThat(packet.overlapped()).isSameAs(block);
        winsock.send(server, bytes("back"), 0);
        WsaNetworkEvents events = new WsaNetworkEvents();
        assertThat(winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, false, 20_000, false)).isZero();
        winsock.wsaEnumNetworkEvents(client, event, events);
        assertThat(events.has(NetworkEvent.FD_READ)).isTrue();
        winsock.wsaCloseEvent(event);
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void aMessageFromASocketThatWasNotMadeForBlocksIsSentAndItsBlockLeftAlone() throws WinsockException {
        SocketHandle from =
                winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP, null, 0, 0);
        SocketHandle to = winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
        winsock.bind(to, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        HeapOverlapped block = new HeapOverlapped();
        WsaMsg message = new WsaMsg(bytes("hello"));
        message.name(winsock.getsockname(to));
        assertThat(winsock.wsaSendMsg(from, message, 0, block, null)).isEqualTo(5);
        assertThat(block.internal()).isZero();
        assertThat(winsock.recv(to, ByteBuffer.allocate(9), 0)).isEqualTo(5);
        winsock.closesocket(from);
        winsock.closesocket(to);
    }

    @Test
    void extensionFunctionsOfASocketThatWasNotMadeForBlocksAreSynchronous() throws WinsockException {
        SocketHandle listener = stream();
        winsock.bind(listener, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        winsock.listen(listener, 1);
        SocketHandle s =
                winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP, null, 0, 0);
        winsock.connect(s, winsock.getsockname(listener));
        HeapOverlapped block = new HeapOverlapped();
        TransmitPacketsElement[] elements = {new TransmitPacketsElement.Memory(bytes("abc"), true)};
        assertThat(winsock.extensionFunction(s, ExtensionFunction.WSAID_TRANSMITPACKETS, TransmitPackets.class)
                .transmitPackets(s, elements, 1, 0, block, 0)).isEqualTo(3);
        assertThat(winsock.extensionFunction(s, ExtensionFunction.WSAID_DISCONNECTEX, DisconnectEx.class)
                .disconnectEx(s, block, 0)).isZero();
        SocketHandle accepted = winsock.accept(listener, null);
        assertThat(winsock.recv(accepted, ByteBuffer.allocate(9), 0)).isEqualTo(3);
        assertThat(winsock.recv(accepted, ByteBuffer.allocate(9), 0)).isZero();
        for (SocketHandle each : new SocketHandle[] {listener, s, accepted}) {
            winsock.closesocket(each);
        }
    }

    @Test
    void closingAbortsARoutinesReceiveOnce() throws WinsockException {
        SocketHandle s = server;
        List<Integer> errors = new ArrayList<>();
        winsock.wsaRecv(s, ByteBuffer.allocate(4), null, new HeapOverlapped(),
                (error, n, block, flags) -> errors.add(error));
        winsock.closesocket(s);
        winsock.waits().sleepEx(20_000, true);
        assertThat(errors).containsExactly(WsaError.WSA_OPERATION_ABORTED.code());
        server = stream();
    }
}

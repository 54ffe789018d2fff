package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.starts;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.conformance.Network.text;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitFileBuffers;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaRecvMsg;

/** The extension functions: AcceptEx, ConnectEx, DisconnectEx, TransmitFile, TransmitPackets, WSARecvMsg, WSASendMsg. */
final class ExtensionsSuite extends Suite {
    private static final int ROOM = 16 + AcceptEx.ADDRESS_OVERHEAD;
    private static final int DATA = 32;

    private final ByteBuffer buffer = ByteBuffer.allocate(DATA + 2 * ROOM);

    @BeforeEach
    void thereAreExtensionFunctions() {
        skipIf(Flag.NO_EXTENSION_FUNCTIONS);
    }

    private HeapOverlapped block() throws WinsockException {
        return new HeapOverlapped(signals.event());
    }

    private long finished(SocketHandle s, HeapOverlapped block) throws WinsockException {
        signals.await(block.hEvent());
        return ws.wsaGetOverlappedResult(s, block, false, null);
    }

    // ---- AcceptEx --------------------------------------------------------------------------------------------------

    private long accept(SocketHandle listener, SocketHandle target, int data, WsaOverlapped block)
            throws WinsockException {
        return ws.extensionFunction(listener, ExtensionFunction.WSAID_ACCEPTEX, AcceptEx.class)
                .acceptEx(listener, target, buffer, data, ROOM, ROOM, block);
    }

    @Proves("acceptex.accepts")
    void anAcceptThatWaitsTakesTheNextConnection() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle target = net.stream();
        HeapOverlapped block = block();
        pends(accept(listener, target, 0, block));
        SocketHandle client = net.stream();
        ws.connect(client, net.name(listener));
        assertThat(finished(listener, block)).isZero();
        net.send(client, "x");

        assertThat(net.receive(target, 1)).isEqualTo("x");
    }

    @Proves({"acceptex.accepts", "overlapped.at-once"})
    void aConnectionThatWaitsIsTakenWithAnIndicationToo() throws WinsockException {
        SocketHandle listener = net.listener();
        ws.connect(net.stream(), net.name(listener));
        HeapOverlapped block = block();
        starts(accept(listener, net.stream(), 0, block));

        assertThat(finished(listener, block)).isZero();
    }

    @Proves({"acceptex.data", "acceptex.addresses"})
    void theFirstDataAndBothAddressesComeWithTheConnection() throws WinsockException {
        SocketHandle listener = net.listener();
        HeapOverlapped block = block();
        pends(accept(listener, net.stream(), DATA, block));
        SocketHandle client = net.stream();
        ws.connect(client, net.name(listener));
        net.send(client, "first");
        assertThat(finished(listener, block)).isEqualTo(5);
        assertThat(text(buffer.duplicate().position(5))).isEqualTo("first");
        AddressHolder local = new AddressHolder();
        AddressHolder remote = new AddressHolder();
        ws.extensionFunction(listener, ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS, GetAcceptExSockaddrs.class)
                .getAcceptExSockaddrs(buffer, DATA, ROOM, ROOM, local, remote);

        assertThat(local.address()).isEqualTo(net.name(listener));
        assertThat(remote.address()).isEqualTo(net.name(client));
    }

    @Proves({"acceptex.update", "so.update-context", "trap-54"})
    void theContextGivesAnAcceptedSocketItsNames() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle target = net.stream();
        HeapOverlapped block = block();
        pends(accept(listener, target, 0, block));
        SocketHandle client = net.stream();
        ws.connect(client, net.name(listener));
        finished(listener, block);
        ws.setsockopt(target, SocketOption.SOL_SOCKET, SocketOption.SO_UPDATE_ACCEPT_CONTEXT, listener);

        assertThat(ws.getsockname(target)).isEqualTo(net.name(listener));
        assertThat(ws.getpeername(target)).isEqualTo(net.name(client));
    }

    @Proves("acceptex.inval")
    void badCallsOfAcceptExAreRefused() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle bound = net.boundStream();
        SocketHandle target = net.stream();
        fails(WsaError.WSA_INVALID_PARAMETER, () -> accept(listener, target, 0, null));
        fails(WsaError.WSAEINVAL, () -> accept(bound, target, 0, new HeapOverlapped()));
        fails(WsaError.WSAEINVAL, () -> accept(listener, bound, 0, new HeapOverlapped()));
    }

    @Proves("acceptex.close")
    void closingTheListenerAbortsAnAcceptThatWaits() throws WinsockException {
        SocketHandle listener = net.listener();
        HeapOverlapped block = block();
        pends(accept(listener, net.stream(), 0, block));
        ws.closesocket(listener);
        signals.await(block.hEvent());

        assertThat(block.isCompleted()).isTrue();
    }

    @Proves({"acceptex.close", "fact-13"})
    void closingTheTargetAbortsAnAcceptWithTheListenersKey() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle target = net.stream();
        CompletionPort port = signals.port();
        ws.ports().associate(listener, port, "listener");
        HeapOverlapped block = new HeapOverlapped();
        pends(accept(listener, target, 0, block));
        ws.closesocket(target);
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.completionKey()).isEqualTo("listener");
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.error()).isNotZero();
    }

    // ---- ConnectEx and DisconnectEx --------------------------------------------------------------------------------

    private long connect(SocketHandle s, InetSocketAddress to, ByteBuffer data, WsaOverlapped block)
            throws WinsockException {
        return ws.extensionFunction(s, ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class).connectEx(s, to, data,
                block);
    }

    @Proves({"connectex.connects", "fact-18"})
    void connectingCanSendTheFirstDataAndPutsAPacket() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.boundStream();
        CompletionPort port = signals.port();
        ws.ports().associate(s, port, "key");
        HeapOverlapped block = block();
        starts(connect(s, net.name(listener), bytes("first"), block));
        CompletionPacket packet = signals.packet(port);
        signals.await(block.hEvent());

        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isEqualTo(5);
        assertThat(net.receiveAll(net.own(ws.accept(listener, null)), 5)).isEqualTo("first");
    }

    @Proves("connectex.unbound")
    void connectExNeedsABoundSocketAndABlock() throws WinsockException {
        InetSocketAddress listener = net.name(net.listener());
        SocketHandle s = net.stream();
        fails(WsaError.WSAEINVAL, () -> connect(s, listener, null, new HeapOverlapped()));
        ws.bind(s, loopback(0));
        fails(WsaError.WSA_INVALID_PARAMETER, () -> connect(s, listener, null, null));
    }

    @Proves("connectex.refused")
    void aRefusalComesThroughTheBlock() throws WinsockException {
        SocketHandle s = net.boundStream();
        HeapOverlapped block = block();
        starts(connect(s, net.nobody(), null, block));

        fails(WsaError.WSAECONNREFUSED, () -> finished(s, block));
    }

    @Proves({"connectex.update", "so.update-context"})
    void theContextGivesAConnectedSocketItsPeer() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.boundStream();
        HeapOverlapped block = block();
        starts(connect(s, net.name(listener), null, block));
        finished(s, block);
        ws.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_UPDATE_CONNECT_CONTEXT, null);

        assertThat(ws.getpeername(s)).isEqualTo(net.name(listener));
    }

    private long disconnect(SocketHandle s, WsaOverlapped block, int flags) throws WinsockException {
        return ws.extensionFunction(s, ExtensionFunction.WSAID_DISCONNECTEX, DisconnectEx.class)
                .disconnectEx(s, block, flags);
    }

    @Proves("disconnectex.ends")
    void aDisconnectEndsThePeersStreamAfterWhatWasSent() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "last");
        assertThat(disconnect(c.client(), null, 0)).isZero();

        assertThat(net.receiveAll(c.server(), 9)).isEqualTo("last");
    }

    @Proves("disconnectex.reuse")
    void aBoundSocketCanBeUsedForAnotherConnection() throws WinsockException {
        SocketHandle s = net.boundStream();
        ws.connect(s, net.name(net.listener()));
        disconnect(s, null, TransmitFlag.TF_REUSE_SOCKET);
        SocketHandle listener = net.listener();
        HeapOverlapped block = block();
        starts(connect(s, net.name(listener), bytes("again"), block));
        assertThat(finished(s, block)).isEqualTo(5);

        assertThat(net.receiveAll(net.own(ws.accept(listener, null)), 5)).isEqualTo("again");
    }

    @Proves("disconnectex.inval")
    void aDisconnectNeedsAConnectionAndKnownFlags() throws WinsockException {
        SocketHandle s = net.stream();
        Connection c = net.connection();
        fails(WsaError.WSAENOTCONN, () -> disconnect(s, null, 0));
        fails(WsaError.WSAEINVAL, () -> disconnect(c.client(), null, 0x4000));
    }

    // ---- TransmitFile and TransmitPackets --------------------------------------------------------------------------

    /** Runs with a file that has a text in it. */
    private static void withFile(String text, FileUse use) throws IOException {
        Path path = Files.createTempFile("ws2j-conformance", ".txt");
        try {
            Files.writeString(path, text);
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
                use.with(file);
            }
        } finally {
            Files.delete(path);
        }
    }

    @FunctionalInterface
    private interface FileUse {
        void with(FileChannel file) throws IOException;
    }

    private TransmitFile transmitFile(SocketHandle s) throws WinsockException {
        return ws.extensionFunction(s, ExtensionFunction.WSAID_TRANSMITFILE, TransmitFile.class);
    }

    @Proves("transmitfile.file")
    void aFileIsSentBetweenHeadAndTail() throws IOException {
        Connection c = net.connection();
        withFile("file", file -> {
            TransmitFileBuffers around = new TransmitFileBuffers(bytes("<"), bytes(">"));
            assertThat(transmitFile(c.client()).transmitFile(c.client(), file, 0, 0, null, around, 0)).isEqualTo(6);
        });

        assertThat(net.receiveAll(c.server(), 6)).isEqualTo("<file>");
    }

    @Proves("transmitfile.file")
    void anOverlappedTransmissionBeginsWhereItsBlockSays() throws IOException {
        Connection c = net.connection();
        withFile("012345", file -> {
            HeapOverlapped block = block();
            block.offset(2);
            starts(transmitFile(c.client()).transmitFile(c.client(), file, 3, 0, block, null, 0));
            assertThat(finished(c.client(), block)).isEqualTo(3);
        });

        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("234");
    }

    @Proves("transmitfile.inval")
    void aFileNeedsAConnection() throws IOException {
        SocketHandle s = net.stream();
        withFile("x", file -> fails(WsaError.WSAENOTCONN,
                () -> transmitFile(s).transmitFile(s, file, 0, 0, null, null, 0)));
    }

    @Proves("transmitpackets.elements")
    void memoryAndFilesAreSentInTheirOrder() throws IOException {
        Connection c = net.connection();
        TransmitPackets transmit =
                ws.extensionFunction(c.client(), ExtensionFunction.WSAID_TRANSMITPACKETS, TransmitPackets.class);
        withFile("0file0", file -> {
            TransmitPacketsElement[] elements = {
                    new TransmitPacketsElement.Memory(bytes("a"), false),
                    new TransmitPacketsElement.File(file, 1, 4, false),
                    new TransmitPacketsElement.Memory(bytes("b"), true)
            };
            assertThat(transmit.transmitPackets(c.client(), elements, 3, 0, null, 0)).isEqualTo(6);
        });

        assertThat(net.receiveAll(c.server(), 6)).isEqualTo("afileb");
    }

    // ---- messages --------------------------------------------------------------------------------------------------

    private WsaRecvMsg recvMsg(SocketHandle s) throws WinsockException {
        return ws.extensionFunction(s, ExtensionFunction.WSAID_WSARECVMSG, WsaRecvMsg.class);
    }

    private SocketHandle sentTo(SocketHandle receiver, String text) throws WinsockException {
        SocketHandle sender = net.boundDatagram();
        WsaMsg message = new WsaMsg(bytes(text));
        message.name(net.name(receiver));
        assertThat(ws.wsaSendMsg(sender, message, 0, null, null)).isEqualTo(text.length());
        return sender;
    }

    @Proves({"recvmsg.datagram", "sendmsg.datagram"})
    void aMessageGoesToItsNameAndTellsItsSource() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle sender = sentTo(receiver, "message");
        byte[] room = new byte[16];
        WsaMsg message = new WsaMsg(ByteBuffer.wrap(room));

        assertThat(recvMsg(receiver).wsaRecvMsg(receiver, message, null, null)).isEqualTo(7);
        assertThat(room).asString().startsWith("message");
        assertThat(message.name()).isEqualTo(net.name(sender));
        assertThat(message.flags()).isZero();
    }

    @Proves({"recvmsg.datagram", "overlapped.datagram"})
    void anOverlappedReceiveFillsItsMessage() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        WsaMsg message = new WsaMsg(ByteBuffer.allocate(16));
        HeapOverlapped block = block();
        pends(recvMsg(receiver).wsaRecvMsg(receiver, message, block, null));
        SocketHandle sender = sentTo(receiver, "late");

        assertThat(finished(receiver, block)).isEqualTo(4);
        assertThat(message.name()).isEqualTo(net.name(sender));
    }

    @Proves({"recvmsg.inval", "sendmsg.inval"})
    void messagesAreForDatagramSockets() throws WinsockException {
        Connection c = net.connection();
        SocketHandle unbound = net.datagram();
        WsaMsg message = new WsaMsg(ByteBuffer.allocate(4));
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.wsaSendMsg(c.client(), message, 0, null, null));
        fails(WsaError.WSAEINVAL, () -> recvMsg(unbound).wsaRecvMsg(unbound, message, null, null));
        fails(WsaError.WSAEFAULT, () -> recvMsg(unbound).wsaRecvMsg(unbound, null, null, null));
    }
}

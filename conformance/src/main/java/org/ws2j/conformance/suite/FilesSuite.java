package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.starts;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** ReadFile and WriteFile on sockets, and the view of a socket as a channel. */
final class FilesSuite extends Suite {
    // ---- the file functions ----------------------------------------------------------------------------------------

    @Proves({"file.read-write", "wpuCreateSocketHandle.files"})
    void theFileFunctionsSendAndReceive() throws WinsockException {
        Connection c = net.connection();
        assertThat(ws.files().writeFile(c.client(), bytes("file"))).isEqualTo(4);
        ByteBuffer room = ByteBuffer.allocate(8);

        assertThat(ws.files().readFile(c.server(), room)).isEqualTo(4);
        assertThat(text(room)).isEqualTo("file");
    }

    @Proves("file.read-write")
    void theFileFunctionsMixWithSendAndReceive() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "ab");
        ws.files().writeFile(c.client(), bytes("cd"));
        ByteBuffer room = ByteBuffer.allocate(1);
        ws.files().readFile(c.server(), room);

        assertThat(text(room)).isEqualTo("a");
        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("bcd");
    }

    @Proves("file.read-write")
    void aReadWaitsForData() throws Exception {
        Connection c = net.connection();
        Call<Integer> read = calls.waiting(() -> ws.files().readFile(c.server(), ByteBuffer.allocate(1)));
        assertThat(read.isDone()).isFalse();
        net.send(c.client(), "x");

        assertThat(read.result()).isEqualTo(1);
    }

    @Proves("file.read-write")
    void datagramsAreReadAndWritten() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle sender = net.datagram();
        ws.connect(sender, net.name(receiver));
        assertThat(ws.files().writeFile(sender, bytes("datagram"))).isEqualTo(8);
        ByteBuffer room = ByteBuffer.allocate(16);

        assertThat(ws.files().readFile(receiver, room)).isEqualTo(8);
        assertThat(text(room)).isEqualTo("datagram");
    }

    @Proves("file.end")
    void theEndOfTheStreamIsAReadOfNothing() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(ws.files().readFile(c.server(), ByteBuffer.allocate(1))).isZero();
    }

    @Proves("file.error")
    void aFailureIsThatOfTheSocket() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAENOTCONN, () -> ws.files().readFile(s, ByteBuffer.allocate(1)));
        fails(WsaError.WSAENOTCONN, () -> ws.files().writeFile(s, bytes("x")));
        Connection c = net.connection();
        net.reset(c.client());
        fails(WsaError.WSAECONNRESET, () -> ws.files().readFile(c.server(), ByteBuffer.allocate(1)));
    }

    @Proves("file.closed")
    void aClosedSocketIsNoFile() throws WinsockException {
        SocketHandle s = net.stream();
        ws.closesocket(s);
        HeapOverlapped block = new HeapOverlapped();
        fails(WsaError.WSAENOTSOCK, () -> ws.files().readFile(s, ByteBuffer.allocate(1)));
        fails(WsaError.WSAENOTSOCK, () -> ws.files().writeFile(s, bytes("x")));
        fails(WsaError.WSAENOTSOCK, () -> ws.files().readFile(s, ByteBuffer.allocate(1), block));
        fails(WsaError.WSAENOTSOCK, () -> ws.files().writeFile(s, bytes("x"), block));
    }

    // ---- with a block ----------------------------------------------------------------------------------------------

    @Proves("file.overlapped")
    void anOverlappedReadSetsItsEvent() throws WinsockException {
        Connection c = net.connection();
        byte[] room = new byte[4];
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.files().readFile(c.server(), ByteBuffer.wrap(room), block));
        net.send(c.client(), "data");
        signals.await(block.hEvent());

        assertThat(ws.wsaGetOverlappedResult(c.server(), block, false, null)).isEqualTo(4);
        assertThat(room).asString().isEqualTo("data");
    }

    @Proves("file.overlapped")
    void anOverlappedWritePutsAPacket() throws WinsockException {
        Connection c = net.connection();
        CompletionPort port = signals.port();
        ws.ports().associate(c.client(), port, "key");
        HeapOverlapped block = new HeapOverlapped();
        starts(ws.files().writeFile(c.client(), bytes("data"), block));
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isEqualTo(4);
        assertThat(net.receiveAll(c.server(), 4)).isEqualTo("data");
    }

    @Proves("file.fault")
    void anOverlappedReadNeedsBufferAndBlock() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = new HeapOverlapped();
        fails(WsaError.WSAEFAULT, () -> ws.files().readFile(c.server(), null, block));
        fails(WsaError.WSAEFAULT, () -> ws.files().readFile(c.server(), ByteBuffer.allocate(1), null));
        fails(WsaError.WSAEFAULT, () -> ws.files().writeFile(c.server(), bytes("x"), null));
    }

    // ---- the channel -----------------------------------------------------------------------------------------------

    @Proves({"file.channel", "file.read-write"})
    void aChannelReadsAndWrites() throws IOException {
        Connection c = net.connection();
        ByteChannel client = ws.channel(c.client());
        ByteChannel server = ws.channel(c.server());
        ByteBuffer room = ByteBuffer.allocate(8);

        assertThat(client.write(bytes("channel"))).isEqualTo(7);
        assertThat(server.read(room)).isEqualTo(7);
        assertThat(text(room)).isEqualTo("channel");
    }

    @Proves({"file.channel", "file.end"})
    void theEndOfTheStreamIsTheEndOfTheChannel() throws IOException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(ws.channel(c.server()).read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Proves({"file.channel", "file.closed"})
    void closingAChannelClosesItsSocket() throws IOException {
        Connection c = net.connection();
        ByteChannel channel = ws.channel(c.server());
        assertThat(channel.isOpen()).isTrue();
        channel.close();
        channel.close();

        assertThat(channel.isOpen()).isFalse();
        fails(WsaError.WSAENOTSOCK, () -> ws.getsockname(c.server()));
        assertThat(net.receive(c.client(), 1)).as("the peer learns of it").isEmpty();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.read(ByteBuffer.allocate(1)));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.write(bytes("x")));
    }

    @Proves({"file.channel", "file.closed"})
    void aClosedSocketHasNoChannel() throws WinsockException {
        SocketHandle s = net.stream();
        ws.closesocket(s);
        fails(WsaError.WSAENOTSOCK, () -> ws.channel(s));
    }
}

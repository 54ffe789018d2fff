package org.ws2j.agent.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sockets of channels. */
final class AdaptorTest extends ChannelTest {
    // Streams

    @ParameterizedTest
    @EnumSource
    void aSocketTransfersByStreams(Way way) throws Exception {
        use(way);
        Pair pair = pair();
        Socket client = pair.client().socket();
        Socket server = pair.server().socket();
        assertThat(pair.client().socket()).isSameAs(client);
        assertThat(client.getChannel()).isSameAs(pair.client());
        OutputStream out = client.getOutputStream();
        InputStream in = server.getInputStream();
        out.write('a');
        out.write(new byte[] {'b', 'c', 'd'}, 1, 2);
        assertThat(in.read()).isEqualTo('a');
        awaitUntil(() -> available(in) == 2);
        assertThat(in.readNBytes(2)).containsExactly('c', 'd');
        assertThat(in.read(new byte[0])).isZero();
        Running<Integer> read = on(Thread.ofPlatform().daemon(), in::read);
        awaitWaiting(read.thread());
        server.getOutputStream().write('x');
        assertThat(client.getInputStream().read()).isEqualTo('x');
        client.shutdownOutput();
        assertThat(read.result().get()).isEqualTo(-1);
        assertThat(client.isOutputShutdown()).isTrue();
        assertThatThrownBy(client::getOutputStream).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket output is shutdown");
        in.close();
        assertClosed(pair.server());
        assertThatThrownBy(server::getInputStream).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket is closed");
    }

    private static int available(InputStream in) {
        try {
            return in.available();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOutputThatIsShutFailsWithWhatItWasAtTheTime(Way way) throws Exception {
        use(way);
        Socket idle = pair().client().socket();
        OutputStream out = idle.getOutputStream();
        idle.shutdownOutput();
        assertThatThrownBy(() -> out.write(1)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThat(idle.isClosed()).isFalse();
        Socket writing = pair().client().socket();
        OutputStream full = writing.getOutputStream();
        Running<Boolean> write = on(Thread.ofPlatform().daemon(), () -> {
            full.write(new byte[32_000_000]);
            return true;
        });
        awaitWaiting(write.thread());
        writing.shutdownOutput();
        assertThat(failureOf(write.result())).isExactlyInstanceOf(IOException.class).hasMessage("Broken pipe");
    }

    @ParameterizedTest
    @EnumSource
    void aReadIsLimitedInTime(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        Socket client = pair.client().socket();
        client.setSoTimeout(5);
        assertThat(client.getSoTimeout()).isEqualTo(5);
        InputStream in = client.getInputStream();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(in::read).isExactlyInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Read timed out")
                    .hasNoCause();
        }
        pair.server().write(bytes("xy"));
        assertThat(in.read()).isEqualTo('x');
        client.setSoTimeout(0);
        assertThat(in.read()).isEqualTo('y');
        assertThatThrownBy(() -> client.setSoTimeout(-1)).isExactlyInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aReadOfTheChannelHasNoTimeOut(Way way) throws Exception {
        use(way);
        Pair pair = pair();
        pair.client().socket().setSoTimeout(1);
        assertThatThrownBy(() -> pair.client().socket().getInputStream().read())
                .isExactlyInstanceOf(SocketTimeoutException.class);
        Running<Integer> read = on(Thread.ofPlatform().daemon(), () -> pair.client().read(room()));
        awaitWaiting(read.thread());
        pair.server().write(bytes("x"));
        assertThat(read.result().get()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aSocketTellsItsState(Way way) throws IOException {
        use(way);
        ServerSocketChannel server = server();
        SocketChannel channel = socket();
        Socket socket = channel.socket();
        assertThat(socket).hasToString("Socket[unconnected]");
        assertThat(socket.isBound()).isFalse();
        assertThat(socket.isConnected()).isFalse();
        assertThat(socket.getLocalPort()).isEqualTo(-1);
        assertThat(socket.getPort()).isZero();
        assertThat(socket.getInetAddress()).isNull();
        assertThat(socket.getRemoteSocketAddress()).isNull();
        assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
        assertThatThrownBy(socket::getInputStream).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket is not connected");
        socket.bind(loopback(0));
        assertThat(socket.isBound()).isTrue();
        assertThatThrownBy(() -> socket.bind(null)).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Already bound");
        socket.connect(server.getLocalAddress(), 10_000);
        assertThat(socket.isConnected()).isTrue();
        assertThat(socket).hasToString("Socket[addr=" + socket.getInetAddress() + ",port=" + portOf(server)
                + ",localport=" + socket.getLocalPort() + "]");
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(server.getLocalAddress());
        assertThatThrownBy(() -> socket.connect(server.getLocalAddress())).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Already connected");
        socket.close();
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.getPort()).isEqualTo(portOf(server));
        assertThatThrownBy(socket::getTcpNoDelay).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket is closed");
        assertThatThrownBy(socket::getSoTimeout).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket is closed");
    }

    @ParameterizedTest
    @EnumSource
    void aSocketThatCannotConnectIsClosed(Way way) throws IOException {
        use(way);
        InetSocketAddress nobody = nobody();
        Socket refused = socket().socket();
        assertThatThrownBy(() -> refused.connect(nobody, 10_000)).isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(refused.isClosed()).isTrue();
        Socket unresolved = socket().socket();
        assertThatThrownBy(() -> unresolved.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
                .isExactlyInstanceOf(UnknownHostException.class);
        assertThat(unresolved.isClosed()).isTrue();
        SocketChannel nonBlocking = socket();
        nonBlocking.configureBlocking(false);
        assertThatThrownBy(() -> nonBlocking.socket().connect(nobody))
                .isExactlyInstanceOf(IllegalBlockingModeException.class);
    }

    @ParameterizedTest
    @EnumSource
    void theOptionsOfASocketAreTheChannels(Way way) throws IOException {
        use(way);
        Socket socket = pair().client().socket();
        socket.setTcpNoDelay(true);
        assertThat(socket.getTcpNoDelay()).isTrue();
        socket.setSoLinger(true, 3);
        assertThat(socket.getSoLinger()).isEqualTo(3);
        socket.setSoLinger(false, 3);
        assertThat(socket.getSoLinger()).isEqualTo(-1);
        socket.setKeepAlive(true);
        assertThat(socket.getKeepAlive()).isTrue();
        socket.setOOBInline(true);
        assertThat(socket.getOOBInline()).isTrue();
        socket.setTrafficClass(8);
        assertThat(socket.getTrafficClass()).isEqualTo(8);
        socket.setReuseAddress(true);
        assertThat(socket.getReuseAddress()).isTrue();
        socket.setReceiveBufferSize(10_000);
        assertThat(socket.getReceiveBufferSize()).isPositive();
        assertThatThrownBy(() -> socket.setSendBufferSize(0)).isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid send size");
    }

    @ParameterizedTest
    @EnumSource
    void urgentDataIsReadInLineWhereThatIsWanted(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        pair.server().socket().setOOBInline(true);
        pair.client().socket().sendUrgentData(0x142);
        pair.client().write(bytes("a"));
        InputStream in = pair.server().socket().getInputStream();
        assertThat(in.read()).isEqualTo(0x42);
        assertThat(in.read()).isEqualTo('a');
    }

    @ParameterizedTest
    @EnumSource
    void streamsNeedABlockingChannel(Way way) throws IOException {
        use(way);
        Pair pair = pair();
        InputStream in = pair.client().socket().getInputStream();
        OutputStream out = pair.client().socket().getOutputStream();
        pair.client().configureBlocking(false);
        assertThatThrownBy(in::read).isExactlyInstanceOf(IllegalBlockingModeException.class);
        assertThatThrownBy(() -> out.write(1)).isExactlyInstanceOf(IllegalBlockingModeException.class);
        pair.client().close();
        assertThatThrownBy(in::read).isExactlyInstanceOf(ClosedChannelException.class);
    }

    // Listeners

    @ParameterizedTest
    @EnumSource
    void aServerSocketAccepts(Way way) throws IOException {
        use(way);
        ServerSocketChannel channel = unboundServer();
        ServerSocket server = channel.socket();
        assertThat(server).hasToString("ServerSocket[unbound]");
        assertThat(server.getLocalSocketAddress()).isNull();
        assertThatThrownBy(server::accept).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket is not bound yet");
        server.bind(loopback(0));
        assertThat(server).hasToString("ServerSocket[addr=" + server.getInetAddress() + ",localport="
                + server.getLocalPort() + "]");
        SocketChannel client = socket();
        client.connect(channel.getLocalAddress());
        Socket accepted = closing(server.accept());
        assertThat(accepted.getChannel().getRemoteAddress()).isEqualTo(client.getLocalAddress());
        server.setSoTimeout(3);
        assertThatThrownBy(server::accept).isExactlyInstanceOf(SocketTimeoutException.class)
                .hasMessage("Accept timed out");
        server.setSoTimeout(0);
        channel.configureBlocking(false);
        assertThatThrownBy(server::accept).isExactlyInstanceOf(IllegalBlockingModeException.class);
        assertThat(server.getReuseAddress()).isTrue();
        assertThat(server.getReceiveBufferSize()).isPositive();
        server.close();
        assertThat(server.isClosed()).isTrue();
        assertThatThrownBy(server::getReuseAddress).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket is closed");
    }

    // Datagrams

    @ParameterizedTest
    @EnumSource
    void aDatagramSocketSendsAndReceivesPackets(Way way) throws IOException {
        use(way);
        DatagramChannel channel = datagrams();
        DatagramSocket receiver = channel.socket();
        assertThat(channel.socket()).isSameAs(receiver);
        assertThat(receiver.getLocalPort()).isZero();
        receiver.bind(loopback(0));
        DatagramSocket sender = datagrams().socket();
        byte[] data = {9, 1, 2, 3, 9};
        sender.send(new DatagramPacket(data, 1, 3, receiver.getLocalSocketAddress()));
        DatagramPacket packet = new DatagramPacket(new byte[10], 2, 5);
        receiver.receive(packet);
        assertThat(packet.getLength()).isEqualTo(3);
        assertThat(packet.getData()).startsWith(0, 0, 1, 2, 3, 0);
        assertThat(packet.getPort()).isEqualTo(sender.getLocalPort());
        sender.send(new DatagramPacket(new byte[9], 9, receiver.getLocalSocketAddress()));
        receiver.receive(packet);
        assertThat(packet.getLength()).isEqualTo(5);
        receiver.setSoTimeout(2);
        assertThatThrownBy(() -> receiver.receive(packet)).isExactlyInstanceOf(SocketTimeoutException.class)
                .hasMessage("Receive timed out");
        sender.connect(receiver.getLocalSocketAddress());
        sender.send(new DatagramPacket(new byte[1], 1));
        receiver.receive(packet);
        assertThat(packet.getLength()).isEqualTo(1);
        assertThatThrownBy(() -> sender.send(new DatagramPacket(data, 1, loopback(9))))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Connected and packet address differ");
        sender.connect(loopback(9));
        assertThat(sender.getPort()).isEqualTo(9);
        sender.disconnect();
        assertThatThrownBy(() -> sender.send(new DatagramPacket(new byte[1], 1)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Address not set");
        sender.close();
        assertThat(sender.isClosed()).isTrue();
        assertThat(sender.getLocalPort()).isEqualTo(-1);
        assertThatThrownBy(() -> sender.send(new DatagramPacket(data, 1, loopback(9))))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket closed");
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramSocketJoinsGroups(Way way) throws IOException {
        use(way);
        MulticastSocket socket = (MulticastSocket) datagrams().socket();
        InetSocketAddress group = new InetSocketAddress("239.1.2.6", 0);
        NetworkInterface via = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        socket.joinGroup(group, via);
        assertThatThrownBy(() -> socket.joinGroup(group, via)).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Already a member of group");
        socket.leaveGroup(group, via);
        assertThatThrownBy(() -> socket.leaveGroup(group, via)).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Not a member of group");
        assertThatThrownBy(() -> socket.joinGroup(loopback(0), via)).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Not a multicast address");
        socket.setTimeToLive(5);
        assertThat(socket.getTimeToLive()).isEqualTo(5);
        assertThat(socket.getNetworkInterface().getIndex()).isZero();
        socket.setNetworkInterface(via);
        assertThat(socket.getNetworkInterface()).isEqualTo(via);
        socket.setBroadcast(false);
        assertThat(socket.getBroadcast()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsAReceiveOfASocket(Way way) throws Exception {
        use(way);
        DatagramSocket socket = datagrams().socket();
        Running<Boolean> receive = on(Thread.ofPlatform().daemon(), () -> {
            socket.receive(new DatagramPacket(new byte[1], 1));
            return true;
        });
        awaitWaiting(receive.thread());
        socket.close();
        assertThat(failureOf(receive.result())).isExactlyInstanceOf(SocketException.class).hasMessage("Socket closed");
    }
}

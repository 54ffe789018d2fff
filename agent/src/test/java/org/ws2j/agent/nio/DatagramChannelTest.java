package org.ws2j.agent.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams. */
final class DatagramChannelTest extends ChannelTest {
    private DatagramChannel sender;
    private DatagramChannel receiver;

    private void usePair(Way way) throws IOException {
        use(way);
        sender = datagrams();
        sender.bind(loopback(0));
        receiver = datagrams();
        receiver.bind(loopback(0));
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramComesWithItsSource(Way way) throws IOException {
        usePair(way);
        ByteBuffer data = bytes("hello");
        assertThat(sender.send(data, receiver.getLocalAddress())).isEqualTo(5);
        assertThat(data.hasRemaining()).isFalse();
        ByteBuffer room = room();
        assertThat(receiver.receive(room)).isEqualTo(sender.getLocalAddress());
        assertThat(text(room)).isEqualTo("hello");
        assertThat(sender.send(ByteBuffer.allocate(0), receiver.getLocalAddress())).isZero();
        assertThat(receiver.receive(room)).isEqualTo(sender.getLocalAddress());
    }

    @ParameterizedTest
    @EnumSource
    void whatABufferHasNoRoomForIsLost(Way way) throws IOException {
        usePair(way);
        sender.send(bytes("0123456789"), receiver.getLocalAddress());
        sender.send(bytes("next"), receiver.getLocalAddress());
        ByteBuffer small = ByteBuffer.allocateDirect(4);
        assertThat(receiver.receive(small)).isEqualTo(sender.getLocalAddress());
        assertThat(text(small)).isEqualTo("0123");
        ByteBuffer room = room();
        receiver.receive(room);
        assertThat(text(room)).isEqualTo("next");
        sender.send(bytes("lost"), receiver.getLocalAddress());
        assertThat(receiver.receive(ByteBuffer.allocate(0))).isEqualTo(sender.getLocalAddress());
        receiver.configureBlocking(false);
        assertThat(receiver.receive(room)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectedChannelSendsNoEmptyDatagrams(Way way) throws IOException {
        usePair(way);
        sender.connect(receiver.getLocalAddress());
        for (boolean blocking : new boolean[] {true, false}) {
            sender.configureBlocking(blocking);
            assertThat(sender.write(new ByteBuffer[0])).isZero();
            assertThat(sender.write(new ByteBuffer[] {bytes("x")}, 1, 0)).isZero();
            assertThat(sender.write(new ByteBuffer[] {bytes(""), bytes("")})).isZero();
            assertThat(sender.write(bytes(""))).isZero();
            assertThat(sender.send(bytes(""), receiver.getLocalAddress())).isZero();
            assertThatThrownBy(() -> sender.write(new ByteBuffer[] {bytes("lost"), null}))
                    .isInstanceOf(NullPointerException.class);
        }
        sender.write(bytes("first"));
        ByteBuffer room = room();
        receiver.receive(room);
        assertThat(text(room)).isEqualTo("first");
    }

    @ParameterizedTest
    @EnumSource
    void aConnectedChannelReadsAndWrites(Way way) throws IOException {
        usePair(way);
        sender.connect(receiver.getLocalAddress());
        receiver.connect(sender.getLocalAddress());
        assertThat(sender.isConnected()).isTrue();
        assertThat(sender.write(bytes("abc"))).isEqualTo(3);
        assertThat(sender.write(new ByteBuffer[] {bytes("d"), bytes("ef")})).isEqualTo(3);
        assertThat(sender.send(bytes("0123456789"), receiver.getLocalAddress())).isEqualTo(10);
        ByteBuffer room = room();
        assertThat(receiver.read(room)).isEqualTo(3);
        ByteBuffer[] parts = {ByteBuffer.allocate(1), ByteBuffer.allocate(5)};
        assertThat(receiver.read(parts)).isEqualTo(3);
        assertThat(text(parts[1])).isEqualTo("ef");
        assertThat(receiver.read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(2)})).isEqualTo(3);
        receiver.configureBlocking(false);
        assertThat(receiver.read(room)).isZero();
        assertThat(receiver.read(parts)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectedChannelKnowsNobodyElse(Way way) throws IOException {
        usePair(way);
        DatagramChannel other = datagrams();
        other.bind(loopback(0));
        assertThatThrownBy(() -> sender.read(room())).isExactlyInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> sender.write(bytes("x"))).isExactlyInstanceOf(NotYetConnectedException.class);
        sender.connect(receiver.getLocalAddress());
        assertThat(sender.getRemoteAddress()).isEqualTo(receiver.getLocalAddress());
        assertThatThrownBy(() -> sender.send(bytes("x"), other.getLocalAddress()))
                .isExactlyInstanceOf(AlreadyConnectedException.class);
        assertThatThrownBy(() -> sender.connect(other.getLocalAddress()))
                .isExactlyInstanceOf(AlreadyConnectedException.class);
        SocketAddress local = sender.getLocalAddress();
        other.send(bytes("foreign"), local);
        receiver.send(bytes("known"), local);
        ByteBuffer room = room();
        assertThat(sender.receive(room)).isEqualTo(receiver.getLocalAddress());
        assertThat(text(room)).isEqualTo("known");
        assertThat(sender.disconnect()).isSameAs(sender);
        assertThat(sender.disconnect().isConnected()).isFalse();
        assertThat(sender.getRemoteAddress()).isNull();
        assertThat(sender.getLocalAddress()).isEqualTo(local);
        other.send(bytes("welcome"), local);
        assertThat(sender.receive(room.clear())).isEqualTo(other.getLocalAddress());
    }

    @ParameterizedTest
    @EnumSource
    void aChannelIsBoundWhenThatIsNeeded(Way way) throws IOException {
        usePair(way);
        DatagramChannel unbound = datagrams();
        assertThat(unbound.getLocalAddress()).isNull();
        unbound.configureBlocking(false);
        assertThat(unbound.receive(room())).isNull();
        assertThat(unbound.getLocalAddress().toString()).startsWith("/[0:0:0:0:0:0:0:0]:");
        assertThatThrownBy(() -> unbound.bind(null)).isExactlyInstanceOf(AlreadyBoundException.class);
        DatagramChannel connecting = datagrams();
        connecting.connect(receiver.getLocalAddress());
        assertThat(((InetSocketAddress) connecting.getLocalAddress()).getAddress().isLoopbackAddress()).isTrue();
        DatagramChannel sending = datagrams();
        sending.send(bytes("x"), receiver.getLocalAddress());
        assertThat(sending.getLocalAddress()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void bothFamiliesAreServed(Way way) throws IOException {
        use(way);
        DatagramChannel both = datagrams();
        both.bind(null);
        int port = ((InetSocketAddress) both.getLocalAddress()).getPort();
        for (String host : new String[] {"127.0.0.1", "::1"}) {
            DatagramChannel peer = datagrams();
            peer.bind(new InetSocketAddress(host, 0));
            peer.send(bytes(host), new InetSocketAddress(host, port));
            ByteBuffer room = room();
            assertThat(both.receive(room)).isEqualTo(peer.getLocalAddress());
            both.send(bytes("back"), peer.getLocalAddress());
            assertThat(peer.receive(room.clear())).isEqualTo(new InetSocketAddress(host, port));
        }
        DatagramChannel four = closing(stack().provider().openDatagramChannel(StandardProtocolFamily.INET));
        four.bind(null);
        assertThat(four.getLocalAddress().toString()).startsWith("/0.0.0.0:");
        assertThatThrownBy(() -> four.send(bytes("x"), new InetSocketAddress(InetAddress.ofLiteral("::1"), port)))
                .isExactlyInstanceOf(java.nio.channels.UnsupportedAddressTypeException.class);
    }

    @ParameterizedTest
    @EnumSource
    void whoHasNobodyToSendToLearnsIt(Way way) throws IOException {
        usePair(way);
        SocketAddress gone = receiver.getLocalAddress();
        receiver.close();
        sender.connect(gone);
        assertThatThrownBy(() -> {
            while (true) {
                sender.write(bytes("x"));
            }
        }).isExactlyInstanceOf(PortUnreachableException.class).hasNoCause();
        sender.write(bytes("x"));
        assertThatThrownBy(() -> sender.read(room())).isExactlyInstanceOf(PortUnreachableException.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeSentFails(Way way) throws IOException {
        usePair(way);
        InetSocketAddress to = (InetSocketAddress) receiver.getLocalAddress();
        assertThatThrownBy(() -> sender.send(ByteBuffer.allocate(65_508), to))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Message too long");
        assertThatThrownBy(() -> sender.send(ByteBuffer.allocate(70_000), to))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Message too long");
        assertThat(sender.send(ByteBuffer.allocate(65_507), to)).isEqualTo(65_507);
        assertThatThrownBy(() -> sender.send(bytes("x"), loopback(0))).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Can't send to port 0");
        assertThatThrownBy(() -> sender.connect(loopback(0))).isExactlyInstanceOf(SocketException.class)
                .hasMessage("Can't connect to port 0");
        assertThatThrownBy(() -> sender.send(null, to)).isExactlyInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> sender.receive(room().asReadOnlyBuffer()))
                .isExactlyInstanceOf(IllegalArgumentException.class);
        sender.connect(to);
        assertThatThrownBy(() -> sender.write(ByteBuffer.allocate(70_000))).isExactlyInstanceOf(IOException.class)
                .hasMessage("Message too long");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsAReceiveThatWaits(Way way) throws Exception {
        usePair(way);
        Running<SocketAddress> receive = on(Thread.ofPlatform().daemon(), () -> receiver.receive(room()));
        awaitWaiting(receive.thread());
        receiver.close();
        assertThat(failureOf(receive.result())).isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> receiver.receive(room())).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> receiver.send(bytes("x"), loopback(9)))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThat(receiver.disconnect()).isSameAs(receiver);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptClosesTheChannelOfAReceive(Way way) throws Exception {
        usePair(way);
        Running<SocketAddress> receive = on(Thread.ofPlatform().daemon(), () -> receiver.receive(room()));
        awaitWaiting(receive.thread());
        receive.thread().interrupt();
        assertThat(failureOf(receive.result())).isExactlyInstanceOf(ClosedByInterruptException.class);
        assertClosed(receiver);
    }

    // Multicast

    private static NetworkInterface loopbackInterface() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @EnumSource
    void aMemberReceivesWhatIsSentToTheGroup(Way way) throws IOException {
        use(way);
        InetAddress group = InetAddress.ofLiteral("239.1.2.3");
        NetworkInterface via = loopbackInterface();
        DatagramChannel member = closing(stack().provider().openDatagramChannel(StandardProtocolFamily.INET));
        member.bind(new InetSocketAddress("0.0.0.0", 0));
        MembershipKey key = member.join(group, via);
        assertThat(key.isValid()).isTrue();
        assertThat(key.channel()).isSameAs(member);
        assertThat(key.group()).isEqualTo(group);
        assertThat(key.networkInterface()).isEqualTo(via);
        assertThat(key.sourceAddress()).isNull();
        assertThat(key).hasToString("<239.1.2.3," + via.getName() + ">");
        assertThat(member.join(group, via)).isSameAs(key);
        DatagramChannel from = closing(stack().provider().openDatagramChannel(StandardProtocolFamily.INET));
        from.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        from.setOption(StandardSocketOptions.IP_MULTICAST_IF, via);
        assertThat(from.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isEqualTo(via);
        int port = ((InetSocketAddress) member.getLocalAddress()).getPort();
        from.send(bytes("all"), new InetSocketAddress(group, port));
        ByteBuffer room = room();
        assertThat(member.receive(room)).isEqualTo(from.getLocalAddress());
        key.block(InetAddress.ofLiteral("127.0.0.1"));
        from.send(bytes("blocked"), new InetSocketAddress(group, port));
        member.configureBlocking(false);
        assertThat(member.receive(room)).isNull();
        assertThat(key.unblock(InetAddress.ofLiteral("127.0.0.1"))).isSameAs(key);
        assertThatThrownBy(() -> key.unblock(InetAddress.ofLiteral("127.0.0.1")))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("not blocked");
        key.drop();
        key.drop();
        assertThat(key.isValid()).isFalse();
        from.send(bytes("gone"), new InetSocketAddress(group, port));
        assertThat(member.receive(room)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aMembershipCanBeOfOneSource(Way way) throws IOException {
        use(way);
        InetAddress group = InetAddress.ofLiteral("239.1.2.4");
        InetAddress source = InetAddress.ofLiteral("127.0.0.1");
        DatagramChannel member = closing(stack().provider().openDatagramChannel(StandardProtocolFamily.INET));
        member.bind(new InetSocketAddress("0.0.0.0", 0));
        MembershipKey key = member.join(group, loopbackInterface(), source);
        assertThat(key.sourceAddress()).isEqualTo(source);
        assertThat(key).hasToString("<239.1.2.4," + loopbackInterface().getName() + ",127.0.0.1>");
        assertThatThrownBy(() -> key.block(source)).isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("key is source-specific");
        assertThatThrownBy(() -> member.join(group, loopbackInterface()))
                .isExactlyInstanceOf(IllegalStateException.class);
        member.close();
        assertThat(key.isValid()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aChannelOfBothFamiliesJoinsGroupsOfBoth(Way way) throws IOException {
        use(way);
        DatagramChannel member = datagrams();
        MembershipKey four = member.join(InetAddress.ofLiteral("239.1.2.5"), loopbackInterface());
        MembershipKey six = member.join(InetAddress.ofLiteral("ff02::abcd"), loopbackInterface());
        four.drop();
        six.drop();
        assertThatThrownBy(() -> member.join(InetAddress.ofLiteral("127.0.0.1"), loopbackInterface()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Group not a multicast address");
    }
}

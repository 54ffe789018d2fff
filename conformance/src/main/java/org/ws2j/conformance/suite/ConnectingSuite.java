package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.ANY;
import static org.ws2j.conformance.Network.LOOPBACK;
import static org.ws2j.conformance.Network.LOOPBACK6;
import static org.ws2j.conformance.Network.address;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;

import java.net.InetSocketAddress;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspResult;

/** bind, listen, connect, getsockname, getpeername. */
final class ConnectingSuite extends Suite {
    private static final int SOMAXCONN = 0x7fffffff;

    /** An address that no machine has: it is kept for documentation. */
    private static final InetSocketAddress FOREIGN = new InetSocketAddress(address("198.51.100.1"), 0);

    // ---- bind ------------------------------------------------------------------------------------------------------

    @Proves("bind.port-zero")
    void bindingToPortZeroPicksAPortThatNobodyHas() throws WinsockException {
        InetSocketAddress one = net.name(net.boundStream());
        InetSocketAddress other = net.name(net.boundStream());

        assertThat(one.getAddress()).isEqualTo(LOOPBACK);
        assertThat(one.getPort()).isPositive().isNotEqualTo(other.getPort());
    }

    @Proves("bind.inval")
    void bindingTwiceIsInvalid() throws WinsockException {
        SocketHandle s = net.boundStream();
        fails(WsaError.WSAEINVAL, () -> ws.bind(s, loopback(0)));
    }

    @Proves("bind.addrinuse")
    void bindingToAnAddressThatSomebodyListensOnFails() throws WinsockException {
        InetSocketAddress taken = net.name(net.listener());
        SocketHandle s = net.stream();
        fails(WsaError.WSAEADDRINUSE, () -> ws.bind(s, taken));
    }

    @Proves("bind.addrinuse")
    void bindingToTheAddressOfAnotherDatagramSocketFails() throws WinsockException {
        InetSocketAddress taken = net.name(net.boundDatagram());
        SocketHandle s = net.datagram();
        fails(WsaError.WSAEADDRINUSE, () -> ws.bind(s, taken));
    }

    @Proves("bind.addrnotavail")
    void bindingToAnAddressThatIsNotLocalFails() throws WinsockException {
        SocketHandle s = net.stream();
        if (stack.has(Flag.EVERY_ADDRESS_IS_LOCAL)) {
            ws.bind(s, FOREIGN);
            assertThat(net.name(s).getAddress()).isEqualTo(FOREIGN.getAddress());
        } else {
            fails(WsaError.WSAEADDRNOTAVAIL, () -> ws.bind(s, FOREIGN));
        }
    }

    @Proves("bind.fault")
    void bindingToNoAddressOrToOneOfAnotherFamilyIsAFault() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEFAULT, () -> ws.bind(s, null));
        fails(WsaError.WSAEFAULT, () -> ws.bind(s, new InetSocketAddress(LOOPBACK6, 0)));
    }

    @Proves("bind.wildcard")
    void whatIsBoundToTheWildcardAddressIsReachedByEachLocalOne() throws WinsockException {
        SocketHandle listener = net.stream();
        ws.bind(listener, new InetSocketAddress(ANY, 0));
        ws.listen(listener, 1);
        SocketHandle s = net.stream();
        ws.connect(s, loopback(net.name(listener).getPort()));

        assertThat(ws.getsockname(net.own(ws.accept(listener, null)))).isEqualTo(ws.getpeername(s));
    }

    @Proves("bind.reuse")
    void anAddressInUseCanBeBoundByThoseWhoAllAllowIt() throws WinsockException {
        SocketHandle first = net.datagram();
        SocketHandle second = net.datagram();
        for (SocketHandle s : new SocketHandle[] {first, second}) {
            ws.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, true);
        }
        ws.bind(first, loopback(0));
        ws.bind(second, net.name(first));

        assertThat(net.name(second)).isEqualTo(net.name(first));
    }

    @Proves("bind.exclusive")
    void anAddressInExclusiveUseCannotBeBoundByAnybodyElse() throws WinsockException {
        SocketHandle first = net.datagram();
        ws.setsockopt(first, SocketOption.SOL_SOCKET, SocketOption.SO_EXCLUSIVEADDRUSE, true);
        ws.bind(first, loopback(0));
        SocketHandle second = net.datagram();
        ws.setsockopt(second, SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, true);
        InetSocketAddress taken = net.name(first);

        assertThatExceptionOfType(WinsockException.class).isThrownBy(() -> ws.bind(second, taken))
                .extracting(WinsockException::code)
                .isIn(WsaError.WSAEACCES.code(), WsaError.WSAEADDRINUSE.code());
    }

    @Proves("closesocket.address")
    void anAddressIsFreeAgainWhenItsSocketIsClosed() throws WinsockException {
        InetSocketAddress free = net.nobody();
        ws.bind(net.stream(), free);
    }

    // ---- getsockname and getpeername -------------------------------------------------------------------------------

    @Proves({"getsockname.inval", "getpeername.notconn"})
    void aNewSocketHasNoName() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {net.stream(), net.datagram()}) {
            fails(WsaError.WSAEINVAL, () -> ws.getsockname(s));
            fails(WsaError.WSAENOTCONN, () -> ws.getpeername(s));
        }
    }

    @Proves({"connect.implicit-bind", "getsockname.name", "getpeername.name"})
    void eachEndOfAConnectionHasTheOthersNameAsItsPeer() throws WinsockException {
        Connection c = net.connection();

        assertThat(ws.getpeername(c.client())).isEqualTo(ws.getsockname(c.listener()));
        assertThat(ws.getsockname(c.server())).isEqualTo(ws.getsockname(c.listener()));
        assertThat(ws.getpeername(c.server())).isEqualTo(ws.getsockname(c.client()));
    }

    @Proves("getsockname.wildcard")
    void theNameOfAWildcardBindIsCompleteWhenItIsConnected() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.stream();
        ws.bind(s, new InetSocketAddress(ANY, 0));
        int port = net.name(s).getPort();
        ws.connect(s, net.name(listener));

        assertThat(port).isPositive();
        assertThat(net.name(s)).isEqualTo(loopback(port));
    }

    @Proves("getpeername.notconn")
    void aListenerHasNoPeer() throws WinsockException {
        SocketHandle s = net.listener();
        fails(WsaError.WSAENOTCONN, () -> ws.getpeername(s));
    }

    @Proves("getpeername.datagram")
    void whereADatagramWasSentIsNotThePeer() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle s = net.datagram();
        ws.sendto(s, bytes("x"), 0, net.name(receiver));
        fails(WsaError.WSAENOTCONN, () -> ws.getpeername(s));

        ws.connect(s, net.name(receiver));
        assertThat(ws.getpeername(s)).isEqualTo(net.name(receiver));
    }

    // ---- listen ----------------------------------------------------------------------------------------------------

    @Proves("listen.inval")
    void listeningWithoutAnAddressIsInvalid() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEINVAL, () -> ws.listen(s, 1));
    }

    @Proves("listen.isconn")
    void aConnectedSocketCannotListen() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAEISCONN, () -> ws.listen(c.client(), 1));
    }

    @Proves("listen.opnotsupp")
    void aDatagramSocketCannotListen() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.listen(s, 1));
    }

    @Proves("listen.clipped")
    void anyBacklogWillDo() throws WinsockException {
        for (int backlog : new int[] {-1, 0, SOMAXCONN}) {
            SocketHandle listener = net.boundStream();
            ws.listen(listener, backlog);
            ws.connect(net.stream(), net.name(listener));
            net.own(ws.accept(listener, null));
        }
    }

    @Proves("listen.again")
    void listeningAgainGoesOnListening() throws WinsockException {
        SocketHandle listener = net.listener();
        ws.listen(listener, 4);
        ws.connect(net.stream(), net.name(listener));

        assertThat(net.own(ws.accept(listener, null))).isNotNull();
    }

    // ---- connect ---------------------------------------------------------------------------------------------------

    @Proves("connect.before-accept")
    void connectingNeedsNoAccept() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.stream();
        ws.connect(s, net.name(listener));
        net.send(s, "early");
        AddressHolder peer = new AddressHolder();
        SocketHandle accepted = net.own(ws.accept(listener, peer));

        assertThat(peer.address()).isEqualTo(ws.getsockname(s));
        assertThat(net.receiveAll(accepted, 5)).isEqualTo("early");
    }

    @Proves({"connect.connrefused", "connect.again"})
    void afterARefusalTheSameSocketCanConnectElsewhere() throws WinsockException {
        SocketHandle s = net.stream();
        InetSocketAddress nobody = net.nobody();
        fails(WsaError.WSAECONNREFUSED, () -> ws.connect(s, nobody));
        SocketHandle listener = net.listener();
        ws.connect(s, net.name(listener));

        assertThat(ws.getpeername(s)).isEqualTo(ws.getsockname(listener));
    }

    @Proves("connect.isconn")
    void connectingAConnectedSocketFails() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAEISCONN, () -> ws.connect(c.client(), net.name(c.listener())));
        fails(WsaError.WSAEISCONN, () -> ws.connect(c.server(), net.name(c.listener())));
    }

    @Proves("connect.already")
    void connectingWhileAConnectGoesOnFails() throws WinsockException {
        skipIf(Flag.NO_CONDITIONAL_ACCEPT);
        SocketHandle listener = net.boundStream();
        ws.setsockopt(listener, SocketOption.SOL_SOCKET, SocketOption.SO_CONDITIONAL_ACCEPT, true);
        ws.listen(listener, 1);
        SocketHandle s = net.nonBlocking(net.stream());
        wouldBlock(ws.connect(s, net.name(listener)));

        fails(WsaError.WSAEALREADY, () -> ws.connect(s, net.name(listener)));
    }

    @Proves("connect.acces")
    void aBroadcastAddressNeedsTheOption() throws WinsockException {
        SocketHandle s = net.datagram();
        InetSocketAddress everybody = new InetSocketAddress(address("255.255.255.255"), 9);
        fails(WsaError.WSAEACCES, () -> ws.connect(s, everybody));
    }

    @Proves("connect.inval")
    void aListenerCannotConnect() throws WinsockException {
        SocketHandle s = net.listener();
        InetSocketAddress other = net.name(net.listener());
        fails(WsaError.WSAEINVAL, () -> ws.connect(s, other));
    }

    @Proves({"connect.afnosupport", "connect.addrnotavail", "connect.fault"})
    void addressesThatCannotBeConnectedToAreRefused() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEAFNOSUPPORT, () -> ws.connect(s, new InetSocketAddress(LOOPBACK6, 7)));
        fails(WsaError.WSAEADDRNOTAVAIL, () -> ws.connect(s, new InetSocketAddress(ANY, 7)));
        fails(WsaError.WSAEADDRNOTAVAIL, () -> ws.connect(s, loopback(0)));
        fails(WsaError.WSAEFAULT, () -> ws.connect(s, null));
    }

    @Proves("connect.protonosupport")
    void dataCannotBeSentWithAConnect() throws WinsockException {
        SocketHandle s = net.stream();
        InetSocketAddress listener = net.name(net.listener());
        fails(WsaError.WSAEPROTONOSUPPORT, () -> ws.wsaConnect(s, listener, bytes("data"), null, null, null));
    }

    @Proves("connect.wouldblock")
    void aNonBlockingConnectIsOverWhenTheSocketIsWritable() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.nonBlocking(net.stream());
        assertThat(ws.connect(s, net.name(listener))).as("over at once, or later").isIn(0, WspResult.WOULD_BLOCK);
        net.awaitWritable(s);

        assertThat(ws.getpeername(s)).isEqualTo(ws.getsockname(listener));
    }

    @Proves({"connect.wouldblock", "select.except-connect", "so.error"})
    void aNonBlockingConnectThatFailsTellsInTheExceptionSet() throws WinsockException {
        SocketHandle s = net.nonBlocking(net.stream());
        wouldBlock(ws.connect(s, net.nobody()));
        net.awaitException(s);

        assertThat(error(s)).isEqualTo(WsaError.WSAECONNREFUSED.code());
        assertThat(error(s)).as("read again").isZero();
    }

    @Proves("connect.datagram")
    void aDatagramSocketHasThePeerThatItWasConnectedToLast() throws WinsockException {
        SocketHandle first = net.boundDatagram();
        SocketHandle second = net.boundDatagram();
        SocketHandle s = net.datagram();
        ws.connect(s, net.name(first));
        ws.connect(s, net.name(second));
        net.send(s, "x");

        assertThat(net.receive(second, 8)).isEqualTo("x");
    }

    @Proves("connect.dissolve")
    void connectingADatagramSocketToNothingTakesItsPeerAway() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle s = net.datagram();
        ws.connect(s, net.name(receiver));
        ws.connect(s, new InetSocketAddress(ANY, 0));

        fails(WsaError.WSAENOTCONN, () -> ws.send(s, bytes("x"), 0));
        assertThat(ws.sendto(s, bytes("y"), 0, net.name(receiver))).isEqualTo(1);
        assertThat(net.receive(receiver, 8)).isEqualTo("y");
    }

    @Proves("connect.ipv6")
    void connectionsGoOverIpv6Too() throws WinsockException {
        SocketHandle listener = net.stream6();
        ws.bind(listener, new InetSocketAddress(LOOPBACK6, 0));
        ws.listen(listener, 1);
        SocketHandle s = net.stream6();
        ws.connect(s, net.name(listener));

        assertThat(ws.getpeername(net.own(ws.accept(listener, null)))).isEqualTo(ws.getsockname(s));
    }

    private int error(SocketHandle s) throws WinsockException {
        return (int) ws.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_ERROR);
    }
}

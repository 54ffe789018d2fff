package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.spi.IpProtocol.IPPROTO_IP;
import static org.ws2j.spi.IpProtocol.IPPROTO_IPV6;
import static org.ws2j.spi.IpProtocol.IPPROTO_TCP;
import static org.ws2j.spi.SocketOption.SOL_SOCKET;
import static org.ws2j.spi.SocketOption.SO_ACCEPTCONN;
import static org.ws2j.spi.SocketOption.SO_BROADCAST;
import static org.ws2j.spi.SocketOption.SO_CONDITIONAL_ACCEPT;
import static org.ws2j.spi.SocketOption.SO_DEBUG;
import static org.ws2j.spi.SocketOption.SO_DONTLINGER;
import static org.ws2j.spi.SocketOption.SO_DONTROUTE;
import static org.ws2j.spi.SocketOption.SO_ERROR;
import static org.ws2j.spi.SocketOption.SO_EXCLUSIVEADDRUSE;
import static org.ws2j.spi.SocketOption.SO_KEEPALIVE;
import static org.ws2j.spi.SocketOption.SO_LINGER;
import static org.ws2j.spi.SocketOption.SO_MAX_MSG_SIZE;
import static org.ws2j.spi.SocketOption.SO_OOBINLINE;
import static org.ws2j.spi.SocketOption.SO_PROTOCOL_INFOA;
import static org.ws2j.spi.SocketOption.SO_PROTOCOL_INFOW;
import static org.ws2j.spi.SocketOption.SO_RCVBUF;
import static org.ws2j.spi.SocketOption.SO_RCVTIMEO;
import static org.ws2j.spi.SocketOption.SO_REUSEADDR;
import static org.ws2j.spi.SocketOption.SO_SNDBUF;
import static org.ws2j.spi.SocketOption.SO_SNDTIMEO;
import static org.ws2j.spi.SocketOption.SO_TYPE;

import java.nio.ByteBuffer;
import java.util.List;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** getsockopt, setsockopt, except for what the suites of other functions show of their options. */
final class OptionsSuite extends Suite {
    private static final int UNKNOWN = 0x5555;

    private static final List<Integer> SWITCHES =
            List.of(SO_DEBUG, SO_REUSEADDR, SO_KEEPALIVE, SO_DONTROUTE, SO_BROADCAST, SO_OOBINLINE);

    // ---- what every provider knows ---------------------------------------------------------------------------------

    @Proves("so.default")
    void everySwitchIsOffAtFirst() throws WinsockException {
        for (SocketHandle s : streamAndDatagram()) {
            for (int name : SWITCHES) {
                assertThat(get(s, name)).as("option 0x%x", name).isEqualTo(false);
            }
            assertThat(get(s, SO_EXCLUSIVEADDRUSE)).isEqualTo(false);
        }
    }

    @Proves("so.default")
    void everySocketHasAValueForWhatEveryProviderKnows() throws WinsockException {
        SocketHandle s = net.stream();
        for (int name : new int[] {SO_ACCEPTCONN, SO_LINGER, SO_DONTLINGER, SO_SNDBUF, SO_RCVBUF, SO_ERROR, SO_TYPE,
                SocketOption.SO_GROUP_ID, SocketOption.SO_GROUP_PRIORITY, SO_PROTOCOL_INFOA, SO_PROTOCOL_INFOW,
                SocketOption.PVD_CONFIG}) {
            assertThat(get(s, name)).as("option 0x%x", name).isNotNull();
        }
    }

    @Proves("so.default")
    void timesAndErrorsAreZeroAtFirst() throws WinsockException {
        for (SocketHandle s : streamAndDatagram()) {
            for (int name : new int[] {SO_SNDTIMEO, SO_RCVTIMEO, SO_ERROR, SocketOption.SO_GROUP_ID}) {
                assertThat(get(s, name)).as("option 0x%x", name).isEqualTo(0);
            }
        }
    }

    @Proves({"so.set-get", "so.debug", "so.keepalive", "so.oobinline", "so.broadcast", "so.reuseaddr"})
    void everySwitchKeepsWhatItIsSetTo() throws WinsockException {
        for (SocketHandle s : List.of(net.stream(), net.datagram())) {
            for (int name : SWITCHES) {
                set(s, name, true);
                assertThat(get(s, name)).as("option 0x%x, on", name).isEqualTo(true);
                set(s, name, false);
                assertThat(get(s, name)).as("option 0x%x, off", name).isEqualTo(false);
            }
        }
    }

    @Proves("so.set-get")
    void oneSocketsOptionsAreNotAnothers() throws WinsockException {
        SocketHandle s = net.stream();
        SocketHandle other = net.stream();
        set(s, SO_KEEPALIVE, true);
        set(s, SO_RCVTIMEO, 77);

        assertThat(get(other, SO_KEEPALIVE)).isEqualTo(false);
        assertThat(get(other, SO_RCVTIMEO)).isEqualTo(0);
    }

    @Proves("so.set-get")
    void whatWasSetBeforeBindingStaysAsTheSocketGoesOn() throws WinsockException {
        SocketHandle s = net.stream();
        set(s, SO_KEEPALIVE, true);
        set(s, SO_LINGER, new Linger(true, 3));
        set(s, SO_SNDTIMEO, 500);
        ws.bind(s, loopback(0));
        ws.connect(s, net.name(net.listener()));

        assertThat(get(s, SO_KEEPALIVE)).isEqualTo(true);
        assertThat(get(s, SO_LINGER)).isEqualTo(new Linger(true, 3));
        assertThat(get(s, SO_SNDTIMEO)).isEqualTo(500);
    }

    @Proves("so.set-get")
    void whatWasSetBeforeListeningStays() throws WinsockException {
        SocketHandle s = net.boundStream();
        set(s, SO_KEEPALIVE, true);
        set(s, SO_OOBINLINE, true);
        ws.listen(s, 1);

        assertThat(get(s, SO_KEEPALIVE)).isEqualTo(true);
        assertThat(get(s, SO_OOBINLINE)).isEqualTo(true);
    }

    // ---- one by one ------------------------------------------------------------------------------------------------

    @Proves("so.acceptconn")
    void acceptconnIsTrueOnceTheSocketListens() throws WinsockException {
        SocketHandle s = net.boundStream();
        assertThat(get(s, SO_ACCEPTCONN)).isEqualTo(false);
        ws.listen(s, 1);

        assertThat(get(s, SO_ACCEPTCONN)).isEqualTo(true);
    }

    @Proves("so.type")
    void typeIsThatOfTheSocket() throws WinsockException {
        assertThat(get(net.stream(), SO_TYPE)).isEqualTo(SocketType.SOCK_STREAM);
        assertThat(get(net.datagram6(), SO_TYPE)).isEqualTo(SocketType.SOCK_DGRAM);
    }

    @Proves("so.error")
    void aFailureThatWasReturnedIsNotKeptAsTheSocketsError() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAENOTCONN, () -> ws.recv(s, ByteBuffer.allocate(1), 0));

        assertThat(get(s, SO_ERROR)).isEqualTo(0);
    }

    @Proves("so.error")
    void theErrorOfAConnectThatFailedLaterIsToldOnce() throws WinsockException {
        SocketHandle s = net.nonBlocking(net.stream());
        wouldBlock(ws.connect(s, net.nobody()));
        net.awaitException(s);

        assertThat(get(s, SO_ERROR)).isEqualTo(WsaError.WSAECONNREFUSED.code());
        assertThat(get(s, SO_ERROR)).isEqualTo(0);
    }

    @Proves({"so.exclusiveaddruse", "so.reuseaddr"})
    void exclusiveAddressesAndReuseExcludeEachOther() throws WinsockException {
        SocketHandle s = net.stream();
        set(s, SO_EXCLUSIVEADDRUSE, true);
        assertThat(get(s, SO_EXCLUSIVEADDRUSE)).isEqualTo(true);
        fails(WsaError.WSAEINVAL, () -> set(s, SO_REUSEADDR, true));

        SocketHandle other = net.stream();
        set(other, SO_REUSEADDR, true);
        fails(WsaError.WSAEINVAL, () -> set(other, SO_EXCLUSIVEADDRUSE, true));
    }

    @Proves({"so.linger", "so.default"})
    void lingeringIsOffAtFirst() throws WinsockException {
        SocketHandle s = net.stream();
        assertThat(((Linger) get(s, SO_LINGER)).onoff()).isFalse();
        assertThat(get(s, SO_DONTLINGER)).isEqualTo(true);
    }

    @Proves("so.linger")
    void turningOneOnTurnsTheOtherOff() throws WinsockException {
        SocketHandle s = net.stream();
        set(s, SO_LINGER, new Linger(true, 5));
        assertThat(get(s, SO_DONTLINGER)).isEqualTo(false);
        set(s, SO_DONTLINGER, true);

        assertThat(((Linger) get(s, SO_LINGER)).onoff()).isFalse();
    }

    @Proves("so.linger")
    void turningDontlingerOffBringsTheOldTimeBack() throws WinsockException {
        SocketHandle s = net.stream();
        set(s, SO_LINGER, new Linger(true, 5));
        set(s, SO_DONTLINGER, true);
        set(s, SO_DONTLINGER, false);

        assertThat(get(s, SO_LINGER)).isEqualTo(new Linger(true, 5));
    }

    @Proves({"so.linger", "sockopt.inval"})
    void aLingerTimeHasSixteenBits() throws WinsockException {
        SocketHandle s = net.stream();
        set(s, SO_LINGER, new Linger(true, 65_535));
        assertThat(get(s, SO_LINGER)).isEqualTo(new Linger(true, 65_535));
        set(s, SO_LINGER, Linger.OFF);
        fails(WsaError.WSAEINVAL, () -> set(s, SO_LINGER, new Linger(true, 65_536)));
        fails(WsaError.WSAEINVAL, () -> set(s, SO_LINGER, new Linger(true, -1)));
    }

    @Proves("so.buffers")
    void buffersHaveASizeThatCanBeChanged() throws WinsockException {
        for (SocketHandle s : List.of(net.stream(), net.datagram())) {
            for (int name : new int[] {SO_SNDBUF, SO_RCVBUF}) {
                assertThat((int) get(s, name)).as("option 0x%x at first", name).isPositive();
                set(s, name, 32_768);
                assertThat((int) get(s, name)).as("option 0x%x", name).isGreaterThanOrEqualTo(32_768);
            }
        }
    }

    @Proves({"so.buffers", "sockopt.inval"})
    void aBufferOfLessThanNothingIsInvalid() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEINVAL, () -> set(s, SO_SNDBUF, -1));
        fails(WsaError.WSAEINVAL, () -> set(s, SO_RCVBUF, -1));
    }

    @Proves("so.timeouts")
    void timesAreKeptInMilliseconds() throws WinsockException {
        SocketHandle s = net.stream();
        set(s, SO_RCVTIMEO, 1_234);
        set(s, SO_SNDTIMEO, 4_321);

        assertThat(get(s, SO_RCVTIMEO)).isEqualTo(1_234);
        assertThat(get(s, SO_SNDTIMEO)).isEqualTo(4_321);
        set(s, SO_RCVTIMEO, 0);
        assertThat(get(s, SO_RCVTIMEO)).isEqualTo(0);
    }

    @Proves({"so.timeouts", "recv.timeout"})
    void aReceiveThatGetsNothingInTimeFails() throws WinsockException {
        Connection c = net.connection();
        SocketHandle datagram = net.boundDatagram();
        for (SocketHandle s : new SocketHandle[] {c.client(), datagram}) {
            set(s, SO_RCVTIMEO, 1);
            fails(WsaError.WSAETIMEDOUT, () -> ws.recv(s, ByteBuffer.allocate(1), 0));
        }
    }

    @Proves({"so.timeouts", "send.timeout"})
    void aSendThatFindsNoRoomInTimeFails() throws WinsockException {
        Connection c = net.connection();
        net.fill(net.nonBlocking(c.client()));
        ws.ioctlsocket(c.client(), IoctlCode.FIONBIO, false);
        set(c.client(), SO_SNDTIMEO, 1);

        fails(WsaError.WSAETIMEDOUT, () -> ws.send(c.client(), ByteBuffer.allocate(1 << 20), 0));
    }

    @Proves("so.max-msg-size")
    void aDatagramSocketTellsHowLongADatagramMayBe() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {net.datagram(), net.datagram6()}) {
            WsaProtocolInfo entry = (WsaProtocolInfo) get(s, SO_PROTOCOL_INFOW);
            assertThat(get(s, SO_MAX_MSG_SIZE)).isEqualTo(entry.messageSize());
        }
    }

    @Proves({"so.protocol-info", "trap-54", "chain.entry"})
    void theEntryOfASocketIsTheFirstOfItsTriple() throws WinsockException {
        SocketHandle s = net.stream();
        WsaProtocolInfo first = ws.wsaEnumProtocols(IPPROTO_TCP).stream()
                .filter(e -> e.addressFamily() == AddressFamily.AF_INET).findFirst().orElseThrow();

        assertThat(get(s, SO_PROTOCOL_INFOW)).isEqualTo(first);
        assertThat(get(s, SO_PROTOCOL_INFOA)).isEqualTo(first);
        assertThat(first.protocolChain().isChain()).isEqualTo(stack.isLayered());
    }

    @Proves({"so.protocol-info", "chain.entry"})
    void anAcceptedSocketHasTheEntryOfItsListener() throws WinsockException {
        Connection c = net.connection();
        assertThat(get(c.server(), SO_PROTOCOL_INFOW)).isEqualTo(get(c.listener(), SO_PROTOCOL_INFOW));
    }

    @Proves("so.conditional-accept")
    void conditionalAcceptIsASwitchThatIsOffAtFirst() throws WinsockException {
        SocketHandle s = net.stream();
        assertThat(get(s, SO_CONDITIONAL_ACCEPT)).isEqualTo(false);
        if (refuses(Flag.NO_CONDITIONAL_ACCEPT, WsaError.WSAENOPROTOOPT, () -> set(s, SO_CONDITIONAL_ACCEPT, true))) {
            return;
        }
        set(s, SO_CONDITIONAL_ACCEPT, true);

        assertThat(get(s, SO_CONDITIONAL_ACCEPT)).isEqualTo(true);
    }

    // ---- other levels ----------------------------------------------------------------------------------------------

    @Proves("tcp.nodelay")
    void nodelayIsASwitchOfStreams() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {net.stream(), net.stream6()}) {
            assertThat(ws.getsockopt(s, IPPROTO_TCP, SocketOption.TCP_NODELAY)).isEqualTo(false);
            ws.setsockopt(s, IPPROTO_TCP, SocketOption.TCP_NODELAY, true);
            assertThat(ws.getsockopt(s, IPPROTO_TCP, SocketOption.TCP_NODELAY)).isEqualTo(true);
        }
    }

    @Proves({"tcp.nodelay", "sockopt.noprotoopt"})
    void aDatagramSocketHasNoNodelay() throws WinsockException {
        SocketHandle s = net.datagram();
        fails(WsaError.WSAENOPROTOOPT, () -> ws.getsockopt(s, IPPROTO_TCP, SocketOption.TCP_NODELAY));
        fails(WsaError.WSAENOPROTOOPT, () -> ws.setsockopt(s, IPPROTO_TCP, SocketOption.TCP_NODELAY, true));
    }

    @Proves("tcp.keepalive")
    void theTimesOfKeepAliveCanBeSetInSeconds() throws WinsockException {
        SocketHandle s = net.stream();
        for (int name : new int[] {SocketOption.TCP_KEEPIDLE, SocketOption.TCP_KEEPINTVL, SocketOption.TCP_KEEPCNT}) {
            assertThat((int) ws.getsockopt(s, IPPROTO_TCP, name)).as("option %d at first", name).isPositive();
            ws.setsockopt(s, IPPROTO_TCP, name, 9);
            assertThat(ws.getsockopt(s, IPPROTO_TCP, name)).as("option %d", name).isEqualTo(9);
        }
    }

    @Proves("ip.ttl")
    void timeToLiveIsANumberThatCanBeSet() throws WinsockException {
        SocketHandle s = net.datagram();
        if (refuses(Flag.NO_TTL, WsaError.WSAENOPROTOOPT, () -> ws.getsockopt(s, IPPROTO_IP, SocketOption.IP_TTL))) {
            fails(WsaError.WSAENOPROTOOPT, () -> ws.setsockopt(s, IPPROTO_IP, SocketOption.IP_TTL, 7));
            return;
        }
        assertThat((int) ws.getsockopt(s, IPPROTO_IP, SocketOption.IP_TTL)).isBetween(1, 255);
        ws.setsockopt(s, IPPROTO_IP, SocketOption.IP_TTL, 7);

        assertThat(ws.getsockopt(s, IPPROTO_IP, SocketOption.IP_TTL)).isEqualTo(7);
    }

    @Proves("ip.tos")
    void theTypeOfServiceIsKept() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {net.stream(), net.datagram()}) {
            ws.setsockopt(s, IPPROTO_IP, SocketOption.IP_TOS, 0x10);
            assertThat(ws.getsockopt(s, IPPROTO_IP, SocketOption.IP_TOS)).isEqualTo(0x10);
        }
    }

    @Proves("ip.multicast-ttl")
    void multicastGoesOneHopUnlessItIsTold() throws WinsockException {
        SocketHandle s = net.datagram();
        assertThat(ws.getsockopt(s, IPPROTO_IP, SocketOption.IP_MULTICAST_TTL)).isEqualTo(1);
        ws.setsockopt(s, IPPROTO_IP, SocketOption.IP_MULTICAST_TTL, 4);

        assertThat(ws.getsockopt(s, IPPROTO_IP, SocketOption.IP_MULTICAST_TTL)).isEqualTo(4);
    }

    @Proves("ip.multicast-loop")
    void multicastReturnsToItsHostUnlessItIsTold() throws WinsockException {
        SocketHandle s = net.datagram();
        assertThat(ws.getsockopt(s, IPPROTO_IP, SocketOption.IP_MULTICAST_LOOP)).isEqualTo(true);
        ws.setsockopt(s, IPPROTO_IP, SocketOption.IP_MULTICAST_LOOP, false);

        assertThat(ws.getsockopt(s, IPPROTO_IP, SocketOption.IP_MULTICAST_LOOP)).isEqualTo(false);
    }

    @Proves({"ip.multicast-loop", "ip.multicast-ttl"})
    void ipv6HasTheOptionsOfMulticastAtItsOwnLevel() throws WinsockException {
        SocketHandle s = net.datagram6();
        ws.setsockopt(s, IPPROTO_IPV6, SocketOption.IP_MULTICAST_LOOP, false);
        ws.setsockopt(s, IPPROTO_IPV6, SocketOption.IP_MULTICAST_TTL, 4);

        assertThat(ws.getsockopt(s, IPPROTO_IPV6, SocketOption.IP_MULTICAST_LOOP)).isEqualTo(false);
        assertThat(ws.getsockopt(s, IPPROTO_IPV6, SocketOption.IP_MULTICAST_TTL)).isEqualTo(4);
    }

    @Proves("sockopt.noprotoopt")
    void optionsOfIpv4AreNotThoseOfIpv6() throws WinsockException {
        SocketHandle six = net.datagram6();
        SocketHandle four = net.datagram();
        fails(WsaError.WSAENOPROTOOPT, () -> ws.getsockopt(six, IPPROTO_IP, SocketOption.IP_TOS));
        fails(WsaError.WSAENOPROTOOPT, () -> ws.getsockopt(four, IPPROTO_IPV6, SocketOption.IPV6_V6ONLY));
    }

    // ---- errors ----------------------------------------------------------------------------------------------------

    @Proves("sockopt.level")
    void aLevelThatIsNoneIsInvalid() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEINVAL, () -> ws.getsockopt(s, UNKNOWN, SO_KEEPALIVE));
        fails(WsaError.WSAEINVAL, () -> ws.setsockopt(s, UNKNOWN, SO_KEEPALIVE, true));
    }

    @Proves("sockopt.noprotoopt")
    void anOptionThatIsNoneIsRefusedAtEachLevel() throws WinsockException {
        SocketHandle s = net.stream();
        for (int level : new int[] {SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IpProtocol.IPPROTO_UDP, IPPROTO_IPV6}) {
            fails(WsaError.WSAENOPROTOOPT, () -> ws.getsockopt(s, level, UNKNOWN));
            fails(WsaError.WSAENOPROTOOPT, () -> ws.setsockopt(s, level, UNKNOWN, 1));
        }
    }

    @Proves("sockopt.noprotoopt")
    void aStreamHasNoLargestMessage() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAENOPROTOOPT, () -> get(s, SO_MAX_MSG_SIZE));
    }

    @Proves("sockopt.fault")
    void aValueOfAnotherTypeIsAFault() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEFAULT, () -> set(s, SO_KEEPALIVE, 1));
        fails(WsaError.WSAEFAULT, () -> set(s, SO_RCVTIMEO, true));
        fails(WsaError.WSAEFAULT, () -> set(s, SO_LINGER, 5));
        fails(WsaError.WSAEFAULT, () -> ws.setsockopt(s, IPPROTO_TCP, SocketOption.TCP_NODELAY, "on"));
    }

    @Proves("sockopt.fault")
    void noValueIsAFault() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEFAULT, () -> set(s, SO_KEEPALIVE, null));
        fails(WsaError.WSAEFAULT, () -> set(s, SO_LINGER, null));
    }

    @Proves("sockopt.read-only")
    void whatCanOnlyBeReadCannotBeSet() throws WinsockException {
        SocketHandle s = net.datagram();
        set(s, SO_KEEPALIVE, false);
        for (int name : new int[] {SO_ACCEPTCONN, SO_TYPE, SO_ERROR, SO_MAX_MSG_SIZE, SO_PROTOCOL_INFOW}) {
            Object value = get(s, name);
            fails(WsaError.WSAENOPROTOOPT, () -> set(s, name, value));
        }
    }

    @Proves({"sockopt.read-only", "so.update-context"})
    void whatCanOnlyBeSetCannotBeRead() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAENOPROTOOPT, () -> get(s, SocketOption.SO_UPDATE_ACCEPT_CONTEXT));
        fails(WsaError.WSAENOPROTOOPT, () -> get(s, SocketOption.SO_UPDATE_CONNECT_CONTEXT));
    }

    @Proves("sockopt.any-state")
    void optionsCanBeAskedForInEveryState() throws WinsockException {
        Connection c = net.connection();
        SocketHandle ended = net.connection().client();
        ws.shutdown(ended, 2);
        for (SocketHandle s : List.of(net.stream(), net.boundStream(), c.listener(), c.client(), c.server(), ended)) {
            assertThat(get(s, SO_TYPE)).isEqualTo(SocketType.SOCK_STREAM);
            assertThat(get(s, SO_KEEPALIVE)).isEqualTo(false);
            set(s, SO_RCVTIMEO, 5);
            assertThat(get(s, SO_RCVTIMEO)).isEqualTo(5);
        }
    }

    private List<SocketHandle> streamAndDatagram() throws WinsockException {
        return List.of(net.stream(), net.datagram(), net.stream6(), net.datagram6());
    }

    private Object get(SocketHandle s, int name) throws WinsockException {
        return ws.getsockopt(s, SOL_SOCKET, name);
    }

    private void set(SocketHandle s, int name, Object value) throws WinsockException {
        ws.setsockopt(s, SOL_SOCKET, name, value);
    }
}

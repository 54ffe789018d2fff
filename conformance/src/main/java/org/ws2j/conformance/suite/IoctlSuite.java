package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.LOOPBACK;
import static org.ws2j.conformance.Network.LOOPBACK6;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.spi.IoctlCode.FIONBIO;
import static org.ws2j.spi.IoctlCode.FIONREAD;
import static org.ws2j.spi.IoctlCode.SIOCATMARK;
import static org.ws2j.spi.IoctlCode.SIO_ADDRESS_LIST_CHANGE;
import static org.ws2j.spi.IoctlCode.SIO_ADDRESS_LIST_QUERY;
import static org.ws2j.spi.IoctlCode.SIO_ADDRESS_LIST_SORT;
import static org.ws2j.spi.IoctlCode.SIO_ASSOCIATE_HANDLE;
import static org.ws2j.spi.IoctlCode.SIO_BASE_HANDLE;
import static org.ws2j.spi.IoctlCode.SIO_BSP_HANDLE;
import static org.ws2j.spi.IoctlCode.SIO_BSP_HANDLE_POLL;
import static org.ws2j.spi.IoctlCode.SIO_BSP_HANDLE_SELECT;
import static org.ws2j.spi.IoctlCode.SIO_ENABLE_CIRCULAR_QUEUEING;
import static org.ws2j.spi.IoctlCode.SIO_FLUSH;
import static org.ws2j.spi.IoctlCode.SIO_GET_BROADCAST_ADDRESS;
import static org.ws2j.spi.IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER;
import static org.ws2j.spi.IoctlCode.SIO_KEEPALIVE_VALS;
import static org.ws2j.spi.IoctlCode.SIO_MULTICAST_SCOPE;
import static org.ws2j.spi.IoctlCode.SIO_MULTIPOINT_LOOPBACK;
import static org.ws2j.spi.IoctlCode.SIO_ROUTING_INTERFACE_CHANGE;
import static org.ws2j.spi.IoctlCode.SIO_ROUTING_INTERFACE_QUERY;
import static org.ws2j.spi.SocketOption.SOL_SOCKET;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Message;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.TcpKeepalive;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WspResult;

/** ioctlsocket, WSAIoctl. */
final class IoctlSuite extends Suite {
    /** A vendor's code of which nobody has heard. */
    private static final int UNKNOWN = 0x58005555;

    private static final long IO_PENDING = WspResult.IO_PENDING;

    // ---- FIONBIO ---------------------------------------------------------------------------------------------------

    @Proves("ioctl.fionbio")
    void fionbioMakesASocketNonBlockingAndBlockingAgain() throws Exception {
        SocketHandle s = net.boundDatagram();
        ws.ioctlsocket(s, FIONBIO, true);
        wouldBlock(ws.recv(s, ByteBuffer.allocate(1), 0));
        ws.ioctlsocket(s, FIONBIO, false);
        Call<String> call = calls.waiting(() -> net.receive(s, 4));
        ws.sendto(net.datagram(), bytes("x"), 0, net.name(s));

        assertThat(call.result()).isEqualTo("x");
    }

    @Proves({"ioctl.fionbio-inval", "select-event.cancel"})
    void aSocketWithASelectionOfEventsCannotBlock() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(s, event, NetworkEvent.FD_READ);
        fails(WsaError.WSAEINVAL, () -> ws.ioctlsocket(s, FIONBIO, false));
        ws.ioctlsocket(s, FIONBIO, true);
        ws.wsaEventSelect(s, null, 0);

        ws.ioctlsocket(s, FIONBIO, false);
    }

    @Proves({"ioctl.fionbio-inval", "select-message.cancel"})
    void aSocketWithASelectionOfMessagesCannotBlock() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        WindowHandle window = signals.window();
        ws.wsaAsyncSelect(s, window, Message.WM_USER, NetworkEvent.FD_READ);
        fails(WsaError.WSAEINVAL, () -> ws.ioctlsocket(s, FIONBIO, false));
        ws.wsaAsyncSelect(s, window, 0, 0);

        ws.ioctlsocket(s, FIONBIO, false);
    }

    @Proves("ioctl.fault")
    void fionbioNeedsASwitch() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEFAULT, () -> ws.ioctlsocket(s, FIONBIO, null));
        fails(WsaError.WSAEFAULT, () -> ws.ioctlsocket(s, FIONBIO, "yes"));
    }

    // ---- FIONREAD, SIOCATMARK --------------------------------------------------------------------------------------

    @Proves("ioctl.fionread")
    void fionreadTellsWhatAReceiveWouldGetOfAStream() throws WinsockException {
        Connection c = net.connection();
        assertThat(ws.ioctlsocket(c.server(), FIONREAD, null)).isEqualTo(0);
        net.send(c.client(), "hello");
        net.awaitReadable(c.server());
        assertThat(ws.ioctlsocket(c.server(), FIONREAD, null)).isEqualTo(5);
        net.receive(c.server(), 2);

        assertThat(ws.ioctlsocket(c.server(), FIONREAD, null)).isEqualTo(3);
        assertThat(net.receive(c.server(), 8)).as("what was counted is still there").isEqualTo("llo");
    }

    @Proves("ioctl.fionread")
    void fionreadTellsTheLengthOfADatagram() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        assertThat(ws.ioctlsocket(s, FIONREAD, null)).isEqualTo(0);
        ws.sendto(net.datagram(), bytes("datagram"), 0, net.name(s));
        net.awaitReadable(s);

        assertThat(ws.ioctlsocket(s, FIONREAD, null)).isEqualTo(8);
        assertThat(net.receive(s, 16)).isEqualTo("datagram");
    }

    @Proves("ioctl.fionread")
    void fionreadIsZeroAtTheEndOfAStream() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);
        net.awaitReadable(c.server());

        assertThat(ws.ioctlsocket(c.server(), FIONREAD, null)).isEqualTo(0);
    }

    @Proves("ioctl.fault")
    void anAnswerNeedsAPlace() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        for (int code : new int[] {FIONREAD, SIO_ADDRESS_LIST_QUERY, SIO_BASE_HANDLE, SIO_BSP_HANDLE,
                SIO_BSP_HANDLE_SELECT, SIO_BSP_HANDLE_POLL, SIO_GET_BROADCAST_ADDRESS}) {
            fails(WsaError.WSAEFAULT, () -> ws.wsaIoctl(s, code, null, null, null, null));
        }
    }

    @Proves("ioctl.siocatmark")
    void siocatmarkIsTrueWhereNoUrgentDataWaits() throws WinsockException {
        Connection c = net.connection();
        if (refuses(Flag.NO_ATMARK, WsaError.WSAEOPNOTSUPP, () -> ws.ioctlsocket(c.server(), SIOCATMARK, null))) {
            return;
        }
        assertThat(ws.ioctlsocket(c.server(), SIOCATMARK, null)).isEqualTo(true);
        net.send(c.client(), "calm");
        net.awaitReadable(c.server());

        assertThat(ws.ioctlsocket(c.server(), SIOCATMARK, null)).isEqualTo(true);
    }

    @Proves("ioctl.siocatmark")
    void siocatmarkIsFalseUntilTheUrgentByteIsTaken() throws WinsockException {
        Connection c = net.connection();
        if (refuses(Flag.NO_ATMARK, WsaError.WSAEOPNOTSUPP, () -> ws.ioctlsocket(c.server(), SIOCATMARK, null))) {
            return;
        }
        ws.send(c.client(), bytes("!"), MessageFlag.MSG_OOB);
        net.awaitException(c.server());
        assertThat(ws.ioctlsocket(c.server(), SIOCATMARK, null)).isEqualTo(false);
        ws.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_OOB);

        assertThat(ws.ioctlsocket(c.server(), SIOCATMARK, null)).isEqualTo(true);
    }

    // ---- keep-alive ------------------------------------------------------------------------------------------------

    @Proves("ioctl.keepalive-vals")
    void keepAliveIsTurnedOnWithItsTimes() throws WinsockException {
        SocketHandle s = net.stream();
        ws.wsaIoctl(s, SIO_KEEPALIVE_VALS, new TcpKeepalive(true, 30_000, 2_000), null, null, null);

        assertThat(ws.getsockopt(s, SOL_SOCKET, SocketOption.SO_KEEPALIVE)).isEqualTo(true);
        assertThat(ws.getsockopt(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPIDLE)).isEqualTo(30);
        assertThat(ws.getsockopt(s, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPINTVL)).isEqualTo(2);
    }

    @Proves("ioctl.keepalive-vals")
    void keepAliveIsTurnedOff() throws WinsockException {
        Connection c = net.connection();
        ws.setsockopt(c.client(), SOL_SOCKET, SocketOption.SO_KEEPALIVE, true);
        ws.wsaIoctl(c.client(), SIO_KEEPALIVE_VALS, new TcpKeepalive(false, 0, 0), null, null, null);

        assertThat(ws.getsockopt(c.client(), SOL_SOCKET, SocketOption.SO_KEEPALIVE)).isEqualTo(false);
    }

    @Proves({"ioctl.keepalive-vals", "ioctl.fault", "ioctl.inval"})
    void keepAliveNeedsItsValuesAndAStream() throws WinsockException {
        SocketHandle s = net.stream();
        SocketHandle datagram = net.datagram();
        TcpKeepalive values = new TcpKeepalive(true, 1_000, 1_000);
        fails(WsaError.WSAEFAULT, () -> ws.wsaIoctl(s, SIO_KEEPALIVE_VALS, null, null, null, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaIoctl(s, SIO_KEEPALIVE_VALS, true, null, null, null));
        fails(WsaError.WSAEINVAL, () -> ws.wsaIoctl(datagram, SIO_KEEPALIVE_VALS, values, null, null, null));
    }

    // ---- addresses -------------------------------------------------------------------------------------------------

    @Proves("ioctl.address-list")
    void everyAddressOfTheListCanBeBound() throws WinsockException {
        List<?> list = (List<?>) answer(net.stream(), SIO_ADDRESS_LIST_QUERY, null);
        assertThat(list).isNotEmpty();
        for (Object each : list) {
            SocketHandle s = net.stream();
            ws.bind(s, (SocketAddress) each);
            assertThat(net.name(s).getAddress()).isEqualTo(((InetSocketAddress) each).getAddress());
        }
    }

    @Proves("ioctl.address-list")
    void theListHasAddressesOfTheSocketsFamilyAlone() throws WinsockException {
        for (Object each : (List<?>) answer(net.stream6(), SIO_ADDRESS_LIST_QUERY, null)) {
            assertThat(((InetSocketAddress) each).getAddress().getAddress()).hasSize(16);
        }
        for (Object each : (List<?>) answer(net.datagram(), SIO_ADDRESS_LIST_QUERY, null)) {
            assertThat(((InetSocketAddress) each).getAddress().getAddress()).hasSize(4);
        }
    }

    @Proves("ioctl.address-sort")
    void sortingKeepsEveryAddress() throws WinsockException {
        List<SocketAddress> addresses = List.of(loopback(0), new InetSocketAddress(Network.address("198.51.100.1"), 0));
        List<?> sorted = (List<?>) answer(net.datagram(), SIO_ADDRESS_LIST_SORT, addresses);

        assertThat(List.<Object>copyOf(sorted)).containsExactlyInAnyOrderElementsOf(addresses);
    }

    @Proves("ioctl.routing-interface")
    void towardsLoopbackGoesTheLoopbackAddress() throws WinsockException {
        Object four = answer(net.datagram(), SIO_ROUTING_INTERFACE_QUERY, loopback(7));
        Object six = answer(net.datagram6(), SIO_ROUTING_INTERFACE_QUERY, new InetSocketAddress(LOOPBACK6, 7));

        assertThat(((InetSocketAddress) four).getAddress()).isEqualTo(LOOPBACK);
        assertThat(((InetSocketAddress) six).getAddress()).isEqualTo(LOOPBACK6);
    }

    @Proves({"ioctl.routing-interface", "ioctl.fault", "ioctl.inval"})
    void aRouteNeedsADestinationOfTheSocketsFamily() throws WinsockException {
        SocketHandle s = net.datagram();
        SocketAddress six = new InetSocketAddress(LOOPBACK6, 7);
        fails(WsaError.WSAEFAULT, () -> answer(s, SIO_ROUTING_INTERFACE_QUERY, null));
        fails(WsaError.WSAEINVAL, () -> answer(s, SIO_ROUTING_INTERFACE_QUERY, six));
        fails(WsaError.WSAEFAULT, () -> ws.wsaIoctl(s, SIO_ROUTING_INTERFACE_QUERY, loopback(7), null, null, null));
    }

    @Proves("ioctl.broadcast-address")
    void theBroadcastAddressIsOneOfIpv4() throws WinsockException {
        Object answer = answer(net.datagram(), SIO_GET_BROADCAST_ADDRESS, null);
        assertThat(((InetSocketAddress) answer).getAddress().getAddress()[3]).isEqualTo((byte) 255);
    }

    @Proves({"ioctl.broadcast-address", "ioctl.inval"})
    void aStreamHasNoBroadcastAddress() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEINVAL, () -> answer(s, SIO_GET_BROADCAST_ADDRESS, null));
    }

    @Proves("ioctl.change")
    void aNonBlockingSocketIsToldLaterThatItsAddressesChange() throws WinsockException {
        SocketHandle s = net.nonBlocking(net.datagram());
        if (refuses(Flag.NO_CHANGES, WsaError.WSAEOPNOTSUPP, () -> answer(s, SIO_ADDRESS_LIST_CHANGE, null))) {
            return;
        }
        wouldBlock(ws.wsaIoctl(s, SIO_ADDRESS_LIST_CHANGE, null, null, null, null));
        wouldBlock(ws.wsaIoctl(s, SIO_ROUTING_INTERFACE_CHANGE, loopback(7), null, null, null));
    }

    @Proves({"ioctl.change", "closesocket.aborts"})
    void anOverlappedWaitForAChangeIsAbortedWithItsSocket() throws WinsockException {
        SocketHandle s = net.datagram();
        if (refuses(Flag.NO_CHANGES, WsaError.WSAEOPNOTSUPP, () -> answer(s, SIO_ADDRESS_LIST_CHANGE, null))) {
            return;
        }
        List<Integer> errors = new ArrayList<>();
        pends(ws.wsaIoctl(s, SIO_ADDRESS_LIST_CHANGE, null, null, new HeapOverlapped(),
                (error, n, block, flags) -> errors.add(error)));
        ws.closesocket(s);
        signals.awaitProcedures();

        assertThat(errors).containsExactly(WsaError.WSA_OPERATION_ABORTED.code());
    }

    // ---- multicast -------------------------------------------------------------------------------------------------

    @Proves("ioctl.multicast")
    void multicastIsControlledAsByItsOptions() throws WinsockException {
        SocketHandle s = net.datagram();
        ws.wsaIoctl(s, SIO_MULTIPOINT_LOOPBACK, false, null, null, null);
        ws.wsaIoctl(s, SIO_MULTICAST_SCOPE, 5, null, null, null);

        assertThat(ws.getsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_LOOP)).isEqualTo(false);
        assertThat(ws.getsockopt(s, IpProtocol.IPPROTO_IP, SocketOption.IP_MULTICAST_TTL)).isEqualTo(5);
    }

    @Proves({"ioctl.multicast", "ioctl.fault", "ioctl.inval"})
    void badValuesForMulticastAreRefused() throws WinsockException {
        SocketHandle s = net.datagram();
        SocketHandle stream = net.stream();
        fails(WsaError.WSAEFAULT, () -> ws.wsaIoctl(s, SIO_MULTIPOINT_LOOPBACK, null, null, null, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaIoctl(s, SIO_MULTICAST_SCOPE, "far", null, null, null));
        fails(WsaError.WSAEINVAL, () -> ws.wsaIoctl(s, SIO_MULTICAST_SCOPE, 256, null, null, null));
        fails(WsaError.WSAEINVAL, () -> ws.wsaIoctl(stream, SIO_MULTIPOINT_LOOPBACK, true, null, null, null));
    }

    // ---- handles of the base provider ------------------------------------------------------------------------------

    @Proves("ioctl.base-handle")
    void theBaseHandleIsTheSameSocketPastEveryLayer() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        SocketHandle base = (SocketHandle) answer(s, SIO_BASE_HANDLE, null);

        if (stack.isLayered() && !stack.isIfs()) {
            assertThat(base).isNotSameAs(s);
        } else {
            assertThat(base).isSameAs(s);
        }
        assertThat(answer(base, SIO_BASE_HANDLE, null)).as("the base handle of the base handle").isSameAs(base);
        assertThat(ws.getsockname(base)).isEqualTo(ws.getsockname(s));
    }

    @Proves({"ioctl.base-handle", "fact-22"})
    void theBaseHandleIsAnsweredToSynchronousCallsAlone() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        assertPendsAndFails(s, SIO_BASE_HANDLE);
    }

    @Proves("ioctl.bsp-handle")
    void theHandlesForSelectAndItsKinAreTheBasesUnlessALayerClaimsThem() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        Object base = answer(s, SIO_BASE_HANDLE, null);
        for (int code : new int[] {SIO_BSP_HANDLE, SIO_BSP_HANDLE_SELECT, SIO_BSP_HANDLE_POLL}) {
            assertThat(answer(s, code, null)).as("0x%x", code).isIn(base, s);
        }
    }

    // ---- extension functions ---------------------------------------------------------------------------------------

    @Proves({"ioctl.extension", "trap-52"})
    void anExtensionFunctionIsGivenByItsGuid() throws WinsockException {
        SocketHandle s = net.stream();
        if (refuses(Flag.NO_EXTENSION_FUNCTIONS, WsaError.WSAEINVAL,
                () -> answer(s, SIO_GET_EXTENSION_FUNCTION_POINTER, ExtensionFunction.WSAID_CONNECTEX))) {
            return;
        }
        Object function = answer(s, SIO_GET_EXTENSION_FUNCTION_POINTER, ExtensionFunction.WSAID_CONNECTEX);
        assertThat(function).isInstanceOf(ConnectEx.class);
    }

    @Proves({"ioctl.extension", "trap-52"})
    void aGuidThatNobodyKnowsIsInvalid() throws WinsockException {
        SocketHandle s = net.stream();
        UUID unknown = new UUID(1, 2);
        fails(WsaError.WSAEINVAL, () -> answer(s, SIO_GET_EXTENSION_FUNCTION_POINTER, unknown));
    }

    @Proves({"ioctl.extension", "ioctl.fault"})
    void anExtensionFunctionNeedsAGuidAndAPlace() throws WinsockException {
        skipIf(Flag.NO_EXTENSION_FUNCTIONS);
        SocketHandle s = net.stream();
        fails(WsaError.WSAEFAULT, () -> answer(s, SIO_GET_EXTENSION_FUNCTION_POINTER, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER,
                ExtensionFunction.WSAID_CONNECTEX, null, null, null));
    }

    // ---- what need not be ------------------------------------------------------------------------------------------

    @Proves("ioctl.noprotoopt")
    void companionHandlesAreNotSupported() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAENOPROTOOPT, () -> ws.wsaIoctl(s, SIO_ASSOCIATE_HANDLE, 0, null, null, null));
    }

    @Proves("ioctl.noprotoopt")
    void flushingDiscardsWhatWaitsToBeSentWhereItIsSupported() throws WinsockException {
        Connection c = net.connection();
        if (refuses(Flag.NO_FLUSH, WsaError.WSAENOPROTOOPT,
                () -> ws.wsaIoctl(c.client(), SIO_FLUSH, null, null, null, null))) {
            return;
        }
        net.fill(net.nonBlocking(c.client()));
        List<Integer> errors = new ArrayList<>();
        pends(ws.wsaSend(c.client(), ByteBuffer.allocateDirect(1 << 20), 0, new HeapOverlapped(),
                (error, n, block, flags) -> errors.add(error)));
        ws.wsaIoctl(c.client(), SIO_FLUSH, null, null, null, null);
        signals.awaitProcedures();

        assertThat(errors).containsExactly(WsaError.WSA_OPERATION_ABORTED.code());
    }

    @Proves("ioctl.noprotoopt")
    void circularQueueingIsOfDatagramsWhereItIsSupported() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        if (refuses(Flag.NO_CIRCULAR_QUEUEING, WsaError.WSAENOPROTOOPT,
                () -> ws.wsaIoctl(s, SIO_ENABLE_CIRCULAR_QUEUEING, null, null, null, null))) {
            return;
        }
        SocketHandle stream = net.stream();
        ws.wsaIoctl(s, SIO_ENABLE_CIRCULAR_QUEUEING, null, null, null, null);
        fails(WsaError.WSAENOPROTOOPT,
                () -> ws.wsaIoctl(stream, SIO_ENABLE_CIRCULAR_QUEUEING, null, null, null, null));
    }

    @Proves({"ioctl.opnotsupp", "fact-22"})
    void aCodeThatNobodyKnowsIsRefused() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEOPNOTSUPP, () -> answer(s, UNKNOWN, null));
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.ioctlsocket(s, UNKNOWN, null));
    }

    @Proves({"ioctl.opnotsupp", "fact-22"})
    void anOverlappedCodeThatNobodyKnowsPendsAndFails() throws WinsockException {
        assertPendsAndFails(net.boundDatagram(), UNKNOWN);
    }

    private void assertPendsAndFails(SocketHandle s, int code) throws WinsockException {
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaIoctl(s, code, null, new IoctlResult(), block, null));
        signals.await(block.hEvent());

        fails(WsaError.WSAEOPNOTSUPP, () -> ws.wsaGetOverlappedResult(s, block, false, new ReceiveResult()));
    }

    // ---- overlapped calls ------------------------------------------------------------------------------------------

    @Proves("ioctl.overlapped")
    void anOverlappedCallThatNeedNotWaitIsDoneAndIndicated() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        HeapOverlapped block = new HeapOverlapped(signals.event());
        IoctlResult answer = new IoctlResult();
        long result = ws.wsaIoctl(s, FIONREAD, null, answer, block, null);
        assertThat(result).as("done at once, or, through layers, later").isIn(0L, stack.isLayered() ? IO_PENDING : 0L);
        signals.await(block.hEvent());
        ws.wsaGetOverlappedResult(s, block, false, new ReceiveResult());

        assertThat(answer.value()).isEqualTo(0);
    }

    @Proves("ioctl.overlapped")
    void anOverlappedCallRunsItsRoutine() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        List<Integer> errors = new ArrayList<>();
        ws.wsaIoctl(s, FIONBIO, true, null, new HeapOverlapped(), (error, n, block, flags) -> errors.add(error));
        signals.awaitProcedures();

        assertThat(errors).containsExactly(0);
        wouldBlock(ws.recv(s, ByteBuffer.allocate(1), 0));
    }

    private Object answer(SocketHandle s, int code, Object in) throws WinsockException {
        IoctlResult answer = new IoctlResult();
        ws.wsaIoctl(s, code, in, answer, null, null);
        return answer.value();
    }
}

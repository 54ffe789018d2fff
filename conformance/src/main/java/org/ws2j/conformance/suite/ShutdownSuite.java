package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.loopback;
import static org.ws2j.spi.SocketOption.SOL_SOCKET;

import java.nio.ByteBuffer;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.Linger;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** shutdown, WSASendDisconnect, WSARecvDisconnect. */
final class ShutdownSuite extends Suite {
    private static final Linger LONG = new Linger(true, 60);

    // ---- shutdown --------------------------------------------------------------------------------------------------

    @Proves("shutdown.send")
    void shuttingDownSendingEndsThePeersStreamAfterWhatWasSent() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "request");
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(net.receiveAll(c.server(), 64)).isEqualTo("request");
    }

    @Proves("shutdown.send")
    void whoseSendingIsShutDownGoesOnReceiving() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(net.receive(c.server(), 1)).isEmpty();
        net.send(c.server(), "answer");
        ws.closesocket(c.server());

        assertThat(net.receiveAll(c.client(), 64)).isEqualTo("answer");
    }

    @Proves({"shutdown.send", "send.shutdown"})
    void sendingAfterSendingWasShutDownFails() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        fails(WsaError.WSAESHUTDOWN, () -> ws.send(c.client(), bytes("x"), 0));
        fails(WsaError.WSAESHUTDOWN, () -> ws.wsaSend(c.client(), bytes("x"), 0, null, null));
    }

    @Proves({"shutdown.receive", "recv.shutdown"})
    void receivingAfterReceivingWasShutDownFails() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_RECEIVE);

        fails(WsaError.WSAESHUTDOWN, () -> ws.recv(c.client(), ByteBuffer.allocate(1), 0));
        fails(WsaError.WSAESHUTDOWN,
                () -> ws.wsaRecv(c.client(), ByteBuffer.allocate(1), new ReceiveResult(), null, null));
    }

    @Proves("shutdown.receive")
    void whoseReceivingIsShutDownGoesOnSending() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_RECEIVE);
        net.send(c.client(), "one way");

        assertThat(net.receiveAll(c.server(), 7)).isEqualTo("one way");
    }

    @Proves("shutdown.both")
    void shuttingDownBothRefusesBoth() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_BOTH);

        fails(WsaError.WSAESHUTDOWN, () -> ws.send(c.client(), bytes("x"), 0));
        fails(WsaError.WSAESHUTDOWN, () -> ws.recv(c.client(), ByteBuffer.allocate(1), 0));
        assertThat(net.receive(c.server(), 1)).as("the peer's stream").isEmpty();
    }

    @Proves("shutdown.both")
    void shuttingDownBothClosesNothing() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_BOTH);

        assertThat(ws.getsockopt(c.client(), SOL_SOCKET, SocketOption.SO_TYPE)).isEqualTo(1);
        ws.closesocket(c.client());
    }

    @Proves("shutdown.both")
    void oneSideAfterTheOtherIsBoth() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_RECEIVE);
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        fails(WsaError.WSAESHUTDOWN, () -> ws.send(c.client(), bytes("x"), 0));
        fails(WsaError.WSAESHUTDOWN, () -> ws.recv(c.client(), ByteBuffer.allocate(1), 0));
    }

    @Proves("shutdown.send")
    void bothEndsCanEndTheirStreams() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "a");
        net.send(c.server(), "b");
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);

        assertThat(net.receiveAll(c.server(), 8)).isEqualTo("a");
        assertThat(net.receiveAll(c.client(), 8)).isEqualTo("b");
    }

    @Proves("shutdown.never-blocks")
    void shuttingDownDoesNotWaitForWhatWasSent() throws WinsockException {
        Connection c = net.connection();
        long sent = net.fill(net.nonBlocking(c.client()));
        ws.ioctlsocket(c.client(), IoctlCode.FIONBIO, false);
        ws.setsockopt(c.client(), SOL_SOCKET, SocketOption.SO_LINGER, LONG);
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);
        net.drain(c.server(), sent);

        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    @Proves("shutdown.inval")
    void aMannerThatIsNoneIsInvalid() throws WinsockException {
        Connection c = net.connection();
        for (int how : new int[] {-1, 3, 100}) {
            fails(WsaError.WSAEINVAL, () -> ws.shutdown(c.client(), how));
        }
        net.send(c.client(), "x");
        assertThat(net.receive(c.server(), 1)).isEqualTo("x");
    }

    @Proves("shutdown.notconn")
    void aStreamThatIsNotConnectedCannotBeShutDown() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {net.stream(), net.boundStream(), net.listener()}) {
            fails(WsaError.WSAENOTCONN, () -> ws.shutdown(s, ShutdownHow.SD_SEND));
        }
    }

    @Proves("shutdown.datagram")
    void aDatagramSocketCanBeShutDownWithoutAPeer() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        ws.shutdown(s, ShutdownHow.SD_BOTH);

        fails(WsaError.WSAESHUTDOWN, () -> ws.sendto(s, bytes("x"), 0, loopback(9)));
        fails(WsaError.WSAESHUTDOWN, () -> ws.recvfrom(s, ByteBuffer.allocate(1), new ReceiveResult()));
    }

    // ---- WSASendDisconnect -----------------------------------------------------------------------------------------

    @Proves("send-disconnect.ends")
    void sendDisconnectEndsThePeersStream() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "end");
        ws.wsaSendDisconnect(c.client(), null);

        assertThat(net.receiveAll(c.server(), 8)).isEqualTo("end");
        fails(WsaError.WSAESHUTDOWN, () -> ws.send(c.client(), bytes("x"), 0));
    }

    @Proves("send-disconnect.ends")
    void sendDisconnectLeavesReceivingAlone() throws WinsockException {
        Connection c = net.connection();
        ws.wsaSendDisconnect(c.client(), null);
        net.send(c.server(), "back");

        assertThat(net.receiveAll(c.client(), 4)).isEqualTo("back");
    }

    @Proves("send-disconnect.noprotoopt")
    void dataForADisconnectIsRefusedAndNothingEnds() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAENOPROTOOPT, () -> ws.wsaSendDisconnect(c.client(), bytes("data")));
        net.send(c.client(), "on");

        assertThat(net.receiveAll(c.server(), 2)).isEqualTo("on");
    }

    @Proves("send-disconnect.notconn")
    void aSocketThatIsNotConnectedCannotSendADisconnect() throws WinsockException {
        SocketHandle s = net.stream();
        SocketHandle listener = net.listener();
        fails(WsaError.WSAENOTCONN, () -> ws.wsaSendDisconnect(s, null));
        fails(WsaError.WSAENOTCONN, () -> ws.wsaSendDisconnect(listener, null));
    }

    // ---- WSARecvDisconnect -----------------------------------------------------------------------------------------

    @Proves("recv-disconnect.ends")
    void recvDisconnectRefusesFurtherReceives() throws WinsockException {
        Connection c = net.connection();
        ws.wsaRecvDisconnect(c.client(), null);

        fails(WsaError.WSAESHUTDOWN, () -> ws.recv(c.client(), ByteBuffer.allocate(1), 0));
    }

    @Proves("recv-disconnect.ends")
    void recvDisconnectAfterTheEndLeavesSendingAlone() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);
        assertThat(net.receive(c.client(), 1)).isEmpty();
        ws.wsaRecvDisconnect(c.client(), null);
        net.send(c.client(), "reply");

        assertThat(net.receiveAll(c.server(), 5)).isEqualTo("reply");
    }

    @Proves("recv-disconnect.noprotoopt")
    void roomForDisconnectDataIsRefusedAndNothingEnds() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAENOPROTOOPT, () -> ws.wsaRecvDisconnect(c.client(), ByteBuffer.allocate(8)));
        net.send(c.server(), "on");

        assertThat(net.receiveAll(c.client(), 2)).isEqualTo("on");
    }

    @Proves("recv-disconnect.notconn")
    void aSocketThatIsNotConnectedCannotReceiveADisconnect() throws WinsockException {
        SocketHandle s = net.stream();
        SocketHandle listener = net.listener();
        fails(WsaError.WSAENOTCONN, () -> ws.wsaRecvDisconnect(s, null));
        fails(WsaError.WSAENOTCONN, () -> ws.wsaRecvDisconnect(listener, null));
    }
}

package org.ws2j.provider.extension;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaRecvMsg;
import org.ws2j.spi.WsaSendMsg;
import org.ws2j.spi.WspResult;

/** WSARecvMsg and WSASendMsg. */
@ParameterizedClass
@EnumSource(ExtensionTest.Base.class)
final class MessageTest extends ExtensionTest {
    private WsaRecvMsg receiving(SocketHandle s) throws WinsockException {
        return function(s, ExtensionFunction.WSAID_WSARECVMSG, WsaRecvMsg.class);
    }

    private WsaSendMsg sending(SocketHandle s) throws WinsockException {
        return function(s, ExtensionFunction.WSAID_WSASENDMSG, WsaSendMsg.class);
    }

    /** A message with room for data, and for control information, which is never there. */
    private static WsaMsg room(int... lengths) {
        WsaMsg message = new WsaMsg(new ByteBuffer[lengths.length]);
        for (int i = 0; i < lengths.length; i++) {
            message.buffers()[i] = ByteBuffer.allocate(lengths[i]);
        }
        message.control(ByteBuffer.allocate(64).position(8));
        return message;
    }

    private static String text(WsaMsg message, int buffer, int length) {
        return new String(message.buffers()[buffer].array(), 0, length, US_ASCII);
    }

    private static void assertNoControl(WsaMsg message) {
        assertThat(message.control().limit()).isEqualTo(8);
    }

    @Test
    void aMessageGoesFromOneToTheOther() throws WinsockException {
        SocketHandle from = datagram();
        SocketHandle to = datagram();
        WsaMsg sent = new WsaMsg(bytes("two "), bytes("parts"));
        sent.name(nameOf(to));
        assertThat(sending(from).wsaSendMsg(from, sent, 0, null, null)).isEqualTo(9);
        WsaMsg received = room(4, 8);
        assertThat(receiving(to).wsaRecvMsg(to, received, null, null)).isEqualTo(9);
        assertThat(text(received, 0, 4) + text(received, 1, 5)).isEqualTo("two parts");
        assertThat(received.name()).isEqualTo(nameOf(from));
        assertThat(received.flags()).isZero();
        assertNoControl(received);
    }

    @Test
    void aMessageWithoutANameGoesToTheDefaultPeer() throws WinsockException {
        SocketHandle from = datagram();
        SocketHandle to = datagram();
        winsock.connect(from, nameOf(to));
        sending(from).wsaSendMsg(from, new WsaMsg(bytes("x")), 0, null, null);
        assertThat(receive(to, 8)).isEqualTo("x");
    }

    @Test
    void aMessageThatIsTooLongIsCutAndSaysSo() throws WinsockException {
        SocketHandle from = datagram();
        SocketHandle to = datagram();
        winsock.sendto(from, bytes("123456"), 0, nameOf(to));
        WsaMsg received = room(4);
        assertTold(WsaError.WSAEMSGSIZE, () -> receiving(to).wsaRecvMsg(to, received, null, null));
        assertThat(text(received, 0, 4)).isEqualTo("1234");
        assertThat(received.flags()).isEqualTo(MessageFlag.MSG_TRUNC);
        assertThat(received.name()).isEqualTo(nameOf(from));
        assertNoControl(received);
    }

    @Test
    void anOverlappedReceiveFillsTheMessageBeforeItsIndication() throws WinsockException {
        SocketHandle from = datagram();
        SocketHandle to = datagram();
        CompletionPort port = port(to, "key");
        HeapOverlapped block = block();
        WsaMsg received = room(4);
        assertThat(receiving(to).wsaRecvMsg(to, received, block, null)).isEqualTo(WspResult.IO_PENDING);
        winsock.sendto(from, bytes("123456"), 0, nameOf(to));
        assertThat(packet(port).overlapped()).isSameAs(block);
        assertThat(received.flags()).isEqualTo(MessageFlag.MSG_TRUNC);
        assertThat(received.name()).isEqualTo(nameOf(from));
        assertNoControl(received);
        assertFails(WsaError.WSAEMSGSIZE, () -> await(to, block));
        winsock.sendto(from, bytes("1234"), 0, nameOf(to));
        winsock.wsaResetEvent(block.hEvent());
        received = room(4);
        receiving(to).wsaRecvMsg(to, received, block, null);
        assertThat(await(to, block)).isEqualTo(4);
        assertThat(received.flags()).isZero();
        winsock.ports().closeIoCompletionPort(port);
    }

    @Test
    void routinesRunOnTheCallingThreadWithTheMessageFilled() throws WinsockException {
        SocketHandle from = datagram();
        SocketHandle to = datagram();
        List<String> log = new ArrayList<>();
        HeapOverlapped block = new HeapOverlapped();
        WsaMsg received = room(8);
        receiving(to).wsaRecvMsg(to, received, block, (error, n, b, flags) -> {
            assertThat(b).isSameAs(block);
            log.add("received " + n + " " + error + " " + received.name().equals(nameOrNull(from)));
        });
        WsaMsg sent = new WsaMsg(bytes("data"));
        sent.name(nameOf(to));
        sending(from).wsaSendMsg(from, sent, 0, new HeapOverlapped(),
                (error, n, b, flags) -> log.add("sent " + n + " " + error));
        while (log.size() < 2) {
            winsock.waits().sleepEx(30_000, true);
        }
        assertThat(log).containsExactlyInAnyOrder("sent 4 0", "received 4 0 true");
    }

    @Test
    void aRoutineOnASocketWithAPortIsInvalidAndNeverRuns() throws WinsockException {
        SocketHandle s = datagram();
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        winsock.ports().associate(s, port, "key");
        List<String> log = new ArrayList<>();
        WsaMsg sent = new WsaMsg(bytes("data"));
        sent.name(nameOf(s));
        assertFails(WsaError.WSAEINVAL, () -> receiving(s).wsaRecvMsg(
                s, room(8), new HeapOverlapped(), (error, n, b, flags) -> log.add("received")));
        assertFails(WsaError.WSAEINVAL, () -> sending(s).wsaSendMsg(
                s, sent, 0, new HeapOverlapped(), (error, n, b, flags) -> log.add("sent")));

        winsock.waits().sleepEx(0, true);
        assertThat(log).isEmpty();
        winsock.ports().closeIoCompletionPort(port);
    }

    private Object nameOrNull(SocketHandle s) {
        try {
            return nameOf(s);
        } catch (WinsockException e) {
            reported.add(e);
            return null;
        }
    }

    @Test
    void closingTheSocketAbortsAPendingReceiveAndLeavesTheMessage() throws WinsockException {
        SocketHandle to = datagram();
        HeapOverlapped block = block();
        WsaMsg received = room(8);
        receiving(to).wsaRecvMsg(to, received, block, null);
        winsock.closesocket(to);
        winsock.waits().waitForSingleEvent(block.hEvent(), 30_000, false);
        assertThat(block.offsetHigh()).isEqualTo(ABORTED);
        assertThat(received.control().limit()).isEqualTo(64);
    }

    @Test
    void nothingThereWouldBlock() throws WinsockException {
        SocketHandle to = datagram();
        winsock.ioctlsocket(to, IoctlCode.FIONBIO, true);
        WsaMsg received = room(8);
        assertThat(receiving(to).wsaRecvMsg(to, received, null, null)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(winsock.wsaGetLastError()).isEqualTo(WsaError.WSAEWOULDBLOCK.code());
        assertThat(received.control().limit()).isEqualTo(64);
    }

    @Test
    void badParametersFailTheCall() throws WinsockException {
        SocketHandle s = datagram();
        SocketHandle unbound = winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP);
        WsaRecvMsg receive = receiving(s);
        assertTold(WsaError.WSAEFAULT, () -> receive.wsaRecvMsg(s, null, null, null));
        assertTold(WsaError.WSAEFAULT, () -> receive.wsaRecvMsg(s, new WsaMsg((ByteBuffer) null), null, null));
        assertTold(WsaError.WSAEFAULT, () -> receive.wsaRecvMsg(s, new WsaMsg((ByteBuffer[]) null), block(), null));
        assertTold(WsaError.WSAEINVAL, () -> receive.wsaRecvMsg(s, new WsaMsg(), block(), null));
        assertTold(WsaError.WSAEINVAL, () -> receive.wsaRecvMsg(unbound, room(1), null, null));
        assertTold(WsaError.WSAEINVAL, () -> receive.wsaRecvMsg(unbound, room(1), block(), null));
        assertTold(WsaError.WSAEINVAL, () -> receive.wsaRecvMsg(unbound, room(1), block(), (e, n, b, f) -> {}));
        WsaMsg urgent = room(1);
        urgent.flags(MessageFlag.MSG_WAITALL);
        assertTold(WsaError.WSAEOPNOTSUPP, () -> receive.wsaRecvMsg(s, urgent, null, null));
        assertTold(WsaError.WSAEOPNOTSUPP, () -> receive.wsaRecvMsg(stream(), room(1), null, null));
        winsock.closesocket(s);
        assertTold(WsaError.WSAENOTSOCK, () -> receive.wsaRecvMsg(s, room(1), null, null));
    }

    @Test
    void badParametersFailTheSend() throws WinsockException {
        SocketHandle s = datagram();
        WsaSendMsg send = sending(s);
        assertTold(WsaError.WSAEFAULT, () -> send.wsaSendMsg(s, null, 0, null, null));
        assertTold(WsaError.WSAEDESTADDRREQ, () -> send.wsaSendMsg(s, new WsaMsg(bytes("x")), 0, null, null));
        assertTold(WsaError.WSAEDESTADDRREQ,
                () -> send.wsaSendMsg(s, new WsaMsg(bytes("x")), 0, block(), (e, n, b, f) -> {}));
        WsaMsg controlled = room(1);
        controlled.name(nameOf(s));
        assertTold(WsaError.WSAEINVAL, () -> send.wsaSendMsg(s, controlled, 0, null, null));
        WsaMsg addressed = new WsaMsg(bytes("x"));
        addressed.name(nameOf(s));
        assertTold(WsaError.WSAEOPNOTSUPP,
                () -> send.wsaSendMsg(s, addressed, MessageFlag.MSG_PEEK, null, null));
        assertTold(WsaError.WSAEOPNOTSUPP, () -> send.wsaSendMsg(stream(), new WsaMsg(bytes("x")), 0, null, null));
    }
}

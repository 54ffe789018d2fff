package org.ws2j.layer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaRecvMsg;
import org.ws2j.spi.WsaSendMsg;
import org.ws2j.spi.WsaSendMsgData;
import org.ws2j.spi.WspResult;

/** WSARecvMsg and WSASendMsg through layers that look at the data and layers that do not. */
@Timeout(30)
final class MessageTest {
    private static final SocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);

    private final List<String> log = new ArrayList<>();
    private final List<WsaMsg> below = new ArrayList<>();
    private final List<String> arriving = new ArrayList<>();
    private WsaOverlapped block;
    private ExtensionStack stack;

    /** Makes letters capital in both directions, and drops what begins with a minus sign. */
    private final class Shouting extends LayeredProvider {
        Shouting(LayerStart start) {
            super(start);
        }

        @Override
        protected void sending(Transfer transfer) {
            String text = text(transfer);
            log.add("sending " + text + " to " + transfer.address());
            transfer.replaceWith(US_ASCII.encode(text.toUpperCase(Locale.ROOT)));
            if (text.startsWith("-")) {
                transfer.drop();
            }
        }

        @Override
        protected void sent(Transfer transfer) {
            log.add("sent " + transfer.bytes());
        }

        @Override
        protected void received(Transfer transfer) {
            log.add("received " + text(transfer) + " from " + transfer.address()
                    + (transfer.isPeek() ? " peeking" : ""));
            transfer.forEach((buffer, index, length) -> {
                for (int i = index; i < index + length; i++) {
                    buffer.put(i, (byte) Character.toUpperCase(buffer.get(i)));
                }
            });
            if (text(transfer).startsWith("-")) {
                transfer.drop();
            }
        }

        @Override
        protected void failed(Transfer transfer, int error) {
            log.add("failed " + error);
        }
    }

    private static String text(Transfer transfer) {
        return US_ASCII.decode(transfer.copy()).toString();
    }

    private static String text(WsaMsg message) {
        StringBuilder text = new StringBuilder();
        for (ByteBuffer buffer : message.buffers()) {
            text.append(US_ASCII.decode(buffer.duplicate()));
        }
        return text.toString();
    }

    private void use(LayerFactory factory) throws WinsockException {
        stack = new ExtensionStack(factory);
        stack.functions.put(ExtensionFunction.WSAID_WSASENDMSG, (WsaSendMsg) (s, message, flags, o, routine) -> {
            assertThat(s).isSameAs(stack.lower());
            assertThat(routine).isNull();
            below.add(message);
            block = o;
            return o != null ? WspResult.IO_PENDING : text(message).length();
        });
        stack.functions.put(ExtensionFunction.WSAID_WSARECVMSG, (WsaRecvMsg) (s, message, o, routine) -> {
            assertThat(s).isSameAs(stack.lower());
            assertThat(routine).isNull();
            below.add(message);
            block = o;
            return o != null ? WspResult.IO_PENDING : arrive(message, arriving.removeFirst());
        });
    }

    /** What a base does: a datagram into the buffers, its source, flags, and 4 bytes of control information. */
    private static long arrive(WsaMsg message, String datagram) throws WinsockException {
        byte[] bytes = datagram.getBytes(US_ASCII);
        int length = Math.min(bytes.length, message.buffers()[0].remaining());
        message.buffers()[0].put(message.buffers()[0].position(), bytes, 0, length);
        message.name(PEER);
        message.flags(length < bytes.length ? MessageFlag.MSG_TRUNC : 0);
        if (message.control() != null) {
            message.control().limit(message.control().position() + 4);
        }
        if (length < bytes.length) {
            throw new WinsockException(WsaError.WSAEMSGSIZE);
        }
        return length;
    }

    private WsaSendMsg sendMsg() throws WinsockException {
        return (WsaSendMsg) stack.ask(ExtensionFunction.WSAID_WSASENDMSG);
    }

    private WsaRecvMsg recvMsg() throws WinsockException {
        return (WsaRecvMsg) stack.ask(ExtensionFunction.WSAID_WSARECVMSG);
    }

    private static WsaMsg message(String... parts) {
        WsaMsg message = new WsaMsg();
        ByteBuffer[] buffers = new ByteBuffer[parts.length];
        for (int i = 0; i < parts.length; i++) {
            buffers[i] = US_ASCII.encode(parts[i]);
        }
        message.buffers(buffers);
        message.name(PEER);
        message.control(ByteBuffer.allocate(16));
        return message;
    }

    private static WsaMsg room(int bytes) {
        WsaMsg message = new WsaMsg(ByteBuffer.allocate(bytes));
        message.control(ByteBuffer.allocate(16));
        return message;
    }

    @Test
    void aLayerThatDoesNotLookPassesTheMessageDown() throws WinsockException {
        use(LayeredProvider::new);
        WsaMsg out = message("ab", "c");
        assertThat(sendMsg().wsaSendMsg(stack.s, out, 0, null, null)).isEqualTo(3);
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThat(sendMsg().wsaSendMsg(stack.s, out, 0, overlapped, null)).isEqualTo(WspResult.IO_PENDING);
        stack.complete(block, 0, 3);
        WsaMsg in = room(8);
        arriving.add("hello");
        assertThat(recvMsg().wsaRecvMsg(stack.s, in, null, null)).isEqualTo(5);
        assertThat(below).containsExactly(out, out, in);
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 3));
    }

    @Test
    void whatIsSentIsSeenAndReplaced() throws WinsockException {
        use(Shouting::new);
        WsaMsg out = message("ab", "c");
        assertThat(sendMsg().wsaSendMsg(stack.s, out, 0, null, null)).isEqualTo(3);
        assertThat(text(below.getFirst())).isEqualTo("ABC");
        assertThat(below.getFirst().name()).isEqualTo(PEER);
        assertThat(below.getFirst().control()).isSameAs(out.control());
        assertThat(text(out)).isEqualTo("abc");
        assertThat(log).containsExactly("sending abc to " + PEER, "sent 3");
    }

    @Test
    void aDroppedMessageDoesNotGoDownAndSucceeds() throws WinsockException {
        use(Shouting::new);
        assertThat(sendMsg().wsaSendMsg(stack.s, message("-a"), 0, null, null)).isEqualTo(2);
        HeapOverlapped overlapped = new HeapOverlapped();
        sendMsg().wsaSendMsg(stack.s, message("-bc"), 0, overlapped, null);
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 3));
        assertThat(below).isEmpty();
    }

    @Test
    void anOverlappedMessageWithARoutineRunsItOnTheCallingThreadWhoseIdIsClosed() throws WinsockException {
        use(Shouting::new);
        List<String> told = new ArrayList<>();
        sendMsg().wsaSendMsg(stack.s, message("abc"), 0, new HeapOverlapped(), (e, n, b, f) -> told.add(e + " " + n));
        stack.complete(block, 0, 3);
        assertThat(stack.stack.host.runApcs()).isEqualTo(1);
        assertThat(told).containsExactly("0 3");
        assertThat(stack.stack.host.threads).hasSize(1).allMatch(id -> id.isClosed);
    }

    @Test
    void aRoutinesThreadIdIsClosedAlsoWhenTheBaseRefuses() throws WinsockException {
        use(LayeredProvider::new);
        stack.functions.put(ExtensionFunction.WSAID_WSARECVMSG, (WsaRecvMsg) (s, message, o, routine) -> {
            throw new WinsockException(WsaError.WSAEINVAL);
        });
        WsaRecvMsg recvMsg = recvMsg();
        assertThatThrownBy(() -> recvMsg.wsaRecvMsg(stack.s, room(1), new HeapOverlapped(), (e, n, b, f) -> {}))
                .hasMessageContaining("WSAEINVAL");
        assertThat(stack.stack.host.threads).hasSize(1).allMatch(id -> id.isClosed);
    }

    @Test
    void whatIsReceivedIsSeenWhereItLies() throws WinsockException {
        use(Shouting::new);
        arriving.add("hello");
        WsaMsg in = room(8);
        assertThat(recvMsg().wsaRecvMsg(stack.s, in, null, null)).isEqualTo(5);
        assertThat(text(in)).startsWith("HELLO");
        assertThat(in.name()).isEqualTo(PEER);
        assertThat(in.control().limit()).isEqualTo(4);
        assertThat(log).containsExactly("received hello from " + PEER);
    }

    @Test
    void aDroppedDatagramIsNotReceivedAndTheNextOneIs() throws WinsockException {
        use(start -> new Shouting(TransmissionTest.connectionless(start)));
        arriving.addAll(List.of("-no", "yes"));
        WsaMsg in = room(8);
        assertThat(recvMsg().wsaRecvMsg(stack.s, in, null, null)).isEqualTo(3);
        assertThat(text(in)).startsWith("YES");
        assertThat(in.control().limit()).isEqualTo(4);
        WsaMsg again = room(8);
        HeapOverlapped overlapped = new HeapOverlapped();
        recvMsg().wsaRecvMsg(stack.s, again, overlapped, null);
        stack.complete(block, 0, (int) arrive(below.getLast(), "-x"));
        assertThat(stack.stack.host.completions).isEmpty();
        stack.complete(block, 0, (int) arrive(below.getLast(), "last"));
        assertThat(text(again)).startsWith("LAST");
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 4));
    }

    @Test
    void aPeekIsSeenAsSuchAndNotDropped() throws WinsockException {
        use(start -> new Shouting(TransmissionTest.connectionless(start)));
        arriving.add("-peek");
        WsaMsg in = room(8);
        in.flags(MessageFlag.MSG_PEEK);
        assertThat(recvMsg().wsaRecvMsg(stack.s, in, null, null)).isEqualTo(5);
        assertThat(log).containsExactly("received -peek from " + PEER + " peeking");
    }

    @Test
    void aMessageThatWasCutOffIsSeenAndFails() throws WinsockException {
        use(Shouting::new);
        arriving.add("too long");
        WsaMsg in = room(3);
        WsaRecvMsg recvMsg = recvMsg();
        assertThatThrownBy(() -> recvMsg.wsaRecvMsg(stack.s, in, null, null)).hasMessageContaining("WSAEMSGSIZE");
        assertThat(text(in)).isEqualTo("TOO");
        assertThat(in.flags()).isEqualTo(MessageFlag.MSG_TRUNC);
        assertThat(log).containsExactly("received too from " + PEER);
    }

    @Test
    void aMessageWithoutBuffersIsAFault() throws WinsockException {
        use(Shouting::new);
        WsaSendMsg sendMsg = sendMsg();
        WsaRecvMsg recvMsg = recvMsg();
        assertThatThrownBy(() -> sendMsg.wsaSendMsg(stack.s, null, 0, null, null)).hasMessageContaining("WSAEFAULT");
        assertThatThrownBy(() -> recvMsg.wsaRecvMsg(stack.s, new WsaMsg((ByteBuffer[]) null), null, null))
                .hasMessageContaining("WSAEFAULT");
    }

    private Object whoSends() throws WinsockException {
        SocketHandle base = stack.lower();
        stack.stack.base.answer("wspIoctl", (f, a) -> {
            ((IoctlResult) a[3]).value(base);
            return 0L;
        });
        IoctlResult out = new IoctlResult();
        stack.stack.layer.wspIoctl(stack.s, IoctlCode.SIO_BSP_HANDLE, null, out, null, null, null);
        return out.value();
    }

    @Test
    void aLayerThatLooksAtWhatIsSentClaimsMessages() throws WinsockException {
        use(LayeredProvider::new);
        assertThat(whoSends()).isSameAs(stack.lower());
        use(Shouting::new);
        assertThat(whoSends()).isSameAs(stack.s);
    }

    @Test
    void aClaimedMessageComesBack() throws WinsockException {
        use(Shouting::new);
        WsaSendMsgData data = new WsaSendMsgData(message("abc"), 0);
        assertThat(stack.stack.layer.wspIoctl(stack.s, IoctlCode.SIO_EXT_SENDMSG, data, null, null, null, null))
                .isZero();
        assertThat(data.result()).isEqualTo(3);
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThat(stack.stack.layer.wspIoctl(
                stack.s, IoctlCode.SIO_EXT_SENDMSG, data, null, overlapped, null, null))
                .isEqualTo(WspResult.IO_PENDING);
        stack.complete(block, 0, 3);
        assertThat(stack.stack.host.completions).containsExactly(new FakeHost.Completion(stack.s, overlapped, 0, 3));
        assertThat(log).containsExactly("sending abc to " + PEER, "sent 3", "sending abc to " + PEER, "sent 3");
    }
}

package org.ws2j.layer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** What an author can do to data, by whichever function it comes. */
@Timeout(30)
final class TransferTest {
    private final Deque<String> incoming = new ArrayDeque<>();
    private final List<String> outgoing = new ArrayList<>();
    private Stack stack;
    private SocketHandle s;

    private void start(LayerFactory factory) throws WinsockException {
        stack = new Stack(factory);
        s = stack.socket();
        for (String f : List.of("wspRecv", "wspRecvFrom")) {
            stack.base.answer(f, (function, a) -> deliver(a));
        }
        for (String f : List.of("wspSend", "wspSendTo")) {
            stack.base.answer(f, (function, a) -> take(a));
        }
    }

    private long deliver(Object... arguments) throws WinsockException {
        if (incoming.isEmpty()) {
            return overlapped(arguments) == null ? WspResult.WOULD_BLOCK : WspResult.IO_PENDING;
        }
        ByteBuffer data = US_ASCII.encode(incoming.poll());
        int bytes = data.remaining();
        for (ByteBuffer buffer : buffers(arguments)) {
            int count = Math.min(buffer.remaining(), data.remaining());
            buffer.duplicate().put(data.slice(data.position(), count));
            data.position(data.position() + count);
        }
        return finish(bytes - data.remaining(), arguments);
    }

    private long take(Object... arguments) throws WinsockException {
        StringBuilder text = new StringBuilder();
        for (ByteBuffer buffer : buffers(arguments)) {
            text.append(US_ASCII.decode(buffer.duplicate()));
        }
        outgoing.add(text.toString());
        return finish(text.length(), arguments);
    }

    private long finish(int bytes, Object... arguments) throws WinsockException {
        WsaOverlapped overlapped = overlapped(arguments);
        if (overlapped != null) {
            stack.host.complete((SocketHandle) arguments[0], overlapped, 0, bytes);
        }
        return bytes;
    }

    private static WsaOverlapped overlapped(Object... arguments) {
        for (Object argument : arguments) {
            if (argument instanceof WsaOverlapped overlapped) {
                return overlapped;
            }
        }
        return null;
    }

    private static List<ByteBuffer> buffers(Object... arguments) {
        if (arguments[1] instanceof ByteBuffer one) {
            return List.of(one);
        }
        int offset = (int) arguments[2];
        return List.of((ByteBuffer[]) arguments[1]).subList(offset, offset + (int) arguments[3]);
    }

    private String recv(WsaOverlapped overlapped) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(32).position(2);
        long bytes = stack.layer.wspRecv(s, buffer, new ReceiveResult(), overlapped, null, null);
        return bytes < 0 ? "" + bytes : text(buffer, 2, (int) bytes);
    }

    private static String text(ByteBuffer buffer, int index, int length) {
        return US_ASCII.decode(buffer.duplicate().clear().limit(index + length).position(index)).toString();
    }

    /** Shows the client capital letters. */
    static class UpperCase extends LayeredProvider {
        UpperCase(LayerStart start) {
            super(start);
        }

        @Override
        protected void received(Transfer transfer) {
            transfer.forEach((buffer, index, length) -> {
                for (int i = index; i < index + length; i++) {
                    buffer.put(i, (byte) Character.toUpperCase(buffer.get(i)));
                }
            });
        }
    }

    @Test
    void capitalLettersInEveryForm() throws WinsockException {
        start(UpperCase::new);
        incoming.addAll(List.of("sync", "over", "array of three", "from", "from array", "overlapped array"));
        assertThat(recv(null)).isEqualTo("SYNC");
        HeapOverlapped overlapped = new HeapOverlapped();
        assertThat(recv(overlapped)).isEqualTo("OVER");
        ByteBuffer[] three = {ByteBuffer.allocate(6), ByteBuffer.allocate(0), ByteBuffer.allocate(20)};
        assertThat(stack.layer.wspRecv(s, three, 0, 3, null, null, null, null)).isEqualTo(14);
        assertThat(text(three[0], 0, 6) + text(three[2], 0, 8)).isEqualTo("ARRAY OF THREE");
        ByteBuffer from = ByteBuffer.allocate(8);
        assertThat(stack.layer.wspRecvFrom(s, from, null, null, null, null)).isEqualTo(4);
        assertThat(text(from, 0, 4)).isEqualTo("FROM");
        assertThat(stack.layer.wspRecvFrom(s, three, 2, 1, null, null, null, null)).isEqualTo(10);
        assertThat(text(three[2], 0, 10)).isEqualTo("FROM ARRAY");
        assertThat(stack.layer.wspRecvFrom(s, three, 0, 3, null, overlapped, null, null)).isEqualTo(16);
        assertThat(text(three[0], 0, 6) + text(three[2], 0, 10)).isEqualTo("OVERLAPPED ARRAY");
        assertThat(stack.host.completions).hasSize(2);
    }

    @Test
    void theFieldsAreThoseOfTheCallersBuffers() throws WinsockException {
        start(UpperCase::new);
        incoming.add("abc");
        ByteBuffer buffer = ByteBuffer.allocate(10).position(1).limit(9);
        stack.layer.wspRecv(s, buffer, null, null, null, null);
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(buffer.limit()).isEqualTo(9);
    }

    @Test
    void bytesOfAPendingReceiveAreLookedAtBeforeTheIndication() throws WinsockException {
        start(UpperCase::new);
        ByteBuffer buffer = ByteBuffer.allocate(8);
        stack.layer.wspRecv(s, buffer, null, new HeapOverlapped(), null, null);
        WsaOverlapped below = (WsaOverlapped) stack.base.last("wspRecv").argument(3);
        buffer.put(0, (byte) 'x');
        stack.host.complete(Stack.lower(s), below, 0, 1);
        assertThat(buffer.get(0)).isEqualTo((byte) 'X');
    }

    @Test
    void droppedDataIsNotSeenByTheClient() throws WinsockException {
        start(start -> new LayeredProvider(start) {
            @Override
            protected void received(Transfer transfer) {
                if (US_ASCII.decode(transfer.copy()).toString().startsWith("bad")) {
                    transfer.drop();
                }
            }
        });
        incoming.addAll(List.of("bad one", "good", "bad two", "bad three", "better", "bad four"));
        assertThat(recv(null)).isEqualTo("good");
        assertThat(recv(new HeapOverlapped())).isEqualTo("better");
        assertThat(recv(null)).isEqualTo("" + WspResult.WOULD_BLOCK);
        incoming.add("bad five");
        assertThat(recv(new HeapOverlapped())).isEqualTo("" + WspResult.IO_PENDING);
        assertThat(stack.host.completions).hasSize(1);
        WsaOverlapped below = (WsaOverlapped) stack.base.last("wspRecv").argument(3);
        stack.host.complete(Stack.lower(s), below, 0, 0);
        assertThat(stack.host.completions).hasSize(2);
    }

    @Test
    void aDroppedSendSucceeds() throws WinsockException {
        start(start -> new LayeredProvider(start) {
            @Override
            protected void sending(Transfer transfer) {
                transfer.drop();
            }
        });
        ByteBuffer data = US_ASCII.encode("lost");
        assertThat(stack.layer.wspSend(s, data, 0, null, null, null)).isEqualTo(4);
        assertThat(stack.layer.wspSendTo(s, data, 0, null, new HeapOverlapped(), null, null)).isEqualTo(4);
        assertThat(outgoing).isEmpty();
        assertThat(stack.host.completions).hasSize(1);
    }

    @Test
    void otherBytesGoDownInPlaceOfTheClients() throws WinsockException {
        start(start -> new LayeredProvider(start) {
            @Override
            protected void sending(Transfer transfer) {
                String text = US_ASCII.decode(transfer.copy()).toString();
                transfer.replaceWith(US_ASCII.encode(new StringBuilder(text).reverse().toString()));
            }
        });
        ByteBuffer[] data = {US_ASCII.encode("abc"), US_ASCII.encode("de")};
        assertThat(stack.layer.wspSend(s, data, 0, 2, 0, null, null, null)).isEqualTo(5);
        assertThat(stack.layer.wspSend(s, data[0], 0, new HeapOverlapped(), null, null)).isEqualTo(3);
        assertThat(outgoing).containsExactly("edcba", "cba");
        assertThat(US_ASCII.decode(data[0].duplicate()).toString()).isEqualTo("abc");
    }

    @Test
    void whatWasSentIsCounted() throws WinsockException {
        List<Integer> counts = new ArrayList<>();
        start(start -> new LayeredProvider(start) {
            @Override
            protected void sent(Transfer transfer) {
                counts.add(transfer.bytes());
            }

            @Override
            protected void failed(Transfer transfer, int error) {
                counts.add(-error);
            }
        });
        ByteBuffer data = US_ASCII.encode("12345");
        stack.layer.wspSend(s, data, 0, null, null, null);
        stack.layer.wspSend(s, data, 0, new HeapOverlapped(), null, null);
        stack.base.answer("wspSend", (f, a) -> {
            throw new WinsockException(WsaError.WSAECONNRESET);
        });
        assertThatThrownBy(() -> stack.layer.wspSend(s, data, 0, null, null, null))
                .isInstanceOf(WinsockException.class);
        assertThatThrownBy(() -> stack.layer.wspSend(s, data, 0, new HeapOverlapped(), null, null))
                .isInstanceOf(WinsockException.class);
        int reset = -WsaError.WSAECONNRESET.code();
        assertThat(counts).containsExactly(5, 5, reset, reset);
    }

    @Test
    void fewerBytesCanBeHandedUp() throws WinsockException {
        start(start -> new LayeredProvider(start) {
            @Override
            protected void received(Transfer transfer) {
                transfer.shorten(2);
            }
        });
        incoming.addAll(List.of("abc", "def"));
        assertThat(recv(null)).isEqualTo("ab");
        assertThat(recv(new HeapOverlapped())).isEqualTo("de");
        assertThat(stack.host.completions.getFirst().bytes()).isEqualTo(2);
    }

    @Test
    void aHeldSendGoesDownLater() throws WinsockException {
        List<Runnable> held = new ArrayList<>();
        start(start -> new LayeredProvider(start) {
            @Override
            protected void sending(Transfer transfer) {
                held.add(transfer.hold());
            }
        });
        ByteBuffer data = US_ASCII.encode("late");
        assertThat(stack.layer.wspSend(s, data, 0, new HeapOverlapped(), null, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(outgoing).isEmpty();
        held.getFirst().run();
        held.getFirst().run();
        assertThat(outgoing).containsExactly("late");
        assertThat(stack.host.completions).hasSize(1);
    }

    @Test
    void aHoldThatEndsAtOnceIsNone() throws WinsockException {
        start(start -> new LayeredProvider(start) {
            @Override
            protected void sending(Transfer transfer) {
                transfer.hold().run();
            }
        });
        assertThat(stack.layer.wspSend(s, US_ASCII.encode("now"), 0, new HeapOverlapped(), null, null))
                .isEqualTo(3);
        assertThat(stack.host.completions).hasSize(1);
    }

    @Test
    void aHeldReceiveIsIndicatedLater() throws WinsockException {
        List<Runnable> held = new ArrayList<>();
        start(start -> new LayeredProvider(start) {
            @Override
            protected void received(Transfer transfer) {
                held.add(transfer.hold());
            }
        });
        incoming.add("abc");
        assertThat(recv(new HeapOverlapped())).isEqualTo("" + WspResult.IO_PENDING);
        assertThat(stack.host.completions).isEmpty();
        held.getFirst().run();
        assertThat(stack.host.completions).hasSize(1).first().extracting(FakeHost.Completion::bytes).isEqualTo(3);
    }

    @Test
    void aSendHeldBeyondTheCloseIsAborted() throws WinsockException {
        List<Runnable> held = new ArrayList<>();
        start(start -> new LayeredProvider(start) {
            @Override
            protected void sending(Transfer transfer) {
                held.add(transfer.hold());
            }
        });
        stack.base.answer("wspCloseSocket", (f, a) -> null);
        stack.layer.wspSend(s, US_ASCII.encode("late"), 0, new HeapOverlapped(), null, null);
        stack.layer.wspCloseSocket(s);
        stack.base.answer("wspSend", (f, a) -> {
            throw new WinsockException(WsaError.WSAENOTSOCK);
        });
        held.getFirst().run();
        assertThat(stack.host.completions)
                .extracting(FakeHost.Completion::error)
                .containsExactly(WsaError.WSA_OPERATION_ABORTED.code());
        assertThat(stack.host.open()).isEmpty();
    }

    @Test
    void aSynchronousTransferCannotBeHeld() throws WinsockException {
        start(start -> new LayeredProvider(start) {
            @Override
            protected void sending(Transfer transfer) {
                transfer.hold();
            }
        });
        assertThatThrownBy(() -> stack.layer.wspSend(s, US_ASCII.encode("x"), 0, null, null, null))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLayerThatThrowsFailsTheCallAndNothingElse() throws WinsockException {
        start(start -> new LayeredProvider(start) {
            @Override
            protected void received(Transfer transfer) {
                throw new IllegalStateException("broken layer");
            }

            @Override
            protected void sending(Transfer transfer) throws WinsockException {
                throw new WinsockException(WsaError.WSAEACCES);
            }
        });
        HeapOverlapped overlapped = new HeapOverlapped();
        stack.layer.wspRecv(s, ByteBuffer.allocate(4), null, overlapped, null, null);
        WsaOverlapped below = (WsaOverlapped) stack.base.last("wspRecv").argument(3);
        stack.host.complete(Stack.lower(s), below, 0, 1);
        assertThat(stack.host.completions)
                .containsExactly(
                        new FakeHost.Completion(s, overlapped, WsaError.WSASYSCALLFAILURE.code(), 0));
        assertThat(stack.host.reports).hasSize(1);
        assertThatThrownBy(() -> stack.layer.wspSend(s, ByteBuffer.allocate(1), 0, new HeapOverlapped(), null, null))
                .hasMessageContaining("WSAEACCES");
        assertThat(stack.host.completions).hasSize(1);
    }

    @Test
    void aPeekCannotBeDropped() throws WinsockException {
        start(start -> new LayeredProvider(start) {
            @Override
            protected void received(Transfer transfer) {
                assertThat(transfer.isPeek()).isTrue();
                transfer.drop();
            }
        });
        incoming.add("abc");
        assertThat(stack.layer.wspRecv(
                s, ByteBuffer.allocate(4), new ReceiveResult(MessageFlag.MSG_PEEK), null, null, null))
                .isEqualTo(3);
    }

    @Test
    void aDatagramThatWasCutOffIsSeenAndFailsAllTheSame() throws WinsockException {
        int cutOff = WsaError.WSAEMSGSIZE.code();
        start(UpperCase::new);
        stack.base.answer("wspRecvFrom", (f, a) -> {
            ((ByteBuffer) a[1]).put(0, "abc".getBytes(US_ASCII));
            if (a[3] == null) {
                throw new WinsockException(WsaError.WSAEMSGSIZE);
            }
            stack.host.complete((SocketHandle) a[0], (WsaOverlapped) a[3], cutOff, 3);
            return (long) WspResult.IO_PENDING;
        });
        ByteBuffer buffer = ByteBuffer.allocate(3);
        assertThatThrownBy(() -> stack.layer.wspRecvFrom(s, buffer, null, null, null, null))
                .hasMessageContaining("WSAEMSGSIZE");
        assertThat(text(buffer, 0, 3)).isEqualTo("ABC");
        ByteBuffer second = ByteBuffer.allocate(3);
        HeapOverlapped overlapped = new HeapOverlapped();
        stack.layer.wspRecvFrom(s, second, null, overlapped, null, null);
        assertThat(text(second, 0, 3)).isEqualTo("ABC");
        assertThat(stack.host.completions).containsExactly(new FakeHost.Completion(s, overlapped, cutOff, 3));
    }

    @Test
    void aDatagramThatWasCutOffCanBeDroppedAsAnyOther() throws WinsockException {
        List<WsaOverlapped> cutOff = new ArrayList<>();
        start(start -> new LayeredProvider(start) {
            @Override
            protected void received(Transfer transfer) {
                if (transfer.copy().get(0) == 'x') {
                    transfer.drop();
                }
            }
        });
        stack.base.answer("wspRecvFrom", (f, a) -> {
            boolean isLong = incoming.peek().length() > 3;
            if (!isLong) {
                return deliver(a);
            }
            ((ByteBuffer) a[1]).put(0, incoming.poll().substring(0, 3).getBytes(US_ASCII));
            if (a[3] == null) {
                throw new WinsockException(WsaError.WSAEMSGSIZE);
            }
            cutOff.add((WsaOverlapped) a[3]);
            stack.host.complete((SocketHandle) a[0], (WsaOverlapped) a[3], WsaError.WSAEMSGSIZE.code(), 3);
            return (long) WspResult.IO_PENDING;
        });
        incoming.addAll(List.of("xlong", "abc", "xlong", "xlong", "along", "xlong", "def"));
        ByteBuffer buffer = ByteBuffer.allocate(3);
        assertThat(stack.layer.wspRecvFrom(s, buffer, null, null, null, null)).isEqualTo(3);
        assertThat(text(buffer, 0, 3)).isEqualTo("abc");
        assertThatThrownBy(() -> stack.layer.wspRecvFrom(s, buffer, null, null, null, null))
                .hasMessageContaining("WSAEMSGSIZE");
        assertThat(text(buffer, 0, 3)).isEqualTo("alo");
        HeapOverlapped overlapped = new HeapOverlapped();
        stack.layer.wspRecvFrom(s, buffer, null, overlapped, null, null);
        assertThat(text(buffer, 0, 3)).isEqualTo("def");
        assertThat(cutOff).hasSize(1);
        assertThat(stack.host.completions).containsExactly(new FakeHost.Completion(s, overlapped, 0, 3));
        assertThat(stack.host.reports).isEmpty();
    }

    @Test
    void aTransferOnASocketThatWasNotMadeForOverlappedOnesIsSynchronousWithABlockToo() throws WinsockException {
        List<Boolean> overlapped = new ArrayList<>();
        start(start -> new LayeredProvider(start) {
            @Override
            protected void sending(Transfer transfer) {
                overlapped.add(transfer.isOverlapped());
                assertThatThrownBy(transfer::hold).isInstanceOf(IllegalStateException.class);
            }
        });
        SocketHandle synchronous = stack.layer.wspSocket(2, 1, 6, stack.chain, 0, 0);
        stack.base.answer("wspSend", (f, a) -> (long) ((ByteBuffer) a[1]).remaining());
        assertThat(stack.layer.wspSend(synchronous, US_ASCII.encode("abc"), 0, new HeapOverlapped(), null, null))
                .isEqualTo(3);
        assertThat(overlapped).containsExactly(false);
    }

    /** Changes the functions for one buffer alone, as an author might who knows no others. */
    private static final class OneBufferLayer extends LayeredProvider {
        OneBufferLayer(LayerStart start) {
            super(start);
        }

        @Override
        public long wspSend(
                SocketHandle s,
                ByteBuffer buffer,
                int dwFlags,
                WsaOverlapped lpOverlapped,
                WsaCompletionRoutine lpCompletionRoutine,
                WsaThreadId lpThreadId)
                throws WinsockException {
            return super.wspSend(
                    s,
                    US_ASCII.encode("<" + US_ASCII.decode(buffer.duplicate()) + ">"),
                    dwFlags,
                    lpOverlapped,
                    lpCompletionRoutine,
                    lpThreadId);
        }

        @Override
        public long wspRecv(
                SocketHandle s,
                ByteBuffer buffer,
                ReceiveResult lpResult,
                WsaOverlapped lpOverlapped,
                WsaCompletionRoutine lpCompletionRoutine,
                WsaThreadId lpThreadId)
                throws WinsockException {
            buffer.put(buffer.limit() - 1, (byte) '!');
            return super.wspRecv(s, buffer, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
        }
    }

    @Test
    void theBeginningOfADatagramThatWasCutOffIsScatteredToo() throws WinsockException {
        start(OneBufferLayer::new);
        int cutOff = WsaError.WSAEMSGSIZE.code();
        stack.base.answer("wspRecv", (f, a) -> {
            ((ByteBuffer) a[1]).put(0, "abc".getBytes(US_ASCII));
            if (a[3] == null) {
                throw new WinsockException(WsaError.WSAEMSGSIZE);
            }
            stack.host.complete((SocketHandle) a[0], (WsaOverlapped) a[3], cutOff, 3);
            return (long) WspResult.IO_PENDING;
        });
        ByteBuffer[] targets = {ByteBuffer.allocate(1), ByteBuffer.allocate(2)};
        assertThatThrownBy(() -> stack.layer.wspRecv(s, targets, 0, 2, null, null, null, null))
                .hasMessageContaining("WSAEMSGSIZE");
        assertThat(text(targets[0], 0, 1) + text(targets[1], 0, 2)).isEqualTo("abc");
        ByteBuffer[] others = {ByteBuffer.allocate(2), ByteBuffer.allocate(1)};
        stack.layer.wspRecv(s, others, 0, 2, null, new HeapOverlapped(), null, null);
        assertThat(text(others[0], 0, 2) + text(others[1], 0, 1)).isEqualTo("abc");
    }

    @Test
    void severalBuffersGoThroughTheFunctionForOneThatALayerHasChanged() throws WinsockException {
        start(OneBufferLayer::new);
        ByteBuffer[] data = {US_ASCII.encode("ab"), US_ASCII.encode("c")};
        stack.layer.wspSend(s, data, 0, 2, 0, null, null, null);
        stack.layer.wspSend(s, data, 0, 2, 0, new HeapOverlapped(), null, null);
        assertThat(outgoing).containsExactly("<abc>", "<abc>");
        ByteBuffer[] targets = {ByteBuffer.allocate(2), ByteBuffer.allocate(6)};
        incoming.addAll(List.of("hello", "overlap"));
        assertThat(stack.layer.wspRecv(s, targets, 0, 2, null, null, null, null)).isEqualTo(5);
        assertThat(text(targets[0], 0, 2) + text(targets[1], 0, 3)).isEqualTo("hello");
        assertThat(stack.layer.wspRecv(s, targets, 0, 2, null, new HeapOverlapped(), null, null)).isEqualTo(7);
        assertThat(text(targets[0], 0, 2) + text(targets[1], 0, 5)).isEqualTo("overlap");
        assertThat(stack.host.completions).hasSize(2);
    }

    @Test
    void aPendingReceiveIntoSeveralBuffersIsScatteredBeforeTheIndication() throws WinsockException {
        start(OneBufferLayer::new);
        ByteBuffer[] targets = {ByteBuffer.allocate(2), ByteBuffer.allocate(6)};
        HeapOverlapped overlapped = new HeapOverlapped();
        stack.layer.wspRecv(s, targets, 0, 2, null, overlapped, null, null);
        ByteBuffer one = (ByteBuffer) stack.base.last("wspRecv").argument(1);
        one.put(0, "xyz".getBytes(US_ASCII));
        stack.host.complete(Stack.lower(s), (WsaOverlapped) stack.base.last("wspRecv").argument(3), 0, 3);
        assertThat(text(targets[0], 0, 2) + text(targets[1], 0, 1)).isEqualTo("xyz");
        assertThat(stack.host.completions).containsExactly(new FakeHost.Completion(s, overlapped, 0, 3));
    }
}

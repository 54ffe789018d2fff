package org.ws2j.agent.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.host.Winsock;
import org.ws2j.provider.tcpip.ChannelFile;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WspResult;

/**
 * Threads that wait inside read(2) and write(2), and what else is done to their sockets meanwhile: for the first time, and where they
 * have waited before, so that a call goes inside at once.
 */
@ParameterizedClass(name = "have waited before: {0}")
@ValueSource(booleans = {false, true})
@Timeout(60)
final class InsideWaitTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** More than the buffers of a connection hold. */
    private static final int MUCH = 32 << 20;

    @Parameter
    private boolean haveWaited;

    private final List<Throwable> reported = new CopyOnWriteArrayList<>();
    private Winsock winsock;
    private SocketHandle client;
    private SocketHandle server;

    @BeforeEach
    void connect() throws WinsockException {
        winsock = Winsock.builder()
                .module(new TcpIpModule(SelectorProvider.provider(), new PollWaits()))
                .reporter((what, failure) -> reported.add(new AssertionError(what + ": " + failure, failure)))
                .build();
        winsock.wsaStartup(WinsockVersion.V2_2);
        SocketHandle listener = socket();
        winsock.bind(listener, ANY_PORT);
        winsock.listen(listener, 1);
        client = socket();
        winsock.connect(client, winsock.getsockname(listener));
        server = winsock.accept(listener, null);
        if (haveWaited) {
            Call<String> received = call(() -> receive(server, 9)).awaitWaitingInside();
            send("to server");
            received.join();
            received = call(() -> receive(client, 9)).awaitWaitingInside();
            winsock.send(server, ByteBuffer.wrap("to client".getBytes(US_ASCII)), 0);
            received.join();
        }
    }

    private SocketHandle socket() throws WinsockException {
        return winsock.wsaSocket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP, null, 0,
                SocketFlag.WSA_FLAG_OVERLAPPED);
    }

    @AfterEach
    void nothingIsReported() {
        winsock.close();
        assertThat(reported).isEmpty();
    }

    /** A call on a thread of its own. */
    private record Call<T>(Thread thread, CompletableFuture<T> result) {
        T join() {
            return result.join();
        }

        void assertFails(WsaError error) {
            assertThatThrownBy(result::join).isInstanceOfSatisfying(CompletionException.class,
                    e -> assertThat(((WinsockException) e.getCause()).is(error)).isTrue());
        }

        /** Waits until the thread is inside the system to wait there, after it has found nothing. */
        Call<T> awaitWaitingInside() {
            awaitUntil(() -> Stream.of(thread.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("isOverBeforeWait")));
            return awaitInside("read0");
        }

        /** Waits until the thread is parked. */
        Call<T> awaitParked() {
            awaitUntil(() -> thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TIMED_WAITING);
            return this;
        }

        /** Waits until the thread is inside the system, or about to be. */
        Call<T> awaitInside(String function) {
            awaitUntil(() -> {
                StackTraceElement[] trace = thread.getStackTrace();
                return trace.length > 0 && trace[0].isNativeMethod() && trace[0].getMethodName().equals(function);
            });
            return this;
        }
    }

    private static void awaitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static <T> Call<T> call(Thread.Builder builder, Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        return new Call<>(builder.start(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }), result);
    }

    private static <T> Call<T> call(Callable<T> call) {
        return call(Thread.ofPlatform().daemon(), call);
    }

    private String receive(SocketHandle s, int most) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(most);
        winsock.recv(s, buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), US_ASCII);
    }

    private Call<String> receiving() {
        return call(() -> receive(server, 9)).awaitInside("read0");
    }

    private Call<Integer> sending() {
        return call(() -> winsock.send(client, ByteBuffer.allocate(MUCH), 0)).awaitInside("write0");
    }

    private void send(String text) throws WinsockException {
        winsock.send(client, ByteBuffer.wrap(text.getBytes(US_ASCII)), 0);
    }

    private long receiveAll(int size) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long received = 0;
        while (received < size) {
            received += winsock.recv(server, buffer.clear(), 0);
        }
        return received;
    }

    @Test
    void dataEndsAReceive() throws WinsockException {
        Call<String> received = receiving();
        send("data");

        assertThat(received.join()).isEqualTo("data");
    }

    @Test
    void theEndOfTheStreamEndsAReceive() throws WinsockException {
        Call<String> received = receiving();
        winsock.closesocket(client);

        assertThat(received.join()).isEmpty();
    }

    @Test
    void aResetEndsAReceive() throws WinsockException {
        Call<String> received = receiving();
        winsock.setsockopt(client, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(client);

        received.assertFails(WsaError.WSAECONNRESET);
    }

    @Test
    void closingEndsAReceive() throws WinsockException {
        Call<String> received = receiving();
        winsock.closesocket(server);

        received.assertFails(WsaError.WSAEINTR);
    }

    @Test
    void closingEndsASend() throws WinsockException {
        Call<Integer> sent = sending();
        winsock.closesocket(client);

        sent.assertFails(WsaError.WSAEINTR);
    }

    @Test
    void closingEndsASendThatHasMadeProgressHoweverBusyVirtualThreadsAre() throws WinsockException {
        Call<Integer> sent = sending();
        receiveAll(8 << 20);
        sent.awaitInside("write0");
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(Thread.ofVirtual().start(() -> awaitUntil(done::get)));
        }
        winsock.closesocket(client);

        sent.assertFails(WsaError.WSAEINTR);
        done.set(true);
        busy.forEach(InsideWaitTest::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSendThatMakesProgressGivesWayToWhoWantsTheSocket() throws WinsockException {
        Call<Integer> sent = sending();
        Call<Long> read = call(() -> receiveAll(MUCH));
        for (int i = 0; i < 50; i++) {
            winsock.setsockopt(client, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, i % 2 == 0);
        }

        assertThat(read.join()).isEqualTo(MUCH);
        assertThat(sent.join()).isEqualTo(MUCH);
    }

    @Test
    void closingEndsCallsInBothDirections() throws WinsockException {
        Call<String> received = call(() -> receive(client, 9)).awaitInside("read0");
        Call<Integer> sent = sending();
        winsock.closesocket(client);

        sent.assertFails(WsaError.WSAEINTR);
        received.assertFails(WsaError.WSAEINTR);
    }

    @Test
    void theLastCleanUpEndsAReceive() throws WinsockException {
        Call<String> received = receiving();
        winsock.wsaCleanup();

        assertThatThrownBy(received::join).hasCauseInstanceOf(WinsockException.class);
    }

    @Test
    void closingOneOfTwoHandlesEndsTheReceiveThatWasStartedWithIt() throws WinsockException {
        SocketHandle other = duplicate(server);
        Call<String> received = receiving();
        winsock.closesocket(server);

        received.assertFails(WsaError.WSAEINTR);
        send("still");
        assertThat(receive(other, 9)).isEqualTo("still");
    }

    @Test
    void closingOneOfTwoHandlesLeavesTheReceiveThatWasStartedWithTheOther() throws WinsockException {
        SocketHandle other = duplicate(server);
        Call<String> received = receiving();
        winsock.closesocket(other);
        send("on");

        assertThat(received.join()).isEqualTo("on");
    }

    private SocketHandle duplicate(SocketHandle s) throws WinsockException {
        return winsock.wsaSocket(IpProtocol.FROM_PROTOCOL_INFO, IpProtocol.FROM_PROTOCOL_INFO,
                IpProtocol.FROM_PROTOCOL_INFO, winsock.wsaDuplicateSocket(s, winsock.processId()), 0,
                SocketFlag.WSA_FLAG_OVERLAPPED);
    }

    @Test
    void aSendThatIsCutShortEndsWhatWaitsOnItsSocket() throws WinsockException {
        SocketHandle other = duplicate(client);
        Call<String> received = call(() -> receive(other, 9)).awaitInside("read0");
        Call<Integer> sent = sending();
        receiveAll(8 << 20);
        winsock.closesocket(client);

        sent.assertFails(WsaError.WSAEINTR);
        received.assertFails(WsaError.WSAECONNABORTED);
    }

    @Test
    void aSendThatIsCutShortEndsWhatWaitsInTheQueue() throws WinsockException {
        SocketHandle other = duplicate(client);
        Call<String> received = call(Thread.ofVirtual(), () -> receive(other, 9)).awaitParked();
        Call<Integer> sent = sending();
        receiveAll(8 << 20);
        winsock.closesocket(client);

        sent.assertFails(WsaError.WSAEINTR);
        received.assertFails(WsaError.WSAECONNABORTED);
    }

    @Test
    void shuttingDownEndsAReceive() throws WinsockException {
        Call<String> received = receiving();
        winsock.shutdown(server, ShutdownHow.SD_RECEIVE);

        received.assertFails(WsaError.WSAESHUTDOWN);
    }

    @Test
    void aSendGoesOnWhenThereIsRoom() throws WinsockException {
        Call<Integer> sent = sending();

        assertThat(receiveAll(MUCH)).isEqualTo(MUCH);
        assertThat(sent.join()).isEqualTo(MUCH);
    }

    @Test
    void aReceiveBesideASendThatWaitsIsNotHeldUp() throws WinsockException {
        Call<Integer> sent = sending();
        winsock.send(server, ByteBuffer.wrap("other way".getBytes(US_ASCII)), 0);

        assertThat(receive(client, 9)).isEqualTo("other way");
        receiveAll(MUCH);
        assertThat(sent.join()).isEqualTo(MUCH);
    }

    @Test
    void whoeverWantsTheSocketMeanwhileGetsIt() throws WinsockException {
        Call<String> received = receiving();
        for (int i = 0; i < 100; i++) {
            winsock.setsockopt(server, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, i % 2 == 0);
            assertThat(winsock.ioctlsocket(server, IoctlCode.FIONREAD, null)).isEqualTo(0);
            assertThat(winsock.select(FdSet.of(server), null, null, Timeval.POLL)).isZero();
        }
        send("at last");

        assertThat(received.join()).isEqualTo("at last");
    }

    @Test
    void aSocketThatBecomesNonBlockingAnswersAtOnce() throws WinsockException {
        Call<String> received = receiving();
        winsock.ioctlsocket(server, IoctlCode.FIONBIO, true);

        assertThat(winsock.recv(server, ByteBuffer.allocate(1), 0)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(received.result()).isNotDone();
        send("on");
        assertThat(received.join()).isEqualTo("on");
    }

    @Test
    void aNonBlockingSendOfASocketThatWasBlockingAnswersAtOnce() throws WinsockException {
        Call<String> received = receiving();
        send("then");
        received.join();
        winsock.ioctlsocket(server, IoctlCode.FIONBIO, true);
        long sent = 0;
        int n = 0;
        while (n >= 0 && sent < MUCH) {
            sent += n;
            n = winsock.send(server, ByteBuffer.allocate(1 << 16), 0);
        }

        assertThat(n).isEqualTo(WspResult.WOULD_BLOCK);
    }

    @Test
    void aSelectionOfEventsTellsOfDataAndLetsTheCallHaveThem() throws WinsockException {
        Call<String> received = receiving();
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaEventSelect(server, event, NetworkEvent.FD_READ | NetworkEvent.FD_CLOSE);
        send("event");

        assertThat(received.join()).isEqualTo("event");
        winsock.closesocket(client);
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, true, Waits.WSA_INFINITE, false);
        winsock.wsaCloseEvent(event);
    }

    @Test
    void anOverlappedReceiveIsNotHeldUpByOneThatWaits() throws WinsockException {
        Call<String> received = receiving();
        HeapOverlapped block = new HeapOverlapped();
        WsaEvent event = winsock.wsaCreateEvent();
        block.hEvent(event);
        ByteBuffer buffer = ByteBuffer.allocate(2);
        winsock.wsaRecv(server, new ByteBuffer[] {buffer}, new ReceiveResult(), block, null);
        send("12345");
        winsock.wsaWaitForMultipleEvents(new WsaEvent[] {event}, true, Waits.WSA_INFINITE, false);

        assertThat(received.join() + new String(buffer.array(), US_ASCII)).hasSize(5).contains("12").contains("345");
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aPeekBesideAReceiveTakesNothing() throws WinsockException {
        Call<String> received = receiving();
        Call<String> peeked = call(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(9);
            while (winsock.recv(server, buffer.clear(), MessageFlag.MSG_PEEK) == 0) {
                Thread.onSpinWait();
            }
            return new String(buffer.array(), 0, buffer.position(), US_ASCII);
        });
        send("first");
        assertThat(received.join()).isEqualTo("first");
        send("second");

        assertThat(peeked.join()).isIn("first", "second");
        assertThat(receive(server, 9)).isEqualTo("second");
    }

    @Test
    void twoReceivesGetWhatComesOneAfterTheOther() throws WinsockException {
        Call<String> first = receiving();
        Call<String> second = call(() -> receive(server, 1));
        send("ab");
        CompletableFuture.anyOf(first.result(), second.result()).join();
        send("cd");
        String all = first.join() + second.join();

        assertThat(all).hasSizeBetween(2, 4);
    }

    @Test
    void aVirtualThreadReceivesWhereOthersHaveWaitedInside() throws WinsockException {
        Call<String> received = receiving();
        send("one");
        received.join();
        Call<String> virtual = call(Thread.ofVirtual(), () -> receive(server, 9)).awaitParked();
        send("two");

        assertThat(virtual.join()).isEqualTo("two");
    }

    @Test
    void aTimeOutEndsAReceiveWhereOthersHaveWaitedInside() throws WinsockException {
        Call<String> received = receiving();
        send("one");
        received.join();
        winsock.setsockopt(server, SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 1);

        call(() -> receive(server, 1)).assertFails(WsaError.WSAETIMEDOUT);
    }

    @Test
    void aTimeOutThatIsSetMeanwhileIsForLaterReceives() throws WinsockException {
        Call<String> received = receiving();
        winsock.setsockopt(server, SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, 1);
        call(() -> receive(server, 1)).assertFails(WsaError.WSAETIMEDOUT);
        send("on");

        assertThat(received.join()).isEqualTo("on");
    }

    @Test
    void anInterruptDoesNotEndAReceiveAndIsKept() throws WinsockException {
        AtomicBoolean kept = new AtomicBoolean();
        Call<String> received = call(() -> {
            String text = receive(server, 9);
            kept.set(Thread.currentThread().isInterrupted());
            return text;
        }).awaitInside("read0");
        received.thread().interrupt();
        send("still");

        assertThat(received.join()).isEqualTo("still");
        assertThat(kept).isTrue();
    }

    @Test
    void whatIsToBeDoneAtAnInterruptIsDoneAlsoIfItIsSaidMeanwhile() throws WinsockException {
        Call<String> received = receiving();
        ((ChannelFile) winsock.files().fileObject(server)).whenInterrupted(() -> {
            try {
                winsock.closesocket(server);
            } catch (WinsockException e) {
                throw new IllegalStateException(e);
            }
        });
        received.thread().interrupt();

        received.assertFails(WsaError.WSAEINTR);
    }

    @Test
    void anInterruptActionOfVirtualThreadsLeavesOthersInside() throws WinsockException {
        ((ChannelFile) winsock.files().fileObject(server)).whenVirtualThreadInterrupted(() -> {
            throw new AssertionError("on a thread of the system");
        });
        Call<String> received = receiving();
        received.thread().interrupt();
        send("on");

        assertThat(received.join()).isEqualTo("on");
    }

    private static byte pattern(int at) {
        return (byte) ((at * 31) >> 8);
    }

    @Test
    void bytesKeepTheirOrderWhateverElseIsDoneToTheSocket() throws Exception {
        int size = 4 << 20;
        SplittableRandom sizes = new SplittableRandom(7);
        AtomicBoolean done = new AtomicBoolean();
        Call<Integer> sent = call(() -> {
            ByteBuffer data = ByteBuffer.allocate(size);
            while (data.hasRemaining()) {
                data.put(pattern(data.position()));
            }
            data.flip();
            while (data.hasRemaining()) {
                int end = Math.min(size, data.position() + 1 + sizes.nextInt(60_000));
                winsock.send(client, data.limit(end), 0);
                data.limit(size);
            }
            return size;
        });
        CountDownLatch begun = new CountDownLatch(1);
        Call<Integer> disturbing = call(() -> {
            int rounds = 0;
            while (!done.get()) {
                winsock.ioctlsocket(server, IoctlCode.FIONREAD, null);
                winsock.recv(server, ByteBuffer.allocate(0), 0);
                winsock.select(FdSet.of(server), FdSet.of(client), null, Timeval.POLL);
                winsock.setsockopt(client, IpProtocol.IPPROTO_TCP, SocketOption.TCP_NODELAY, rounds % 2 == 0);
                rounds++;
                begun.countDown();
            }
            return rounds;
        });
        begun.await();
        ByteBuffer buffer = ByteBuffer.allocate(7_000);
        int at = 0;
        while (at < size) {
            int n = winsock.recv(server, buffer.clear(), 0);
            for (int i = 0; i < n; i++, at++) {
                if (buffer.get(i) != pattern(at)) {
                    throw new AssertionError("byte " + at);
                }
            }
        }
        done.set(true);
        send("one more for who waits for data");

        assertThat(sent.join()).isEqualTo(size);
        assertThat(disturbing.join()).isPositive();
    }

    @Test
    void manyConnectionsThatAreClosedWhileSomeoneIsInsideLeaveNobodyThere() throws Exception {
        SocketHandle listener = socket();
        winsock.bind(listener, ANY_PORT);
        winsock.listen(listener, 1);
        for (int i = 0; i < 300; i++) {
            SocketHandle one = socket();
            winsock.connect(one, winsock.getsockname(listener));
            SocketHandle other = winsock.accept(listener, null);
            Call<String> received = call(() -> receive(other, 1));
            for (int spin = 0; spin < i * 20; spin++) {
                Thread.onSpinWait();
            }
            winsock.closesocket(other);
            assertThatThrownBy(received::join).hasCauseInstanceOf(WinsockException.class);
            winsock.closesocket(one);
        }
    }
}

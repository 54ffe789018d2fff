package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.conformance.Network.text;

import java.nio.ByteBuffer;
import org.ws2j.conformance.Attempt;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** send and recv, WSASend and WSARecv, on stream sockets and without a block. */
final class StreamsSuite extends Suite {
    private static final int LARGE = 2 << 20;
    private static final int BRIEF_MILLIS = 25;
    private static final int LONG_MILLIS = 60_000;

    // ---- receiving -------------------------------------------------------------------------------------------------

    @Proves("recv.any")
    void aReceiveTakesWhatThereIs() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "abc");

        assertThat(net.receive(c.server(), 16)).isEqualTo("abc");
    }

    @Proves("recv.any")
    void aReceiveTakesNoMoreThanItHasRoomFor() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "abcdef");

        assertThat(net.receive(c.server(), 2)).isEqualTo("ab");
        assertThat(net.receiveAll(c.server(), 4)).isEqualTo("cdef");
    }

    @Proves("recv.any")
    void aStreamHasNoBoundariesBetweenSends() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "ab");
        net.send(c.client(), "cd");

        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("abc");
        assertThat(net.receive(c.server(), 3)).isEqualTo("d");
    }

    @Proves("recv.any")
    void aBlockingReceiveWaitsForData() throws Exception {
        Connection c = net.connection();
        Call<String> receive = calls.waiting(() -> net.receive(c.server(), 8));
        assertThat(receive.isDone()).isFalse();
        net.send(c.client(), "late");

        assertThat(receive.result()).isNotEmpty();
    }

    @Proves("recv.any")
    void bothDirectionsOfAConnectionAreIndependent() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "there");
        net.send(c.server(), "and back");

        assertThat(net.receiveAll(c.client(), 8)).isEqualTo("and back");
        assertThat(net.receiveAll(c.server(), 5)).isEqualTo("there");
    }

    @Proves("recv.in-order")
    void severalBuffersAreFilledOneAfterTheOther() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "abcdef");
        ByteBuffer[] room =
                {ByteBuffer.allocate(2), ByteBuffer.allocate(0), ByteBuffer.allocate(3), ByteBuffer.allocate(9)};

        assertThat(ws.wsaRecv(c.server(), room, null, null, null)).isEqualTo(6);
        assertThat(text(room[0])).isEqualTo("ab");
        assertThat(text(room[2])).isEqualTo("cde");
        assertThat(text(room[3])).isEqualTo("f");
    }

    @Proves("recv.in-order")
    void aReceiveWritesFromThePositionOfItsBufferOn() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "cd");
        ByteBuffer room = ByteBuffer.allocate(6).put(bytes("ab")).limit(5);

        assertThat(ws.recv(c.server(), room, 0)).isEqualTo(2);
        assertThat(text(room)).isEqualTo("abcd");
        assertThat(room.limit()).isEqualTo(5);
    }

    @Proves("recv.in-order")
    void aDirectBufferReceivesToo() throws WinsockException {
        Connection c = net.connection();
        ws.send(c.client(), ByteBuffer.allocateDirect(8).put(bytes("direct")).flip(), 0);
        ByteBuffer room = ByteBuffer.allocateDirect(8);
        ws.recv(c.server(), room, 0);

        assertThat(text(room)).isEqualTo("direct");
    }

    @Proves("recv.graceful-end")
    void theEndOfAStreamComesAfterItsDataAndStays() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "last");
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(net.receiveAll(c.server(), 9)).isEqualTo("last");
        for (int i = 0; i < 3; i++) {
            assertThat(ws.recv(c.server(), ByteBuffer.allocate(1), 0)).isZero();
        }
    }

    @Proves("recv.graceful-end")
    void aClosedPeerEndsTheStreamToo() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "bye");
        ws.closesocket(c.client());

        assertThat(net.receiveAll(c.server(), 9)).isEqualTo("bye");
    }

    @Proves("recv.graceful-end")
    void theEndOfAStreamEndsAReceiveThatWaits() throws Exception {
        Connection c = net.connection();
        Call<Integer> receive = calls.waiting(() -> ws.recv(c.server(), ByteBuffer.allocate(1), 0));
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        assertThat(receive.result()).isZero();
    }

    @Proves("recv.connreset")
    void aResetFailsAReceive() throws WinsockException {
        Connection c = net.connection();
        net.reset(c.client());

        fails(WsaError.WSAECONNRESET, () -> net.receive(c.server(), 1));
    }

    @Proves("recv.connreset")
    void aResetFailsAReceiveThatWaits() throws Exception {
        Connection c = net.connection();
        Call<String> receive = calls.waiting(() -> net.receive(c.server(), 1));
        net.reset(c.client());

        fails(WsaError.WSAECONNRESET, receive::result);
    }

    @Proves("recv.notconn")
    void aStreamThatIsNotConnectedReceivesNothing() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {net.stream(), net.boundStream(), net.listener()}) {
            fails(WsaError.WSAENOTCONN, () -> net.receive(s, 1));
        }
    }

    @Proves("recv.inval")
    void receivingIntoNoBuffersIsInvalid() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAEINVAL, () -> ws.wsaRecv(c.server(), new ByteBuffer[0], null, null, null));
    }

    @Proves("recv.shutdown")
    void nothingIsReceivedAfterReceivingWasShutDown() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.server(), ShutdownHow.SD_RECEIVE);

        fails(WsaError.WSAESHUTDOWN, () -> net.receive(c.server(), 1));
    }

    @Proves("recv.wouldblock")
    void aNonBlockingReceiveFindsNothing() throws WinsockException {
        Connection c = net.connection();
        net.nonBlocking(c.server());
        wouldBlock(ws.recv(c.server(), ByteBuffer.allocate(1), 0));
        wouldBlock(ws.wsaRecv(c.server(), ByteBuffer.allocate(1), null, null, null));
        net.send(c.client(), "x");
        net.awaitReadable(c.server());

        assertThat(net.receive(c.server(), 1)).isEqualTo("x");
    }

    @Proves("recv.fault")
    void aReceiveNeedsABufferThatItCanWrite() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "x");
        ByteBuffer readOnly = ByteBuffer.allocate(4).asReadOnlyBuffer();
        fails(WsaError.WSAEFAULT, () -> ws.recv(c.server(), null, 0));
        fails(WsaError.WSAEFAULT, () -> ws.recv(c.server(), readOnly, 0));
        fails(WsaError.WSAEFAULT, () -> ws.wsaRecv(c.server(), (ByteBuffer[]) null, null, null, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaRecv(c.server(), new ByteBuffer[1], null, null, null));

        assertThat(net.receive(c.server(), 1)).as("nothing is lost").isEqualTo("x");
    }

    @Proves("recv.zero-room")
    void aBufferWithoutRoomLeavesTheData() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "kept");

        assertThat(net.receive(c.server(), 0)).isEmpty();
        assertThat(net.receiveAll(c.server(), 4)).isEqualTo("kept");
    }

    @Proves("recvfrom.stream")
    void aStreamTellsNoSource() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "x");
        ReceiveResult result = new ReceiveResult();

        assertThat(ws.recvfrom(c.server(), ByteBuffer.allocate(4), result)).isEqualTo(1);
        assertThat(result.from()).isNull();
    }

    // ---- looking without taking ------------------------------------------------------------------------------------

    @Proves("recv.peek")
    void aPeekLeavesTheData() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "abc");
        ByteBuffer room = ByteBuffer.allocate(2);
        if (refuses(Flag.NO_PEEK, WsaError.WSAEOPNOTSUPP, () -> ws.recv(c.server(), room, MessageFlag.MSG_PEEK))) {
            return;
        }
        ws.recv(c.server(), room, MessageFlag.MSG_PEEK);
        assertThat(text(room)).isEqualTo("ab");

        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("abc");
    }

    @Proves("recv.peek")
    void aPeekFillsSeveralBuffers() throws WinsockException {
        skipIf(Flag.NO_PEEK);
        Connection c = net.connection();
        net.send(c.client(), "abc");
        ByteBuffer[] room = {ByteBuffer.allocate(1), ByteBuffer.allocate(5)};

        assertThat(ws.wsaRecv(c.server(), room, new ReceiveResult(MessageFlag.MSG_PEEK), null, null)).isEqualTo(3);
        assertThat(text(room[1])).isEqualTo("bc");
        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("abc");
    }

    @Proves("recv.peek")
    void aPeekFindsNothingOnANonBlockingSocketWithoutData() throws WinsockException {
        skipIf(Flag.NO_PEEK);
        Connection c = net.connection();
        net.nonBlocking(c.server());

        wouldBlock(ws.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_PEEK));
    }

    @Proves("recv.peek")
    void aPeekSeesTheEndOfTheStream() throws WinsockException {
        skipIf(Flag.NO_PEEK);
        Connection c = net.connection();
        ws.closesocket(c.client());

        assertThat(ws.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_PEEK)).isZero();
        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    @Proves("recv.peek")
    void whatWasPeekedAtIsStillReadable() throws WinsockException {
        skipIf(Flag.NO_PEEK);
        Connection c = net.connection();
        net.send(c.client(), "x");
        ws.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_PEEK);
        net.awaitReadable(c.server());

        assertThat(net.receive(c.server(), 1)).isEqualTo("x");
    }

    // ---- waiting for all -------------------------------------------------------------------------------------------

    @Proves("recv.waitall")
    void aReceiveOfAllWaitsUntilItsBufferIsFull() throws Exception {
        Connection c = net.connection();
        ByteBuffer room = ByteBuffer.allocate(6);
        net.send(c.client(), "abc");
        Call<Integer> receive = calls.waiting(() -> ws.recv(c.server(), room, MessageFlag.MSG_WAITALL));
        assertThat(receive.isDone()).isFalse();
        net.send(c.client(), "defg");

        assertThat(receive.result()).isEqualTo(6);
        assertThat(text(room)).isEqualTo("abcdef");
        assertThat(net.receive(c.server(), 9)).isEqualTo("g");
    }

    @Proves("recv.waitall")
    void aReceiveOfAllFillsSeveralBuffers() throws Exception {
        Connection c = net.connection();
        ByteBuffer[] room = {ByteBuffer.allocate(2), ByteBuffer.allocate(2)};
        net.send(c.client(), "abc");
        Call<Long> receive = calls.waiting(
                () -> ws.wsaRecv(c.server(), room, new ReceiveResult(MessageFlag.MSG_WAITALL), null, null));
        net.send(c.client(), "d");

        assertThat(receive.result()).isEqualTo(4);
        assertThat(text(room[0]) + text(room[1])).isEqualTo("abcd");
    }

    @Proves("recv.waitall")
    void aReceiveOfAllEndsWithTheStream() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "abc");
        ws.closesocket(c.client());
        ByteBuffer room = ByteBuffer.allocate(6);

        assertThat(ws.recv(c.server(), room, MessageFlag.MSG_WAITALL)).isEqualTo(3);
        assertThat(net.receive(c.server(), 1)).isEmpty();
    }

    @Proves("recv.waitall-opnotsupp")
    void aReceiveOfAllCannotBeAPeekOrAPart() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "x");
        for (int flag : new int[] {MessageFlag.MSG_PEEK, MessageFlag.MSG_OOB, MessageFlag.MSG_PARTIAL}) {
            fails(WsaError.WSAEOPNOTSUPP,
                    () -> ws.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_WAITALL | flag));
        }
    }

    @Proves("recv.waitall-opnotsupp")
    void aNonBlockingSocketCannotWaitForAll() throws WinsockException {
        Connection c = net.connection();
        net.nonBlocking(c.server());
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_WAITALL));
    }

    @Proves("recv.partial")
    void aStreamReceivesAPartAsItReceivesAnything() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "abc");
        ByteBuffer room = ByteBuffer.allocate(2);

        assertThat(ws.recv(c.server(), room, MessageFlag.MSG_PARTIAL)).isEqualTo(2);
        assertThat(net.receive(c.server(), 4)).isEqualTo("c");
    }

    // ---- urgent data -----------------------------------------------------------------------------------------------

    @Proves({"send.oob", "recv.oob"})
    void anUrgentByteIsTakenPastTheStream() throws WinsockException {
        Connection c = net.connection();
        net.send(c.client(), "a");
        ByteBuffer room = ByteBuffer.allocate(4);
        assertThat(ws.send(c.client(), bytes("!"), MessageFlag.MSG_OOB)).isEqualTo(1);
        if (refuses(Flag.NO_URGENT_RECEIVE, WsaError.WSAEOPNOTSUPP,
                () -> ws.recv(c.server(), room, MessageFlag.MSG_OOB))) {
            return;
        }
        assertThat(ws.recv(c.server(), room, MessageFlag.MSG_OOB)).isEqualTo(1);
        assertThat(text(room)).isEqualTo("!");
        assertThat(net.receive(c.server(), 4)).isEqualTo("a");
    }

    @Proves("recv.oob")
    void ordinaryReceivesNeverCrossTheMark() throws WinsockException {
        skipIf(Flag.NO_URGENT_RECEIVE);
        Connection c = net.connection();
        net.send(c.client(), "ab");
        ws.send(c.client(), bytes("!"), MessageFlag.MSG_OOB);
        net.send(c.client(), "cd");

        assertThat(net.receive(c.server(), 9)).isEqualTo("ab");
        assertThat(net.receive(c.server(), 9)).isEqualTo("cd");
    }

    @Proves({"send.oob", "recv.oob"})
    void theLastByteOfAnUrgentSendIsTheUrgentOne() throws WinsockException {
        skipIf(Flag.NO_URGENT_RECEIVE);
        Connection c = net.connection();
        ws.send(c.client(), bytes("ab!"), MessageFlag.MSG_OOB);
        ByteBuffer room = ByteBuffer.allocate(4);
        ws.recv(c.server(), room, MessageFlag.MSG_OOB);

        assertThat(text(room)).isEqualTo("!");
        assertThat(net.receive(c.server(), 9)).isEqualTo("ab");
    }

    @Proves("recv.oob")
    void urgentDataIsReceivedInItsPlaceInLine() throws WinsockException {
        Connection c = net.connection();
        inLine(c.server());
        net.send(c.client(), "a");
        ws.send(c.client(), bytes("!"), MessageFlag.MSG_OOB);
        net.send(c.client(), "b");

        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("a!b");
    }

    @Proves("recv.oob")
    void inLineThereIsNoOtherWayToUrgentData() throws WinsockException {
        Connection c = net.connection();
        inLine(c.server());
        ws.send(c.client(), bytes("!"), MessageFlag.MSG_OOB);

        fails(WsaError.WSAEINVAL, () -> ws.recv(c.server(), ByteBuffer.allocate(1), MessageFlag.MSG_OOB));
    }

    @Proves("ioctl.siocatmark")
    void theMarkIsReachedWhenTheUrgentDataIsTaken() throws WinsockException {
        Connection c = net.connection();
        inLine(c.server());
        if (refuses(Flag.NO_ATMARK, WsaError.WSAEOPNOTSUPP, () -> atMark(c.server()))) {
            return;
        }
        assertThat(atMark(c.server())).isEqualTo(true);
        ws.send(c.client(), bytes("!"), MessageFlag.MSG_OOB);
        net.awaitReadable(c.server());
        assertThat(atMark(c.server())).isEqualTo(false);
        net.receive(c.server(), 1);

        assertThat(atMark(c.server())).isEqualTo(true);
    }

    private Object atMark(SocketHandle s) throws WinsockException {
        return ws.ioctlsocket(s, IoctlCode.SIOCATMARK, null);
    }

    private void inLine(SocketHandle s) throws WinsockException {
        ws.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_OOBINLINE, true);
    }

    // ---- sending ---------------------------------------------------------------------------------------------------

    @Proves("send.all")
    void aBlockingSendTakesEverything() throws Exception {
        Connection c = net.connection();
        ByteBuffer data = ByteBuffer.allocate(LARGE);
        Call<Integer> send = calls.waiting(() -> ws.send(c.client(), data, 0));
        net.drain(c.server(), LARGE);

        assertThat(send.result()).isEqualTo(LARGE);
        assertThat(data.hasRemaining()).isFalse();
    }

    @Proves("send.all")
    void severalBuffersAreSentWholeByABlockingSend() throws Exception {
        Connection c = net.connection();
        ByteBuffer[] data = {ByteBuffer.allocate(LARGE), ByteBuffer.allocate(LARGE), bytes("end")};
        Call<Long> send = calls.waiting(() -> ws.wsaSend(c.client(), data, 0, null, null));
        net.drain(c.server(), 2 * LARGE);

        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("end");
        assertThat(send.result()).isEqualTo(2 * LARGE + 3);
    }

    @Proves("send.part")
    void aNonBlockingSendTakesWhatThereIsRoomFor() throws WinsockException {
        Connection c = net.connection();
        net.nonBlocking(c.client());
        long sent = net.fill(c.client());
        assertThat(sent).isPositive();
        net.drain(c.server(), sent);
        net.awaitWritable(c.client());

        assertThat(ws.send(c.client(), bytes("x"), 0)).isEqualTo(1);
        assertThat(net.receive(c.server(), 1)).isEqualTo("x");
    }

    @Proves("send.in-order")
    void severalBuffersAreSentOneAfterTheOther() throws WinsockException {
        Connection c = net.connection();
        ByteBuffer[] data = {bytes("ab"), bytes(""), bytes("cde"), bytes("f")};

        assertThat(ws.wsaSend(c.client(), data, 0, null, null)).isEqualTo(6);
        assertThat(net.receiveAll(c.server(), 6)).isEqualTo("abcdef");
    }

    @Proves("send.in-order")
    void aSendTakesWhatLiesBetweenPositionAndLimit() throws WinsockException {
        Connection c = net.connection();
        ByteBuffer data = bytes("abcdef").position(1).limit(4);

        assertThat(ws.send(c.client(), data, 0)).isEqualTo(3);
        assertThat(data.position()).isEqualTo(4);
        assertThat(net.receiveAll(c.server(), 3)).isEqualTo("bcd");
    }

    @Proves("send.in-order")
    void aReadOnlyBufferIsSent() throws WinsockException {
        Connection c = net.connection();
        ws.send(c.client(), bytes("read only").asReadOnlyBuffer(), 0);

        assertThat(net.receiveAll(c.server(), 9)).isEqualTo("read only");
    }

    @Proves("send.empty")
    void sendingNothingSucceeds() throws WinsockException {
        Connection c = net.connection();
        assertThat(ws.send(c.client(), bytes(""), 0)).isZero();
        assertThat(ws.send(c.client(), bytes(""), MessageFlag.MSG_OOB)).isZero();
        net.send(c.client(), "x");

        assertThat(net.receive(c.server(), 4)).isEqualTo("x");
    }

    @Proves("send.notconn")
    void aStreamThatIsNotConnectedSendsNothing() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {net.stream(), net.boundStream(), net.listener()}) {
            fails(WsaError.WSAENOTCONN, () -> ws.send(s, bytes("x"), 0));
        }
    }

    @Proves("send.shutdown")
    void nothingIsSentAfterSendingWasShutDown() throws WinsockException {
        Connection c = net.connection();
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);

        fails(WsaError.WSAESHUTDOWN, () -> ws.send(c.client(), bytes("x"), 0));
    }

    @Proves("send.connreset")
    void nothingIsSentToAPeerThatHasReset() throws Exception {
        Connection c = net.connection();
        net.reset(c.server());
        net.awaitReadable(c.client());

        failsForAReset(() -> ws.send(c.client(), bytes("x"), 0));
    }

    @Proves("send.connreset")
    void aResetFailsASendThatWaits() throws Exception {
        Connection c = net.connection();
        Call<Integer> send = calls.waiting(() -> ws.send(c.client(), ByteBuffer.allocate(16 * LARGE), 0));
        net.reset(c.server());

        failsForAReset(send::result);
    }

    private static void failsForAReset(Attempt call) throws Exception {
        try {
            call.run();
        } catch (WinsockException e) {
            assertThat(e.code()).isIn(WsaError.WSAECONNRESET.code(), WsaError.WSAECONNABORTED.code());
            return;
        }
        throw new AssertionError("the send succeeded");
    }

    @Proves("send.fault")
    void aSendNeedsABuffer() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAEFAULT, () -> ws.send(c.client(), null, 0));
        fails(WsaError.WSAEFAULT, () -> ws.wsaSend(c.client(), (ByteBuffer[]) null, 0, null, null));
        fails(WsaError.WSAEFAULT, () -> ws.wsaSend(c.client(), new ByteBuffer[] {bytes("x"), null}, 0, null, null));
        net.send(c.client(), "y");

        assertThat(net.receive(c.server(), 4)).as("nothing else was sent").isEqualTo("y");
    }

    @Proves("send.inval")
    void sendingNoBuffersIsInvalid() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAEINVAL, () -> ws.wsaSend(c.client(), new ByteBuffer[0], 0, null, null));
    }

    @Proves("send.opnotsupp")
    void aStreamSendsNoParts() throws WinsockException {
        Connection c = net.connection();
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.send(c.client(), bytes("x"), MessageFlag.MSG_PARTIAL));
    }

    @Proves("send.dontroute")
    void aSendPastTheRoutesIsASend() throws WinsockException {
        Connection c = net.connection();

        assertThat(ws.send(c.client(), bytes("x"), MessageFlag.MSG_DONTROUTE)).isEqualTo(1);
        assertThat(net.receive(c.server(), 1)).isEqualTo("x");
    }

    @Proves("sendto.stream")
    void aStreamIgnoresWhereItIsToSendTo() throws WinsockException {
        Connection c = net.connection();

        assertThat(ws.sendto(c.client(), bytes("x"), 0, net.nobody())).isEqualTo(1);
        assertThat(ws.sendto(c.client(), bytes("y"), 0, null)).isEqualTo(1);
        assertThat(net.receiveAll(c.server(), 2)).isEqualTo("xy");
    }

    // ---- time-outs -------------------------------------------------------------------------------------------------

    @Proves("recv.timeout")
    void aReceiveThatWaitsTooLongTimesOut() throws WinsockException {
        Connection c = net.connection();
        ws.setsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, BRIEF_MILLIS);

        fails(WsaError.WSAETIMEDOUT, () -> net.receive(c.server(), 1));
    }

    @Proves("recv.timeout")
    void aReceiveInTimeSucceeds() throws Exception {
        Connection c = net.connection();
        ws.setsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, LONG_MILLIS);
        Call<String> receive = calls.waiting(() -> net.receive(c.server(), 1));
        net.send(c.client(), "x");

        assertThat(receive.result()).isEqualTo("x");
    }

    @Proves("recv.timeout")
    void aNonBlockingReceiveHasNoTimeOut() throws WinsockException {
        Connection c = net.connection();
        ws.setsockopt(c.server(), SocketOption.SOL_SOCKET, SocketOption.SO_RCVTIMEO, LONG_MILLIS);
        net.nonBlocking(c.server());

        wouldBlock(ws.recv(c.server(), ByteBuffer.allocate(1), 0));
    }

    @Proves("send.timeout")
    void aSendThatWaitsTooLongTimesOut() throws WinsockException {
        Connection c = net.connection();
        net.nonBlocking(c.client());
        net.fill(c.client());
        ws.ioctlsocket(c.client(), IoctlCode.FIONBIO, false);
        ws.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_SNDTIMEO, BRIEF_MILLIS);

        fails(WsaError.WSAETIMEDOUT, () -> ws.send(c.client(), ByteBuffer.allocate(LARGE), 0));
    }

    @Proves("send.timeout")
    void aSendInTimeSucceeds() throws Exception {
        Connection c = net.connection();
        ws.setsockopt(c.client(), SocketOption.SOL_SOCKET, SocketOption.SO_SNDTIMEO, LONG_MILLIS);
        Call<Integer> send = calls.waiting(() -> ws.send(c.client(), ByteBuffer.allocate(LARGE), 0));
        net.drain(c.server(), LARGE);

        assertThat(send.result()).isEqualTo(LARGE);
    }
}

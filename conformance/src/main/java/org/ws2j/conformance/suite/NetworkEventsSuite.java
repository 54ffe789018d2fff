package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.wouldBlock;
import static org.ws2j.conformance.Network.bytes;
import static org.ws2j.spi.NetworkEvent.FD_ACCEPT;
import static org.ws2j.spi.NetworkEvent.FD_CLOSE;
import static org.ws2j.spi.NetworkEvent.FD_CONNECT;
import static org.ws2j.spi.NetworkEvent.FD_READ;
import static org.ws2j.spi.NetworkEvent.FD_WRITE;

import java.nio.ByteBuffer;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.ConditionProc.Decision;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/** WSAEventSelect and WSAEnumNetworkEvents. */
final class NetworkEventsSuite extends Suite {
    private static final int ALL = NetworkEvent.FD_ALL_EVENTS;

    // ---- selecting -------------------------------------------------------------------------------------------------

    @Proves("select-event.non-blocking")
    void selectingMakesTheSocketNonBlocking() throws WinsockException {
        SocketHandle s = net.connection().client();
        ws.wsaEventSelect(s, signals.event(), FD_CLOSE);
        wouldBlock(ws.recv(s, ByteBuffer.allocate(1), 0));
    }

    @Proves("select-event.non-blocking")
    void selectingNothingMakesTheSocketNonBlockingToo() throws WinsockException {
        SocketHandle s = net.connection().client();
        ws.wsaEventSelect(s, null, 0);
        wouldBlock(ws.recv(s, ByteBuffer.allocate(1), 0));
    }

    @Proves("select-event.cancel")
    void theSocketCannotBecomeBlockingWhileEventsAreSelected() throws WinsockException {
        SocketHandle s = net.connection().client();
        ws.wsaEventSelect(s, signals.event(), FD_READ);
        fails(WsaError.WSAEINVAL, () -> ws.ioctlsocket(s, IoctlCode.FIONBIO, false));

        ws.wsaEventSelect(s, null, 0);
        ws.ioctlsocket(s, IoctlCode.FIONBIO, false);
    }

    @Proves("select-event.cancel")
    void nothingIsToldAfterTheSelectionEnded() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        ws.wsaEventSelect(c.client(), null, 0);
        net.send(c.server(), "x");
        net.awaitReadable(c.client());

        assertThat(signals.isSet(event)).isFalse();
        assertThat(take(c.client(), null).lNetworkEvents()).isZero();
    }

    @Proves("select-event.last-wins")
    void theLastSelectionReplacesTheEventAndTheBits() throws WinsockException {
        Connection c = net.connection();
        WsaEvent first = signals.event();
        WsaEvent second = signals.event();
        ws.wsaEventSelect(c.client(), first, FD_READ);
        ws.wsaEventSelect(c.client(), second, FD_CLOSE);
        net.send(c.server(), "x");
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);
        net.awaitReadable(c.client());
        net.receive(c.client(), 8);
        signals.await(second);

        assertThat(signals.isSet(first)).isFalse();
        assertThat(take(c.client(), second).lNetworkEvents()).isEqualTo(FD_CLOSE);
    }

    @Proves("select-event.last-wins")
    void aSelectionByEventEndsOneByMessage() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaAsyncSelect(c.client(), signals.window(), 0x400, FD_READ);
        ws.wsaEventSelect(c.client(), event, FD_READ);
        net.send(c.server(), "x");
        signals.await(event);

        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves("select-event.inval")
    void whatIsNoOpenEventCannotBeSelected() throws WinsockException {
        SocketHandle s = net.connection().client();
        WsaEvent closed = signals.event();
        ws.wsaCloseEvent(closed);

        fails(WsaError.WSAEINVAL, () -> ws.wsaEventSelect(s, null, FD_READ));
        fails(WsaError.WSAEINVAL, () -> ws.wsaEventSelect(s, closed, FD_READ));
    }

    @Proves("fact-23")
    void narrowingTheSelectionLeavesTheEventSignaled() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);
        signals.await(event);
        ws.wsaEventSelect(c.client(), event, FD_READ);

        assertThat(signals.isSet(event)).isTrue();
    }

    @Proves("fact-23")
    void selectingAgainDoesNotTellAnewWhatWasTaken() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);
        awaitOne(c.client(), event, FD_WRITE);
        ws.wsaEventSelect(c.client(), event, FD_WRITE | FD_READ);

        assertThat(signals.isSet(event)).isFalse();
        assertThat(take(c.client(), event).lNetworkEvents()).isZero();
    }

    // ---- the record ------------------------------------------------------------------------------------------------

    @Proves("enum-events.clears")
    void takingTheRecordClearsItAndResetsTheEvent() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        net.send(c.server(), "x");
        awaitOne(c.client(), event, FD_READ);

        assertThat(signals.isSet(event)).isFalse();
        assertThat(take(c.client(), event).lNetworkEvents()).as("taken again").isZero();
    }

    @Proves({"enum-events.clears", "fact-26"})
    void takingTheRecordWithoutAnEventLeavesItSignaled() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);
        signals.await(event);
        take(c.client(), null);

        assertThat(signals.isSet(event)).isTrue();
    }

    @Proves("fact-26")
    void theErrorsOfOtherEventsAreLeftAlone() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);
        signals.await(event);
        WsaNetworkEvents record = new WsaNetworkEvents();
        record.iErrorCode(NetworkEvent.bitOf(FD_READ), 4711);
        record.iErrorCode(NetworkEvent.bitOf(FD_WRITE), 4711);
        ws.wsaEnumNetworkEvents(c.client(), event, record);

        assertThat(record.iErrorCode(NetworkEvent.bitOf(FD_READ))).isEqualTo(4711);
        assertThat(record.iErrorCode(NetworkEvent.bitOf(FD_WRITE))).isZero();
    }

    @Proves("enum-events.fault")
    void aRecordNeedsAPlace() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);
        signals.await(event);
        fails(WsaError.WSAEFAULT, () -> ws.wsaEnumNetworkEvents(c.client(), event, null));

        assertThat(signals.isSet(event)).isTrue();
        assertThat(take(c.client(), event).lNetworkEvents()).isEqualTo(FD_WRITE);
    }

    @Proves("enum-events.nominated")
    void onlyWhatWasSelectedIsTold() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_CLOSE);
        net.send(c.server(), "x");
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);
        net.awaitReadable(c.client());
        net.receive(c.client(), 8);
        signals.await(event);

        assertThat(take(c.client(), event).lNetworkEvents()).isEqualTo(FD_CLOSE);
    }

    @Proves("enum-events.nominated")
    void aSocketWithoutASelectionHasNothingToTell() throws WinsockException {
        assertThat(take(net.connection().client(), null).lNetworkEvents()).isZero();
    }

    // ---- FD_READ ---------------------------------------------------------------------------------------------------

    @Proves("fd-read.level")
    void dataThatIsThereIsToldAtSelection() throws WinsockException {
        Connection c = net.connection();
        net.send(c.server(), "x");
        net.awaitReadable(c.client());
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);

        awaitOne(c.client(), event, FD_READ);
    }

    @Proves("fd-read.level")
    void aReceiveThatLeavesDataIsFollowedByAnotherReport() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        net.send(c.server(), "four");
        awaitOne(c.client(), event, FD_READ);
        net.receive(c.client(), 2);
        awaitOne(c.client(), event, FD_READ);
        net.receive(c.client(), 2);

        assertThat(take(c.client(), event).lNetworkEvents()).as("nothing is left").isZero();
    }

    @Proves("fd-read.level")
    void takingTheRecordAloneDoesNotEnableTheReport() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        net.send(c.server(), "x");
        awaitOne(c.client(), event, FD_READ);

        assertThat(take(c.client(), event).lNetworkEvents()).isZero();
        assertThat(net.receive(c.client(), 8)).isEqualTo("x");
    }

    @Proves("fd-read.level")
    void aReceiveThatFailsEnablesTheReportToo() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        net.send(c.server(), "x");
        awaitOne(c.client(), event, FD_READ);
        fails(WsaError.WSAEFAULT, () -> ws.recv(c.client(), ByteBuffer.allocate(1).asReadOnlyBuffer(), 0));

        awaitOne(c.client(), event, FD_READ);
    }

    @Proves("fd-read.peek")
    void aReceiveThatOnlyLooksEnablesTheReport() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        net.send(c.server(), "x");
        awaitOne(c.client(), event, FD_READ);
        ByteBuffer room = ByteBuffer.allocate(8);
        if (refuses(Flag.NO_PEEK, WsaError.WSAEOPNOTSUPP, () -> ws.recv(c.client(), room, MessageFlag.MSG_PEEK))) {
            return;
        }
        assertThat(ws.recv(c.client(), room, MessageFlag.MSG_PEEK)).isEqualTo(1);
        awaitOne(c.client(), event, FD_READ);
    }

    @Proves("fd-read.end")
    void theEndOfAStreamIsNoData() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ | FD_CLOSE);
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);

        awaitOne(c.client(), event, FD_CLOSE);
    }

    @Proves("fact-24")
    void newDataSignalsAgainWithoutAReceive() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        net.send(c.server(), "x");
        awaitOne(c.client(), event, FD_READ);
        net.send(c.server(), "y");

        awaitOne(c.client(), event, FD_READ);
    }

    @Proves("fact-15")
    void aPendingReceiveSwallowsDataWithoutAReport() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        HeapOverlapped block = new HeapOverlapped(signals.event());
        ws.wsaRecv(c.client(), ByteBuffer.allocate(4), null, block, null);
        net.send(c.server(), "four");
        signals.await(block.hEvent());
        assertThat(take(c.client(), event).lNetworkEvents()).isZero();
        net.send(c.server(), "more");

        awaitOne(c.client(), event, FD_READ);
    }

    @Proves("fd-read.level")
    void aDatagramIsTold() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(receiver, event, FD_READ);
        ws.sendto(net.datagram(), bytes("x"), 0, net.name(receiver));

        awaitOne(receiver, event, FD_READ);
    }

    @Proves("fd-read.level")
    void eachDatagramThatIsLeftIsTold() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle sender = net.datagram();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(receiver, event, FD_READ);
        ws.sendto(sender, bytes("x"), 0, net.name(receiver));
        ws.sendto(sender, bytes("y"), 0, net.name(receiver));
        awaitAll(receiver, event, FD_READ);
        net.receive(receiver, 8);

        awaitAll(receiver, event, FD_READ);
        assertThat(net.receive(receiver, 8)).isEqualTo("y");
    }

    @Proves("fact-24")
    void aNewDatagramSignalsAgainWithoutAReceive() throws WinsockException {
        SocketHandle receiver = net.boundDatagram();
        SocketHandle sender = net.datagram();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(receiver, event, FD_READ);
        ws.sendto(sender, bytes("x"), 0, net.name(receiver));
        awaitOne(receiver, event, FD_READ);
        ws.sendto(sender, bytes("y"), 0, net.name(receiver));

        awaitOne(receiver, event, FD_READ);
    }

    // ---- FD_OOB ----------------------------------------------------------------------------------------------------

    @Proves("fd-oob.told")
    void urgentDataIsTold() throws WinsockException {
        skipIf(Flag.NO_URGENT_RECEIVE);
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, NetworkEvent.FD_OOB);
        ws.send(c.server(), bytes("!"), MessageFlag.MSG_OOB);

        awaitOne(c.client(), event, NetworkEvent.FD_OOB);
    }

    // ---- FD_WRITE --------------------------------------------------------------------------------------------------

    @Proves("fd-write.first")
    void aConnectionThatHasRoomIsToldAtSelection() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);

        awaitOne(c.client(), event, FD_WRITE);
    }

    @Proves("fd-write.first")
    void aNewConnectionIsToldAsWritable() throws WinsockException {
        SocketHandle listener = net.listener();
        SocketHandle s = net.stream();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(s, event, FD_CONNECT | FD_WRITE);
        ws.connect(s, net.name(listener));

        WsaNetworkEvents told = awaitAll(s, event, FD_CONNECT | FD_WRITE);
        assertThat(told.lNetworkEvents()).isEqualTo(FD_CONNECT | FD_WRITE);
        assertThat(told.iErrorCode(NetworkEvent.bitOf(FD_CONNECT))).isZero();
    }

    @Proves("fd-write.again")
    void roomThatComesAfterASendFoundNoneIsTold() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);
        awaitOne(c.client(), event, FD_WRITE);
        long filled = net.fill(c.client());
        assertThat(take(c.client(), event).lNetworkEvents()).as("there is no room").isZero();
        net.drain(c.server(), filled);

        awaitOne(c.client(), event, FD_WRITE);
    }

    @Proves("fd-write.quiet")
    void aSendThatSucceedsIsNotFollowedByAReport() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);
        awaitOne(c.client(), event, FD_WRITE);
        net.send(c.client(), "x");
        net.receive(c.server(), 8);

        assertThat(signals.isSet(event)).isFalse();
        assertThat(take(c.client(), event).lNetworkEvents()).isZero();
    }

    @Proves("fact-24")
    void aSendLeavesARecordedReportAlone() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_WRITE);
        signals.await(event);
        net.send(c.client(), "x");

        assertThat(take(c.client(), event).lNetworkEvents()).isEqualTo(FD_WRITE);
    }

    @Proves("fd-write.datagram")
    void aBoundDatagramSocketIsWritable() throws WinsockException {
        SocketHandle s = net.boundDatagram();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(s, event, FD_WRITE);

        awaitOne(s, event, FD_WRITE);
    }

    // ---- FD_ACCEPT -------------------------------------------------------------------------------------------------

    @Proves("fd-accept.level")
    void aConnectionThatWaitsIsToldAtSelection() throws WinsockException {
        SocketHandle listener = net.listener();
        ws.connect(net.stream(), net.name(listener));
        net.awaitReadable(listener);
        WsaEvent event = signals.event();
        ws.wsaEventSelect(listener, event, FD_ACCEPT);

        awaitOne(listener, event, FD_ACCEPT);
    }

    @Proves("fd-accept.level")
    void anAcceptThatLeavesAConnectionIsFollowedByAnotherReport() throws WinsockException {
        SocketHandle listener = net.listener();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(listener, event, FD_ACCEPT);
        ws.connect(net.stream(), net.name(listener));
        ws.connect(net.stream(), net.name(listener));
        awaitOne(listener, event, FD_ACCEPT);
        assertThat(net.own(ws.accept(listener, null))).isNotNull();
        awaitOne(listener, event, FD_ACCEPT);
        assertThat(net.own(ws.accept(listener, null))).isNotNull();

        assertThat(take(listener, event).lNetworkEvents()).as("nobody is left").isZero();
    }

    @Proves("fd-accept.level")
    void anAcceptThatFindsNobodyEnablesTheReport() throws WinsockException {
        SocketHandle listener = net.listener();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(listener, event, FD_ACCEPT);
        assertThat(ws.accept(listener, null)).isNull();
        ws.connect(net.stream(), net.name(listener));

        awaitOne(listener, event, FD_ACCEPT);
    }

    @Proves("fd-accept.deferred")
    void anAcceptThatWasDeferredEnablesNothing() throws WinsockException {
        SocketHandle listener = net.listener();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(listener, event, FD_ACCEPT);
        ws.connect(net.stream(), net.name(listener));
        awaitOne(listener, event, FD_ACCEPT);
        fails(WsaError.WSATRY_AGAIN, () -> defer(listener));

        assertThat(take(listener, event).lNetworkEvents()).isZero();
        assertThat(net.own(ws.accept(listener, null))).isNotNull();
    }

    private void defer(SocketHandle listener) throws WinsockException {
        ws.wsaAccept(listener, null, request -> Decision.CF_DEFER);
    }

    @Proves({"fd-inherit", "fact-23"})
    void anAcceptedSocketTellsOnItsListenersEvent() throws WinsockException {
        SocketHandle listener = net.listener();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(listener, event, FD_ACCEPT | FD_READ | FD_WRITE);
        SocketHandle client = net.stream();
        ws.connect(client, net.name(listener));
        awaitOne(listener, event, FD_ACCEPT);
        SocketHandle accepted = net.own(ws.accept(listener, null));
        awaitOne(accepted, event, FD_WRITE);
        net.send(client, "x");

        awaitOne(accepted, event, FD_READ);
    }

    // ---- FD_CONNECT ------------------------------------------------------------------------------------------------

    @Proves("fd-connect.failure")
    void aConnectThatFailsTellsWhy() throws WinsockException {
        SocketHandle s = net.stream();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(s, event, FD_CONNECT | FD_WRITE | FD_CLOSE);
        wouldBlock(ws.connect(s, net.nobody()));

        assertThat(awaitOne(s, event, FD_CONNECT)).isEqualTo(WsaError.WSAECONNREFUSED.code());
    }

    @Proves("fact-24")
    void selectingOnAConnectionTellsOfTheConnectToo() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_CONNECT | FD_WRITE);

        assertThat(awaitAll(c.client(), event, FD_CONNECT | FD_WRITE).lNetworkEvents())
                .isEqualTo(FD_CONNECT | FD_WRITE);
    }

    @Proves("fd-connect.success")
    void theConnectOfADatagramSocketIsTold() throws WinsockException {
        SocketHandle peer = net.boundDatagram();
        SocketHandle s = net.datagram();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(s, event, FD_CONNECT);
        ws.connect(s, net.name(peer));

        assertThat(awaitOne(s, event, FD_CONNECT)).isZero();
    }

    // ---- FD_CLOSE --------------------------------------------------------------------------------------------------

    @Proves({"fd-close.graceful", "fact-25"})
    void theEndOfThePeersStreamIsToldOnce() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_CLOSE);
        ws.shutdown(c.server(), ShutdownHow.SD_SEND);
        assertThat(awaitOne(c.client(), event, FD_CLOSE)).isZero();
        ws.closesocket(c.server());
        assertThat(ws.recv(c.client(), ByteBuffer.allocate(1), 0)).isZero();

        assertThat(take(c.client(), event).lNetworkEvents()).as("nor again at the close").isZero();
    }

    @Proves("fd-close.graceful")
    void dataBeforeTheEndIsNotLost() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ | FD_CLOSE);
        net.send(c.server(), "last");
        ws.closesocket(c.server());
        net.awaitReadable(c.client());
        assertThat(net.receiveAll(c.client(), 4)).isEqualTo("last");

        awaitAll(c.client(), event, FD_CLOSE);
    }

    @Proves({"fd-close.reset", "fact-25"})
    void aResetIsToldAsAnAbort() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ | FD_CLOSE);
        net.reset(c.server());
        WsaNetworkEvents told = awaitAll(c.client(), event, FD_CLOSE);

        assertThat(told.iErrorCode(NetworkEvent.bitOf(FD_CLOSE))).isEqualTo(WsaError.WSAECONNABORTED.code());
        fails(WsaError.WSAECONNRESET, () -> ws.recv(c.client(), ByteBuffer.allocate(1), 0));
    }

    @Proves("fact-25")
    void aShutdownOfOnesOwnIsNotTold() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_CLOSE);
        ws.shutdown(c.client(), ShutdownHow.SD_SEND);
        assertThat(net.receive(c.server(), 1)).as("the peer sees the end").isEmpty();

        assertThat(take(c.client(), event).lNetworkEvents()).isZero();
    }

    @Proves("fact-14")
    void closingASocketTellsNothing() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_CLOSE | FD_READ);
        ws.closesocket(c.client());

        assertThat(signals.isSet(event)).isFalse();
    }

    @Proves("select.quiet")
    void selectNeitherConsumesNorEnables() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, FD_READ);
        net.send(c.server(), "x");
        signals.await(event);
        net.awaitReadable(c.client());
        assertThat(take(c.client(), event).lNetworkEvents()).as("not consumed").isEqualTo(FD_READ);
        net.awaitReadable(c.client());

        assertThat(take(c.client(), event).lNetworkEvents()).as("not enabled").isZero();
    }

    @Proves("select-event.last-wins")
    void everyEventCanBeSelected() throws WinsockException {
        SocketHandle s = net.connection().client();
        ws.wsaEventSelect(s, signals.event(), ALL);
        fails(WsaError.WSAEINVAL, () -> ws.wsaEventSelect(s, signals.event(), ALL + 1));
    }

    // ---- ----

    /** Waits for a report, which must be this one alone. {@return its error} */
    private int awaitOne(SocketHandle s, WsaEvent event, int which) throws WinsockException {
        signals.await(event);
        WsaNetworkEvents told = take(s, event);
        assertThat(told.lNetworkEvents()).as("events told").isEqualTo(which);
        return told.iErrorCode(NetworkEvent.bitOf(which));
    }

    /** Collects reports until all of some have come. */
    private WsaNetworkEvents awaitAll(SocketHandle s, WsaEvent event, int wanted) throws WinsockException {
        WsaNetworkEvents all = new WsaNetworkEvents();
        while ((all.lNetworkEvents() & wanted) != wanted) {
            int before = all.lNetworkEvents();
            signals.await(event);
            ws.wsaEnumNetworkEvents(s, event, all);
            all.lNetworkEvents(all.lNetworkEvents() | before);
        }
        return all;
    }

    private WsaNetworkEvents take(SocketHandle s, WsaEvent event) throws WinsockException {
        WsaNetworkEvents record = new WsaNetworkEvents();
        ws.wsaEnumNetworkEvents(s, event, record);
        return record;
    }
}
